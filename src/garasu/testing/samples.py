"""Any rule audited without being told how: settings and an input shape that suit it, and the audit for its kind."""

from collections.abc import Collection, Mapping
from functools import cache
from inspect import isabstract
from typing import Any

import attrs
from attrs import evolve

from garasu import layers, losses, optimizers
from garasu.activations import Rule
from garasu.array import Shape
from garasu.layers import Activation, Dense, Layer, TiedDense, chain, named
from garasu.losses import Loss
from garasu.messages import GarasuError, RunError, SettingError
from garasu.networks.reach import is_exact
from garasu.optimizers import Optimizer
from garasu.testing.check_layer import check_layer, layer_passes
from garasu.testing.check_loss import check_loss, loss_subjects
from garasu.testing.check_optimizer import check_optimizer
from garasu.testing.check_rule import DIFFERENCES
from garasu.testing.report import Report
from garasu.testing.slope_rows import SlopeRow, slope_rows

SHAPES: tuple[Shape, ...] = ((6, 6, 2), (6,), (6, 2), (6, 6))
"""Input shapes that are tried one after another: pictures, rows, sequences, pictures without channels."""

_OUTPUTS: Shape = (4,)
"""What a loss is audited on."""

_NO_FIT = (GarasuError, ArithmeticError, LookupError, TypeError, ValueError)


@cache
def _settings() -> Mapping[str, Any]:
    """What a setting that has no default is given, by its name."""
    return {
        "activation": "tanh",
        "branches": [[Dense(2)], [Dense(2), Activation("tanh")]],
        "filters": 2,
        "kernel_size": 3,
        "layers": [Dense(2)],
        "rate": 0.3,
        "scale": 0.5,
        "stddev": 0.5,
        "target_shape": (-1,),
        "threshold": 0.2,
        "to": "owner",
        "units": 3,
    }


def made(kind: type[Any], settings: Mapping[str, Any] | None = None) -> Any:
    """A rule of a class with these settings; what has no default gets one that suits its name.

    Raises:
        SettingError: a setting that the class does not have, or one without a default that nothing is known for; or a
            class that leaves out a method.

    Example:
        >>> made(Dense).units, made(Dense, {"units": 7}).units
        (3, 7)
    """
    if isabstract(kind):
        missing = ", ".join(sorted(kind.__abstractmethods__))
        raise SettingError("check.abstract", rule=kind.__name__, missing=missing)
    given, known = dict(settings or {}), _settings()
    fields = attrs.fields(kind) if attrs.has(kind) else ()
    for field in fields:
        if field.default is attrs.NOTHING and field.name not in given and field.name in known:
            given[field.name] = known[field.name]
    try:
        return kind(**given)
    except GarasuError:
        raise
    except (TypeError, ValueError) as error:
        raise SettingError("check.settings", rule=kind.__name__, reason=error) from error


def shape_for(layer: Layer) -> Shape:
    """The first of ``SHAPES`` that a layer can take.

    Raises:
        SettingError: it takes none of them.
        RunError: its ``spec`` stops with an error that is none about shapes.

    Example:
        >>> shape_for(Dense(2)), shape_for(layers.PerChannel([layers.Flatten()]))
        ((6, 6, 2), (6, 6, 2))
    """
    said: list[Exception] = []
    for shape in SHAPES:
        try:
            layer.spec(shape)
        except _NO_FIT as error:
            said.append(error)
            continue
        return shape
    for error in said:
        if not isinstance(error, GarasuError | ValueError):  # these say that a shape does not fit
            raise RunError("check.raises", rule=layer.label, error=f"{type(error).__name__}: {error}") from error
    raise SettingError("check.in_shape", layer=layer.label, tried=", ".join(map(str, SHAPES)))


def audit(rule: Any, in_shape: Shape | None = None, *, skip: Collection[str] = ()) -> Report:
    """Climb the ladder that belongs to a rule: a layer, a loss, an optimizer or an activation.

    Args:
        rule: the rule itself.
        in_shape: of one row: inputs for a layer or an activation, outputs for a loss; one that suits it unless given.
        skip: rungs to leave out.

    Raises:
        CheckFailure: a rung failed.
        SettingError: no shape is known that suits it, or it is no rule.

    Example:
        >>> audit(losses.MeanSquaredError(), skip=["vjp", "float64", "float32"]).label
        'MeanSquaredError'
    """
    if isinstance(rule, Loss):
        return check_loss(rule, in_shape or _OUTPUTS, skip=skip)
    if isinstance(rule, Optimizer):
        return check_optimizer(rule, skip=skip)
    layer, shape, exact = _settled(rule, in_shape)
    if not exact:  # what it hands back is on purpose no slope, so there is nothing to hold against it
        skip = {*skip, "differences", "vjp"}
    return check_layer(layer, shape, skip=skip)


def slopes(rule: Any, in_shape: Shape | None = None) -> tuple[SlopeRow, ...]:
    """The gradient of each array of a rule beside the differences; none of an optimizer, or where there is no slope.

    Example:
        >>> [(row.name, row.numbers, row.verdict) for row in slopes(Dense(2), (3,))]
        [('x', 9, 'right'), ('kernel', 6, 'right'), ('bias', 2, 'right')]
    """
    if isinstance(rule, Optimizer):
        return ()
    if isinstance(rule, Loss):
        return tuple(
            row
            for mode, one in loss_subjects(rule, in_shape or _OUTPUTS)
            for row in slope_rows(one, mode, *DIFFERENCES)
        )
    layer, shape, exact = _settled(rule, in_shape)
    if not exact:
        return ()
    return tuple(row for one in layer_passes(layer, shape) for row in slope_rows(one.subject, one.mode, *DIFFERENCES))


def _settled(rule: Any, in_shape: Shape | None) -> tuple[Layer, Shape, bool]:
    """A layer that can be audited by itself, a shape that it takes, and whether it hands back derivatives."""
    if isinstance(rule, Rule):
        rule, in_shape = Activation(rule.name), in_shape or (6,)
    if not isinstance(rule, Layer):
        raise SettingError("check.not_a_rule", rule=repr(rule))
    if isinstance(rule, TiedDense):
        shape = in_shape or (6,)
        lender = Dense(3, name=rule.to)
        return evolve(chain(named([lender, rule]), shape), name=type(rule).__name__), shape, is_exact(rule)
    return rule, in_shape or shape_for(rule), is_exact(rule)


def kinds() -> dict[str, type[Any]]:
    """Every public class of rules by its name: layers, losses, optimizers.

    Example:
        >>> kinds()["Dense"] is Dense
        True
    """
    return {one.__name__: one for one in (*layers.CLASSES, *losses.CLASSES, *optimizers.CLASSES)}
