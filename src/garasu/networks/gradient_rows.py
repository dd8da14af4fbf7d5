"""What was measured of one array, judged: right, wrong, undecided, or apart on purpose."""

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from garasu.array import Array
from garasu.networks.slopes import Slope

LIMIT = 1e-5
"""How far the two may be apart, as a share of the array's largest slope (and beside what rounding explains)."""

_CLEAR = 1_000
"""How many times larger than its rounding a slope must be for a share of it to mean anything."""


@frozen
class GradientRow:
    """One array: how far backpropagation and differences are apart.

    ``error`` is the largest deviation, ``relative`` the same as a share of the array's largest slope (None where that
    is hardly more than rounding). ``compared`` numbers had a slope, ``kinks`` had none. ``worst`` is (place, what the
    differences say, what backpropagation says); ``factor`` what all of it is too large by, where that is one number.
    ``shapes`` is (that of the array, that of its gradient) where they differ. ``beside``: measured a little beside the
    arrays as they are, because there was a kink at every number. ``verdict``: "right", "wrong", "undecided" (kinks
    everywhere), "intended" (the error goes straight through a layer).
    """

    name: str
    numbers: int
    compared: int
    kinks: int
    error: float
    relative: float | None
    verdict: str
    worst: tuple[tuple[int, ...], float, float] | None
    factor: float | None
    shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    beside: bool = False
    numerical_seconds: float = 0.0
    backprop_seconds: float = 0.0


@frozen(eq=False)
class Along:
    """The slope along a direction through ``numbers`` numbers; what backpropagation says; what size is usual."""

    slope: Slope
    said: float
    typical: float
    numbers: int

    @property
    def apart(self) -> float:
        """How far the two are apart."""
        return abs(self.slope.value - self.said) if np.isfinite(self.said) else np.inf

    @property
    def size(self) -> float:
        """What that is to be held against; a number that is not finite is no size."""
        return _largest(np.asarray([self.slope.value, self.said, self.typical]))


@frozen(eq=False)
class _Numbers:
    """Number by number: what the differences say, what backpropagation says, each by its place in the flat array."""

    places: list[int]
    expected: Array
    got: Array
    rounding: Array

    @property
    def off(self) -> Array:
        """How far the two are apart."""
        return np.where(np.isfinite(self.got), np.abs(self.expected - self.got), np.inf)

    @property
    def scale(self) -> float:
        """The largest finite slope."""
        return _largest(np.concatenate([self.expected, self.got]))


def _largest(numbers: Array) -> float:
    """The largest size of those numbers that are finite."""
    return float(np.max(np.abs(numbers[np.isfinite(numbers)]), initial=0.0))


def judged(
    name: str,
    grad: Array,
    slopes: Mapping[int, Slope],
    along: Along | None,
    *,
    on_purpose: bool,
) -> GradientRow:
    """The row of one array.

    Args:
        name: its path.
        grad: what backpropagation says of it.
        slopes: what the differences say of some of its numbers, by place in the flat array.
        along: what they say of all of them along one direction.
        on_purpose: whether the two are meant to differ.
    """
    found = _smooth(np.asarray(grad), slopes)
    direction = None if along is None or along.slope.kinked else along
    wrong = bool(np.any(found.off > LIMIT * found.scale + found.rounding))
    error = float(np.max(found.off, initial=0.0))
    if direction is not None:
        wrong |= bool(direction.apart > LIMIT * direction.size + direction.slope.rounding)
        error = max(error, direction.apart)
    compared = len(found.places) or (direction.numbers if direction is not None else 0)
    return GradientRow(
        name=name,
        numbers=int(np.asarray(grad).size) if slopes or along is None else along.numbers,
        compared=compared,
        kinks=len(slopes) - len(found.places) + int(along is not None and along.slope.kinked),
        error=error,
        relative=_relative(found, direction),
        verdict="intended" if on_purpose else "wrong" if wrong else "right" if compared else "undecided",
        worst=_worst(found, direction, np.shape(grad)),
        factor=_factor(found) if wrong else None,
    )


def misshapen(
    name: str, expected: tuple[int, ...], got: tuple[int, ...], numbers: int, *, on_purpose: bool
) -> GradientRow:
    """The row of an array whose gradient has another shape: nothing can be compared."""
    verdict = "intended" if on_purpose else "wrong"
    return GradientRow(name, numbers, 0, 0, float("inf"), None, verdict, None, None, (expected, got))


def _smooth(grad: Array, slopes: Mapping[int, Slope]) -> _Numbers:
    """The numbers that have a slope."""
    smooth = {place: slope for place, slope in slopes.items() if not slope.kinked}
    places = list(smooth)
    expected, rounding = (np.array([getattr(one, name) for one in smooth.values()]) for name in ("value", "rounding"))
    return _Numbers(places, expected, grad.reshape(-1)[places] if places else np.zeros(0), rounding)


def _relative(found: _Numbers, along: Along | None) -> float | None:
    """The largest deviation as a share of what it is held against; None where that is no more than rounding."""
    shares: list[float] = []
    if len(found.places) and found.scale > _CLEAR * float(np.max(found.rounding)):
        shares.append(float(np.max(found.off)) / found.scale)
    if along is not None and along.size > _CLEAR * along.slope.rounding:
        shares.append(along.apart / along.size)
    return max(shares, default=None)


def _worst(found: _Numbers, along: Along | None, shape: tuple[int, ...]) -> tuple[tuple[int, ...], float, float] | None:
    """Where the two are furthest apart."""
    if found.places:
        at = int(np.argmax(found.off))
        place = tuple(int(k) for k in np.unravel_index(found.places[at], shape))
        apart = float(found.off[at]) / max(found.scale, 1e-300)
        if along is None or apart > LIMIT or along.apart <= LIMIT * along.size:
            return place, float(found.expected[at]), float(found.got[at])
    return None if along is None else ((), along.slope.value, along.said)


def _factor(found: _Numbers) -> float | None:
    """By what all of it is too large, where that is one number."""
    expected, got = found.expected, found.got
    square = float(np.sum(expected * expected))
    if len(expected) < 2 or square == 0.0 or not np.all(np.isfinite(got)):
        return None
    factor = float(np.sum(expected * got)) / square
    left = np.abs(factor * expected - got)
    fits = bool(np.all(left <= LIMIT * found.scale + abs(factor) * found.rounding))
    return factor if fits and abs(factor - 1.0) > LIMIT else None
