"""A network as a chain of shapes: how large what each layer hands on is, and where the parameters are."""

from collections.abc import Sequence
from math import log2

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.figures import style
from garasu.figures.board import WIDTH, Board, board
from garasu.messages import text

_MIDDLE = 0.95  # of the drawings, from the left edge, in inches
_WORDS = 2.0  # where the words begin
_LINE = 0.185
_GAP = 0.27  # for the arrow
_NAME = 34  # letters that have room
_SHEET = 0.04  # how far a sheet peeps out behind the one before it


@frozen
class _Stage:
    """What stands at one place of the chain."""

    name: str
    shape: tuple[int | None, ...]  # batch first
    parameters: int | None = None

    @property
    def drawn(self) -> tuple[float, float, int]:
        """Width and height in inches and the number of sheets."""
        sizes = [size or 1 for size in self.shape[1:]]
        if len(sizes) < 2:
            return 0.1 + 0.11 * log2(sizes[0] if sizes else 1), 0.16, 1
        rows, columns = sizes[-3:-1] if len(sizes) > 2 else sizes
        return _side(columns), _side(rows), 1 + round(log2(sizes[-1])) if len(sizes) > 2 else 1

    @property
    def lines(self) -> int:
        return 3 if len(self.shape) == 4 else 2

    @property
    def height(self) -> float:
        return max(self.drawn[1] + _SHEET * (self.drawn[2] - 1), self.lines * _LINE)


def chain_of_shapes(
    rows: Sequence[tuple[str, str, tuple[int | None, ...], int]],
    input_shape: Sequence[int],
    ax: Axes | None = None,
) -> Figure:
    """Draw the shape after every layer, from the input down to the answer, with the layer's name and parameters.

    A shape with height and width is a stack of sheets, one without is a bar. Widths, heights and numbers of sheets grow
    with the logarithm. Shapes stand both as (N, Y, X, channel) and, in grey, as (batch, channel, Y, X).

    Args:
        rows: name, class, shape (batch first) and number of parameters of each layer, as ``models.summary.rows`` gives.
        input_shape: the shape of one row of the input, without the batch.
        ax: axes of the user's own to draw into.

    Example:
        >>> rows = [("conv", "Conv2D", (None, 28, 28, 16), 416), ("flatten", "Flatten", (None, 12544), 0)]
        >>> (ax,) = chain_of_shapes(rows, (28, 28, 1)).axes
        >>> [one.get_text() for one in ax.texts if "16)" in one.get_text() or "16," in one.get_text()]
        ['(N, 28, 28, 16)', '(N, 16, 28, 28)']
    """
    layers = [
        _Stage(f"{style.fit(name, max(_NAME - len(kind) - 3, 8))} ({kind})", shape, count)
        for name, kind, shape, count in rows
    ]
    stages = [_Stage(text("figures.input"), (None, *input_shape)), *layers]
    lines = 3 if any(stage.lines == 3 for stage in stages) else 1
    sheet = board(WIDTH, sum(stage.height + _GAP for stage in stages) - _GAP, lines, ax)
    top = 0.0
    for stage in stages:
        if top:
            sheet.arrow(_MIDDLE, top - _GAP + 0.03, top - 0.03)
        _draw(sheet, stage, top)
        top += stage.height + _GAP
    title = text("figures.chain", layers=len(layers), parameters=sum(row[3] for row in rows))
    keys = ["figures.chain_sizes", "figures.chain_nhwc", "figures.chain_nchw"][:lines]
    style.titles(sheet.ax, title, "\n".join(map(text, keys)))
    return sheet.figure


def _side(size: int) -> float:
    return 0.06 + 0.085 * log2(size)


def _draw(sheet: Board, stage: _Stage, top: float) -> None:
    """The sheets, the last one behind, and the words beside them, both around the middle of the stage's room."""
    wide, high, sheets = stage.drawn
    shift = _SHEET * (sheets - 1)
    left, above = _MIDDLE - (wide + shift) / 2, top + (stage.height - high - shift) / 2
    for behind in range(sheets - 1, -1, -1):
        place = (left + _SHEET * behind, above + shift - _SHEET * behind, wide, high)
        sheet.box(place, "#BBD7E8" if behind else style.BLUE, "white")
    line = top + (stage.height - stage.lines * _LINE) / 2 + _LINE / 2
    sheet.write(_WORDS, line, stage.name, size=style.LABEL, va="center")
    sheet.write(_WORDS, line + _LINE, _written(stage.shape), va="center")
    if stage.parameters is not None:
        words = text("figures.parameters", count=stage.parameters)
        sheet.write(WIDTH, line + _LINE, words, va="center", ha="right")
    if stage.lines == 3:
        batch, high, wide, channels = stage.shape
        words = _written((batch, channels, high, wide))
        sheet.write(_WORDS, line + 2 * _LINE, words, va="center", color=style.GREY)


def _written(shape: Sequence[int | None]) -> str:
    """A shape as it is written, N where any number may stand.

    Example:
        >>> _written((None, 10)), _written((None,))
        ('(N, 10)', '(N,)')
    """
    sizes = ["N" if size is None else str(size) for size in shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
