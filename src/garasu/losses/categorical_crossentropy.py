"""Categorical cross-entropy: minus the logarithm of the probability given to the true class.

    l = -sum_k t_k log y_k           dy_k = -t_k / y_k           with softmax: du_k = y_k sum_j t_j - t_k

For one-hot rows du = y - t. The logarithm is floored: log max(y, 1e-7). With more axes, (N, ..., K), the mean over the
P places of a row: l, dy and du as above, divided by P. Source: Bridle (1990); Bishop (1995), 6.9.
Label smoothing s (Szegedy et al., 2016) takes t (1 - s) + s / K for t: no class is ever quite certain.
"""

import math

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss
from garasu.settings import fraction

FLOOR = 1e-7
"""The least probability whose logarithm is taken, Keras's epsilon."""


def smoothed(t: Array, share: float, parts: int) -> Array:
    """t (1 - share) + share / parts: a share of the certainty spread evenly over ``parts`` answers.

    Example:
        >>> import numpy as np
        >>> smoothed(np.array([[0.0, 1.0]]), 0.5, 2).tolist()
        [[0.25, 0.75]]
    """
    return t * (1.0 - share) + share / parts if share else t


def places(y: Array) -> int:
    """P: at how many places one row of outputs (N, ..., K) compares classes.

    Example:
        >>> import numpy as np
        >>> places(np.zeros((8, 10))), places(np.zeros((8, 4, 5, 10)))
        (1, 20)
    """
    return math.prod(y.shape[1:-1])


@frozen(eq=False)
class CategoricalCrossentropy(Loss):
    """For softmax outputs and one-hot targets (or rows that sum to 1).

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.25, 0.75]]), np.array([[0.0, 1.0]])
        >>> loss = CategoricalCrossentropy()
        >>> loss.value(y, t).round(4).tolist(), loss.delta(y, t).tolist()
        ([0.2877], [[0.25, -0.25]])
        >>> CategoricalCrossentropy(label_smoothing=0.5).delta(y, t).tolist()
        [[0.0, 0.0]]
    """

    partner = "softmax"
    domain = "distributions"

    label_smoothing: float = field(default=0.0, kw_only=True, validator=fraction)

    def _smoothed(self, t: Array) -> Array:
        return smoothed(t, self.label_smoothing, t.shape[-1])

    def value(self, y: Array, t: Array) -> Array:
        """-1/P sum t_k log max(y_k, 1e-7)."""
        xp, t = namespace(y), self._smoothed(t)
        return -xp.sum(t * xp.log(xp.clip(y, FLOOR, None)), axis=tuple(range(1, y.ndim))) / places(y)

    def backward(self, y: Array, t: Array) -> Array:
        """-1/P t_k / y_k; 0 where the floor holds the logarithm still."""
        xp, t = namespace(y), self._smoothed(t)
        return xp.where(y > FLOOR, -t / xp.clip(y, FLOOR, None), xp.zeros_like(y)) / places(y)

    def delta(self, y: Array, t: Array) -> Array:
        """1/P (y_k sum_j t_j - t_k)."""
        t = self._smoothed(t)
        return (y * namespace(y).sum(t, axis=-1, keepdims=True) - t) / places(y)
