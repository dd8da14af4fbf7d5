"""Sum of squares: the squared differences of one row's outputs added up, or half of that.

    l = a sum_k (y_k - t_k)^2           dy = 2 a (y - t)           a = 1, or 1/2 with half=True

The factor decides what a learning rate means: with half=True the error is y - t, the form that texts on
backpropagation use.
"""

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss
from garasu.settings import truth


@frozen(eq=False)
class SumOfSquares(Loss):
    """For one-hot or real targets in the shape of the outputs; the largest output is the answer of a classifier.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[3.0, 1.0]]), np.array([[1.0, 0.0]])
        >>> SumOfSquares().value(y, t).tolist(), SumOfSquares(half=True).backward(y, t).tolist()
        ([5.0], [[2.0, 1.0]])
    """

    half: bool = field(default=False, kw_only=True, validator=truth)

    def value(self, y: Array, t: Array) -> Array:
        """a sum_k (y_k - t_k)^2."""
        return (0.5 if self.half else 1.0) * namespace(y).sum((y - t) ** 2, axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """2 a (y - t)."""
        return (1.0 if self.half else 2.0) * (y - t)
