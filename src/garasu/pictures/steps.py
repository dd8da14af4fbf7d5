"""Image steps: what may be done to the pixels of stored pictures before a network sees them.

    Erode     y = the smallest value within size x size places        bright strokes become thinner
    Dilate    y = the largest value within size x size places         bright strokes become thicker
    Filter    h = a kernel laid over every place, 0 outside the picture; then |h|, then max(h - cutoff, 0), if asked for
    Resize    y = the mean of all that a new place covers, in parts where it cuts old places

A step is called on pictures: one (Y, X), or many (N, Y, X) or (N, Y, X, C); channels are treated apart. The same
formula runs on NumPy and, as part of a network's ``Preparation``, under jit; there it is saved with the model, so that
what was done in training is done when the model is asked.
"""

import math
from abc import ABC, abstractmethod
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from attrs import field, frozen

from garasu.array import Array, Pair, as_float, convolve, is_integer, namespace, same_pads, split
from garasu.messages import ShapeError
from garasu.pictures.digit import area_shares
from garasu.settings import Plain, is_count, is_number, is_tuple, must_be, pair_of_counts, pair_of_sizes, truth


class ImageStep(Plain, ABC):
    """A step: ``apply`` makes pictures (N, Y, X, C) of such pictures; ``out_size`` says how large they come out."""

    @abstractmethod
    def apply(self, x: Array) -> Array:
        """The pictures after the step."""

    def out_size(self, size: Pair) -> Pair:
        """Rows and columns after the step; most steps leave them."""
        return size

    def __call__(self, images: Array) -> Array:
        """The step on one picture (Y, X), or on many (N, Y, X) or (N, Y, X, C); truth values are bytes, 0 and 1.

        Raises:
            ShapeError: fewer or more axes.
        """
        shape, axes = images.shape, len(images.shape)
        if axes not in (2, 3, 4):
            raise ShapeError("pictures.step_axes", step=type(self).__name__, got=shape)
        if namespace(images).isdtype(images.dtype, "bool"):
            images = namespace(images).astype(images, namespace(images).uint8)
        whole = {2: (1, *shape, 1), 3: (*shape, 1), 4: shape}[axes]
        y = self.apply(namespace(images).reshape(images, whole))
        return namespace(y).reshape(y, y.shape[{2: slice(1, 3), 3: slice(3), 4: slice(4)}[axes]])


# ------------------------------------------------------------------------------------------------ erosion and dilation


def _is_odd(value: Any) -> bool:
    return is_count(value) and value % 2 == 1


odd = must_be("settings.odd", _is_odd)


@frozen(eq=False)
class Erode(ImageStep):
    """Erosion (収縮): every place takes the smallest value of the ``size`` x ``size`` places around it.

    What lies outside the picture is not looked at. Bytes stay bytes.

    Raises:
        SettingError: a size that is no odd number.

    Example:
        >>> Erode(3)(np.array([[0, 9, 9, 9, 0]] * 4))[1].tolist()
        [0, 0, 9, 0, 0]
    """

    size: int = field(default=3, validator=odd)

    def apply(self, x: Array) -> Array:
        """The smallest value in each window."""
        return _extreme(x, self.size, largest=False)


@frozen(eq=False)
class Dilate(ImageStep):
    """Dilation (膨張): every place takes the largest value of the ``size`` x ``size`` places around it.

    What lies outside the picture is not looked at. Bytes stay bytes.

    Raises:
        SettingError: a size that is no odd number.

    Example:
        >>> Dilate(3)(np.array([[0, 0, 9, 0, 0]] * 4))[1].tolist()
        [0, 9, 9, 9, 0]
    """

    size: int = field(default=3, validator=odd)

    def apply(self, x: Array) -> Array:
        """The largest value in each window."""
        return _extreme(x, self.size, largest=True)


def _extreme(x: Array, size: int, *, largest: bool) -> Array:
    """The smallest or largest value within ``size`` x ``size`` places: down each column, then along each row."""
    xp, reach = namespace(x), size // 2
    least, most = (xp.iinfo(x.dtype).min, xp.iinfo(x.dtype).max) if is_integer(x) else (-math.inf, math.inf)
    nothing, choose = (least, xp.maximum) if largest else (most, xp.minimum)
    for window, pads in (((size, 1), ((reach, reach), (0, 0))), ((1, size), ((0, 0), (reach, reach)))):
        x = reduce(choose, split(x, window, (1, 1), pads, value=nothing))
    return x


# ----------------------------------------------------------------------------------------------------------- filtering


