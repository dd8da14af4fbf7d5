"""Mean absolute error: the mean over one row's outputs of the size of the difference.

    l = 1/K sum_k |y_k - t_k|           dy = 1/K sign(y - t)

At y = t, where there is a kink, the slope is taken as 0. The best constant answer is the median, not the mean.
"""

import math

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss


@frozen(eq=False)
class MeanAbsoluteError(Loss):
    """For regression where a few targets may be far off: each counts by its distance, not by its square.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]])
        >>> MeanAbsoluteError().value(y, t).tolist(), MeanAbsoluteError().backward(y, t).tolist()
        ([1.0], [[0.5, 0.0]])
    """

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k |y_k - t_k|."""
        xp = namespace(y)
        return xp.mean(xp.abs(y - t), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """1/K sign(y - t)."""
        return 1.0 / math.prod(y.shape[1:]) * namespace(y).sign(y - t)
