"""Targets in the form a metric needs, whichever the loss takes: class numbers, or rows in the shape of the outputs."""

from garasu.array import Array, namespace, one_hot


def as_classes(y: Array, t: Array) -> Array:
    """Class numbers: the targets themselves, or the place of the largest of a row.     y (N, ..., K) -> (N, ...)

    Example:
        >>> import numpy as np
        >>> y = np.zeros((2, 3))
        >>> as_classes(y, np.array([2, 0])).tolist(), as_classes(y, np.eye(3)[[2, 0]]).tolist()
        ([2, 0], [2, 0])
    """
    return t if t.ndim < y.ndim else namespace(t).argmax(t, axis=-1)


def as_rows(y: Array, t: Array) -> Array:
    """Rows in the shape of the outputs: the targets themselves, or class numbers as one-hot rows.

    Beside one output a class number is the target itself.

    Example:
        >>> import numpy as np
        >>> as_rows(np.zeros((1, 2)), np.array([1])).tolist(), as_rows(np.zeros((1, 1)), np.array([1])).tolist()
        ([[0.0, 1.0]], [[1.0]])
    """
    if t.ndim == y.ndim:
        return t
    xp = namespace(y)
    return xp.astype(xp.expand_dims(t, axis=-1), y.dtype) if y.shape[-1] == 1 else one_hot(t, y)
