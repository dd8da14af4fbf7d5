"""Nadam: Adam with Nesterov's momentum.

    m <- m + (1 - b1)(g - m)        v <- v + (1 - b2)(g^2 - v)        t = step + 1
    u_t = b1 (1 - 0.96^(t psi) / 2)                U <- u_t U,  the product of all u so far
    w <- w - lr (u_(t+1) m / (1 - u_(t+1) U) + (1 - u_t) g / (1 - U)) / (sqrt(v / (1 - b2^t)) + epsilon)

Source: Dozat (2016). The momentum u grows towards b1, the slower the smaller psi (``momentum_decay``): 1 is Keras's,
0.004 Dozat's and PyTorch's. Optax has no such growth, which is psi = infinity. Epsilon is added to the corrected root
by all three (Keras 1e-7, the others 1e-8).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers import fields
from garasu.optimizers.adam import first_moments
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import fraction, positive


@frozen(eq=False)
class Nadam(Optimizer):
    """Nadam with Keras's defaults: rate 0.001, beta 0.9 and 0.999, epsilon 1e-7.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> nadam, w = Nadam(0.1, beta_1=0.0), np.array([1.0])
        >>> w, state = nadam.update(np.array([5.0]), nadam.init(w), w, np.asarray(0), nadam.hyper())
        >>> w.round(6).tolist()
        [0.9]
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    beta_1: float = field(default=0.9, validator=fraction)
    beta_2: float = field(default=0.999, validator=fraction)
    epsilon: float = field(default=1e-7, validator=positive)
    momentum_decay: float = field(default=1.0, kw_only=True, validator=positive)

    def hyper(self) -> dict[str, float]:
        """The rate and both betas."""
        return {"learning_rate": self.first_rate, "beta_1": float(self.beta_1), "beta_2": float(self.beta_2)}

    def init(self, param: Array) -> Arrays:
        """m = 0, v = 0, U = 1."""
        return {**first_moments(param), "product": namespace(param).ones((), dtype=param.dtype)}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The moments and the product one step on, and the weights with both parts of the step."""
        xp = namespace(grad)
        b1, b2 = hyper["beta_1"], hyper["beta_2"]
        t = xp.astype(xp.asarray(step), grad.dtype) + 1.0
        m = state["m"] + (1.0 - b1) * (grad - state["m"])
        v = state["v"] + (1.0 - b2) * (grad * grad - state["v"])
        u, u_next = self._momentum(b1, t), self._momentum(b1, t + 1.0)
        product = u * state["product"]
        ahead = u_next * m / (1.0 - u_next * product) + (1.0 - u) * grad / (1.0 - product)
        size = xp.sqrt(v / (1.0 - b2**t)) + self.epsilon
        return param - hyper["learning_rate"] * ahead / size, {"m": m, "v": v, "product": product}

    def _momentum(self, b1: Array, t: Array) -> Array:
        """u at step t, counted from 1."""
        return b1 * (1.0 - 0.5 * 0.96 ** (t * float(self.momentum_decay)))
