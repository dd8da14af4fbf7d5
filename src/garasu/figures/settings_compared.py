"""What copies of several settings ended with: a dot for each copy, a line for their mean, setting by setting."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import style
from garasu.messages import DataError, text

_ROOM = 34
"""Narrow letters that the name of a setting may take."""


def settings_compared(found: Mapping[str, Array], name: str, ax: Any = None) -> Figure:
    """Draw what the copies of each setting ended with.

    Args:
        found: the values of the copies by the setting's name; what is not finite is left out.
        name: what the values are of, such as "val_accuracy".
        ax: axes of the user's own to draw into.

    Raises:
        DataError: there is no setting, or nothing is finite.

    Example:
        >>> figure = settings_compared({"rate=0.1": [0.9, 0.8], "rate=1": [0.5, float("nan")]}, "accuracy")
        >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
        ['rate=0.1', 'rate=1']
    """
    values = {label: np.asarray(one, dtype=float) for label, one in found.items()}
    values = {label: one[np.isfinite(one)] for label, one in values.items()}
    if not any(len(one) for one in values.values()):
        raise DataError("figures.copies_none", name=name)
    figure = style.figure(5.6, 1.3 + 0.34 * len(values)) if ax is None else style.adopt(ax)
    axes = figure.subplots() if ax is None else ax
    style.dress(axes)
    axes.grid(visible=True, axis="x", color=style.FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    for row, one in enumerate(values.values()):
        _draw(axes, row, one)
    axes.set_yticks(range(len(values)), labels=[style.fit(label, _ROOM) for label in values])
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.set_xticks(style.ticks(*axes.get_xlim()))
    style.titles(axes, text("figures.settings_title", name=name), text("figures.settings_below"))
    return figure


def _draw(ax: Axes, row: int, values: np.ndarray) -> None:
    """The copies of one setting."""
    if not len(values):
        place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center", "ha": "left"}
        ax.annotate(text("figures.settings_stopped"), (0.02, row), **place, **style.letters(style.SMALL, style.GREY))
        return
    ax.plot(values, np.full(len(values), row), linestyle="", marker="o", markersize=5, color=style.BLUE, alpha=0.45)
    ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], color=style.ORANGE, linewidth=2.0)