def _rows(kernel: Any) -> Any:
    """A converter: an array or nested lists as nested tuples of plain numbers; anything else goes to the validator."""
    try:
        found = np.asarray(kernel)
    except ValueError:  # rows of different lengths
        return kernel
    if found.ndim != 2 or found.dtype.kind not in "iuf":
        return kernel
    return tuple(tuple(map(float, row)) for row in found)


def _is_kernel(value: Any) -> bool:
    if not is_tuple(value) or not value or not all(map(is_tuple, value)):
        return False
    return len(value[0]) > 0 and all(len(row) == len(value[0]) and all(map(is_number, row)) for row in value)


def _is_cutoff(value: Any) -> bool:
    return value is None or is_number(value)


@frozen(eq=False)
class Filter(ImageStep):
    """Filtering (フィルタ処理): ``kernel`` laid over every place, as a convolution layer does; the size stays.

    Outside the picture everything is 0. ``absolute``: of what comes out, the size. ``cutoff`` t: then max(h - t, 0), in
    the units of the pictures: for bytes 51 where pictures from 0 to 1 have 0.2. Bytes come out as float32.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> edges = Filter([[-1, 0, 1]], absolute=True, cutoff=2)
        >>> edges(np.array([[0.0, 0, 9, 9, 1]])).tolist()
        [[0.0, 7.0, 7.0, 6.0, 7.0]]
    """

    kernel: tuple[tuple[float, ...], ...] = field(converter=_rows, validator=must_be("settings.kernel", _is_kernel))
    absolute: bool = field(default=False, validator=truth)
    cutoff: float | None = field(default=None, validator=must_be("settings.number_or_none", _is_cutoff))

    def apply(self, x: Array) -> Array:
        """h = x * kernel for each channel, then |h|, then max(h - cutoff, 0)."""
        xp, (n, rows, columns, channels) = namespace(x), x.shape
        x = as_float(x) if is_integer(x) else x
        apart = xp.reshape(xp.permute_dims(x, (0, 3, 1, 2)), (n * channels, rows, columns, 1))
        size = (len(self.kernel), len(self.kernel[0]))
        W = xp.reshape(xp.asarray(self.kernel, dtype=x.dtype), (*size, 1, 1))
        h = convolve(apart, W, (1, 1), same_pads((rows, columns), size, (1, 1)))
        h = xp.abs(h) if self.absolute else h
        h = h if self.cutoff is None else xp.maximum(h - self.cutoff, xp.zeros_like(h))
        return xp.permute_dims(xp.reshape(h, (n, channels, rows, columns)), (0, 2, 3, 1))


# ---------------------------------------------------------------------------------------------------- size and scale


@frozen(eq=False)
class Resize(ImageStep):
    """Another size (大きさの変更), by area: each new place is the mean of the old values that it covers.

    Bytes come out as float32.

    Raises:
        SettingError: a size that is not one or two whole numbers above 0.

    Example:
        >>> Resize((1, 2))(np.array([[0.0, 3.0, 6.0]])).tolist()
        [[1.0, 5.0]]
    """

    size: Pair = field(converter=pair_of_sizes, validator=pair_of_counts)

    def out_size(self, size: Pair) -> Pair:
        """Always the wanted size."""
        return self.size

    def apply(self, x: Array) -> Array:
        """Rows, then columns."""
        x = as_float(x) if is_integer(x) else x
        for axis in (1, 2):
            x = _covered(x, axis, self.size[axis - 1])
        return x


def _covered(x: Array, axis: int, new: int) -> Array:
    """Along one axis: sum over k of the k-th old place that a new one covers, by its share.

    A few pictures added up, and no matrix product: accelerators round the numbers that go into one.
    """
    xp, old = namespace(x), x.shape[axis]
    shares = area_shares(old, new)
    first, most = np.argmax(shares > 0, axis=1), int(np.sum(shares > 0, axis=1).max())
    found: list[Array] = []
    for place in (first + k for k in range(most)):
        inside = np.minimum(place, old - 1)
        weights = np.where(place < old, shares[np.arange(new), inside], 0.0)
        across = [1, 1, 1, 1]
        across[axis] = new
        taken = xp.take(x, xp.asarray(inside.astype(np.int32)), axis=axis)
        found.append(taken * xp.asarray(weights.reshape(across), dtype=x.dtype))
    return reduce(add, found)


def scale_to_sum(images: Array) -> Array:
    """Pictures (N, ...), each divided by the sum of its numbers, so that it sums to 1; an empty one stays 0.

    Example:
        >>> scale_to_sum(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist()
        [[0.25, 0.75], [0.0, 0.0]]
    """
    xp = namespace(images)
    total = xp.sum(images, axis=tuple(range(1, images.ndim)), keepdims=True)
    return images / xp.where(total == 0, xp.ones_like(total), total)


CLASSES = (Erode, Dilate, Filter, Resize)
