"""Squared and absolute error by row, whatever the loss is. Class numbers count as one-hot rows."""

from garasu.array import Array, namespace
from garasu.metrics.targets import as_rows


def mean_squared_error(y: Array, t: Array) -> Array:
    """1/K sum_k (y_k - t_k)^2.                                                          y, t (N, ...) -> (N,)

    Example:
        >>> import numpy as np
        >>> mean_squared_error(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([0, 1])).tolist()
        [0.25, 1.0]
    """
    return namespace(y).mean((y - as_rows(y, t)) ** 2, axis=tuple(range(1, y.ndim)))


def mean_absolute_error(y: Array, t: Array) -> Array:
    """1/K sum_k |y_k - t_k|.                                                            y, t (N, ...) -> (N,)

    Example:
        >>> import numpy as np
        >>> mean_absolute_error(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([0, 1])).tolist()
        [0.5, 1.0]
    """
    xp = namespace(y)
    return xp.mean(xp.abs(y - as_rows(y, t)), axis=tuple(range(1, y.ndim)))
