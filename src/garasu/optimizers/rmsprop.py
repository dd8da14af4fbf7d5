"""RMSprop: each weight's step is divided by the size of its recent gradients.

    h <- rho h + (1 - rho) g^2
    d = g / sqrt(h + epsilon)              epsilon_inside=False: g / (sqrt(h) + epsilon)
    w <- w - lr d

centered: h - a^2, the variance, in place of h, with a <- rho a + (1 - rho) g
momentum: v <- mu v + lr d, and w <- w - v

Source: Hinton, Srivastava and Swersky (2012), lecture 6; centred, Graves (2013). Epsilon stands inside the root in
Keras (1e-7) and, unless told otherwise, in Optax (1e-8); outside in PyTorch (1e-8; its rate is 0.01, its rho 0.99) and
in the course (A11): ``RMSprop(epsilon_inside=False)``. PyTorch leaves the rate out of v: the same while the rate stays.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers import fields
from garasu.optimizers.adagrad import root
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import fraction, positive, truth


@frozen(eq=False)
class RMSprop(Optimizer):
    """RMSProp with Keras's defaults: rate 0.001, rho 0.9, no momentum, epsilon 1e-7, not centred.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> rmsprop, w = RMSprop(0.1, rho=0.75), np.array([1.0])
        >>> w, state = rmsprop.update(np.array([6.0]), rmsprop.init(w), w, np.asarray(0), rmsprop.hyper())
        >>> w.round(6).tolist(), state["h"].tolist()
        ([0.8], [9.0])
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    rho: float = field(default=0.9, validator=fraction)
    momentum: float = field(default=0.0, validator=fraction)
    epsilon: float = field(default=1e-7, validator=positive)
    centered: bool = field(default=False, validator=truth)
    epsilon_inside: bool = field(default=True, kw_only=True, validator=truth)

    def hyper(self) -> dict[str, float]:
        """The rate and rho; the momentum, where there is one."""
        numbers = {"learning_rate": self.first_rate, "rho": float(self.rho)}
        return numbers | {"momentum": float(self.momentum)} if self.momentum else numbers

    def init(self, param: Array) -> Arrays:
        """h = 0; a = 0 where it is centred; v = 0 where there is momentum."""
        names = ["h", *(["a"] if self.centered else []), *(["v"] if self.momentum else [])]
        return {name: namespace(param).zeros_like(param) for name in names}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The averages one step on, and w - lr d or w - v."""
        rho = hyper["rho"]
        new = {"h": rho * state["h"] + (1.0 - rho) * grad * grad}
        size = new["h"]
        if self.centered:
            new["a"] = rho * state["a"] + (1.0 - rho) * grad
            size = _variance(new["h"], new["a"])
        change = hyper["learning_rate"] * grad / root(size, self.epsilon, self.epsilon_inside)
        if self.momentum:
            new["v"] = change = hyper["momentum"] * state["v"] + change
        return param - change, new


def _variance(h: Array, a: Array) -> Array:
    """h - a^2. It is not negative but by rounding, after many equal gradients, and then the root would be no number."""
    xp = namespace(h)
    return xp.maximum(h - a * a, xp.zeros_like(h))
