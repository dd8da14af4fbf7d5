"""A picture as its numbers: what a computer is given instead of what we see."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.messages import SettingError, text

_SIDE = 28  # of larger pictures a part is shown
_CELL = 0.38  # inches
_TICK = 4  # rows and columns from one number at the edge to the next
_PALEST = 0.7  # of white: black is drawn so pale that dark numbers can be read on it
_CHANNELS = ("figures.red", "figures.green", "figures.blue")


def image_numbers(image: Array, ax: Axes | None = None, title: str = "", channel: int = 1) -> Figure:
    """Write the number of every pixel into its cell, the cells shaded from black (0) to white (255), but paler.

    Of a larger picture the 28 x 28 pixels are shown, near its centre, that differ most from each other. A figure of 28
    columns is 11 inches wide.

    Args:
        image: uint8, (Y, X) grey or (Y, X, 3) in colour.
        ax: axes of the user's own to draw into.
        title: what stands above, the file's name say.
        channel: which channel of a picture in colour: 0 red, 1 green, 2 blue.

    Raises:
        ShapeError: not one picture.
        DataError: not uint8.
        SettingError: there is no such channel.

    Example:
        >>> (ax,) = image_numbers(np.array([[0, 255]], "uint8")).axes
        >>> [one.get_text() for one in ax.texts[:2]]
        ['0', '255']
    """
    picture = given.stored(given.image(image))
    if channel not in range(len(_CHANNELS)):
        raise SettingError("figures.channel", got=channel)
    plane = picture if picture.ndim == 2 else picture[..., channel]
    top, left = _part(plane)
    cells = plane[top : top + _SIDE, left : left + _SIDE]
    high, wide = cells.shape
    if ax is None:
        ax, size = style.figure(max(_CELL * wide + 0.6, 5.6), _CELL * high + 1.5).add_subplot(), style.SMALL
    else:
        style.adopt(ax)
        across, down = style.size_of(ax)
        size = style.SMALL * min(1.0, across / wide / _CELL, down / high / _CELL)
    _draw(ax, cells, (top, left), size)
    shown = {"top": top, "bottom": top + high - 1, "left": left, "right": left + wide - 1}
    lines = [text("figures.numbers_part", high=len(plane), wide=plane.shape[1], **shown), text("figures.numbers_pale")]
    if picture.ndim == 3:
        lines.append(text("figures.numbers_channel", channel=channel, color=text(_CHANNELS[channel])))
    style.titles(ax, title or text("figures.numbers"), "\n".join(lines))
    return style.figure_of(ax)


def _draw(ax: Axes, cells: np.ndarray, corner: tuple[int, int], size: float) -> None:
    style.dress(ax)
    (high, wide), (top, left) = cells.shape, corner
    extent = (left - 0.5, left + wide - 0.5, top + high - 0.5, top - 0.5)  # ticks count rows and columns of the whole
    shades = _PALEST + (1 - _PALEST) * cells / 255
    ax.imshow(shades, cmap="gray", vmin=0.0, vmax=1.0, extent=extent, interpolation="nearest", aspect="equal")
    font = style.letters(size)
    for (row, column), value in np.ndenumerate(cells):
        ax.text(left + column, top + row, f"{value}", ha="center", va="center", **font)
    ax.set_xticks(range(-(-left // _TICK) * _TICK, left + wide, _TICK))
    ax.set_yticks(range(-(-top // _TICK) * _TICK, top + high, _TICK))
    ax.set_xlabel(text("figures.column"), **style.letters())
    ax.set_ylabel(text("figures.row"), **style.letters())


def _part(plane: np.ndarray) -> tuple[int, int]:
    """First row and column of the part to show: the greatest variance near the centre, the nearest of equals.

    Near is the middle half of all places where the part can lie.
    """
    spans = [_middle(size) for size in plane.shape]
    areas = [_sums(plane.astype(np.int64) ** power) for power in (1, 2)]
    number = min(_SIDE, plane.shape[0]) * min(_SIDE, plane.shape[1])
    variance = number * areas[1] - areas[0] ** 2  # whole numbers: equals are equal
    near = variance[np.ix_(*spans)]
    rows, columns = np.nonzero(near == near.max())
    offs = (rows - (len(spans[0]) - 1) / 2) ** 2 + (columns - (len(spans[1]) - 1) / 2) ** 2
    at = int(np.argmin(offs))
    return int(spans[0][rows[at]]), int(spans[1][columns[at]])


def _middle(size: int) -> np.ndarray:
    places = max(size - _SIDE, 0)
    return np.arange(places // 4, places - places // 4 + 1)


def _sums(values: np.ndarray) -> np.ndarray:
    """The sum over each part, from running sums.                                   values (Y, X) -> (places, places)"""
    for axis in (0, 1):
        side = min(_SIDE, values.shape[axis])
        running = np.cumsum(np.insert(values, 0, 0, axis=axis), axis=axis)
        ahead, behind = np.arange(side, running.shape[axis]), np.arange(running.shape[axis] - side)
        values = running.take(ahead, axis=axis) - running.take(behind, axis=axis)
    return values
