"""The slope of a function of one number at 0, from its values alone; how far rounding blurs it; whether there is one.

    wide = (f(h) - f(-h)) / 2h        narrow = (f(h/2) - f(-h/2)) / h        slope = (4 narrow - wide) / 3

The error of ``wide`` and ``narrow`` is of the order h^2 and cancels in the slope (Richardson). At a kink they disagree,
or, where it lies just here, the slopes of the two sides do and do not come closer with h. Rounding blurs all by about
the loss's last place divided by h.
"""

from collections.abc import Callable

import numpy as np
from attrs import frozen

STEP, SMALL, LARGE = 1e-5, 6e-7, 1e-3
"""The usual step; the one tried at a kink, which may lie outside of it; and that for slopes which rounding hides."""

_EPSILON = float(np.finfo(np.float64).eps)
_LAST_PLACES = 30.0
_HIDDEN = 1e-4


@frozen
class Slope:
    """A slope, and within what rounding leaves it; ``kinked`` where there is none, or no finite one."""

    value: float
    rounding: float
    kinked: bool


def measured(f: Callable[[float], float], middle: float, size: float = 1.0) -> Slope:
    """The slope of ``f`` at 0, where it is ``middle``; ``size``: what its rounding is a share of, if ``f`` is less.

    Example:
        >>> found = measured(lambda step: (3.0 + step) ** 2, 9.0)
        >>> round(found.value, 6), found.kinked
        (6.0, False)
        >>> measured(abs, 0.0).kinked
        True
    """
    found = _with_step(f, middle, size, STEP)
    if found.kinked:
        return _with_step(f, middle, size, SMALL)
    if found.rounding > _HIDDEN * abs(found.value):
        wider = _with_step(f, middle, size, LARGE)
        return found if wider.kinked else wider
    return found


def _with_step(f: Callable[[float], float], middle: float, size: float, h: float) -> Slope:
    p1, p2, m2, m1 = (f(step) for step in (h, h / 2, -h / 2, -h))
    wide, narrow = (p1 - m1) / (2 * h), (p2 - m2) / h
    rounding = _LAST_PLACES * _EPSILON * max(size, abs(middle), abs(p1), abs(m1)) / h
    least = 1e-6 * max(abs(wide), abs(narrow)) + rounding
    bend_wide, bend_narrow = abs(p1 - 2 * middle + m1) / h, abs(p2 - 2 * middle + m2) / (h / 2)
    kinked = abs(wide - narrow) > least or (bend_narrow > least and bend_narrow > 0.75 * bend_wide)
    value = (4 * narrow - wide) / 3
    return Slope(value, rounding, bool(kinked or not np.isfinite(value)))
