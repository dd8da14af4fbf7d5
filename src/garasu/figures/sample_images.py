"""The first pictures of a data set with their labels: what a network is to tell apart."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.figures.board import WIDTH, board
from garasu.figures.shades import ends, unit
from garasu.messages import text

_COLUMNS = 5
_STEP = WIDTH / _COLUMNS
_SIDE = _STEP - 0.1
_WORDS = 0.24


def sample_images(
    images: Array,
    labels: Array,
    class_names: Sequence[str],
    ax: Axes | None = None,
    count: int = 10,
    *,
    total: int | None = None,
) -> Figure:
    """Draw pictures as they are stored, five in a row, the label above each: would you know these classes yourself?

    Args:
        images: uint8, (N, Y, X) grey or (N, Y, X, 3) in colour.
        labels: the number of each one's class, (N,).
        class_names: the name of each class.
        ax: axes of the user's own to draw into.
        count: how many to show, from the first.
        total: how many pictures the data set has, where not all of them are given.

    Raises:
        ShapeError: no pictures, or not one label for each.
        DataError: not uint8, or a label without a name.
        SettingError: ``count`` is no whole number above 0.

    Example:
        >>> figure = sample_images(np.zeros((3, 28, 28), "uint8"), [2, 0, 1], ["cat", "dog", "frog"])
        >>> [one.get_text() for one in figure.axes[0].texts[:3]]
        ['2 frog', '0 cat', '1 dog']
    """
    pictures = given.stored(given.images(images))
    numbers = given.labels(labels, "labels", class_names, len(pictures))
    shown = min(given.count(count, "count", "sample_images"), len(pictures))
    high = _SIDE * min(1.0, pictures.shape[1] / pictures.shape[2])  # wide pictures leave no empty room below them
    rows = -(-shown // _COLUMNS)
    sheet = board(WIDTH, rows * (high + _WORDS), 1, ax)
    for at in range(shown):
        row, column = divmod(at, _COLUMNS)
        x, y = column * _STEP, row * (high + _WORDS)
        sheet.write(x, y + _WORDS - 0.05, given.called(int(numbers[at]), class_names, int(_STEP / style.LETTER)))
        sheet.picture(unit(pictures[at], ends(pictures)), (x, y + _WORDS, _SIDE, high))
    title = text("figures.samples", shown=shown, total=len(pictures) if total is None else total)
    style.titles(sheet.ax, title, _kind(pictures))
    return sheet.figure


def _kind(pictures: np.ndarray) -> str:
    key = "figures.stored_grey" if pictures.ndim == 3 else "figures.stored_color"
    return text(key, high=pictures.shape[1], wide=pictures.shape[2])
