"""Muon: the momentum of a matrix, its singular values all brought near to 1.

    m <- mu m + g        n = g + mu m  (nesterov; else m)              m, g, n, x (rows, columns)
    x = n / (|n| + epsilon)                                            |n|: the root of the sum of squares
    A = x x^T        x <- a x + (b A + c A A) x        five times
    w <- w - lr weight_decay w - lr rms_rate sqrt(max(rows, columns)) x

with (a, b, c) = (3.4445, -4.7750, 2.0315). The polynomial brings singular values above |n| / 200 between 0.68 and 1.16
and leaves the singular vectors as they are. A matrix with more rows than columns is transposed before and after, so
that A is the smaller of both.

Source: Jordan et al. (2024), with the factor of Liu et al. (2025), which lets Adam's rates and decays be kept. What has
one axis (biases, scales) is trained by Adam, as in Keras's and Optax's Muon. Kernels of convolutions count as matrices
(F F C, K), after Jordan; Keras and, unless told otherwise, Optax give them to Adam. All else follows Keras. PyTorch and
Optax average, m <- mu m + (1 - mu) g, which comes to the same once n is divided by its size; but Optax corrects m and g
for their start, each by its own factor, which with ``nesterov`` is another direction. Both scale x by
sqrt(max(1, outputs / inputs)) unless told otherwise. PyTorch computes x in bfloat16 and refuses what is no matrix.
"""

import math

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.optimizers import fields
from garasu.optimizers.adam import adam_step, first_moments
from garasu.optimizers.optimizer import Optimizer
from garasu.schedules import Schedule
from garasu.settings import count, fraction, not_negative, positive, truth

_A, _B, _C = 3.4445, -4.7750, 2.0315


@frozen(eq=False)
class Muon(Optimizer):
    """Muon with Keras's defaults. Its authors train the first and the last layer with Adam; here Muon trains them too.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> muon, w = Muon(1.0, rms_rate=1.0, weight_decay=0.0), np.zeros((2, 2))
        >>> g = np.array([[3.0, 0.0], [0.0, 4.0]])
        >>> w, state = muon.update(g, muon.init(w), w, np.asarray(0), muon.hyper())
        >>> np.linalg.svd(w / np.sqrt(2.0))[1].round(2).tolist()
        [1.12, 0.72]
    """

    learning_rate: float | Schedule = fields.learning_rate(0.001)
    adam_beta_1: float = field(default=0.9, validator=fraction)
    adam_beta_2: float = field(default=0.999, validator=fraction)
    epsilon: float = field(default=1e-7, kw_only=True, validator=positive)
    weight_decay: float = field(default=0.004, kw_only=True, validator=not_negative)
    momentum: float = field(default=0.95, kw_only=True, validator=fraction)
    ns_steps: int = field(default=5, kw_only=True, validator=count)
    nesterov: bool = field(default=True, kw_only=True, validator=truth)
    rms_rate: float = field(default=0.2, kw_only=True, validator=positive)

    def hyper(self) -> dict[str, float]:
        """The rate, the decay, the momentum of matrices and the betas of all else."""
        return {
            "learning_rate": self.first_rate,
            "weight_decay": float(self.weight_decay),
            "momentum": float(self.momentum),
            "adam_beta_1": float(self.adam_beta_1),
            "adam_beta_2": float(self.adam_beta_2),
        }

    def init(self, param: Array) -> Arrays:
        """m = 0 for a matrix; Adam's m = 0, v = 0 for all else."""
        return {"m": namespace(param).zeros_like(param)} if param.ndim >= 2 else first_moments(param)

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The matrix less its share and its orthogonal step; all else by Adam."""
        if param.ndim >= 2:
            change, state = self._matrix_step(grad, state, hyper)
        else:
            betas = {"beta_1": hyper["adam_beta_1"], "beta_2": hyper["adam_beta_2"]}
            change, state = adam_step(grad, state, step, {**hyper, **betas}, self.epsilon)
        return param - hyper["learning_rate"] * hyper["weight_decay"] * param - change, state

    def _matrix_step(self, grad: Array, state: Arrays, hyper: Arrays) -> tuple[Array, Arrays]:
        """lr rms_rate sqrt(max(rows, columns)) x, and m one step on."""
        xp, mu = namespace(grad), hyper["momentum"]
        m = mu * state["m"] + grad
        n = grad + mu * m if self.nesterov else m
        matrix = xp.reshape(n, (-1, n.shape[-1]))
        size = self.rms_rate * math.sqrt(max(matrix.shape))
        x = orthogonalized(matrix, self.ns_steps, self.epsilon)
        return hyper["learning_rate"] * size * xp.reshape(x, n.shape), {"m": m}


def orthogonalized(matrix: Array, steps: int, epsilon: float) -> Array:
    """The matrix with its singular values brought near to 1, by ``steps`` iterations after Newton and Schulz.

    Example:
        >>> import numpy as np
        >>> turned = orthogonalized(np.array([[0.0, 5.0], [-1.0, 0.0], [0.0, 0.0]]), 5, 1e-7)
        >>> turned.round(2).tolist()
        [[0.0, 0.72], [-0.8, 0.0], [0.0, 0.0]]
    """
    xp = namespace(matrix)
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (xp.sqrt(xp.sum(x * x)) + epsilon)
    for _ in range(steps):
        A = xp.matmul(x, x.T)
        x = _A * x + xp.matmul(_B * A + _C * xp.matmul(A, A), x)
    return x.T if tall else x
