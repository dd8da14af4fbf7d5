"""Sparse categorical cross-entropy: the same loss from class numbers instead of one-hot rows.

l = -log y_t           dy_k = -[k = t] / y_k           with softmax: du_k = y_k - [k = t]
"""

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.categorical_crossentropy import CategoricalCrossentropy
from garasu.losses.loss import Loss

_ONE_HOT = CategoricalCrossentropy()


def one_hot(t: Array, like: Array) -> Array:
    """Rows with a 1 at the class number and 0 elsewhere, in the shape and type of ``like``.

    Example:
        >>> import numpy as np
        >>> one_hot(np.array([2, 0]), np.zeros((2, 3))).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    xp = namespace(like)
    classes = xp.arange(like.shape[-1], dtype=t.dtype)
    return xp.astype(t[:, None] == classes[None, :], like.dtype)


@frozen(eq=False)
class SparseCategoricalCrossentropy(Loss):
    """For softmax outputs and class numbers 0 ... K - 1.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.25, 0.75]]), np.array([1])
        >>> loss = SparseCategoricalCrossentropy()
        >>> loss.value(y, t).round(4).tolist(), loss.delta(y, t).tolist()
        ([0.2877], [[0.25, -0.25]])
    """

    partner = "softmax"
    target = "index"

    def value(self, y: Array, t: Array) -> Array:
        """-log max(y_t, 1e-7)."""
        return _ONE_HOT.value(y, one_hot(t, y))

    def backward(self, y: Array, t: Array) -> Array:
        """-[k = t] / y_k."""
        return _ONE_HOT.backward(y, one_hot(t, y))

    def delta(self, y: Array, t: Array) -> Array:
        """y_k - [k = t]."""
        return y - one_hot(t, y)
