"""Loss and accuracy by epoch, training and validation: is it still learning, and does it learn more than these rows?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from garasu.figures import style
from garasu.messages import DataError, ShapeError, text

_LOOKS: dict[str, dict[str, Any]] = {
    "training": {"color": style.BLUE, "linestyle": "-", "marker": "o"},
    "validation": {"color": style.ORANGE, "linestyle": "--", "marker": "s"},
}
_MARKED = 30  # up to so many epochs each is marked
_WIDE_RANGE = 100.0  # a loss that falls by more than this factor is drawn on a logarithmic scale


@frozen(eq=False)
class _Panel:
    """One pair of axes: which text, which end is good, and the curves by what they are of."""

    title: str
    best: Callable[[Any], Any]
    curves: dict[str, np.ndarray] = field(factory=dict)


def training_curves(
    history: Mapping[str, Sequence[float]], epochs: Sequence[int] | None = None, ax: Any = None
) -> Figure:
    """Draw a history: loss and, where there is one, accuracy side by side; the best epoch has a ring.

    Args:
        history: means by name, one for each epoch, such as ``History.history``. What is not finite leaves a gap.
        epochs: the epochs' numbers to show; 1, 2, ... unless given.
        ax: axes of the user's own to draw into, as many as there are panels.

    Raises:
        DataError: there is neither a loss nor an accuracy, or not one epoch.
        ShapeError: fewer epoch numbers than values, or fewer axes than panels.

    Example:
        >>> figure = training_curves({"loss": [0.9, 0.4], "val_loss": [0.8, 0.5]})
        >>> [line.get_ydata().tolist() for line in figure.axes[0].lines[:2]]
        [[0.9, 0.4], [0.8, 0.5]]
    """
    panels = _panels(history)
    numbers = _numbers(history, panels, epochs)
    if ax is None:
        figure = style.figure(2.7 * len(panels) + 0.2, 3.2)
        axes = list(np.ravel(figure.subplots(1, len(panels))))
    else:
        axes = list(np.ravel(ax))
        if len(axes) < len(panels):
            names = ", ".join(panels)
            raise ShapeError("figures.panels", expected=len(panels), names=names, got=len(axes))
        figure = style.adopt(axes[0])
    for one, panel in zip(axes, panels.values(), strict=False):
        _draw(one, panel, numbers)
    names = {name for panel in panels.values() for name in panel.curves}
    _legend(figure if ax is None else axes[0], [name for name in _LOOKS if name in names], len(numbers))
    return figure


def _panels(history: Mapping[str, Sequence[float]]) -> dict[str, _Panel]:
    """The panels by the name of their values in the history."""
    accuracies = [name for name in history if name == "acc" or name.endswith("accuracy")]
    wanted = {"loss": _Panel("figures.loss", np.nanargmin)}
    wanted |= {name: _Panel("figures.accuracy", np.nanargmax) for name in accuracies if not name.startswith("val_")}
    for name, panel in wanted.items():
        for curve, key in (("training", name), ("validation", f"val_{name}")):
            values = np.asarray(history.get(key, ()), dtype=float)
            if values.size:
                panel.curves[curve] = np.where(np.isfinite(values), values, np.nan)
    panels = {name: panel for name, panel in wanted.items() if panel.curves}
    if not panels:
        raise DataError("figures.no_values", known=", ".join(history) or text("figures.no_keys"))
    return dict(list(panels.items())[:2])


def _numbers(
    history: Mapping[str, Sequence[float]], panels: Mapping[str, _Panel], epochs: Sequence[int] | None
) -> np.ndarray:
    longest = max((key for name in panels for key in (name, f"val_{name}")), key=lambda key: len(history.get(key, ())))
    values = len(history[longest])
    if epochs is not None and len(epochs) < values:
        raise ShapeError("figures.epochs", values=values, name=longest, epochs=len(epochs))
    return np.arange(1, values + 1) if epochs is None else np.asarray(epochs)[:values]


def _draw(ax: Axes, panel: _Panel, numbers: np.ndarray) -> None:
    style.dress(ax)
    ax.grid(visible=True, axis="y", color=style.FAINT, linewidth=0.8)
    ax.set_axisbelow(True)
    for name, values in panel.curves.items():
        ax.plot(numbers[: len(values)], values, **_look(name, len(numbers)))
    style.titles(ax, text(panel.title), _mark_best(ax, panel, numbers))
    ax.set_xlabel(text("figures.epoch"), **style.letters())
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    if len(numbers) == 1:
        ax.set_xlim(numbers[0] - 0.5, numbers[0] + 0.5)
    _scale(ax, panel)


def _mark_best(ax: Axes, panel: _Panel, numbers: np.ndarray) -> str:
    """A ring around the best value, of validation where there is one; the sentence that names it."""
    name = "validation" if "validation" in panel.curves else "training"
    values = panel.curves[name]
    if np.isnan(values).all():
        return ""
    at = int(panel.best(values))
    ax.plot(
        [numbers[at]],
        [values[at]],
        linestyle="",
        marker="o",
        markersize=11,
        markerfacecolor="none",
        markeredgecolor=style.INK,
        markeredgewidth=1.2,
        clip_on=False,
    )
    shown = f"{values[at]:.3g}" if panel.title == "figures.loss" else f"{values[at]:.4f}"
    return text(f"figures.best_{name}", value=shown, epoch=int(numbers[at]))


def _scale(ax: Axes, panel: _Panel) -> None:
    """A loss from 0 up, or by powers of ten where it falls far; an accuracy as close as it lies, at most up to 1."""
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    values = np.concatenate(list(panel.curves.values()))
    values = values[np.isfinite(values)]
    if not values.size:
        return
    if panel.title == "figures.loss":
        _scale_loss(ax, float(values.min()), float(values.max()))
    elif values.min() >= 0 and values.max() <= 1:
        bottom, top = (0.0, 1.0) if max(map(len, panel.curves.values())) == 1 else ax.get_ylim()
        ax.set_ylim(bottom, min(top, 1 + 0.05 * (1 - bottom)))


def _scale_loss(ax: Axes, low: float, high: float) -> None:
    if low > 0 and high / low > _WIDE_RANGE:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
        ax.set_ylabel(text("figures.log_scale"), **style.letters(style.SMALL, style.GREY))
    elif low >= 0 and high > 0:
        ax.set_ylim(0, 1.08 * high)


def _look(name: str, epochs: int) -> dict[str, Any]:
    """How the curve of ``name`` is drawn: each epoch marked while they are few."""
    marker = {} if epochs <= _MARKED else {"marker": ""}
    return {"linewidth": 1.8, "markersize": 4, "label": text(f"figures.{name}"), **_LOOKS[name], **marker}


def _legend(place: Any, names: Sequence[str], epochs: int) -> None:
    """What the colours mean: below the panels, or within the user's own axes."""
    lines = [Line2D([], [], **_look(name, epochs)) for name in names]
    where: dict[str, Any] = (
        {"loc": "outside lower center", "ncols": 2} if isinstance(place, Figure) else {"loc": "best"}
    )
    font = {"family": list(style.families()), "size": style.LABEL}
    place.legend(handles=lines, prop=font, labelcolor=style.INK, frameon=False, **where)
