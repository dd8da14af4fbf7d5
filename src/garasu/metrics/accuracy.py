"""Accuracy: 1 for a row whose answer is right, 0 for one whose answer is wrong."""

from garasu.array import Array, namespace


def categorical_accuracy(y: Array, t: Array) -> Array:
    """[argmax y = argmax t], for one-hot targets; the first of equal outputs counts.         y, t (N, K) -> (N,)

    With more axes, (N, ..., K), the share of places that are right.

    Example:
        >>> import numpy as np
        >>> categorical_accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0.0, 1.0], [0.0, 1.0]])).tolist()
        [1.0, 0.0]
    """
    xp = namespace(y)
    right = xp.astype(xp.argmax(y, axis=-1) == xp.argmax(t, axis=-1), y.dtype)
    return xp.mean(right, axis=tuple(range(1, right.ndim))) if right.ndim > 1 else right


def sparse_categorical_accuracy(y: Array, t: Array) -> Array:
    """[argmax y = t], for class numbers.                                               y (N, K), t (N,) -> (N,)

    Example:
        >>> import numpy as np
        >>> sparse_categorical_accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 1])).tolist()
        [1.0, 0.0]
    """
    xp = namespace(y)
    return xp.astype(xp.argmax(y, axis=-1) == t, y.dtype)


def binary_accuracy(y: Array, t: Array) -> Array:
    """The share of outputs on the right side of 1/2.                                        y, t (N, ...) -> (N,)

    Example:
        >>> import numpy as np
        >>> binary_accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0.0, 1.0], [0.0, 0.0]])).tolist()
        [1.0, 0.5]
    """
    xp = namespace(y)
    right = xp.astype((y > 0.5) == (t > 0.5), y.dtype)
    return xp.mean(right, axis=tuple(range(1, y.ndim)))
