"""What layers on images share: the size of an image, and the windows of pooling."""

from typing import Any, Protocol

from attrs import field

from garasu.array import Array, Pads, Pair, Shape, output_size
from garasu.layers import fields
from garasu.messages import SettingError, ShapeError, shown, text
from garasu.settings import is_pair_of_counts, must_be, pair_of_sizes


class Imaging(Protocol):
    """A layer on images, as far as these functions look at it."""

    @property
    def label(self) -> str:
        """How error messages call it."""
        ...

    def needs_rank(self, in_shape: Shape, rank: int, axes: str) -> None:
        """Check the number of axes."""
        ...


class Pooling(Imaging, Protocol):
    """A layer that pools: its windows, how far apart they lie, and what is added around the image."""

    @property
    def pool_size(self) -> Pair:
        """Rows and columns of a window."""
        ...

    @property
    def strides(self) -> Pair | None:
        """From one window to the next; None: the window's own size."""
        ...

    @property
    def padding(self) -> str | Pads:
        """What is added around the image."""
        ...


def size_in(layer: Imaging, in_shape: Shape) -> Pair:
    """Rows and columns of an input (Y, X, C).

    Raises:
        ShapeError: it has more or fewer axes.
    """
    layer.needs_rank(in_shape, 3, "N, rows, columns, channels")
    return in_shape[0], in_shape[1]


def size_of(x: Array) -> Pair:
    """Rows and columns of a batch of images (N, Y, X, C)."""
    return x.shape[1], x.shape[2]


def _is_stride(value: object) -> bool:
    return value is None or is_pair_of_counts(value)


def _below_window(owner: Any, attribute: Any, value: str | Pads) -> None:
    """A window that lies in the padding alone has nothing to pool."""
    if isinstance(value, str) or all(max(sides) < size for sides, size in zip(value, owner.pool_size, strict=True)):
        return
    expected = text("settings.padding_below", window=owner.pool_size)
    raise SettingError(
        "settings.must_be", owner=type(owner).__name__, name=attribute.name, expected=expected, value=shown(value)
    )


def strides() -> Any:
    """A setting: how far apart windows lie, in both directions; None means the window's own size."""
    return field(default=None, converter=pair_of_sizes, validator=must_be("settings.pair_of_counts", _is_stride))


def padding() -> Any:
    """A setting: "valid", "same" or ((above, below), (left, right)), each side smaller than the window."""
    return fields.padding("valid", _below_window)


def windows(layer: Pooling, size: Pair) -> tuple[Pair, Pair, Pads]:
    """Window, stride and padding of a pooling layer on an image of ``size``."""
    stride = layer.strides or layer.pool_size
    return layer.pool_size, stride, fields.pads_of(layer.padding, size, layer.pool_size, stride)


def pooled(layer: Pooling, in_shape: Shape) -> Shape:
    """What pooling makes of (Y, X, C): (OY, OX, C), rounded down where windows do not divide.

    Raises:
        ShapeError: another number of axes, or an image smaller than the window.
    """
    size = size_in(layer, in_shape)
    rows, columns = output_size(size, *windows(layer, size))
    if rows < 1 or columns < 1:
        raise ShapeError(
            "layers.window_too_large", layer=layer.label, window=layer.pool_size, found=size, got=("N", *in_shape)
        )
    return rows, columns, in_shape[2]
