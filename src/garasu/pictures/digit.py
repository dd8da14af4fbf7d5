"""A picture of one digit as MNIST's makers would have prepared it, stage by stage.

    grey       one channel, as it was stored
    ink        how far each pixel stands out from the paper, paper 0; dark on light and light on dark alike
    box        the rectangle round the ink
    square     the rectangle widened to a square, the ink in the middle
    scaled     the square by area: each of 20 x 20 places the mean of what it covers
    peak       the darkest place 255
    centred    28 x 28, the centre of mass at pixel 14

The centre c is worked out on the 20 x 20 places, whose middles lie at i + 0.5; the square is pasted at trunc(15 - c).
So prepared, MNIST's own pictures come back as they were. Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of
handwritten digits", which says that the digits were fitted into 20 x 20 and centred by mass.
"""

# SciPy is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

import math
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from PIL import Image
from scipy import ndimage

from garasu.array import Array
from garasu.messages import DataError
from garasu.pictures.paper import standing_out
from garasu.pictures.reading import grey
from garasu.settings import Answering, count, one_of, truth

_PIXELS = 2**20
_SHOWN = 2048

STAGES = ("grey", "ink", "box", "square", "scaled", "peak", "centred")


@frozen(eq=False)
class DigitPreparation(Answering):
    """How a picture of a digit becomes ``side`` x ``side`` bytes, ink 255 on paper 0. Stages can be switched off.

    ``box``: cut the ink out; else the whole canvas is taken. ``square``: widen to a square; else the ink is stretched.
    ``inner``: the side the ink is scaled to. ``peak``: make the darkest place 255. ``mass``: centre by mass; else the
    square lies in the middle. ``polarity``: "auto", "dark" (ink on light paper) or "light".

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> picture = np.full((40, 40), 255, dtype=np.uint8)
        >>> picture[5:25, 8:12] = 0  # a dark stroke, 20 high, 4 wide
        >>> prepared = DigitPreparation()(picture)
        >>> rows, columns = np.nonzero(prepared)
        >>> prepared.shape, sorted(set(rows.tolist()))[::19], sorted(set(columns.tolist()))
        ((28, 28), [5, 24], [13, 14, 15, 16])
    """

    side: int = field(default=28, validator=count)
    inner: int = field(default=20, validator=count)
    polarity: str = field(default="auto", validator=one_of("auto", "dark", "light"))
    box: bool = field(default=True, validator=truth)
    square: bool = field(default=True, validator=truth)
    peak: bool = field(default=True, validator=truth)
    mass: bool = field(default=True, validator=truth)

    sides: ClassVar[None] = None
    """Every pixel of a picture counts: ink is told from paper where both are seen."""

    def __call__(self, pixels: Array) -> Array:
        """The prepared picture, uint8 (side, side), of a grey one or one in colour.

        Raises:
            DataError: there is no ink in it.
        """
        return self.stages(pixels)["centred"]

    def stages(self, pixels: Array) -> dict[str, Array]:
        """Every stage by its name, in order.

        Raises:
            DataError: there is no ink in it.
        """
        stored = _smaller(grey(pixels))
        ink = standing_out(stored, self.polarity)
        if not ink.any():
            raise DataError("pictures.empty")
        boxed = _boxed(ink) if self.box else ink
        scaled = self._scaled(boxed)
        risen = np.round(scaled * (255.0 / scaled.max()) if self.peak else scaled)
        if not risen.any():  # ink so thin and faint that nothing of it is left, and it may not be made darker
            raise DataError("pictures.empty")
        # A line as long as a thousand digits are wide would make a square that no memory holds.
        square = _square(boxed) if self.square and max(boxed.shape) <= _SHOWN else boxed
        found = (stored, ink, boxed, square, scaled, risen, self._centred(risen).astype(np.uint8))
        return dict(zip(STAGES, found, strict=True))

    def _scaled(self, boxed: Array) -> Array:
        """The square by area, worked out from the box alone: what was added to it is 0."""
        if not self.square:
            return by_area(boxed, (self.inner, self.inner))
        side = max(boxed.shape)
        (top, _), (left, _) = _margins(boxed)
        cover, (high, wide) = area_shares(side, self.inner), boxed.shape
        return cover[:, top : top + high] @ boxed @ cover[:, left : left + wide].T

    def _centred(self, inner: Array) -> Array:
        """``inner`` pasted into an empty picture; what would lie outside is cut off."""
        row = column = (self.side - self.inner) // 2
        if self.mass:
            row, column = (math.trunc(self.side / 2 + 1 - c) for c in _centre_of_mass(inner))
        out = np.zeros((self.side, self.side))
        to_rows, from_rows = _overlap(row, self.inner, self.side)
        to_columns, from_columns = _overlap(column, self.inner, self.side)
        out[to_rows, to_columns] = inner[from_rows, from_columns]
        return out


def _extent(ink: Array) -> tuple[slice, slice]:
    """Rows and columns that hold ink."""
    return ndimage.find_objects((ink > 0).astype(np.int8))[0]


def _boxed(ink: Array) -> Array:
    return ink[_extent(ink)]


def _square(ink: Array) -> Array:
    """Widened with paper to a square, the ink in the middle."""
    return np.pad(ink, _margins(ink))


def _margins(ink: Array) -> list[tuple[int, int]]:
    """What a square is wider than the ink: above and below, left and right."""
    side = max(ink.shape)
    return [((side - size) // 2, side - size - (side - size) // 2) for size in ink.shape]


def _smaller(grey: Array) -> Array:
    """Averaged over blocks until it has at most ``_PIXELS`` pixels: far more than a digit needs."""
    factor = math.ceil(math.sqrt(grey.size / _PIXELS))
    return grey if factor < 2 else np.asarray(Image.fromarray(grey).reduce(factor))


def by_area(values: Array, size: tuple[int, int]) -> Array:
    """Resampled by area: each new place is the mean of the old values that it covers, in parts where it cuts them.

    Example:
        >>> by_area(np.array([[0.0, 3.0, 6.0]]), (1, 2)).tolist()
        [[1.0, 5.0]]
    """
    rows, columns = (area_shares(old, new) for old, new in zip(values.shape, size, strict=True))
    return rows @ values @ columns.T


def area_shares(old: int, new: int) -> Array:
    """C (new, old): the share of each old place in each new one; every row sums to 1.

    Example:
        >>> area_shares(3, 2).round(3).tolist()
        [[0.667, 0.333, 0.0], [0.0, 0.333, 0.667]]
    """
    if old == new:
        return np.eye(old)
    edges = np.arange(new + 1) * (old / new)
    places = np.arange(old)
    overlap = np.minimum(edges[1:, None], places + 1) - np.maximum(edges[:-1, None], places)
    return np.maximum(overlap, 0.0) * (new / old)


def _centre_of_mass(values: Array) -> tuple[float, float]:
    """(row, column), the middles of pixels at i + 0.5."""
    total = values.sum()
    rows, columns = (np.arange(size) + 0.5 for size in values.shape)
    return float(values.sum(axis=1) @ rows / total), float(values.sum(axis=0) @ columns / total)


def _overlap(start: int, size: int, side: int) -> tuple[slice, slice]:
    """Where ``size`` places that begin at ``start`` meet 0 to ``side``: there, and among the places themselves."""
    first, last = max(start, 0), min(start + size, side)
    return slice(first, last), slice(first - start, last - start)
