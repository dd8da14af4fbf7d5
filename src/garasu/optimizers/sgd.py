"""Stochastic gradient descent: a step against the gradient.

    w <- w - lr g

Source: Robbins and Monro (1951). Keras's default rate, 0.01. For its ``momentum`` see ``Momentum``, for its
``nesterov`` see ``Nesterov``.
"""

from attrs import frozen

from garasu.array import Array, Arrays
from garasu.optimizers.optimizer import Optimizer


@frozen(eq=False)
class SGD(Optimizer):
    """Plain gradient descent (勾配降下法).

    Raises:
        SettingError: the rate is negative.

    Example:
        >>> import numpy as np
        >>> SGD(0.1).update(np.array([2.0]), {}, np.array([1.0]), 0, {"learning_rate": 0.1})[0].tolist()
        [0.8]
    """

    def init(self, param: Array) -> Arrays:
        """Nothing to remember."""
        return {}

    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """w - lr g."""
        return param - hyper["learning_rate"] * grad, state
