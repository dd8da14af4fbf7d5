"""The square of an array's length, all its numbers taken as one vector."""

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array


@Primitive
def squared_norm(g: Array) -> Array:
    """|g|^2 = sum_k g_k^2, as a product of vectors, which needs no array of squares.

    Example:
        >>> import numpy as np
        >>> float(squared_norm(np.array([[3.0], [4.0]])))
        25.0
    """
    xp = namespace(g)
    flat = xp.reshape(g, (-1,))
    return xp.vecdot(flat, flat)
