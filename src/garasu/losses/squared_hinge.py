"""Squared hinge: the square of the distance to the margin, so that the slope goes to 0 there.

    m_k = max(0, 1 - t_k y_k)
    l = 1/K sum_k m_k^2           dy_k = -2/K t_k m_k           t is -1 or 1; a 0 counts as -1

Source: Cortes and Vapnik (1995), with the squares of the slack variables.
"""

import math

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.hinge import margin, signs
from garasu.losses.loss import Loss


@frozen(eq=False)
class SquaredHinge(Loss):
    """For outputs whose sign is the answer (no activation, or tanh) and targets -1 and 1, or 0 and 1.

    Its accuracy is ``metrics.BinaryAccuracy(0)``: the name "accuracy" means the threshold 1/2, as in Keras.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[3.0, 0.5]]), np.array([[1.0, 0.0]])
        >>> SquaredHinge().value(y, t).tolist(), SquaredHinge().backward(y, t).tolist()
        ([1.125], [[0.0, 1.5]])
    """

    domain = "signs"

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k m_k^2."""
        return namespace(y).mean(margin(y, signs(t)) ** 2, axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """-2/K t_k m_k."""
        t = signs(t)
        return -2.0 / math.prod(y.shape[1:]) * t * margin(y, t)
