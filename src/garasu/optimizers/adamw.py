"""AdamW: Adam, and beside it a share of each weight taken away.

    w <- w - lr weight_decay w - Adam's step of g

Source: Loshchilov and Hutter (2019), "Decoupled weight decay regularization". The share does not go through Adam's
scaling, so it is not L2 regularisation: a weight with large gradients shrinks as fast as one with small ones. The share
is multiplied by the rate, as in Keras, PyTorch and Optax (in the paper by its schedule alone). Their defaults:
0.004, 0.01 and 0.0001. All three let biases shrink too; training here hands in 0 for all but kernels. For the epsilons
see ``Adam``.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays
from garasu.optimizers import fields
from garasu.optimizers.adam import adam_step, first_moments
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import fraction, not_negative, positive, truth


@frozen(eq=False)
class AdamW(Optimizer):
    """Adam with decoupled weight decay, and Keras's defaults.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> adamw, w = AdamW(0.1, weight_decay=0.5), np.array([1.0])
        >>> w, state = adamw.update(np.array([5.0]), adamw.init(w), w, np.asarray(0), adamw.hyper())
        >>> w.round(6).tolist()
        [0.85]
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    weight_decay: float = field(default=0.004, validator=not_negative)
    beta_1: float = field(default=0.9, validator=fraction)
    beta_2: float = field(default=0.999, validator=fraction)
    epsilon: float = field(default=1e-7, validator=positive)
    corrected_epsilon: bool = field(default=False, kw_only=True, validator=truth)

    def hyper(self) -> dict[str, float]:
        """The rate, the decay and both betas."""
        return {
            "learning_rate": self.first_rate,
            "weight_decay": float(self.weight_decay),
            "beta_1": float(self.beta_1),
            "beta_2": float(self.beta_2),
        }

    def init(self, param: Array) -> Arrays:
        """m = 0, v = 0."""
        return first_moments(param)

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """w - lr weight_decay w - Adam's step."""
        change, state = adam_step(grad, state, step, hyper, self.epsilon, self.corrected_epsilon)
        return param - hyper["learning_rate"] * hyper["weight_decay"] * param - change, state
