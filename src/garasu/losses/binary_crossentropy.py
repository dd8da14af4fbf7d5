"""Binary cross-entropy: minus the log-likelihood of yes-or-no targets under probabilities y.

    l  = a sum_k -(t_k log y_k + (1 - t_k) log(1 - y_k))           a = 1 / K ("mean" over outputs) or 1 ("sum")
    dy = a (y - t) / (y (1 - y))           with sigmoid: du = a (y - t)

Source: the likelihood P^t (1 - P)^(1 - t) of a Bernoulli variable. Autoencoders sum over the pixels; Keras averages.
Label smoothing s takes t (1 - s) + s / 2 for t.
"""

import math

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.losses.categorical_crossentropy import FLOOR, smoothed
from garasu.losses.loss import Loss
from garasu.settings import fraction, one_of


@frozen(eq=False)
class BinaryCrossentropy(Loss):
    """For sigmoid outputs and targets in [0, 1]; ``outputs`` says whether one row's outputs are averaged or summed.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[0.8, 0.4]]), np.array([[1.0, 0.0]])
        >>> BinaryCrossentropy(outputs="sum").value(y, t).round(4).tolist()
        [0.734]
        >>> BinaryCrossentropy().delta(y, t).round(2).tolist()
        [[-0.1, 0.2]]
    """

    partner = "sigmoid"
    domain = "shares"

    outputs: str = field(default="mean", kw_only=True, validator=one_of("mean", "sum"))
    label_smoothing: float = field(default=0.0, kw_only=True, validator=fraction)

    def _factor(self, y: Array) -> float:
        return 1.0 / math.prod(y.shape[1:]) if self.outputs == "mean" else 1.0

    def _smoothed(self, t: Array) -> Array:
        return smoothed(t, self.label_smoothing, 2)

    def value(self, y: Array, t: Array) -> Array:
        """a sum_k -(t log y + (1 - t) log(1 - y)), y kept within [1e-7, 1 - 1e-7]."""
        xp, t = namespace(y), self._smoothed(t)
        y = xp.clip(y, FLOOR, 1.0 - FLOOR)
        terms = -(t * xp.log(y) + (1.0 - t) * xp.log(1.0 - y))
        return self._factor(y) * xp.sum(terms, axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """a (y - t) / (y (1 - y)); 0 where y is held at an end."""
        xp, t = namespace(y), self._smoothed(t)
        inside = (y > FLOOR) & (y < 1.0 - FLOOR)
        held = xp.clip(y, FLOOR, 1.0 - FLOOR)
        return xp.where(inside, self._factor(y) * (held - t) / (held * (1.0 - held)), xp.zeros_like(y))

    def delta(self, y: Array, t: Array) -> Array:
        """a (y - t)."""
        return self._factor(y) * (y - self._smoothed(t))
