"""Adam: momentum, with each weight's step scaled by the size of its recent gradients.

    m <- m + (1 - b1)(g - m)        v <- v + (1 - b2)(g^2 - v)        t = step + 1
    w <- w - lr sqrt(1 - b2^t) / (1 - b1^t)  m / (sqrt(v) + epsilon)

Source: Kingma and Ba (2015), in the form at the end of its section 2, which is Keras's: epsilon is added to the
uncorrected root. (PyTorch and Optax add it to the corrected one, sqrt(v / (1 - b2^t)), as the paper's algorithm 1 does;
with 1e-8 for 1e-7. So does ``corrected_epsilon=True``.)
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers import fields
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import fraction, positive, truth


@frozen(eq=False)
class Adam(Optimizer):
    """Adam with Keras's defaults: rate 0.001, beta 0.9 and 0.999, epsilon 1e-7.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> adam, w = Adam(), np.array([1.0])
        >>> w, state = adam.update(np.array([5.0]), adam.init(w), w, np.asarray(0), adam.hyper())
        >>> w.round(6).tolist()
        [0.999]
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    beta_1: float = field(default=0.9, validator=fraction)
    beta_2: float = field(default=0.999, validator=fraction)
    epsilon: float = field(default=1e-7, validator=positive)
    corrected_epsilon: bool = field(default=False, kw_only=True, validator=truth)

    def hyper(self) -> dict[str, float]:
        """The rate and both betas."""
        return {"learning_rate": self.first_rate, "beta_1": float(self.beta_1), "beta_2": float(self.beta_2)}

    def init(self, param: Array) -> Arrays:
        """m = 0, v = 0."""
        return first_moments(param)

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The moments one step on, and w - lr' m / (sqrt(v) + epsilon)."""
        change, state = adam_step(grad, state, step, hyper, self.epsilon, self.corrected_epsilon)
        return param - change, state


def first_moments(param: Array) -> Arrays:
    """m = 0, v = 0."""
    zeros = namespace(param).zeros_like
    return {"m": zeros(param), "v": zeros(param)}


def adam_step(
    grad: Array, state: Arrays, step: Array, hyper: Arrays, epsilon: float, corrected_epsilon: bool = False
) -> tuple[Array, Arrays]:
    """What Adam, and AdamW and Muon after it, take from an array; and both moments one step on.

    sqrt(v / c) + epsilon is (sqrt(v) + epsilon sqrt(c)) / sqrt(c): the place of epsilon decides about a factor.
    """
    xp = namespace(grad)
    b1, b2 = hyper["beta_1"], hyper["beta_2"]
    t = xp.astype(xp.asarray(step), grad.dtype) + 1.0
    m = state["m"] + (1.0 - b1) * (grad - state["m"])
    v = state["v"] + (1.0 - b2) * (grad * grad - state["v"])
    root = xp.sqrt(1.0 - b2**t)
    rate = hyper["learning_rate"] * root / (1.0 - b1**t)
    return rate * m / (xp.sqrt(v) + (epsilon * root if corrected_epsilon else epsilon)), {"m": m, "v": v}
