"""What figures are given, checked: one sentence says what was expected, what came, and the fix."""

from collections.abc import Sequence

import numpy as np

from garasu.array import Array
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError, text
from garasu.settings import is_count

_RGB = 3


def images(values: Array) -> np.ndarray:
    """Pictures, one or more.                            values (N, Y, X), (N, Y, X, 1) or (N, Y, X, 3) -> without the 1

    Raises:
        ShapeError: another shape, or nothing in it.
    """
    found = np.asarray(values)
    if not found.size or found.ndim not in (3, 4) or (found.ndim == 4 and found.shape[-1] not in (1, _RGB)):
        raise ShapeError("figures.images", got=found.shape)
    return found[..., 0] if found.ndim == 4 and found.shape[-1] == 1 else found


def image(values: Array) -> np.ndarray:
    """One picture.                                               values (Y, X), (Y, X, 1) or (Y, X, 3) -> without the 1

    Raises:
        ShapeError: another shape, or nothing in it.
    """
    found = np.asarray(values)
    image_shape(found.shape)
    return found[..., 0] if found.ndim == 3 and found.shape[-1] == 1 else found


def image_shape(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape of one picture.

    Raises:
        ShapeError: it is neither (Y, X) nor (Y, X, 1) nor (Y, X, 3).
    """
    shape = tuple(shape)
    if 0 in shape or len(shape) not in (2, 3) or (len(shape) == 3 and shape[-1] not in (1, _RGB)):
        raise ShapeError("figures.image", got=shape)
    return shape


def stored(values: np.ndarray) -> np.ndarray:
    """Pictures as a data set holds them, 0 to 255.

    Raises:
        DataError: their numbers are of another type.
    """
    if values.dtype != np.uint8:
        raise DataError("figures.not_stored", dtype=values.dtype)
    return values


def labels(values: Array, name: str, class_names: Sequence[str], pictures: int | None = None) -> np.ndarray:
    """The number of a class for each picture, (N,).

    Raises:
        ShapeError: more, fewer, or no whole numbers.
        DataError: one of them has no name.
    """
    found = np.asarray(values)
    if found.ndim != 1 or not found.size or found.dtype.kind not in "iu":
        raise ShapeError("figures.labels", name=name, got=found.shape, dtype=found.dtype)
    if pictures is not None and len(found) != pictures:
        raise ShapeError("figures.rows", name=name, expected=pictures, got=len(found))
    wrong = found[(found < 0) | (found >= len(class_names))]
    if wrong.size:
        raise DataError("figures.unnamed", name=name, label=int(wrong[0]), names=len(class_names))
    return found


def finite(values: np.ndarray, name: str) -> np.ndarray:
    """Numbers that have a place on a scale.

    Raises:
        DataError: one of them is infinite or not a number.
    """
    if not np.all(np.isfinite(values)):
        raise DataError("figures.not_finite", name=name)
    return values


def count(value: int, name: str, owner: str) -> int:
    """How many to show.

    Raises:
        SettingError: it is no whole number above 0.
    """
    if not is_count(value):
        raise SettingError(
            "settings.must_be", owner=owner, name=name, expected=text("settings.count"), value=repr(value)
        )
    return value


def named(label: int, class_names: Sequence[str], room: int) -> str:
    """The name of a class; one without room is cut, and its number tells it from others that begin alike.

    Example:
        >>> named(1, ["plane", "automobile"], 10), named(1, ["plane", "automobile"], 9)
        ('automobile', '1 automo…')
    """
    name = class_names[label]
    return name if style.wide(name) <= room else style.fit(f"{label} {name}", room)


def called(label: int, class_names: Sequence[str], room: int) -> str:
    """A label with the name of its class, where that says more.

    Example:
        >>> called(7, list("0123456789"), 9), called(1, ["plane", "automobile"], 9)
        ('7', '1 automo…')
    """
    name = class_names[label]
    return style.fit(name if name == str(label) else f"{label} {name}", room)
