"""The confusion matrix: which class is taken for which. Rows are true, columns predicted, the diagonal is right."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import style
from garasu.messages import DataError, ShapeError, text

_LEGIBLE = 40  # counts are written in the cells of up to so many classes
_NAMED = 60  # names that stand beside rows and columns; of more classes every second, third ...
_LONGEST = 16  # letters of a class name that are shown


def confusion_matrix(matrix: Array, class_names: Sequence[str], ax: Axes | None = None) -> Figure:
    """Draw counts: right answers in blue, mistakes in orange, each the deeper the larger its share of the row.

    Args:
        matrix: counts, (K, K), rows true, columns predicted.
        class_names: K names.
        ax: axes of the user's own to draw into.

    Raises:
        ShapeError: the matrix is not square, or does not fit the names.
        DataError: something in it is no count.

    Example:
        >>> confusion_matrix([[9, 1], [0, 10]], ["no", "yes"]).axes[0].get_title(loc="left")
        '19 of 20 right (95.0%)'
    """
    counts = _counts(matrix, class_names)
    if ax is None:
        cells, names = min(max(0.36 * len(counts), 2.2), 16.0), style.LETTER * max(map(_wide, class_names))
        figure = style.figure(max(cells + names + 0.8, 4.4), cells + (names if names > 1 else 0.3) + 1.0)
        ax = figure.add_subplot()
    else:
        figure = style.adopt(ax)
    _draw(ax, counts, class_names)
    return figure


def _draw(ax: Axes, counts: np.ndarray, class_names: Sequence[str]) -> None:
    style.dress(ax)
    ax.imshow(_colours(counts), aspect="equal", interpolation="nearest")
    _cells(ax, counts)
    _names(ax, [_short(name) for name in class_names])
    style.titles(ax, _right(counts), _worst(counts, class_names))


def _counts(matrix: Array, class_names: Sequence[str]) -> np.ndarray:
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ShapeError("figures.not_square", got=counts.shape)
    if len(class_names) != len(counts):
        raise ShapeError("figures.class_names", expected=len(counts), got=len(class_names))
    if counts.dtype.kind not in "biuf":
        raise DataError("figures.not_counts", value=repr(counts.flat[0]))
    wrong = counts[~(np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts)))]
    if wrong.size:
        raise DataError("figures.not_counts", value=wrong[0])
    return counts.astype(np.int64)


def _colours(counts: np.ndarray) -> np.ndarray:
    """A colour for each cell.                                                          counts (K, K) -> (K, K, 3)"""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # Mistakes are few where learning went well: the root keeps a single one visible.
    depth = np.where(np.eye(len(counts), dtype=bool), share, np.cbrt(share))[..., None]
    full = np.where(np.eye(len(counts), dtype=bool)[..., None], to_rgb(style.BLUE), to_rgb(style.ORANGE))
    return 1 + depth * (full - 1)


def _cells(ax: Axes, counts: np.ndarray) -> None:
    """The counts, white on deep colours, noughts in grey."""
    if len(counts) > _LEGIBLE:
        return
    colours = _colours(counts)
    size = 9.0 if counts.max() < 10_000 else 7.0
    for (row, column), count in np.ndenumerate(counts):
        light = colours[row, column] @ (0.299, 0.587, 0.114)
        color = style.INK if light > 0.55 else "white"
        ax.text(column, row, f"{count}", ha="center", va="center", **style.letters(size, color if count else "#AAAAAA"))


def _names(ax: Axes, names: Sequence[str]) -> None:
    step = -(-len(names) // _NAMED)
    places, names = range(0, len(names), step), names[::step]
    font = style.letters(style.SMALL)
    ax.set_xticks(places, names, **font)
    ax.set_yticks(places, names, **font)
    room = min(style.size_of(ax)) / len(names)
    if style.LETTER * max(map(_wide, names)) > 0.8 * room:
        ax.tick_params(axis="x", labelrotation=90)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel(text("figures.predicted"), **style.letters())
    ax.set_ylabel(text("figures.true"), **style.letters())


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _wide(name: str) -> int:
    return style.wide(_short(name))


def _right(counts: np.ndarray) -> str:
    right, total = int(np.trace(counts)), int(counts.sum())
    return text("figures.right", right=right, total=total, share=right / max(total, 1))


def _worst(counts: np.ndarray, class_names: Sequence[str]) -> str:
    """The commonest mistake, the first of equals."""
    mistakes = counts * (1 - np.eye(len(counts), dtype=counts.dtype))
    row, column = divmod(int(np.argmax(mistakes)), len(mistakes))
    times = int(mistakes[row, column])
    if times == 0:
        return text("figures.none_mistaken")
    return text("figures.mistaken", true=_short(class_names[row]), predicted=_short(class_names[column]), times=times)
