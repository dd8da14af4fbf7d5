"""Hinge: nothing for an answer on the right side by a margin of 1, and the distance to that margin for all others.

    m_k = max(0, 1 - t_k y_k)
    l = 1/K sum_k m_k           dy_k = -1/K t_k [m_k > 0]           t is -1 or 1; a 0 counts as -1

At the kink, t y = 1, the slope is taken as 0. Source: Cortes and Vapnik (1995), the loss of support vector machines.
"""

import math

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.loss import Loss


def signs(t: Array) -> Array:
    """Targets 0 and 1 as -1 and 1; -1 and 1 stay. (Keras looks at all of a batch first; for such targets it is equal.)

    Example:
        >>> import numpy as np
        >>> signs(np.array([[0.0, 1.0], [-1.0, 1.0]])).tolist()
        [[-1.0, 1.0], [-1.0, 1.0]]
    """
    xp = namespace(t)
    return xp.where(t == 0.0, -xp.ones_like(t), t)


def margin(y: Array, t: Array) -> Array:
    """max(0, 1 - t y): how far each answer is from being right by 1.

    Example:
        >>> import numpy as np
        >>> margin(np.array([[3.0, 0.5]]), np.array([[1.0, -1.0]])).tolist()
        [[0.0, 1.5]]
    """
    return namespace(y).clip(1.0 - t * y, 0.0, None)


@frozen(eq=False)
class Hinge(Loss):
    """For outputs whose sign is the answer (no activation, or tanh) and targets -1 and 1, or 0 and 1.

    Its accuracy is ``metrics.BinaryAccuracy(0)``: the name "accuracy" means the threshold 1/2, as in Keras.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[3.0, 0.5]]), np.array([[1.0, 0.0]])
        >>> Hinge().value(y, t).tolist(), Hinge().backward(y, t).tolist()
        ([0.75], [[0.0, 0.5]])
    """

    domain = "signs"

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k m_k."""
        return namespace(y).mean(margin(y, signs(t)), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """-1/K t_k [m_k > 0]."""
        xp, t = namespace(y), signs(t)
        return -1.0 / math.prod(y.shape[1:]) * xp.where(margin(y, t) > 0.0, t, xp.zeros_like(t))
