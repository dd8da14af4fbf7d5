"""Log-cosh: the logarithm of the hyperbolic cosine of the difference, a smooth relative of Huber's loss.

    e = y - t        l = 1/K sum_k log cosh e_k           dy = 1/K tanh e

Near 0 it is e^2 / 2, far off |e| - log 2. Written |e| + log(1 + exp(-2 |e|)) - log 2, so that nothing overflows.
"""

import math

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss


@frozen(eq=False)
class LogCosh(Loss):
    """For regression with outliers, where a slope without any kink is wanted.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[1000.0, 1.0]]), np.array([[0.0, 1.0]])
        >>> LogCosh().value(y, t).round(4).tolist(), LogCosh().backward(y, t).tolist()
        ([499.6534], [[0.5, 0.0]])
    """

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k |e| + log(1 + exp(-2 |e|)) - log 2."""
        xp = namespace(y)
        size = xp.abs(y - t)
        return xp.mean(size + xp.log1p(xp.exp(-2.0 * size)) - math.log(2.0), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """1/K tanh e."""
        return 1.0 / math.prod(y.shape[1:]) * namespace(y).tanh(y - t)
