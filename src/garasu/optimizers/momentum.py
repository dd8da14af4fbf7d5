"""Momentum: steps that keep a share of the last one, quick along a valley.

    v <- mu v - lr g        w <- w + v

Source: Polyak (1964). Keras's SGD(momentum=mu) is this. (PyTorch and Optax leave the rate out of v: v <- mu v + g,
w <- w - lr v; the same while the rate stays, different when it changes.)
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers.optimizer import Optimizer
from garasu.settings import fraction


@frozen(eq=False)
class Momentum(Optimizer):
    """Gradient descent with momentum (慣性項); ``momentum`` is usually 0.5 to 0.9.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> hyper = {"learning_rate": 0.1, "momentum": 0.9}
        >>> w, state = Momentum(0.1).update(np.array([2.0]), {"v": np.array([1.0])}, np.array([1.0]), 0, hyper)
        >>> w.round(6).tolist(), state["v"].round(6).tolist()
        ([1.7], [0.7])
    """

    momentum: float = field(default=0.9, validator=fraction)

    def hyper(self) -> dict[str, float]:
        """The rate and the momentum."""
        return {"learning_rate": self.first_rate, "momentum": float(self.momentum)}

    def init(self, param: Array) -> Arrays:
        """v = 0."""
        return {"v": namespace(param).zeros_like(param)}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """v = mu v - lr g, w + v."""
        v = hyper["momentum"] * state["v"] - hyper["learning_rate"] * grad
        return param + v, {"v": v}
