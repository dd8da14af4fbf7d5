"""What each filter makes of each picture: filters down the left, pictures along the top, a map where they meet."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.figures.board import WIDTH, Board, board
from garasu.figures.shades import ends, even, unit
from garasu.messages import ShapeError, text

_PICTURES = 9
_LARGEST = 1.1  # inches of a tile where there are few
_TILE = 0.94  # of its place, the rest is a gap


def feature_maps(
    filters: Array, images: Array, maps: Array, ax: Axes | None = None, shown: int = 16, title: str = ""
) -> Figure:
    """Draw the maps of the first filters for the first nine pictures, all on one scale of grey; large is white.

    Look along a row: what does this filter answer to, edges of one direction say? The filters have a scale of their
    own with 0 in the middle, and so have the pictures. A filter over three channels is shown in colour, one over
    another number as the channel with the largest norm.

    Args:
        filters: kernels, (height, width, channels, F).
        images: what the network saw, (N, Y, X), (N, Y, X, 1) or (N, Y, X, 3), of any range.
        maps: what came out, after the filters or after a pooling behind them, (N, Y', X', F).
        ax: axes of the user's own to draw into.
        shown: how many filters.
        title: what stands above, the layer's name say.

    Raises:
        ShapeError: three arrays that do not belong together.
        DataError: not all numbers are finite.
        SettingError: ``shown`` is no whole number above 0.

    Example:
        >>> x = np.ones((2, 8, 8))
        >>> (ax,) = feature_maps(np.ones((3, 3, 1, 4)), x, np.ones((2, 6, 6, 4)), title="conv").axes
        >>> len(ax.images)  # 2 pictures, 4 filters, 2 x 4 maps
        14
    """
    kernels, pictures, found = _checked(filters, images, maps)
    total = kernels.shape[-1]
    kernels, found = (values[..., : given.count(shown, "shown", "feature_maps")] for values in (kernels, found))
    pictures, found = pictures[:_PICTURES], found[:_PICTURES]
    tile = min(WIDTH / (len(pictures) + 1), WIDTH * 1.7 / (kernels.shape[-1] + 1), _LARGEST)
    lines = _lines(kernels, found, total)
    sheet = board(WIDTH, tile * (kernels.shape[-1] + 1), len(lines), ax)
    _pictures(sheet, pictures, tile)
    _filters(sheet, kernels, tile)
    _maps(sheet, found, tile)
    style.titles(sheet.ax, title or text("figures.maps_title"), "\n".join(lines))
    return sheet.figure


def _checked(filters: Array, images: Array, maps: Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    kernels, pictures, found = np.asarray(filters), given.images(images), np.asarray(maps)
    if kernels.ndim != 4 or not kernels.size:
        raise ShapeError("figures.filters", got=kernels.shape)
    if found.ndim != 4 or not found.size or (len(found), found.shape[-1]) != (len(pictures), kernels.shape[-1]):
        raise ShapeError("figures.maps", pictures=len(pictures), filters=kernels.shape[-1], got=found.shape)
    return given.finite(kernels, "filters"), given.finite(pictures, "images"), given.finite(found, "maps")


def _place(row: int, column: int, tile: float) -> tuple[float, float, float, float]:
    edge = tile * (1 - _TILE) / 2
    return column * tile + edge, row * tile + edge, tile * _TILE, tile * _TILE


def _pictures(sheet: Board, pictures: np.ndarray, tile: float) -> None:
    for column, picture in enumerate(unit(pictures, ends(pictures)), start=1):
        sheet.picture(picture, _place(0, column, tile))


def _filters(sheet: Board, kernels: np.ndarray, tile: float) -> None:
    shades = unit(kernels, even(kernels))
    for row in range(kernels.shape[-1]):
        kernel = shades[..., row]
        if kernels.shape[2] != 3:
            kernel = kernel[..., _largest(kernels[..., row])]
        sheet.picture(kernel, _place(row + 1, 0, tile))


def _largest(kernel: np.ndarray) -> int:
    """The channel with the largest norm.                                                   kernel (height, width, C)"""
    return int(np.argmax(np.linalg.norm(kernel, axis=(0, 1))))


def _maps(sheet: Board, found: np.ndarray, tile: float) -> None:
    limits = ends(found)
    for row in range(found.shape[-1]):
        for column in range(len(found)):
            sheet.picture(found[column, ..., row], _place(row + 1, column + 1, tile), limits)


def _lines(kernels: np.ndarray, found: np.ndarray, total: int) -> list[str]:
    """What is to be seen, and the scales; ``total`` is how many filters there are."""
    shown, counts = kernels.shape[-1], {"filters": total, "pictures": len(found)}
    low, top = (f"{end:.3g}" for end in ends(found))
    high, wide, channels = kernels.shape[:3]
    sizes = {"high": high, "wide": wide, "top": f"{even(kernels)[1]:.3g}"}
    filters = text("figures.filters_color", **sizes) if channels == 3 else text("figures.filters_scale", **sizes)
    lines = [
        text("figures.maps_all", **counts) if shown == total else text("figures.maps_shown", shown=shown, **counts),
        text("figures.maps_scale", high=found.shape[1], wide=found.shape[2], low=low, top=top),
        filters,
    ]
    return lines if channels in (1, 3) else [*lines, text("figures.filters_channel", channels=channels)]
