"""The one-hot rows hold a 1 in the column of the label's class and nowhere else."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError

NAMES = ["猫", "$dog$", "automobile and more of it"]


def _written(ax, rows, columns):
    cells = [one for one in ax.texts if one.get_text() in ("0", "1")]
    table = np.full((rows, columns), -1)
    for one in cells:
        column, row = one.get_position()
        table[row, column] = int(one.get_text())
    return table


def test_ones_and_noughts_and_the_ones_in_blue(legible):
    labels = np.array([2, 0, 1, 2])
    figure = figures.one_hot(labels, NAMES)
    (ax,) = figure.axes
    np.testing.assert_array_equal(_written(ax, 4, 3), np.eye(3)[labels])
    colours = ax.images[0].get_array()
    np.testing.assert_allclose(colours[np.arange(4), labels], [to_rgb(style.BLUE)] * 4)
    assert (colours.sum(axis=-1) == 3).sum() == 8
    assert [one.get_text() for one in ax.get_xticklabels()] == ["0 猫", "1 $dog$", "2 automobile …"]
    assert [one.get_text() for one in ax.get_yticklabels()][:2] == ["2 automobile …", "0 猫"]
    legible(figure)


def test_words(language, words):
    (ax,) = figures.one_hot([1, 0], list("01")).axes
    title, below, x, y = {
        "en": ("Labels as one-hot rows", "1 in the column of its class, 0 in every other", "class", "label"),
        "ja": ("one-hot 表現のラベル", "正解クラスの列だけが 1、ほかはすべて 0", "クラス", "ラベル"),
    }[language]
    assert (ax.get_title(loc="left"), words(ax)[-1]) == (title, below)
    assert (ax.get_xlabel(), ax.get_ylabel()) == (x, y)
    assert [one.get_text() for one in ax.get_yticklabels()] == ["1", "0"]


def test_of_many_classes_only_the_columns_with_a_1(language, words, legible):
    labels = np.array([29, 3, 3, 17])
    figure = figures.one_hot(labels, [f"class {number}" for number in range(30)])
    (ax,) = figure.axes
    np.testing.assert_array_equal(_written(ax, 4, 3), labels[:, None] == [3, 17, 29])
    assert [one.get_text() for one in ax.get_xticklabels()] == ["3 class 3", "17 class 17", "29 class 29"]
    assert {"en": "3 of 30 columns", "ja": "30 列のうち 3 列"}[language] in words(ax)[-1]
    legible(figure)


@pytest.mark.parametrize("names", [["only"], [f"a long name {n}" for n in range(20)], [str(n) for n in range(20)]])
def test_one_class_and_twenty(names, legible):
    figure = figures.one_hot(np.arange(len(names)), names, count=20)
    np.testing.assert_array_equal(_written(figure.axes[0], len(names), len(names)), np.eye(len(names)))
    legible(figure)


def test_the_first_so_many():
    (ax,) = figures.one_hot(np.zeros(99, int), ["a", "b"], count=3).axes
    assert ax.images[0].get_array().shape == (3, 2, 3)


def test_into_axes_of_the_users_own():
    own = style.figure(4, 3)
    ax = own.add_subplot()
    assert figures.one_hot([1, 0], NAMES, ax=ax) is own and len(ax.images) == 1


@pytest.mark.parametrize(
    ("error", "named", "call"),
    [
        (ShapeError, r"\(2, 3\)", lambda: figures.one_hot(np.zeros((2, 3), int), NAMES)),
        (ShapeError, r"\(0,\)", lambda: figures.one_hot([], NAMES)),
        (DataError, "3", lambda: figures.one_hot([3], NAMES)),
        (SettingError, "count.*-1", lambda: figures.one_hot([0], NAMES, count=-1)),
    ],
)
def test_what_cannot_be_drawn(error, named, call, language):
    with pytest.raises(error, match=named):
        call()
