"""Categorical cross-entropy: minus the logarithm of the probability given to the true class.

    l = -sum_k t_k log y_k           dy_k = -t_k / y_k           with softmax: du_k = y_k sum_j t_j - t_k

For one-hot rows du = y - t. The logarithm is floored: log max(y, 1e-7). Source: Bridle (1990); Bishop (1995), 6.9.
"""

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss

FLOOR = 1e-7
"""The least probability whose logarithm is taken, Keras's epsilon."""


@frozen(eq=False)
class CategoricalCrossentropy(Loss):
    """For softmax outputs and one-hot targets (or rows that sum to 1).

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.25, 0.75]]), np.array([[0.0, 1.0]])
        >>> loss = CategoricalCrossentropy()
        >>> loss.value(y, t).round(4).tolist(), loss.delta(y, t).tolist()
        ([0.2877], [[0.25, -0.25]])
    """

    partner = "softmax"

    def value(self, y: Array, t: Array) -> Array:
        """-sum_k t_k log max(y_k, 1e-7)."""
        xp = namespace(y)
        return -xp.sum(t * xp.log(xp.clip(y, FLOOR, None)), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """-t_k / y_k; 0 where the floor holds the logarithm still."""
        xp = namespace(y)
        return xp.where(y > FLOOR, -t / xp.clip(y, FLOOR, None), xp.zeros_like(y))

    def delta(self, y: Array, t: Array) -> Array:
        """y_k sum_j t_j - t_k."""
        return y * namespace(y).sum(t, axis=-1, keepdims=True) - t
