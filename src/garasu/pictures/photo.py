"""A photo as a network takes it: one size, grey or colour, stage by stage. The same when trained and when asked.

stored     as it was read
fitted     "crop": the middle, cut to the wanted proportions; "stretch" and "pad": as it is
resized    the wanted rows and columns, each new place a weighted mean of what it covers; "pad": as large as fits
           into them, in the middle, black around it
"""

import numpy as np
from attrs import field, frozen
from PIL import Image

from garasu.array import Array
from garasu.pictures.reading import grey
from garasu.settings import Answering, count, one_of, truth

FITS = ("stretch", "crop", "pad")
_GAP = 3.0  # averaged over blocks first, down to three times the wanted size: many times faster, and hardly seen


@frozen(eq=False)
class PhotoPreparation(Answering):
    """How any picture becomes ``height`` x ``width`` bytes, grey (height, width) or RGB (height, width, 3).

    ``fit``: "stretch" (as Keras does), "crop" or "pad", where the proportions differ.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> picture = np.full((4, 8), 200, dtype=np.uint8)
        >>> PhotoPreparation(2, 2, color=False)(picture).tolist()
        [[200, 200], [200, 200]]
        >>> PhotoPreparation(4, 4, color=False, fit="pad")(picture).tolist()
        [[0, 0, 0, 0], [200, 200, 200, 200], [200, 200, 200, 200], [0, 0, 0, 0]]
    """

    height: int = field(validator=count)
    width: int = field(validator=count)
    color: bool = field(default=True, validator=truth)
    fit: str = field(default="stretch", validator=one_of(*FITS))

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns that a picture must have to lose nothing."""
        return self.height, self.width

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a prepared picture."""
        return (self.height, self.width, 3) if self.color else (self.height, self.width)

    def __call__(self, pixels: Array) -> Array:
        """The prepared picture, uint8."""
        return self.stages(pixels)["resized"]

    def stages(self, pixels: Array) -> dict[str, Array]:
        """Every stage by its name, in order."""
        stored = _in_color(pixels) if self.color else grey(pixels)
        fitted = _cropped(stored, self.sides) if self.fit == "crop" else stored
        resized = _padded(fitted, self.sides) if self.fit == "pad" else _resized(fitted, self.sides)
        return {"stored": stored, "fitted": fitted, "resized": resized}


def _resized(pixels: Array, sides: tuple[int, int]) -> Array:
    size = (sides[1], sides[0])
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, reducing_gap=_GAP))


def _in_color(pixels: Array) -> Array:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=-1)


def _cropped(pixels: Array, sides: tuple[int, int]) -> Array:
    """The largest part of the wanted proportions, from the middle."""
    rows, columns = pixels.shape[:2]
    height = max(1, min(rows, round(columns * sides[0] / sides[1])))
    width = max(1, min(columns, round(rows * sides[1] / sides[0])))
    top, left = (rows - height) // 2, (columns - width) // 2
    return np.ascontiguousarray(pixels[top : top + height, left : left + width])


def _padded(pixels: Array, sides: tuple[int, int]) -> Array:
    """As large as fits into the wanted size, in the middle of it."""
    scale = min(wanted / size for wanted, size in zip(sides, pixels.shape, strict=False))
    height, width = (
        max(1, min(wanted, round(size * scale))) for wanted, size in zip(sides, pixels.shape, strict=False)
    )
    out = np.zeros((*sides, *pixels.shape[2:]), dtype=pixels.dtype)
    top, left = (sides[0] - height) // 2, (sides[1] - width) // 2
    out[top : top + height, left : left + width] = _resized(pixels, (height, width))
    return out
