"""Many copies of one training: their mean, the band of one standard deviation around it, and each copy, thin."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import style
from garasu.messages import DataError, ShapeError, text

_MARKED = 30  # up to so many epochs each is marked


def copies_band(values: Array, name: str, epochs: Sequence[int] | None = None, ax: Any = None) -> Figure:
    """Draw what copies wrote down, epoch by epoch.

    Args:
        values: (copies, epochs); what is not finite leaves a gap, and does not count for the mean.
        name: what the values are of, such as "val_loss".
        epochs: the epochs' numbers to show; 1, 2, ... unless given.
        ax: axes of the user's own to draw into.

    Raises:
        ShapeError: not a row for each copy, or not an epoch number for each value.
        DataError: nothing is finite.

    Example:
        >>> figure = copies_band([[0.9, 0.5], [0.7, 0.3]], "loss")
        >>> [line.get_ydata().round(2).tolist() for line in figure.axes[0].lines]
        [[0.9, 0.5], [0.7, 0.3], [0.8, 0.4]]
    """
    found = np.asarray(values, dtype=float)
    if found.ndim != 2:
        raise ShapeError("figures.copies_shape", name=name, got=found.shape)
    numbers = np.arange(1, found.shape[1] + 1) if epochs is None else np.asarray(epochs)
    if len(numbers) != found.shape[1]:
        raise ShapeError("figures.copies_epochs", values=found.shape[1], epochs=len(numbers))
    found = np.where(np.isfinite(found), found, np.nan)
    if np.isnan(found).all():
        raise DataError("figures.copies_none", name=name)
    figure = style.figure(5.6, 3.4) if ax is None else style.adopt(ax)
    axes = figure.subplots() if ax is None else ax
    style.dress(axes)
    axes.grid(visible=True, axis="y", color=style.FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    said = _draw(axes, found, numbers)
    style.titles(axes, text("figures.copies_title", name=name, copies=len(found)), said)
    axes.set_xlabel(text("figures.epoch"), **style.letters())
    if len(numbers) == 1:
        axes.set_xlim(numbers[0] - 0.5, numbers[0] + 0.5)
    axes.set_xticks(style.ticks(numbers[0], numbers[-1], whole=True))
    axes.set_yticks(style.ticks(*axes.get_ylim()))
    font = {"family": list(style.families()), "size": style.SMALL}
    where: dict[str, Any] = {"loc": "outside lower center", "ncols": 3} if ax is None else {"loc": "best"}
    (figure if ax is None else axes).legend(prop=font, labelcolor=style.INK, frameon=False, **where)
    return figure


def _draw(ax: Axes, values: np.ndarray, numbers: np.ndarray) -> str:
    """Every copy, the band, the mean; the sentence that says how it ended."""
    few = len(numbers) <= _MARKED
    for row, one in enumerate(values):
        look: dict[str, Any] = {"color": style.GREY, "alpha": 0.5, "linewidth": 0.8}
        look |= {"marker": "."} if len(numbers) == 1 else {}
        look |= {"label": text("figures.copies_each")} if row == 0 else {}
        ax.plot(numbers, one, **look)
    counts = np.sum(np.isfinite(values), axis=0)
    middle = np.nansum(values, axis=0) / np.where(counts, counts, np.nan)
    squares = np.nansum((values - middle) ** 2, axis=0)
    spread = np.sqrt(squares / np.where(counts > 1, counts - 1, np.nan))
    band = {"color": style.BLUE, "alpha": 0.18, "linewidth": 0, "label": text("figures.copies_band")}
    ax.fill_between(numbers, middle - spread, middle + spread, **band)
    marker: dict[str, Any] = {"marker": "o", "markersize": 4} if few else {}
    ax.plot(numbers, middle, color=style.BLUE, linewidth=1.8, label=text("figures.copies_mean"), **marker)
    last = np.flatnonzero(np.isfinite(middle))[-1]
    if last != len(numbers) - 1:
        return ""
    if not np.isfinite(spread[last]):
        return text("figures.copies_final_one", mean=f"{middle[last]:.4g}")
    return text("figures.copies_final", mean=f"{middle[last]:.4g}", spread=f"{spread[last]:.2g}")
