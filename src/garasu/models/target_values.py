"""Whether targets are what a loss takes: looked at once, when data enter, by the loss's ``domain``.

    shares           each from 0 to 1
    distributions    none below 0, and rows that sum to 1
    scores           one-hot rows
    signs            -1 and 1, or 0 and 1
    counts           none below 0

(Keras takes any, and the loss falls without an end or means nothing.) A loss that says nothing of its domain gets
whatever comes; where class numbers are asked for, ``arguments.targets`` has looked at them.
"""

from collections.abc import Callable, Mapping

import numpy as np
from attrs import frozen

from garasu.array import Array
from garasu.losses import Loss
from garasu.messages import ShapeError

SUM = 0.01
"""How far from 1 the sum of a row may be: shares rounded to three digits."""
_ROUNDING = 1e-6
"""How far beyond 0 and 1 a share may be."""

_Places = Callable[[Array], Array | None]
"""Where targets lie outside: a mask over the numbers, or over rows; None where all lie inside."""


def check_values(loss: Loss, t: Array, axes: int) -> None:
    """Check targets ``t`` (N, ...); ``axes`` is how many of theirs the user gave.

    Raises:
        ShapeError: a target outside the domain; the sentence names the first one and its place.

    Example:
        >>> from garasu.losses import BinaryCrossentropy
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> try:
        ...     check_values(BinaryCrossentropy(), np.array([[0.0], [255.0]]), 1)
        ... except ShapeError as error:
        ...     print(str(error).partition(", but")[2].partition(".")[0])
         y[1] is 255 (count of such values: 1)
        >>> set_language(None)
    """
    if loss.target != "values" or t.size == 0:
        return
    for rule in _RULES.get(str(loss.domain), ()):
        outside = rule.outside(t)
        if outside is not None:
            first = tuple(int(place) for place in np.argwhere(outside)[0])
            got = t[first] if outside.ndim == t.ndim else np.sum(t[first])
            fields = {"place": ", ".join(map(str, first[:axes])), "got": f"{got:.6g}", "count": int(np.sum(outside))}
            raise ShapeError(rule.sentence, loss=type(loss).__name__, **fields)


def are_one_hot(t: Array) -> bool:
    """Whether each row (N, K) is a 1 and zeros.

    Example:
        >>> are_one_hot(np.eye(3)), are_one_hot(np.array([[1.0, 1.0]])), are_one_hot(np.array([[0.3, 0.7]]))
        (True, False, False)
    """
    return _neither_0_nor_1(t) is None and _other_sums(t) is None


def _beyond_shares(t: Array) -> Array | None:
    """Numbers outside 0 to 1, or none at all (NaN); the ends of all are looked at first, which is quick."""
    low, high = -_ROUNDING, 1.0 + _ROUNDING
    return None if t.min() >= low and t.max() <= high else ~((t >= low) & (t <= high))


def _below_0(t: Array) -> Array | None:
    return None if t.min() >= 0.0 else ~(t >= 0.0)


def _other_sums(t: Array) -> Array | None:
    """Rows that do not sum to 1."""
    outside = ~(np.abs(np.sum(t, axis=-1) - 1.0) <= SUM)
    return outside if outside.any() else None


def _no_signs(t: Array) -> Array | None:
    """Neither -1 and 1 nor 0 and 1."""
    low = -1.0 if t.min() < 0.0 else 0.0
    outside = (t != low) & (t != 1.0)
    return outside if outside.any() else None


def _neither_0_nor_1(t: Array) -> Array | None:
    outside = (t != 0.0) & (t != 1.0)
    return outside if outside.any() else None


@frozen(eq=False)
class _Rule:
    """What targets must not be, and the sentence that says so."""

    outside: _Places
    sentence: str


_RULES: Mapping[str, tuple[_Rule, ...]] = {
    "shares": (_Rule(_beyond_shares, "losses.targets_shares"),),
    "distributions": (_Rule(_below_0, "losses.targets_below_0"), _Rule(_other_sums, "losses.targets_sum")),
    "scores": (_Rule(_neither_0_nor_1, "losses.targets_one_hot"), _Rule(_other_sums, "losses.targets_sum")),
    "signs": (_Rule(_no_signs, "losses.targets_signs"),),
    "counts": (_Rule(_below_0, "losses.targets_counts"),),
}
