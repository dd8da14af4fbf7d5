"""How every picture looks: two colours that all eyes tell apart, letters legible on a telephone, Japanese glyphs.

Everything is said outright, so that neither the user's own style nor ours touches the other.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from unicodedata import east_asian_width

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

# From the palette of M. Okabe and K. Ito, "Color Universal Design" (2008).
BLUE = "#0072B2"
ORANGE = "#D55E00"
INK = "#222222"
GREY = "#666666"
FAINT = "#DDDDDD"

DPI = 200
"""Dots an inch in files. A figure of 5.6 inches has 1120; shown 360 wide, letters of 11 points are 10 high."""

TITLE, LABEL, SMALL = 12.0, 11.0, 9.5
"""Sizes of letters, in points."""

LETTER = 0.08
"""Inches that a small letter takes across; a Japanese one takes two of these."""

# Importing it would change the font of every figure of the user's; only its file is wanted.
_PACKAGE = "matplotlib_fontja"


_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Noto Sans SC",
    "Noto Sans Thai",
    "Noto Sans Devanagari",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Thonburi",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Leelawadee UI",
    "Arial Unicode MS",
)
"""Fonts that the user's system may have, for class names in scripts that ours do not hold."""


@cache
def families() -> tuple[str, ...]:
    """The fonts to look for a letter in, one after the other; the one with Japanese is made known first.

    Example:
        >>> families()[:2]
        ('DejaVu Sans', 'IPAexGothic')
    """
    spec = find_spec(_PACKAGE)
    folders = (spec.submodule_search_locations or []) if spec else []
    found = [file for folder in folders for file in sorted(Path(folder).rglob("*.ttf"))]
    for file in found:
        font_manager.fontManager.addfont(file)
    mine = ("DejaVu Sans", *(font_manager.FontProperties(fname=file).get_name() for file in found))
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return (*mine, *(name for name in _OTHER_SCRIPTS if name in installed))


def letters(size: float = LABEL, color: str = INK) -> dict[str, Any]:
    """How a text is set, as keywords. ``$`` is a letter like any other."""
    return {"family": list(families()), "size": size, "color": color, "weight": "normal", "parse_math": False}


def wide(words: str) -> int:
    """How wide a text is drawn, in narrow letters.

    Example:
        >>> wide("cat"), wide("猫")
        (3, 2)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def fit(words: str, room: int) -> str:
    """The text, its end cut off where it is wider than so many narrow letters.

    Example:
        >>> fit("ship", 6), fit("automobile", 6), fit("アンクルブーツ", 6)
        ('ship', 'autom…', 'アン…')
    """
    if wide(words) <= room:
        return words
    while words and wide(words) >= room:
        words = words[:-1]
    return words + "…"


def figure(width: float, height: float) -> Figure:
    """An empty white figure, in inches, that makes room for its texts by itself."""
    layout = ConstrainedLayoutEngine(w_pad=0.07, h_pad=0.07)
    return Figure(figsize=(width, height), dpi=DPI / 2, facecolor="white", edgecolor="white", layout=layout)


def figure_of(ax: Axes) -> Figure:
    """The figure in which axes stand, in a part of it too."""
    return cast(Figure, ax.get_figure(root=True))


def adopt(ax: Axes) -> Figure:
    """The figure of axes of the user's, made white: dark letters must be legible on it, whatever style it came from."""
    figure = figure_of(ax)
    figure.set_facecolor("white")
    return figure


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height of axes as they stand now, in inches."""
    box = ax.get_window_extent()
    return box.width / figure_of(ax).dpi, box.height / figure_of(ax).dpi


def dress(ax: Axes) -> None:
    """Plain axes: white, lines at the left and below only, letters as everywhere."""
    ax.set_facecolor("white")
    ax.grid(visible=False, which="both")
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set(edgecolor=GREY, linewidth=0.8)
    ax.tick_params(
        which="both", color=GREY, labelcolor=INK, labelsize=SMALL, labelfontfamily=list(families()), direction="out"
    )


def bare(ax: Axes) -> None:
    """Axes of which nothing is seen: no frame, no ticks, no numbers at them."""
    ax.set_axis_off()
    ax.set(xticks=[], yticks=[])


def panels(ax: Axes, rows: int, columns: int, above: float) -> list[Axes]:
    """Axes inside given axes, row by row, with so many inches above each for its words; the frame around is gone."""
    bare(ax)
    across, up = 1 / columns, 1 / rows
    words = min(above / size_of(ax)[1], up / 2)
    places = ((column * across, 1 - (row + 1) * up) for row in range(rows) for column in range(columns))
    return [ax.inset_axes((left, low, 0.9 * across, up - words)) for left, low in places]


def ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Round numbers between two, six at most; ``whole``: whole ones only.

    Example:
        >>> ticks(0.03, 0.41), ticks(0.85, 4.15, whole=True)
        ([0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 3.0, 4.0])
    """
    locator = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=whole, min_n_ticks=1 if whole else 2)
    return [float(f"{tick:.12g}") for tick in locator.tick_values(low, high) if low <= tick <= high]


def above(lines: int) -> float:
    """Points between axes and a title with so many smaller lines in between."""
    return 10.5 + 11.5 * lines if lines else 8.0


def titles(ax: Axes, title: str, below: str = "") -> None:
    """A title, and below it smaller lines, all from the left edge of the axes."""
    ax.set_title(title, loc="left", pad=above(len(below.splitlines())), **letters(TITLE))
    if below:
        place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}
        line = ax.annotate(below, (0, 1), (0, 7), **place, **letters(SMALL, GREY))
        line.set_in_layout(False)  # a long line may reach over the edge of the axes; it should not make them narrower
