"""Poisson loss: minus the log-likelihood of counts under the expected counts y, without what does not depend on y.

    l = 1/K sum_k y_k - t_k log(y_k + 1e-7)           dy_k = 1/K (1 - t_k / (y_k + 1e-7))

Source: the likelihood y^t e^(-y) / t! of a Poisson variable; 1e-7 as in Keras.
"""

import math

from attrs import frozen

from garasu.array import Array, namespace
from garasu.losses.categorical_crossentropy import FLOOR
from garasu.losses.loss import Loss


@frozen(eq=False)
class Poisson(Loss):
    """For outputs above 0 (softplus; relu at a pinch) and targets that are counts.

    Example:
        >>> import numpy as np
        >>> y, t = np.array([[2.0, 1.0]]), np.array([[3.0, 0.0]])
        >>> Poisson().value(y, t).round(4).tolist(), Poisson().backward(y, t).round(4).tolist()
        ([0.4603], [[-0.25, 0.5]])
    """

    domain = "counts"

    def value(self, y: Array, t: Array) -> Array:
        """1/K sum_k y_k - t_k log(y_k + 1e-7)."""
        xp = namespace(y)
        return xp.mean(y - t * xp.log(y + FLOOR), axis=tuple(range(1, y.ndim)))

    def backward(self, y: Array, t: Array) -> Array:
        """1/K (1 - t_k / (y_k + 1e-7))."""
        return 1.0 / math.prod(y.shape[1:]) * (1.0 - t / (y + FLOOR))
