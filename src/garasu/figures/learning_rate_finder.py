"""Which learning rate suits: the loss while the rate grows, and the rate around which it falls fastest."""

from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from garasu.array import Array
from garasu.figures import given, style
from garasu.messages import ShapeError, text

_ABOVE = 1.5
"""How far up losses are shown: times the way from the lowest up to the first."""


_TICKS = 7
"""Rates at the axis, at most."""


class Rates(Protocol):
    """What ``find_learning_rate`` gives back."""

    @property
    def rates(self) -> Array:
        """The rates tried, (N,)."""

    @property
    def losses(self) -> Array:
        """The loss of the mini-batch at each, (N,)."""

    @property
    def smoothed(self) -> Array:
        """The losses smoothed, (N,)."""

    @property
    def suggestion(self) -> float | None:
        """The rate suggested, if any."""


def learning_rate_finder(record: Rates, ax: Any = None) -> Figure:
    """Draw what ``model.find_learning_rate`` saw: each loss pale, the smoothed curve, and the suggestion.

    Where the loss explodes, the curve leaves the picture at its top.

    Args:
        record: what ``find_learning_rate`` gave back.
        ax: axes of the user's own to draw into.

    Raises:
        ShapeError: not as many losses as rates, or fewer than two.
        DataError: a number that is not finite.

    Example:
        >>> from types import SimpleNamespace
        >>> found = SimpleNamespace(rates=[0.1, 1.0], losses=[2.0, 1.0], smoothed=[2.0, 1.5], suggestion=0.1)
        >>> learning_rate_finder(found).axes[0].lines[1].get_ydata().tolist()
        [2.0, 1.5]
    """
    rates, losses, smoothed = _checked(record)
    figure = style.figure(5.6, 3.4) if ax is None else style.adopt(ax)
    axes = figure.subplots() if ax is None else ax
    style.dress(axes)
    axes.grid(visible=True, axis="y", color=style.FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.plot(rates, losses, color=style.GREY, alpha=0.45, linewidth=1.0, label=text("figures.rates_each"))
    axes.plot(rates, smoothed, color=style.BLUE, linewidth=1.8, label=text("figures.rates_smoothed"))
    said = _suggestion(axes, rates, smoothed, record.suggestion)
    style.titles(axes, text("figures.rates"), said)
    _scales(axes, rates, losses, smoothed)
    font = {"family": list(style.families()), "size": style.SMALL}
    where: dict[str, Any] = {"loc": "outside lower center", "ncols": 3} if ax is None else {"loc": "best"}
    (figure if ax is None else axes).legend(prop=font, labelcolor=style.INK, frameon=False, **where)
    return figure


def _checked(record: Rates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates, losses and smoothed losses, as many of each."""
    rates = np.asarray(record.rates, dtype=float)
    for name in ("rates", "losses", "smoothed"):
        values = np.asarray(getattr(record, name), dtype=float)
        if values.ndim != 1 or values.shape != rates.shape:
            raise ShapeError("figures.rates_given", name=name, got=values.shape, expected=rates.shape)
        given.finite(values, name)
    if len(rates) < 2:
        raise ShapeError("figures.rates_few", got=len(rates))
    return rates, np.asarray(record.losses, dtype=float), np.asarray(record.smoothed, dtype=float)


def _suggestion(ax: Axes, rates: np.ndarray, smoothed: np.ndarray, rate: float | None) -> str:
    """A line at the rate suggested, a ring where it meets the curve, and the sentence that names it."""
    if rate is None:
        return text("figures.rates_none")
    at = float(np.interp(np.log(rate), np.log(rates), smoothed))
    ax.axvline(rate, color=style.ORANGE, linestyle="--", linewidth=1.4, label=text("figures.rates_suggestion"))
    ring = {"markerfacecolor": "none", "markeredgecolor": style.INK, "markeredgewidth": 1.2}
    ax.plot([rate], [at], linestyle="", marker="o", markersize=10, **ring)
    return text("figures.rates_suggested", rate=f"{rate:.2g}")


def _scales(ax: Axes, rates: np.ndarray, losses: np.ndarray, smoothed: np.ndarray) -> None:
    """Rates by powers of ten; losses from below the lowest up to a little above where they began."""
    ax.set_xscale("log")
    ax.set_xlim(rates[0], rates[-1])
    ticks = _ticks(float(rates[0]), float(rates[-1]))
    ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(text("figures.rates_rate"), **style.letters())
    low, first = float(min(losses.min(), smoothed.min())), float(smoothed[0])
    fall = first - low or abs(first) or 1.0
    bottom, top = low - 0.1 * fall, low + _ABOVE * fall
    ax.set_ylim(bottom, top)
    ax.set_yticks([value for value in MaxNLocator(nbins=5).tick_values(bottom, top) if bottom <= value <= top])


def _ticks(low: float, high: float) -> list[float]:
    """Powers of ten between two rates, seven at most; or 1, 2 and 5 of each power where there are few.

    Example:
        >>> _ticks(1e-5, 0.5), _ticks(0.1, 0.6)
        ([1e-05, 0.0001, 0.001, 0.01, 0.1], [0.1, 0.2, 0.5])
    """
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    found: list[float] = []
    for steps in ((1,), (1, 2, 5)):
        found = [float(f"{step}e{power}") for power in powers for step in steps]
        found = [tick for tick in found if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(found) > 2:
            break
    return found[:: -(-len(found) // _TICKS)] if found else [low, high]
