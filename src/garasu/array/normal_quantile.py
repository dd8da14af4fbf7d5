"""The quantile of the standard normal distribution, the same on every machine: no logarithm, hardly a rounding apart.

With q = p - 1/2 and, in the tails, w = min(p, 1 - p):

    |q| <= 0.425            x = q (a + s (b + s R(0.180625 - s)))          s = q q
    0.425 < |q|             x = +-(a + t (b + t R(t)))                     t = the 4th, 16th or 32nd root of w, centred

R is a ratio of polynomials, fitted to the quantile with 50 digits; before rounding, the greatest relative error of x is
1e-17 for w down to 2^-54. The outer pieces begin where w is 2^-9 and 2^-24. Roots are rounded alike everywhere, and
what a fused multiply-add rounds differently stands in terms smaller than x: NumPy gives the same bits on every machine,
and a compiled program differs from them by 2 units in the last place at most, in float32 as in float64. The idea of
several ratios is that of Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied
Statistics 37 (1988), whose tails take a logarithm, which every library rounds in its own way.
"""

from collections.abc import Sequence
from typing import TypeAlias

from garasu.array.namespace import namespace
from garasu.array.types import Array

Coefficients: TypeAlias = Sequence[float]
Piece: TypeAlias = tuple[float, float, Coefficients, Coefficients]
"""a, b, and R's numerator and denominator, lowest power first."""

_MIDDLE: Piece = (
    2.5066282746310007,
    2.6249349909537365,
    (
        12.45581149035967,
        466.1047952549384,
        6476.716275634511,
        41396.88498203152,
        122414.03698142762,
        147692.82142547084,
        50316.91690870152,
    ),
    (
        1.0,
        44.93737917280728,
        787.7848568201665,
        6831.648914374243,
        30717.1111403527,
        68664.96672403954,
        66408.72060512762,
        19378.33686695691,
    ),
)
_TAIL: Piece = (
    2.253813028175469,
    -4.638555116165718,
    (
        3.269802708452398,
        9.522354457887282,
        -17.761977930934503,
        -48.56790700598213,
        33.16925767605617,
        54.55870196293862,
        -22.467717285077274,
        -2.6540514931588715,
    ),
    (
        1.0,
        5.50698461911694,
        4.002737341752218,
        -19.015861580937738,
        -20.367488914927797,
        20.39645602564734,
        15.82177583364364,
        -6.688451502853217,
    ),
)
_FAR_TAIL: Piece = (
    4.248180389226085,
    -7.3281012366026586,
    (
        1.7283734368266346,
        -7.01136466777482,
        -9.252984341390203,
        34.82281320030575,
        11.103170409148305,
        -38.67044696282046,
        -0.8364246690409104,
        2.271308268550759,
    ),
    (
        1.0,
        0.1422277795423243,
        -7.052338447301902,
        -0.574936257911194,
        14.808487926780497,
        0.467772847481797,
        -8.65731979100165,
    ),
)
_FARTHEST_TAIL: Piece = (
    6.9505128860807615,
    -10.5060920629428,
    (
        4.5848321805487995,
        0.19244112825403964,
        -39.32785362809491,
        -3.6105891738974845,
        89.62454272286642,
        4.191857104094529,
        -49.06736215408453,
    ),
    (
        1.0,
        2.6965166202764346,
        -4.45419271352105,
        -13.53956372597255,
        5.388961450065602,
        19.075574487143406,
        -1.5467217211187674,
        -6.419706692290333,
    ),
)
# Of the three tails' roots. Float32 holds them exactly, and the a's to a thousandth of its last place.
_CENTRES = (0.33168965578079224, 0.4892466068267822, 0.429660826921463)


def _polynomial(coefficients: Coefficients, x: Array) -> Array:
    """Horner's rule, lowest power first in ``coefficients``."""
    total = coefficients[-1] + 0.0 * x
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


def _curve(piece: Piece, t: Array, v: Array) -> Array:
    """a + t (b + t R(v)): a line and its small correction, so that R's roundings weigh little."""
    a, b, above, below = piece
    return a + t * (b + t * (_polynomial(above, v) / _polynomial(below, v)))


def _tail(w: Array) -> Array:
    """The x above zero that is exceeded with probability ``w`` (2^-54 to 0.075; in float32 from 2^-24)."""
    xp = namespace(w)
    root4 = xp.sqrt(xp.sqrt(w))
    root16 = xp.sqrt(xp.sqrt(root4))
    near, far = root4 - _CENTRES[0], root16 - _CENTRES[1]
    x = xp.where(w > 2.0**-9, _curve(_TAIL, near, near), _curve(_FAR_TAIL, far, far))
    if w.dtype == xp.float32:
        return x
    farthest = xp.sqrt(root16) - _CENTRES[2]
    return xp.where(w > 2.0**-24, x, _curve(_FARTHEST_TAIL, farthest, farthest))


def normal_quantile(p: Array) -> Array:
    """The x with P(X <= x) = p for a standard normal X, elementwise; p from 2^-54 (float32: 2^-24) to 1 less that.

    Example:
        >>> import numpy as np
        >>> normal_quantile(np.array([0.5, 0.975])).round(6).tolist()
        [0.0, 1.959964]
    """
    xp = namespace(p)
    q = p - 0.5
    s = q * q
    middle = q * _curve(_MIDDLE, s, 0.180625 - s)
    tail = _tail(xp.where(q < 0, p, 1.0 - p))
    return xp.where(xp.abs(q) <= 0.425, middle, xp.where(q < 0, -tail, tail))
