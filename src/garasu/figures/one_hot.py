"""Labels as one-hot rows: a class becomes a 1 in its own column, so that it can be compared with probabilities."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.messages import text

_LEGIBLE = 20  # columns; of more classes those are shown that have a 1
_LONGEST = 14


def one_hot(labels: Array, class_names: Sequence[str], ax: Axes | None = None, count: int = 10) -> Figure:
    """Draw a row for each label: 1 (blue) in the column of its class, 0 in all others.

    Args:
        labels: the number of each one's class, (N,).
        class_names: the name of each class.
        ax: axes of the user's own to draw into.
        count: how many to show, from the first.

    Raises:
        ShapeError: the labels are no whole numbers, or there is none.
        DataError: a label without a name.
        SettingError: ``count`` is no whole number above 0.

    Example:
        >>> (ax,) = one_hot([2, 0], ["cat", "dog", "frog"]).axes
        >>> [one.get_text() for one in ax.texts[:6]]
        ['0', '0', '1', '1', '0', '0']
    """
    numbers = given.labels(labels, "labels", class_names)
    numbers = numbers[: given.count(count, "count", "one_hot")]
    columns = np.arange(len(class_names)) if len(class_names) <= _LEGIBLE else np.unique(numbers)
    ones = (numbers[:, None] == columns).astype(np.int64)
    names = [given.called(int(column), class_names, _LONGEST) for column in columns]
    if ax is None:
        ax = style.figure(5.6, 0.27 * len(numbers) + _across(names) + 1.3).add_subplot()
    else:
        style.adopt(ax)
    _draw(ax, ones, names, [given.called(int(label), class_names, _LONGEST) for label in numbers])
    lines = [text("figures.one_hot_rows")]
    if len(columns) < len(class_names):
        lines.append(text("figures.one_hot_columns", shown=len(columns), total=len(class_names)))
    style.titles(ax, text("figures.one_hot"), "\n".join(lines))
    return style.figure_of(ax)


def _across(names: Sequence[str]) -> float:
    """Inches that the names take below the columns."""
    widest = style.LETTER * max(map(style.wide, names))
    return widest if _upright(names, 4.0) else 0.2


def _upright(names: Sequence[str], room: float) -> bool:
    """Whether names must stand upright to have room side by side."""
    return style.LETTER * max(map(style.wide, names)) > 0.9 * room / len(names)


def _draw(ax: Axes, ones: np.ndarray, names: Sequence[str], rows: Sequence[str]) -> None:
    style.dress(ax)
    colours = np.where(ones[..., None] == 1, to_rgb(style.BLUE), 1.0)
    ax.imshow(colours, aspect="auto", interpolation="nearest")
    font, faint = style.letters(style.SMALL, "white"), style.letters(style.SMALL, style.GREY)
    for (row, column), one in np.ndenumerate(ones):
        ax.text(column, row, f"{one}", ha="center", va="center", **(font if one else faint))
    for place in range(1, len(rows)):
        ax.axhline(place - 0.5, color=style.FAINT, linewidth=0.8)
    ax.set_xticks(range(len(names)), names, **style.letters(style.SMALL))
    ax.set_yticks(range(len(rows)), rows, **style.letters(style.SMALL))
    if _upright(names, style.size_of(ax)[0] - style.LETTER * max(map(style.wide, rows))):
        ax.tick_params(axis="x", labelrotation=90)
    ax.tick_params(length=0)
    ax.set_xlabel(text("figures.class"), **style.letters())
    ax.set_ylabel(text("figures.label"), **style.letters())
