"""A sheet of paper for figures of many small pictures: everything on it has its place in inches, from the top left."""

from typing import Any

import numpy as np
from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from garasu.figures import style

WIDTH = 5.45
"""Inches of a sheet in a figure of the usual width."""

_EDGE = 0.15


@frozen(eq=False)
class Board:
    """Axes without a frame whose unit is an inch; in smaller axes of the user's own, letters shrink with the rest."""

    ax: Axes
    scale: float

    @property
    def figure(self) -> Figure:
        """The figure it is in."""
        return style.figure_of(self.ax)

    def picture(
        self,
        values: np.ndarray,
        place: tuple[float, float, float, float],
        limits: tuple[float, float] = (0.0, 1.0),
        cmap: str | Colormap = "gray",
    ) -> None:
        """A picture as large as fits into ``place`` (x, y, width, height), in its middle, with a thin frame.

        ``values`` (Y, X) take the colours of ``cmap`` between the limits; (Y, X, 3) are colours.
        """
        x, y, width, height = place
        unit = min(width / values.shape[1], height / values.shape[0])
        wide, high = unit * values.shape[1], unit * values.shape[0]
        x, y = x + (width - wide) / 2, y + (height - high) / 2
        low, top = limits
        look: dict[str, Any] = {"cmap": cmap, "vmin": low, "vmax": top, "interpolation": "nearest", "aspect": "equal"}
        self.ax.imshow(values, extent=(x, x + wide, y + high, y), **look)
        self.box((x, y, wide, high), "none", style.FAINT)

    def box(self, place: tuple[float, float, float, float], color: str, edge: str = "none") -> None:
        """A rectangle at ``place`` (x, y, width, height)."""
        x, y, width, height = place
        self.ax.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor=edge, linewidth=0.6))

    def arrow(self, x: float, start: float, end: float) -> None:
        """An arrow downwards."""
        look = {"arrowstyle": "-|>", "color": style.GREY, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9 * self.scale}
        self.ax.annotate("", (x, end), (x, start), arrowprops=look)

    def write(self, x: float, y: float, words: str, *, size: float = style.SMALL, **look: Any) -> None:
        """Words at a place; ``ha`` and ``va`` say which point of them stands there, ``color`` how they look."""
        font = style.letters(size * self.scale, look.pop("color", style.INK))
        text = self.ax.text(x, y, words, **font, **look)
        text.set_in_layout(False)  # the sheet keeps its size whatever is written on it


def board(width: float, height: float, lines: int, ax: Axes | None = None) -> Board:
    """A sheet of so many inches below a title with so many lines: a figure of its own, or inside given axes."""
    scale = 1.0
    if ax is None:
        head = (style.TITLE * 1.4 + style.above(lines)) / 72
        ax = style.figure(width + _EDGE, height + head + _EDGE).add_subplot()
    else:
        style.adopt(ax)
        across, down = style.size_of(ax)
        scale = min(1.0, across / width, down / height)
    style.bare(ax)
    ax.set(xlim=(0.0, width), ylim=(height, 0.0), aspect="equal", anchor="NW")
    return Board(ax, scale)
