"""Adding rows at given places, where a place may be named more than once."""

import numpy as np

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array


@Primitive
def scatter_add(values: Array, index: Array, size: int) -> Array:
    """y[k] = the sum of values[i] over all i with index[i] = k.      values (N, D), index (N,) -> y (size, D)

    As a matrix product: y = S^T values, with S[i, k] = 1 where index[i] = k. A place named twice receives both rows,
    which an assignment ``y[index] += values`` would forget. Places must lie in 0 to size - 1; nothing checks it.

    Example:
        >>> scatter_add(np.array([[1.0], [2.0], [4.0]]), np.array([1, 1, 0]), 3).ravel().tolist()
        [4.0, 3.0, 0.0]
    """
    xp = namespace(values)
    S = xp.astype(index[:, None] == xp.arange(size, dtype=index.dtype)[None, :], values.dtype)
    return xp.matmul(S.T, values)


@scatter_add.form("numpy")
def _scatter_add_numpy(values: Array, index: Array, size: int) -> Array:
    y = np.zeros((size, values.shape[1]), dtype=values.dtype)
    np.add.at(y, index, values)
    return y
