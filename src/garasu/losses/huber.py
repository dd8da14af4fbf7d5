"""Huber's loss: a parabola near the target, a straight line beyond a distance d from it.

    e = y - t        q = min(max(e, -d), d)
    l = 1/K sum_k q_k (e_k - q_k / 2)           dy = q / K

Within d that is e^2 / 2, beyond it d |e| - d^2 / 2: value and slope go over into each other. Source: Huber (1964).
"""

import math

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss
from garasu.settings import positive


@frozen(eq=False)
class Huber(Loss):
    """For regression with outliers. ``delta`` is the distance d (Keras's default: 1); the attribute is ``distance``.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[4.0, 0.5]]), np.array([[1.0, 0.0]])
        >>> Huber(delta=2.0).value(y, t).tolist(), Huber(delta=2.0).backward(y, t).tolist()
        ([2.0625], [[1.0, 0.25]])
    """

    distance: float = field(default=1.0, alias="delta", validator=positive)  # ``delta`` is the slope at u of any loss

    def _bounded(self, e: Array) -> Array:
        return namespace(e).clip(e, -float(self.distance), float(self.distance))

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k q_k (e_k - q_k / 2)."""
        e = y - t
        q = self._bounded(e)
        return namespace(y).mean(q * (e - 0.5 * q), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """q / K."""
        return 1.0 / math.prod(y.shape[1:]) * self._bounded(y - t)
