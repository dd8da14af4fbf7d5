"""What of a compiled model decides on the program that trains it.

Two models of one structure differ in their seeds, in the first values of their arrays, and in the numbers that may vary
within a run (rates, momenta, shares dropped, factors of penalties): the program is given these as it runs. Anything
else is part of the program.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from garasu.array import paths
from garasu.initializers import Initializer
from garasu.layers import Layer
from garasu.optimizers import Optimizer
from garasu.regularizers import Regularizer
from garasu.settings import is_list, is_mapping, is_number, is_tuple

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential

_VARIES = "varies"


def structure(model: "Sequential") -> str:
    """The structure of a model that is built and compiled, as a text: two models of one text share their program.

    Example:
        >>> from garasu import layers
        >>> from garasu.models import Sequential
        >>> def of(units, rate, dropped):
        ...     model = Sequential([layers.Dense(units, input_shape=(4,), name="a"), layers.Dropout(dropped)])
        ...     model.compile(("sgd" if rate is None else __import__("garasu").optimizers.SGD(rate)), "mse")
        ...     return structure(model)
        >>> of(3, 0.1, 0.2) == of(3, 0.5, 0.4), of(3, 0.1, 0.2) == of(4, 0.1, 0.2)
        (True, False)
    """
    task, network = model.task, model.network
    varying: dict[type[Any], set[str]] = {}
    for place in network.places.values():
        names = {path.rpartition("/")[2] for path, _ in paths(place.layer.spec(place.in_shape).hyper)}
        varying.setdefault(type(place.layer), set()).update(names)
    specs = {"params": network.spec.params, "state": network.spec.state}
    arrays = [(path, param.shape) for path, param in paths(specs)]
    parts = (network.layers, network.in_shape, network.preparation, task.loss, task.optimizer, dict(task.metrics))
    numbers = [path for path, _ in paths(model.hyper)]
    return repr((_described(parts, varying), task.precision, model.runs_on, arrays, numbers))


def _described(value: Any, varying: Mapping[type[Any], set[str]]) -> Any:
    """Settings without what may vary; what cannot be looked into stands for itself alone."""
    if isinstance(value, Initializer):
        return _VARIES
    if attrs.has(type(value)):
        left_out = _left_out(value, varying)
        settings = {one.name: getattr(value, one.name) for one in attrs.fields(type(value))}
        kept = [
            (name, _VARIES if name in left_out and is_number(one) else _described(one, varying))
            for name, one in settings.items()
        ]
        return f"{type(value).__module__}.{type(value).__qualname__}", kept
    if is_mapping(value):
        return [(name, _described(one, varying)) for name, one in value.items()]
    if is_list(value) or is_tuple(value):
        return [_described(one, varying) for one in value]
    return value if value is None or isinstance(value, str | int | float) else (repr(type(value)), id(value))


def _left_out(value: Any, varying: Mapping[type[Any], set[str]]) -> set[str]:
    """The settings that travel as numbers that vary."""
    if isinstance(value, Layer):
        return varying.get(type(value), set())
    return set(value.hyper()) if isinstance(value, Optimizer | Regularizer) else set()
