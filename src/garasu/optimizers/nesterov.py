"""Nesterov: momentum that looks where it is going before it turns.

    v <- mu v - lr g        w <- w + mu v - lr g

Source: Nesterov (1983), in the form of Sutskever et al. (2013) and Bengio et al. (2013), whose weights w stand one step
of momentum ahead, so that the gradient is taken there. Keras's SGD(momentum=mu, nesterov=True) is this. (PyTorch and
Optax leave the rate out of v: v <- mu v + g, w <- w - lr (g + mu v); the same while the rate stays, different when it
changes.)
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers.optimizer import Optimizer
from garasu.settings import fraction


@frozen(eq=False)
class Nesterov(Optimizer):
    """Gradient descent with Nesterov's momentum; ``momentum`` is usually 0.5 to 0.9.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> hyper = {"learning_rate": 0.1, "momentum": 0.9}
        >>> w, state = Nesterov(0.1).update(np.array([2.0]), {"v": np.array([1.0])}, np.array([1.0]), 0, hyper)
        >>> w.round(6).tolist(), state["v"].round(6).tolist()
        ([1.43], [0.7])
    """

    momentum: float = field(default=0.9, validator=fraction)

    def hyper(self) -> dict[str, float]:
        """The rate and the momentum."""
        return {"learning_rate": self.first_rate, "momentum": float(self.momentum)}

    def init(self, param: Array) -> Arrays:
        """v = 0."""
        return {"v": namespace(param).zeros_like(param)}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """v = mu v - lr g, w + mu v - lr g."""
        mu, pull = hyper["momentum"], hyper["learning_rate"] * grad
        v = mu * state["v"] - pull
        return param + mu * v - pull, {"v": v}
