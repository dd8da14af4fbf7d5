"""Top-k accuracy: 1 for a row whose true class is among the k largest outputs, else 0."""

from attrs import field, frozen

from garasu.array import Array, namespace, one_hot
from garasu.metrics.targets import as_classes
from garasu.settings import Plain, count


@frozen(eq=False)
class TopKAccuracy(Plain):
    """[fewer than k outputs are larger than that of the true class].

    y (N, ..., K), t one-hot (N, ..., K) or class numbers (N, ...) -> (N,)

    Equal outputs all count, as in Keras's ``in_top_k``: with all outputs alike every row is right, whatever k is. So
    k = 1 is at least ``categorical_accuracy``, which lets only the first of equal outputs count. A NaN is never right.
    With more axes, the share of places that are right.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.4, 0.3, 0.3]])
        >>> TopKAccuracy(2)(y, np.array([1, 2, 2])).tolist()
        [1.0, 0.0, 1.0]
    """

    k: int = field(default=5, validator=count)

    @property
    def name(self) -> str:
        """What the results are called."""
        return f"top_{self.k}_accuracy"

    def __call__(self, y: Array, t: Array) -> Array:
        """[#(y_j > y_t) < k]."""
        xp = namespace(y)
        true = one_hot(as_classes(y, t), y) > 0.0
        own = xp.sum(xp.where(true, y, xp.zeros_like(y)), axis=-1, keepdims=True)
        larger = xp.sum(xp.astype(~(y <= own), y.dtype), axis=-1)
        right = xp.astype(larger < float(min(self.k, y.shape[-1])), y.dtype)
        return xp.mean(right, axis=tuple(range(1, right.ndim))) if right.ndim > 1 else right
