"""Pooling over windows, and the transposes that hand the error back.

Max pooling remembers, for each result, which place of the window held the maximum. Where several places hold it (a
flat background is all ties), the FIRST in row-major order is remembered, everywhere and in every form.
"""

import math
from functools import reduce
from operator import add

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array, Pads, Pair
from garasu.array.windows import merge, split


@Primitive
def max_pool(x: Array, window: Pair, stride: Pair, pads: Pads) -> tuple[Array, Array]:
    """y = the maximum of each window, and the place (0 ... F*F - 1) where it first stands.

    Padding never wins: it counts as minus infinity.                   x (N, Y, X, C) -> y, place (N, OY, OX, C)

    Example:
        >>> import numpy as np
        >>> x = np.arange(1.0, 17.0).reshape(1, 4, 4, 1)
        >>> y, place = max_pool(x, (2, 2), (2, 2), ((0, 0), (0, 0)))
        >>> y[0, :, :, 0].tolist(), place[0, :, :, 0].tolist()
        ([[6.0, 8.0], [14.0, 16.0]], [[3, 3], [3, 3]])
    """
    xp = namespace(x)
    parts = split(x, window, stride, pads, value=-math.inf)
    y = reduce(xp.maximum, parts)
    place = xp.zeros(y.shape, dtype=xp.int32)
    for index in range(len(parts) - 1, -1, -1):  # backwards, so that the first maximum is written last
        place = xp.where(parts[index] == y, xp.asarray(index, dtype=xp.int32), place)
    return y, place


@Primitive
def max_pool_transpose(dy: Array, place: Array, size: Pair, window: Pair, stride: Pair, pads: Pads) -> Array:
    """Each error goes to the remembered place of its window; where windows overlap, errors add up.

    Example:
        >>> import numpy as np
        >>> dy, place = np.full((1, 1, 1, 1), 5.0), np.full((1, 1, 1, 1), 2)
        >>> max_pool_transpose(dy, place, (2, 2), (2, 2), (2, 2), ((0, 0), (0, 0)))[0, :, :, 0].tolist()
        [[0.0, 0.0], [5.0, 0.0]]
    """
    xp = namespace(dy)
    nothing = xp.zeros_like(dy)
    parts = [xp.where(place == index, dy, nothing) for index in range(window[0] * window[1])]
    return merge(parts, size, window, stride, pads)


def _counts(dy: Array, size: Pair, window: Pair, stride: Pair, pads: Pads) -> Array:
    """How many places of each window lie inside the image.                            (1, OY, OX, 1)"""
    xp = namespace(dy)
    ones = xp.ones((1, *size, 1), dtype=dy.dtype)
    return reduce(add, split(ones, window, stride, pads))


@Primitive
def average_pool(x: Array, window: Pair, stride: Pair, pads: Pads) -> Array:
    """y = the mean of the places of each window that lie inside the image.          (N, Y, X, C) -> (N, OY, OX, C)

    Example:
        >>> import numpy as np
        >>> average_pool(np.arange(4.0).reshape(1, 2, 2, 1), (2, 2), (2, 2), ((0, 0), (0, 0))).ravel().tolist()
        [1.5]
    """
    size = (x.shape[1], x.shape[2])
    return reduce(add, split(x, window, stride, pads)) / _counts(x, size, window, stride, pads)


@Primitive
def average_pool_transpose(dy: Array, size: Pair, window: Pair, stride: Pair, pads: Pads) -> Array:
    """Each error is shared equally by the places of its window that lie inside the image.

    Example:
        >>> import numpy as np
        >>> dy = np.full((1, 1, 1, 1), 4.0)
        >>> average_pool_transpose(dy, (2, 2), (2, 2), (2, 2), ((0, 0), (0, 0))).ravel().tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    share = dy / _counts(dy, size, window, stride, pads)
    return merge([share] * (window[0] * window[1]), size, window, stride, pads)


@Primitive
def lp_pool(x: Array, p: float, window: Pair, stride: Pair, pads: Pads) -> Array:
    """y = (the mean of |x|^p over the places of each window that lie inside the image)^(1/p), p >= 1.

    Worked out as M (mean (|x| / M)^p)^(1/p), M the largest |x| of the window: the same number, and no power of it
    overflows or vanishes.                                                          (N, Y, X, C) -> (N, OY, OX, C)

    Example:
        >>> import numpy as np
        >>> x = np.array([[1.0, -7.0]]).reshape(1, 1, 2, 1)
        >>> lp_pool(x, 2, (1, 2), (1, 2), ((0, 0), (0, 0))).ravel().tolist()
        [5.0]
    """
    xp = namespace(x)
    parts = split(xp.abs(x), window, stride, pads)
    largest = reduce(xp.maximum, parts)
    unit = _not_zero(largest)
    powers = reduce(add, [(part / unit) ** p for part in parts])
    return largest * (powers / _counts(x, (x.shape[1], x.shape[2]), window, stride, pads)) ** (1.0 / p)


@Primitive
def lp_pool_gradient(dy: Array, x: Array, p: float, window: Pair, stride: Pair, pads: Pads) -> Array:
    """dx = sum over the windows that see x of (|x| / y)^(p-1) sign(x) dy / n, n places inside; 0 where y is 0.

    y = M S^(1/p), S = mean (|x| / M)^p, as in ``lp_pool``; so dx = (|x| / M)^(p-1) S^(1/p-1) sign(x) dy / n. Divided by
    the y that came out, a large p would make much of that number's rounding.

    Example:
        >>> import numpy as np
        >>> x, dy = np.array([[1.0, -7.0]]).reshape(1, 1, 2, 1), np.ones((1, 1, 1, 1))
        >>> lp_pool_gradient(dy, x, 2, (1, 2), (1, 2), ((0, 0), (0, 0))).ravel().tolist()
        [0.1, -0.7]
    """
    xp, size = namespace(dy), (x.shape[1], x.shape[2])
    counts, parts = _counts(dy, size, window, stride, pads), split(x, window, stride, pads)
    unit = _not_zero(reduce(xp.maximum, [xp.abs(part) for part in parts]))
    ratios = [xp.abs(part) / unit for part in parts]
    powers = [ratio ** (p - 1.0) for ratio in ratios]
    mean = reduce(add, [power * ratio for power, ratio in zip(powers, ratios, strict=True)]) / counts
    share = dy / counts * _not_zero(mean) ** (1.0 / p - 1.0)
    slopes = [power * xp.sign(part) * share for power, part in zip(powers, parts, strict=True)]
    return merge(slopes, size, window, stride, pads)


def _not_zero(x: Array) -> Array:
    """``x``, and 1 where it is 0, to divide by."""
    xp = namespace(x)
    return xp.where(x == 0, xp.ones_like(x), x)
