"""Reading pictures: any file a camera, a scanner or a drawing program makes, as plain bytes; everything else by name.

Formats: PNG, JPEG, WebP, BMP, TIFF, GIF and the like of PNM, told by their content, not by their name. Of a file with
several frames the first is taken. Turned by EXIF, the picture is turned upright. Transparent parts show a background
that the ink stands out from.

What a file claims is not believed: the memory it asks for is worked out before any is taken. Pictures above four
million pixels are read smaller, by averaging blocks; no network here takes as many.
"""

# Pillow is typed in part only.
# pyright: reportUnknownMemberType=false

import math
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from attrs import field, frozen
from PIL import (  # the plugins named are those that are registered, and no others
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from garasu.array import Array
from garasu.messages import FileError

_PLUGINS = (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "PPM")
"""What is decoded: formats of photographs, scans and drawings that Pillow reads with its own or a kept library."""

KEPT = 2**22
"""The most pixels a picture has when it has been read: 4 million, a square of 2,048."""

BYTES = 2**27
"""What decoding one picture may take: 134 million bytes, 33 million pixels of colour. JPEGs are decoded smaller."""

_WIDE = ("I;16", "I;16B", "I;16L", "I;16N")
_DEEP = ("I", "F")

_LARGE = 2**24
"""Bytes: what takes more to decode waits for its turn where many threads decode."""

_FREE: AbstractContextManager[Any] = nullcontext()

_BYTES_A_PIXEL = {"1": 2, "L": 1, "P": 5, **dict.fromkeys(_WIDE, 6)}
_WEBP_BYTES = 9  # its decoder works on a copy of its own
_ALPHA_BYTES = 12


@frozen(eq=False)
class Picture:
    """A decoded picture: uint8 pixels (Y, X) or (Y, X, 3), and what its file was like.

    ``window`` is (low, high): the stored values that became 0 and 255, for files of more than eight bits. ``stored``
    are its rows and columns as stored, upright; ``pixels`` has fewer where it was read smaller.
    """

    pixels: Array
    format: str
    mode: str
    frames: int = 1
    window: tuple[float, float] | None = field(default=None)
    stored: tuple[int, int] = (0, 0)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pixels.shape[0], self.pixels.shape[1]


def read(
    path: str | os.PathLike[str], sides: tuple[int, int] | None = None, large: AbstractContextManager[Any] = _FREE
) -> Picture:
    """The picture in a file.

    Args:
        path: the file.
        sides: rows and columns that are enough: a JPEG may be decoded smaller, to no less than twice these.
        large: held while a large picture is decoded, so that of many threads only one has such a one in memory.

    Raises:
        FileError: missing, no picture, damaged, empty, or more than ``BYTES`` to decode; the sentence names the file.

    Example:
        >>> import tempfile
        >>> name = tempfile.mkdtemp() + "/four.png"
        >>> Image.fromarray(np.full((2, 3), 4, dtype=np.uint8)).save(name)
        >>> picture = read(name)
        >>> picture.pixels.tolist(), picture.format, picture.size
        ([[4, 4, 4], [4, 4, 4]], 'PNG', (2, 3))
    """
    source = Path(path)
    if not os.path.isfile(source):  # noqa: PTH113 - says no of what may not be looked at, where Path.is_file raises
        raise FileError("pictures.folder" if os.path.isdir(source) else "pictures.missing", path=source)  # noqa: PTH112
    try:
        # An open file, not a path: Pillow maps uncompressed TIFFs into memory by path, and turns such ones wrongly.
        with source.open("rb") as file:
            return read_from(file, source, sides, large)
    except FileError:
        raise
    except OSError as error:
        raise FileError("pictures.damaged", path=source, reason=_reason(error)) from error


def read_from(
    file: BinaryIO, source: Path, sides: tuple[int, int] | None = None, large: AbstractContextManager[Any] = _FREE
) -> Picture:
    """The picture in an open file, such as one in an archive; ``source`` is what it is called.

    Raises:
        FileError: as ``read``.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            return _decoded(image, source, sides, large)
    except FileError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        key = "pictures.not_a_picture" if isinstance(error, UnidentifiedImageError) else "pictures.too_large"
        raise FileError(key, path=source, limit=f"{BYTES // 4:,}") from error
    except MemoryError as error:
        raise FileError("pictures.too_large", path=source, limit=f"{BYTES // 4:,}") from error
    except Exception as error:  # decoders meet hostile bytes with exceptions of every kind
        raise FileError("pictures.damaged", path=source, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _decoded(
    image: Image.Image, source: Path, sides: tuple[int, int] | None, large: AbstractContextManager[Any]
) -> Picture:
    """The first frame, upright, as bytes."""
    mode, frames, (wide, high) = image.mode, _frames(image), image.size
    if min(image.size) < 1:
        raise FileError("pictures.no_pixels", path=source)
    needed = wide * high * len(image.getbands()) * 2 if image.info.get("progressive") else 0
    if image.format in ("JPEG", "MPO"):
        if needed > BYTES:  # its decoder holds every coefficient
            raise FileError("pictures.too_large", path=source, limit=f"{BYTES // (2 * len(image.getbands())):,}")
        _draft(image, sides)
    each = _bytes_a_pixel(image)
    needed = max(needed, image.size[0] * image.size[1] * each)
    if needed > BYTES:
        raise FileError("pictures.too_large", path=source, limit=f"{BYTES // each:,}")
    with large if needed > _LARGE else _FREE:
        image.seek(0)
        image.load()
        small = _small(image)
        upright = _upright(small)
        deep = upright.mode in _WIDE or upright.mode in _DEEP
        pixels, window = _windowed(upright) if deep else (_bytes(upright), None)
    stored = (high, wide) if upright.size == small.size else (wide, high)
    return Picture(pixels, str(image.format), mode, frames, window, stored)


def _frames(image: Image.Image) -> int:
    """How many pictures a file holds; 1 where its later ones are damaged, for only the first is read."""
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:  # noqa: BLE001 - damaged directories raise anything
        return 1
    finally:
        image.seek(0)


def _bytes_a_pixel(image: Image.Image) -> int:
    """What decoding takes at its worst: the picture, and the copies on the way to bytes."""
    if image.format == "WEBP":
        return _WEBP_BYTES
    if _has_alpha(image):
        return _ALPHA_BYTES
    if image.format == "TIFF" and max(getattr(image, "tag_v2", {}).get(258, (8,))) > 8 and len(image.getbands()) > 1:
        return _ALPHA_BYTES
    return _BYTES_A_PIXEL.get(image.mode, 4)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("LA", "La", "RGBA", "RGBa", "PA") or "transparency" in image.info


def _draft(image: Image.Image, sides: tuple[int, int] | None) -> None:
    """Let the JPEG decoder give a half, a quarter or an eighth of the size, where that is still enough."""
    wide, high = image.size
    # Upright it may be turned: the longer side asked for must fit into the shorter one there is.
    enough = [part for part in (8, 4, 2) if sides and min(image.size) >= 2 * max(sides) * part]
    part = next((part for part in (8, 4, 2) if part in enough or wide * high >= KEPT * part**2), 1)
    if part > 1:
        image.draft(image.mode, (wide // part, high // part))


def _small(image: Image.Image) -> Image.Image:
    """Averaged over blocks until it has at most ``KEPT`` pixels; a smaller picture as it is."""
    factor = math.ceil(math.sqrt(image.size[0] * image.size[1] / KEPT))
    if factor < 2:
        return image
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in _WIDE:
        image = image.convert("I")
    return image.reduce(factor)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as EXIF says; EXIF that cannot be read says nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - damaged EXIF raises anything
        return image


def _windowed(image: Image.Image) -> tuple[Array, tuple[float, float]]:
    """More than eight bits as bytes: whole numbers by 8, 10, 12, 14 or 16 bits, others by the least and greatest."""
    values = np.asarray(image, dtype=np.float32)
    finite = values[np.isfinite(values)]
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    low, high = 0.0, next((float(2**bits - 1) for bits in (8, 10, 12, 14, 16) if most < 2**bits), most)
    if image.mode == "F" or least < 0 or most > high:
        low, high = least, most
    scale = 255.0 / (high - low) if high > low else 0.0
    found = np.clip(np.nan_to_num((values - low) * scale, nan=0.0, posinf=255.0, neginf=0.0), 0.0, 255.0)
    return np.round(found).astype(np.uint8), (low, high)


def _bytes(image: Image.Image) -> Array:
    """Grey stays grey, everything else becomes RGB; transparent parts show a background."""
    if _has_alpha(image):
        return _on_background(image.convert("RGBA"))
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB"))


def _on_background(image: Image.Image) -> Array:
    """On a ground that what is painted stands out from: white under dark strokes, black under light ones.

    A card that is painted whole, ink on paper of its own, lies on a ground as light as that paper.
    """
    small = np.asarray(_thumbnail(image))
    painted = small[..., 3] > 127
    light = grey(np.ascontiguousarray(small[..., :3]))[painted]
    level = 255
    if light.size:
        dark, middle, bright = np.quantile(light, (0.02, 0.5, 0.98))
        card = bright - dark > 100 and _filled(painted) > 0.7
        level = round(float(middle)) if card else 255 if middle < 128 else 0
    ground = Image.new("RGB", image.size, (level, level, level))
    ground.paste(image, mask=image.getchannel("A"))
    return np.asarray(ground)


def _thumbnail(image: Image.Image) -> Image.Image:
    return image.reduce(max(1, max(image.size) // 256))


def _filled(painted: Array) -> float:
    """The share of the rectangle round what is painted that is painted."""
    rows, columns = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    return float(painted[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean())


def grey(pixels: Array) -> Array:
    """One channel of RGB: the luma 0.299 R + 0.587 G + 0.114 B, rounded; grey stays as it is.

    Example:
        >>> grey(np.array([[[255, 0, 0], [0, 0, 255]]], dtype=np.uint8)).tolist()
        [[76, 29]]
    """
    if pixels.ndim == 2:
        return pixels
    return np.asarray(Image.fromarray(pixels).convert("L"))
