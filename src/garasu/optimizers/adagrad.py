"""Adagrad: each weight's step shrinks with the gradients it has had.

    h <- h + g^2        w <- w - lr g / sqrt(h + epsilon)          epsilon_inside=False: lr g / (sqrt(h) + epsilon)

Source: Duchi, Hazan and Singer (2011). Quick on gentle slopes; since h only grows, it slows down for ever. Keras and
Optax start h at 0.1 and add epsilon, 1e-7, inside the root; PyTorch starts h at 0 and adds 1e-10 outside. The course
(A11) starts h at 1e-4: ``Adagrad(initial_accumulator_value=1e-4, epsilon=0)``.
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers import fields
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import not_negative, positive, truth


def _keeps_the_root_above_zero(owner: Any, attribute: Any, value: float) -> None:
    """epsilon may be 0 where h starts above 0: what is divided by is then never 0."""
    (not_negative if owner.initial_accumulator_value > 0 else positive)(owner, attribute, value)


@frozen(eq=False)
class Adagrad(Optimizer):
    """AdaGrad with Keras's defaults; ``initial_accumulator_value`` is what h starts at.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> adagrad, w = Adagrad(0.1, initial_accumulator_value=9.0), np.array([1.0])
        >>> w, state = adagrad.update(np.array([4.0]), adagrad.init(w), w, np.asarray(0), adagrad.hyper())
        >>> w.round(6).tolist(), state["h"].tolist()
        ([0.92], [25.0])
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    initial_accumulator_value: float = field(default=0.1, validator=not_negative)
    epsilon: float = field(default=1e-7, validator=_keeps_the_root_above_zero)
    epsilon_inside: bool = field(default=True, kw_only=True, validator=truth)

    def init(self, param: Array) -> Arrays:
        """h = initial_accumulator_value."""
        return {"h": namespace(param).full_like(param, float(self.initial_accumulator_value))}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """h + g^2, and w - lr g / its root."""
        h = state["h"] + grad * grad
        return param - hyper["learning_rate"] * grad / root(h, self.epsilon, self.epsilon_inside), {"h": h}


def root(h: Array, epsilon: float, inside: bool) -> Array:
    """sqrt(h + epsilon), or sqrt(h) + epsilon: what Adagrad and RMSprop divide by.

    Example:
        >>> import numpy as np
        >>> float(root(np.asarray(9.0), 16.0, True)), float(root(np.asarray(9.0), 16.0, False))
        (5.0, 19.0)
    """
    xp = namespace(h)
    return xp.sqrt(h + epsilon) if inside else xp.sqrt(h) + epsilon
