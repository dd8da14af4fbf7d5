"""Clipping: gradients that are too large are cut, so that one mini-batch cannot throw the weights far away.

    clipvalue c          g <- min(max(g, -c), c)                 each number
    clipnorm c           g <- g c / max(|g|, c)                  each array by its own norm
    global_clipnorm c    g <- g c / max(G, c)                    all arrays by their common norm, G^2 = sum |g|^2

The first changes the direction of the step, the last does not. Optax and PyTorch divide by G + 1e-6 or so; Keras, and
this, by nothing but G. Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
(2013). Penalties belong to the gradient that is clipped, decoupled weight decay does not.
"""

from functools import reduce
from operator import add

from garasu.array import Array, Tree, leaves, map_leaves, namespace, squared_norm
from garasu.optimizers import Optimizer


def clip(optimizer: Optimizer, grads: Tree) -> Tree:
    """The gradients as the optimizer's settings want them; as they are where it has none.

    Example:
        >>> import numpy as np
        >>> from garasu.optimizers import SGD
        >>> grads = {"a": {"kernel": np.array([3.0, 4.0])}, "b": {"kernel": np.array([0.0, 12.0])}}
        >>> clip(SGD(clipnorm=1.0), grads)["a"]["kernel"].tolist()
        [0.6, 0.8]
        >>> clip(SGD(global_clipnorm=1.3), grads)["b"]["kernel"].round(6).tolist()
        [0.0, 1.2]
        >>> clip(SGD(clipvalue=3.5), grads)["a"]["kernel"].tolist()
        [3.0, 3.5]
    """
    if optimizer.clipvalue is not None:
        return _by_value(grads, optimizer.clipvalue)
    if optimizer.clipnorm is not None:
        return _by_norm(grads, optimizer.clipnorm)
    if optimizer.global_clipnorm is not None:
        return _by_global_norm(grads, optimizer.global_clipnorm)
    return grads


def squares(grads: Tree) -> Array:
    """G^2, the sum of the squares of all numbers."""
    return reduce(add, [squared_norm(g) for g in leaves(grads)])


def _by_value(grads: Tree, bound: float) -> Tree:
    def one(g: Array) -> Array:
        return namespace(g).clip(g, -bound, bound)

    return map_leaves(one, grads)


def _by_norm(grads: Tree, bound: float) -> Tree:
    def one(g: Array) -> Array:
        return g * _scale(squared_norm(g), bound)

    return map_leaves(one, grads)


def _by_global_norm(grads: Tree, bound: float) -> Tree:
    if not leaves(grads):  # everything is frozen
        return grads
    scale = _scale(squares(grads), bound)

    def one(g: Array) -> Array:
        return g * scale

    return map_leaves(one, grads)


def _scale(squared: Array, bound: float) -> Array:
    """c / max(norm, c): 1 where the norm is not above c."""
    xp = namespace(squared)
    return bound / xp.clip(xp.sqrt(squared), bound, None)
