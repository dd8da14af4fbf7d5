"""Mean squared error: the mean over one row's outputs of the squared difference, or half of that.

    l = a/K sum_k (y_k - t_k)^2           dy = 2a/K (y - t)           a = 1, or 1/2 with half=True

For one output (K = 1) it is the squared error (y - t)^2, or (y - t)^2 / 2. Texts on backpropagation take the half, so
that the error of a row is (y - t) / K; Keras and PyTorch the whole.
"""

import math

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss
from garasu.settings import truth


@frozen(eq=False)
class MeanSquaredError(Loss):
    """For regression: outputs without an activation, targets in their shape.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]])
        >>> MeanSquaredError().value(y, t).tolist(), MeanSquaredError().backward(y, t).tolist()
        ([2.0], [[2.0, 0.0]])
        >>> MeanSquaredError(half=True).value(y, t).tolist()
        [1.0]
    """

    half: bool = field(default=False, kw_only=True, validator=truth)

    def value(self, y: Array, t: Array) -> Array:
        """a/K sum_k (y_k - t_k)^2."""
        return (0.5 if self.half else 1.0) * namespace(y).mean((y - t) ** 2, axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """2a/K (y - t)."""
        return (1.0 if self.half else 2.0) / math.prod(y.shape[1:]) * (y - t)
