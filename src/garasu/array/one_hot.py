"""One-hot rows (one-hot 表現): class numbers as rows with one 1 in them."""

from garasu.array.namespace import namespace
from garasu.array.types import Array


def one_hot(t: Array, like: Array) -> Array:
    """A 1 at the class number and 0 elsewhere, in the type of ``like``, whose last axis counts the classes.

    t (N, ...), like (..., K) -> (N, ..., K)

    Example:
        >>> import numpy as np
        >>> one_hot(np.array([2, 0]), np.zeros((2, 3))).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    xp = namespace(like)
    classes = xp.arange(like.shape[-1], dtype=t.dtype)
    return xp.astype(xp.expand_dims(t, axis=-1) == classes, like.dtype)
