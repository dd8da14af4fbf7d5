"""Every number that is written is the pixel's own, at the row and column the axes say."""

import numpy as np
import pytest

from garasu import figures
from garasu.data import load
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError


def _written(ax):
    cells = [one for one in ax.texts if one.get_text().isdigit()]
    return {(int(one.get_position()[1]), int(one.get_position()[0])): int(one.get_text()) for one in cells}


def test_the_number_of_every_pixel(legible):
    picture = load("digits").test_images[3]
    figure = figures.image_numbers(picture)
    assert _written(figure.axes[0]) == {place: int(value) for place, value in np.ndenumerate(picture)}
    assert figure.get_size_inches()[0] > 11
    legible(figure)


def test_cells_are_as_dark_as_their_numbers_say_but_dark_letters_can_be_read_on_them():
    (image,) = figures.image_numbers(np.array([[0, 128, 255]], np.uint8)).axes[0].images
    black, grey, white = image.get_array()[0]
    assert 0.6 < black < grey < white == 1.0 and image.get_clim() == (0.0, 1.0)


def test_of_a_larger_picture_the_most_varied_part_near_the_centre():
    noise = np.random.default_rng(0).integers(0, 2, (28, 28), dtype=np.uint8) * 200
    picture = np.full((100, 60), 100, np.uint8)
    picture[40:68, 12:40] = noise
    picture[:28, :28] = np.indices((28, 28)).sum(axis=0) % 2 * 255  # more varied, but in the corner
    (ax,) = figures.image_numbers(picture).axes
    assert [one.get_text() for one in ax.get_xticklabels()] == ["12", "16", "20", "24", "28", "32", "36"]
    assert _written(ax) == {(row + 40, column + 12): int(value) for (row, column), value in np.ndenumerate(noise)}
    assert ax.get_xlim() == (11.5, 39.5) and ax.get_ylim() == (67.5, 39.5)
    assert "100 × 60 pixels: rows 40 to 67, columns 12 to 39" in ax.texts[-1].get_text()


@pytest.mark.parametrize(("shape", "corner"), [((40, 29), (6, 0)), ((28, 41), (0, 6)), ((5, 28), (0, 0))])
def test_of_equals_the_one_nearest_to_the_centre(shape, corner):
    assert min(_written(figures.image_numbers(np.zeros(shape, np.uint8)).axes[0])) == corner


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_one_channel_of_a_picture_in_colour(channel, language):
    picture = np.random.default_rng(0).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    (ax,) = figures.image_numbers(picture, channel=channel).axes
    assert _written(ax) == {place: int(value) for place, value in np.ndenumerate(picture[..., channel])}
    name = {"en": ["red", "green", "blue"], "ja": ["赤", "緑", "青"]}[language][channel]
    assert name in ax.texts[-1].get_text()


def test_words(language):
    (ax,) = figures.image_numbers(np.zeros((8, 6), np.uint8)).axes
    title, below, x, y = {
        "en": (
            "A picture as its numbers",
            "8 × 6 pixels: rows 0 to 7, columns 0 to 5\n0 is black and 255 white, drawn paler here",
            "column",
            "row",
        ),
        "ja": (
            "数値で見た画像",
            "8 × 6 画素のうち 0〜7 行、0〜5 列\n0 が黒、255 が白（ここでは薄く表示）",
            "列",
            "行",
        ),
    }[language]
    assert (ax.get_title(loc="left"), ax.texts[-1].get_text()) == (title, below)
    assert (ax.get_xlabel(), ax.get_ylabel()) == (x, y)
    (ax,) = figures.image_numbers(np.zeros((8, 6), np.uint8), title="七$.png").axes
    assert ax.get_title(loc="left") == "七$.png"


def test_into_axes_of_the_users_own(legible):
    own = style.figure(5.6, 6)
    assert figures.image_numbers(load("digits").test_images[0], ax=own.add_subplot()) is own
    legible(own, least=3)  # digits so small that they do not touch


@pytest.mark.parametrize(
    ("error", "named", "call"),
    [
        (ShapeError, r"\(2, 3, 4\)", lambda: figures.image_numbers(np.zeros((2, 3, 4), np.uint8))),
        (ShapeError, r"\(0, 3\)", lambda: figures.image_numbers(np.zeros((0, 3), np.uint8))),
        (DataError, "float64", lambda: figures.image_numbers(np.zeros((2, 3)))),
        (SettingError, "3", lambda: figures.image_numbers(np.zeros((2, 3, 3), np.uint8), channel=3)),
    ],
)
def test_what_cannot_be_drawn(error, named, call, language):
    with pytest.raises(error, match=named):
        call()
