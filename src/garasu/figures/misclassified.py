"""The first mistakes: each picture with the probability of every class. Was it sure of itself? Would you have known?"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.figures.board import WIDTH, Board, board
from garasu.figures.shades import ends, unit
from garasu.messages import ShapeError, text

_COLUMNS = 2
_STEP = WIDTH / _COLUMNS
_WORDS, _SIDE, _BAR = 0.26, 0.95, 0.165  # inches: title, picture, one bar
_MANY, _LIKELIEST = 12, 5
_TITLE, _NAME = 15, 10  # narrow letters of a class name that have room above, and beside a bar


def misclassified(
    images: Array,
    truths: Array,
    answers: Array,
    probabilities: Array,
    class_names: Sequence[str],
    ax: Axes | None = None,
    count: int = 10,
    *,
    wrong: int | None = None,
    total: int | None = None,
) -> Figure:
    """Draw the first pictures that were answered wrongly: predicted / true above, a bar for each class beside it.

    All bars go from 0 to 1; the true class is blue, the wrong answer orange. Of more than twelve classes the five
    likeliest and the true one are shown.

    Args:
        images: (N, Y, X) or (N, Y, X, 3), of any range.
        truths: the number of each one's true class, (N,).
        answers: the number of the class it was taken for, (N,).
        probabilities: of each class, (N, K).
        class_names: K names.
        ax: axes of the user's own to draw into.
        count: how many to show, from the first.
        wrong: how many answers are wrong, where not all of them are given.
        total: how many answers there are, where not all of them are given.

    Raises:
        ShapeError: not as many labels, answers or probabilities as pictures, or not as many as classes.
        DataError: a class without a name, or numbers that are not finite.
        SettingError: ``count`` is no whole number above 0.

    Example:
        >>> figure = misclassified(np.zeros((2, 8, 8)), [0, 1], [0, 0], [[0.9, 0.1], [0.6, 0.4]], ["cat", "dog"])
        >>> figure.axes[0].texts[0].get_text()
        'cat / dog'
    """
    pictures = given.finite(given.images(images), "images")
    true = given.labels(truths, "truths", class_names, len(pictures))
    said = given.labels(answers, "answers", class_names, len(pictures))
    shares = _shares(probabilities, (len(pictures), len(class_names)))
    mistakes = np.flatnonzero(true != said)
    wrong, total = len(mistakes) if wrong is None else wrong, len(pictures) if total is None else total
    rows = mistakes[: given.count(count, "count", "misclassified")]
    if not rows.size:
        return _none(total, ax)
    bars = len(class_names) if len(class_names) <= _MANY else _LIKELIEST + 1
    high = _WORDS + max(_SIDE, _BAR * bars + 0.2) + 0.12
    sums_to_one = np.allclose(shares.sum(axis=1), 1.0, atol=1e-3)  # else each output stands by itself, as sigmoid's do
    bar = text("figures.mistakes_bars" if sums_to_one else "figures.mistakes_outputs")
    lines = [text("figures.mistakes_titles"), bar]
    if len(class_names) > _MANY:
        lines.append(text("figures.mistakes_likeliest", likeliest=_LIKELIEST, classes=len(class_names)))
    sheet = board(WIDTH, high * -(-len(rows) // _COLUMNS), len(lines), ax)
    shown = unit(pictures[rows], ends(pictures))
    for at, row in enumerate(rows.tolist()):
        x, y = at % _COLUMNS * _STEP, at // _COLUMNS * high
        names = " / ".join(given.named(int(number), class_names, _TITLE) for number in (said[row], true[row]))
        sheet.write(x, y + 0.2, names)
        sheet.picture(shown[at], (x, y + _WORDS, _SIDE, _SIDE))
        _bars(sheet, (x + _SIDE, y + _WORDS), shares[row], (int(true[row]), int(said[row])), class_names)
    counts = {"wrong": wrong, "total": total}
    every = len(rows) == wrong
    title = text("figures.mistakes_all", **counts) if every else text("figures.mistakes", shown=len(rows), **counts)
    style.titles(sheet.ax, title, "\n".join(lines))
    return sheet.figure


def _shares(probabilities: Array, expected: tuple[int, int]) -> np.ndarray:
    shares = np.asarray(probabilities, dtype=float)
    if shares.shape != expected:
        raise ShapeError("figures.probabilities", expected=expected, got=shares.shape)
    return given.finite(shares, "probabilities")


def _none(total: int, ax: Axes | None) -> Figure:
    sheet = board(WIDTH, 0.4, 0, ax)
    sheet.write(0.0, 0.2, text("figures.all_right", total=total), size=style.LABEL, va="center")
    style.titles(sheet.ax, text("figures.none_wrong"))
    return sheet.figure


def _bars(
    sheet: Board, corner: tuple[float, float], shares: np.ndarray, found: tuple[int, int], class_names: Sequence[str]
) -> None:
    """A bar for each class, lines at 0 and 1, and these numbers below them."""
    true, said = found
    classes = _classes(shares, true)
    names = [given.named(number, class_names, _NAME) for number in classes]
    left, top = corner[0] + 0.14 + style.LETTER * max(map(style.wide, names)), corner[1]
    full, low = corner[0] - _SIDE + _STEP - 0.16 - left, top + _BAR * len(classes)
    for place, (number, name) in enumerate(zip(classes, names, strict=True)):
        middle = top + _BAR * (place + 0.5)
        color = style.BLUE if number == true else style.ORANGE if number == said else "#999999"
        sheet.box((left, middle - 0.06, full * float(shares[number]), 0.12), color)
        sheet.write(left - 0.05, middle, name, ha="right", va="center")
    for end in (0, 1):
        sheet.ax.plot([left + end * full] * 2, [top, low], color=style.GREY, linewidth=0.8)
        sheet.write(left + end * full, low + 0.02, str(end), ha="center", va="top", color=style.GREY)


def _classes(shares: np.ndarray, true: int) -> list[int]:
    """The classes that get a bar: all, in order, or the likeliest first and the true one."""
    if len(shares) <= _MANY:
        return list(range(len(shares)))
    likeliest = [int(number) for number in np.argsort(-shares, kind="stable")[: _LIKELIEST + 1]]
    return likeliest if true in likeliest else [*likeliest[:_LIKELIEST], true]
