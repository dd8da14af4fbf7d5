"""Sparse categorical cross-entropy: categorical cross-entropy from class numbers instead of one-hot rows.

    l = -log y_t           dy_k = -[k = t] / y_k           with softmax: du_k = y_k - [k = t]

With label smoothing s, (1 - s) [k = t] + s / K stands for [k = t]. (Keras smooths one-hot targets only.)
"""

from attrs import field, frozen

from garasu.array import Array, one_hot
from garasu.losses.categorical_crossentropy import CategoricalCrossentropy
from garasu.losses.loss import Loss
from garasu.settings import fraction


@frozen(eq=False)
class SparseCategoricalCrossentropy(Loss):
    """For softmax outputs and class numbers 0 ... K - 1.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.25, 0.75]]), np.array([1])
        >>> loss = SparseCategoricalCrossentropy()
        >>> loss.value(y, t).round(4).tolist(), loss.delta(y, t).tolist()
        ([0.2877], [[0.25, -0.25]])
    """

    partner = "softmax"
    target = "index"
    domain = "distributions"

    label_smoothing: float = field(default=0.0, kw_only=True, validator=fraction)

    @property
    def one_hot(self) -> CategoricalCrossentropy:
        """The loss of one-hot rows."""
        return CategoricalCrossentropy(label_smoothing=self.label_smoothing)

    def value(self, y: Array, t: Array) -> Array:
        """-log max(y_t, 1e-7)."""
        return self.one_hot.value(y, one_hot(t, y))

    def backward(self, y: Array, t: Array) -> Array:
        """-[k = t] / y_k."""
        return self.one_hot.backward(y, one_hot(t, y))

    def delta(self, y: Array, t: Array) -> Array:
        """y_k - [k = t]."""
        return self.one_hot.delta(y, one_hot(t, y))
