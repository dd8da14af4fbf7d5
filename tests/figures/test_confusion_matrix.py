"""The confusion matrix holds the right counts, names and sentences."""

import numpy as np
import pytest

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, ShapeError

MATRIX = np.array([[8, 2, 0], [0, 9, 1], [0, 0, 10]])
NAMES = ["bar", "cross", "$x$"]


def _cells(ax):
    cells = [one for one in ax.texts if one.get_text().isdigit()]
    return {(int(one.get_position()[1]), int(one.get_position()[0])): int(one.get_text()) for one in cells}


def test_a_count_in_every_cell_and_names_on_both_sides():
    figure = figures.confusion_matrix(MATRIX, NAMES)
    (ax,) = figure.axes
    assert _cells(ax) == {place: int(count) for place, count in np.ndenumerate(MATRIX)}
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [one.get_text() for one in labels] == NAMES
        assert not labels[2].get_parse_math()


def test_words(language):
    (ax,) = figures.confusion_matrix(MATRIX, NAMES).axes
    title, below, x, y = {
        "en": ("27 of 30 right (90.0%)", "most often wrong: bar taken for cross (2)", "predicted class", "true class"),
        "ja": (
            "30 枚中 27 枚が正解（90.0%）",
            "最も多い誤り: bar を cross と予測（2 枚）",
            "予測したクラス",
            "正解のクラス",
        ),
    }[language]
    assert ax.get_title(loc="left") == title and below in [one.get_text() for one in ax.texts]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (x, y)


def test_right_is_blue_wrong_is_orange_and_none_is_white():
    (image,) = figures.confusion_matrix(MATRIX, NAMES).axes[0].images
    red, _, blue = np.moveaxis(image.get_array(), -1, 0)
    assert (np.diag(blue) > np.diag(red)).all() and (red[0, 1] > blue[0, 1]) and (red[1, 2] > blue[1, 2])
    np.testing.assert_array_equal(image.get_array()[2, 0], [1, 1, 1])


def test_numbers_can_be_read_on_their_colours():
    (ax,) = figures.confusion_matrix([[100, 0], [60, 40]], ["a", "b"]).axes
    assert {one.get_text(): one.get_color() for one in ax.texts if one.get_text() in ("100", "60", "40")} == {
        "100": "white",
        "60": "white",
        "40": style.INK,
    }


@pytest.mark.parametrize(
    ("matrix", "title"), [(np.zeros((2, 2)), "0 of 0 right (0.0%)"), ([[5]], "5 of 5 right (100.0%)")]
)
def test_edges(matrix, title):
    (ax,) = figures.confusion_matrix(matrix, list("ab")[: len(matrix)]).axes
    assert ax.get_title(loc="left") == title and "no mistakes" in [one.get_text() for one in ax.texts]


def test_many_classes_are_colours_only_and_long_names_are_cut():
    (ax,) = figures.confusion_matrix(np.eye(60, dtype=int), ["n" * 30] * 60).axes
    assert not _cells(ax) and ax.get_yticklabels()[0].get_text() == "n" * 15 + "…"


def test_into_axes_of_the_users_own():
    own = style.figure(4, 4)
    assert figures.confusion_matrix(MATRIX, NAMES, own.add_subplot()) is own


@pytest.mark.parametrize(
    ("error", "named", "matrix", "names"),
    [
        (ShapeError, r"\(2, 3\)", np.zeros((2, 3)), ["a", "b"]),
        (ShapeError, r"\(0, 0\)", np.zeros((0, 0)), []),
        (ShapeError, "3.*2", MATRIX, ["a", "b"]),
        (DataError, "-1", -MATRIX // 8, NAMES),
        (DataError, "0.5", np.eye(2) / 2, ["a", "b"]),
        (DataError, "nan", [[np.nan]], ["a"]),
    ],
)
def test_what_is_no_confusion_matrix(error, named, matrix, names, language):
    with pytest.raises(error, match=named):
        figures.confusion_matrix(matrix, names)
