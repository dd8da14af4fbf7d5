"""The weights of single nodes as pictures: which pixels speak for a node, which against it."""

from collections.abc import Sequence
from math import prod

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.figures.board import WIDTH, board
from garasu.figures.shades import even
from garasu.messages import ShapeError, text

SCALE = LinearSegmentedColormap.from_list("garasu", [style.ORANGE, "white", style.BLUE])
_WORDS = 0.24


def weight_images(
    kernel: Array,
    image_shape: Sequence[int],
    ax: Axes | None = None,
    shown: int = 16,
    names: Sequence[str] | None = None,
) -> Figure:
    """Draw the weights of the first nodes of a first dense layer: blue speaks for, orange against, white is 0.

    All nodes have one scale. In a network on colours a node has three pictures: for red, green and blue.

    Args:
        kernel: weights of the layer, (pixels, nodes).
        image_shape: the shape of one picture, (Y, X) or (Y, X, 3).
        ax: axes of the user's own to draw into.
        shown: how many nodes.
        names: a name for each node, where they are classes.

    Raises:
        ShapeError: the kernel does not fit the picture, or the names do not fit the nodes.
        DataError: not all weights are finite.
        SettingError: ``shown`` is no whole number above 0.

    Example:
        >>> (ax,) = weight_images(np.ones((784, 2)), (28, 28), names=["no", "yes"]).axes
        >>> [one.get_text() for one in ax.texts[:2]]
        ['no', 'yes']
    """
    planes = _planes(kernel, image_shape)
    limits = even(planes)
    total = len(planes)
    if names is not None and len(names) != total:
        raise ShapeError("figures.node_names", expected=total, got=len(names))
    planes = planes[: given.count(shown, "shown", "weight_images")]
    columns = _columns(len(planes), planes.shape[1])
    step = WIDTH / columns
    side = step / planes.shape[1] - 0.08
    high = side * min(1.0, planes.shape[2] / planes.shape[3])
    lines = _lines(len(planes), total, limits[1], planes.shape[1])
    sheet = board(WIDTH, -(-len(planes) // columns) * (high + _WORDS), len(lines), ax)
    for node, channels in enumerate(planes):
        row, column = divmod(node, columns)
        x, y = column * step, row * (high + _WORDS)
        name = text("figures.node", number=node) if names is None else names[node]
        sheet.write(x, y + _WORDS - 0.05, style.fit(name, int(step / style.LETTER) - 1))
        for place, plane in enumerate(channels):
            sheet.picture(plane, (x + place * (side + 0.03), y + _WORDS, side, high), limits, SCALE)
    style.titles(sheet.ax, text("figures.weights_title"), "\n".join(lines))
    return sheet.figure


def _planes(kernel: Array, image_shape: Sequence[int]) -> np.ndarray:
    """The weights by node and channel.                             kernel (pixels, nodes) -> (nodes, channels, Y, X)"""
    weights, shape = np.asarray(kernel), given.image_shape(image_shape)
    if weights.ndim != 2 or not weights.size or len(weights) != prod(shape):
        raise ShapeError("figures.weights", shape=shape, pixels=prod(shape), got=weights.shape)
    return given.finite(weights, "kernel").T.reshape(-1, *shape[:2], *(shape[2:] or (1,))).transpose(0, 3, 1, 2)


def _columns(nodes: int, channels: int) -> int:
    if channels > 1:
        return 2
    return 5 if nodes % 5 == 0 else 4


def _lines(shown: int, total: int, top: float, channels: int) -> list[str]:
    lines = [_nodes(shown, total), text("figures.weights_scale", top=f"{top:.3g}")]
    return lines if channels == 1 else [*lines, text("figures.weights_channels")]


def _nodes(shown: int, total: int) -> str:
    if shown == total:
        return text("figures.weights_all", total=total)
    return text("figures.weights_shown", shown=shown, total=total)
