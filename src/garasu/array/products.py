"""The product of a layer's inputs with its weights."""

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array


@Primitive
def weigh(x: Array, W: Array) -> Array:
    """y[..., k] = sum_j x[..., j] W[j, k].      x (..., n), W (n, m) -> y (..., m)

    Example:
        >>> import numpy as np
        >>> weigh(np.array([[1.0, 2.0]]), np.array([[3.0, 0.0], [0.0, 5.0]])).tolist()
        [[3.0, 10.0]]
    """
    return namespace(x).matmul(x, W)
