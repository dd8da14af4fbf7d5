"""Rows of an array by their numbers."""

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array


@Primitive
def take_rows(x: Array, index: Array) -> Array:
    """y[i] = x[index[i]].      x (N, ...), index (B,) from 0 to N - 1, which nothing checks -> y (B, ...)

    Example:
        >>> import numpy as np
        >>> take_rows(np.array([[1.0], [2.0], [4.0]]), np.array([2, 0, 2])).ravel().tolist()
        [4.0, 1.0, 4.0]
    """
    return namespace(x).take(x, index, axis=0)
