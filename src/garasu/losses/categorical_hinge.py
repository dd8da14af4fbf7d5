"""Categorical hinge: the true class must lead all others by 1.

    p = sum_k t_k y_k        n = max_k (1 - t_k) y_k, at k = w
    l = max(0, 1 + n - p)           dy_k = ([k = w] (1 - t_k) - t_k) [l > 0]

Of equal maxima the first is w; at the kink the slope is taken as 0. For one-hot targets the true class itself takes
part in n with a 0, as in Keras: n is never below 0. With more axes, (N, ..., K), the mean over the P places of a row:
l and dy as above, divided by P. Source: Crammer and Singer (2001), in Keras's form.
"""

from attrs import frozen

from garasu.array import Array, namespace, one_hot
from garasu.losses.categorical_crossentropy import places
from garasu.losses.loss import Loss


@frozen(eq=False)
class CategoricalHinge(Loss):
    """For outputs of which the largest is the answer, and one-hot targets.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[2.0, 1.5, -1.0]]), np.array([[1.0, 0.0, 0.0]])
        >>> CategoricalHinge().value(y, t).tolist(), CategoricalHinge().backward(y, t).tolist()
        ([0.5], [[-1.0, 1.0, 0.0]])
    """

    domain = "scores"

    def _lag(self, y: Array, t: Array) -> Array:
        xp = namespace(y)
        lead = xp.sum(t * y, axis=-1, keepdims=True) - xp.max((1.0 - t) * y, axis=-1, keepdims=True)
        return xp.clip(1.0 - lead, 0.0, None)

    def value(self, y: Array, t: Array) -> Array:
        """max(0, 1 + n - p), the mean over places."""
        return namespace(y).mean(self._lag(y, t), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """1/P ([k = w] (1 - t_k) - t_k) [l > 0]."""
        xp = namespace(y)
        rival = one_hot(xp.argmax((1.0 - t) * y, axis=-1), y)
        return xp.where(self._lag(y, t) > 0.0, rival * (1.0 - t) - t, xp.zeros_like(y)) / places(y)
