"""Accuracy (正解率): 1 for a row whose answer is right, 0 for one whose answer is wrong.

Each takes class numbers and one-hot rows alike, so that a name means the same whatever the loss takes.
"""

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.metrics.targets import as_classes, as_rows
from garasu.settings import Plain, number


def categorical_accuracy(y: Array, t: Array) -> Array:
    """[argmax y = argmax t], for one-hot targets; the first of equal outputs counts.         y, t (N, K) -> (N,)

    With more axes, (N, ..., K), the share of places that are right.

    Example:
        >>> import numpy as np
        >>> categorical_accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0.0, 1.0], [0.0, 1.0]])).tolist()
        [1.0, 0.0]
    """
    xp = namespace(y)
    right = xp.astype(xp.argmax(y, axis=-1) == as_classes(y, t), y.dtype)
    return xp.mean(right, axis=tuple(range(1, right.ndim))) if right.ndim > 1 else right


def sparse_categorical_accuracy(y: Array, t: Array) -> Array:
    """[argmax y = t], for class numbers.                                               y (N, K), t (N,) -> (N,)

    Example:
        >>> import numpy as np
        >>> sparse_categorical_accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 1])).tolist()
        [1.0, 0.0]
    """
    return categorical_accuracy(y, t)


@frozen(eq=False)
class BinaryAccuracy(Plain):
    """The share of outputs on the right side of ``threshold``; a target above 1/2 means yes.      y, t (N, ...) -> (N,)

    1/2 suits sigmoid outputs, 0 those whose sign is the answer. An output at the threshold itself means no.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0.0, 1.0], [0.0, 0.0]])
        >>> BinaryAccuracy()(y, t).tolist(), BinaryAccuracy(0.7)(y, t).tolist()
        ([1.0, 0.5], [1.0, 1.0])
    """

    threshold: float = field(default=0.5, validator=number)

    @property
    def name(self) -> str:
        """What the results are called."""
        return "binary_accuracy" if self.threshold == 0.5 else f"binary_accuracy_at_{float(self.threshold)}"

    def __call__(self, y: Array, t: Array) -> Array:
        """mean over outputs of [(y > threshold) = (t > 1/2)]."""
        xp = namespace(y)
        right = xp.astype((y > float(self.threshold)) == (as_rows(y, t) > 0.5), y.dtype)
        return xp.mean(right, axis=tuple(range(1, y.ndim)))


binary_accuracy = BinaryAccuracy()
