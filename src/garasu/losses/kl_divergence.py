"""Kullback-Leibler divergence: how much longer messages get when y is taken for the true distribution t.

    l = sum_k t_k log(t_k / y_k)           dy_k = -t_k / y_k           with softmax: du_k = y_k sum_j t_j - t_k

It is the cross-entropy less the entropy of t: 0 where y = t, and the same slope. Both logarithms are floored at 1e-7,
and 0 log 0 = 0. (Keras raises a target of 0 to 1e-7 altogether: up to 2e-6 a class.) With more axes, (N, ..., K), the
mean over the P places of a row: l, dy and du as above, divided by P.
Source: Kullback and Leibler (1951).
"""

from attrs import frozen

from garasu.array import Array
from garasu.losses.categorical_crossentropy import CategoricalCrossentropy
from garasu.losses.loss import Loss

_CROSS = CategoricalCrossentropy()


@frozen(eq=False)
class KLDivergence(Loss):
    """For softmax outputs and targets that are distributions: rows that sum to 1.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.25, 0.75]]), np.array([[0.5, 0.5]])
        >>> KLDivergence().value(y, t).round(4).tolist(), KLDivergence().delta(y, t).tolist()
        ([0.1438], [[-0.25, 0.25]])
    """

    partner = "softmax"
    domain = "distributions"

    def value(self, y: Array, t: Array) -> Array:
        """sum_k t_k (log max(t_k, 1e-7) - log max(y_k, 1e-7))."""
        return _CROSS.value(y, t) - _CROSS.value(t, t)

    def backward(self, y: Array, t: Array) -> Array:
        """-t_k / y_k; 0 where the floor holds the logarithm still."""
        return _CROSS.backward(y, t)

    def delta(self, y: Array, t: Array) -> Array:
        """y_k sum_j t_j - t_k."""
        return _CROSS.delta(y, t)
