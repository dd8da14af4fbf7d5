"""Adadelta: steps in the unit of the weights, from the sizes of recent gradients and of recent steps.

    h <- rho h + (1 - rho) g^2
    d = sqrt(s + epsilon) / sqrt(h + epsilon) g
    s <- rho s + (1 - rho) d^2              w <- w - lr d

Source: Zeiler (2012), which has no rate: lr = 1. The same in Keras, PyTorch and Optax but for the defaults: Keras's
rate is 0.001, rho 0.95, epsilon 1e-7; PyTorch's and Optax's rho 0.9 and epsilon 1e-6, PyTorch's rate 1.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers import fields
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import fraction, positive


@frozen(eq=False)
class Adadelta(Optimizer):
    """Adadelta with Keras's defaults. Its first steps are tiny, about sqrt(epsilon) long: give it the rate 1.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> adadelta, w = Adadelta(1.0, rho=0.5, epsilon=1.0), np.array([1.0])
        >>> w, state = adadelta.update(np.array([4.0]), adadelta.init(w), w, np.asarray(0), adadelta.hyper())
        >>> w.round(6).tolist(), state["h"].tolist(), state["s"].round(6).tolist()
        ([-0.333333], [8.0], [0.888889])
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    rho: float = field(default=0.95, validator=fraction)
    epsilon: float = field(default=1e-7, validator=positive)

    def hyper(self) -> dict[str, float]:
        """The rate and rho."""
        return {"learning_rate": self.first_rate, "rho": float(self.rho)}

    def init(self, param: Array) -> Arrays:
        """h = 0, s = 0."""
        zeros = namespace(param).zeros_like
        return {"h": zeros(param), "s": zeros(param)}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """Both averages one step on, and w - lr d."""
        xp, rho = namespace(grad), hyper["rho"]
        h = rho * state["h"] + (1.0 - rho) * grad * grad
        d = xp.sqrt(state["s"] + self.epsilon) / xp.sqrt(h + self.epsilon) * grad
        s = rho * state["s"] + (1.0 - rho) * d * d
        return param - hyper["learning_rate"] * d, {"h": h, "s": s}
