"""Mean squared error: the mean over one row's outputs of the squared difference.

l = 1/K sum_k (y_k - t_k)^2           dy = 2/K (y - t)
"""

import math

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss


@frozen(eq=False)
class MeanSquaredError(Loss):
    """For regression: outputs without an activation, targets in their shape.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]])
        >>> MeanSquaredError().value(y, t).tolist(), MeanSquaredError().backward(y, t).tolist()
        ([2.0], [[2.0, 0.0]])
    """

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k (y_k - t_k)^2."""
        return namespace(y).mean((y - t) ** 2, axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """2/K (y - t)."""
        return 2.0 / math.prod(y.shape[1:]) * (y - t)
