"""The samples are the pictures that were given, as they are stored, each under its own label."""

import numpy as np
import pytest

from garasu import figures
from garasu.data import load
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError

GREY = np.random.default_rng(0).integers(0, 256, (12, 9, 9), dtype=np.uint8)
COLOR = np.random.default_rng(0).integers(0, 256, (3, 8, 6, 3), dtype=np.uint8)
NAMES = ["猫", "$dog$", "automobile and more of it"]
LABELS = np.arange(12) % 3


def _pictures(ax):
    return [image.get_array() * 255 for image in ax.images]


@pytest.mark.parametrize("images", [GREY, COLOR, COLOR[:1], GREY[..., None]], ids=["grey", "colour", "one", "channel"])
def test_the_first_pictures_with_their_labels(images, words, legible):
    figure = figures.sample_images(images, LABELS[: len(images)], NAMES)
    (ax,) = figure.axes
    shown = min(len(images), 10)
    np.testing.assert_allclose(_pictures(ax), images.reshape(images.shape[: 3 + (images.shape[-1] == 3)])[:shown])
    assert words(ax)[:shown] == (["0 猫", "1 $dog$", "2 automobile…"] * 4)[:shown]
    legible(figure)


def test_black_is_0_and_white_255_whatever_is_in_them():
    (ax,) = figures.sample_images(GREY // 4 + 50, LABELS, NAMES).axes
    assert {(image.get_clim(), image.get_cmap().name) for image in ax.images} == {((0.0, 1.0), "gray")}
    assert max(one.max() for one in _pictures(ax)) < 120


def test_five_in_a_row_each_below_its_label():
    (ax,) = figures.sample_images(GREY, LABELS, NAMES, count=7).axes
    corners = [image.get_extent() for image in ax.images]
    assert len({left for left, *_ in corners}) == 5 and len({top for *_, top in corners}) == 2
    for text, (left, _, _, top) in zip(ax.texts, corners, strict=False):
        x, y = text.get_position()
        assert x == pytest.approx(left) and 0 < top - y < 0.1


def test_words(language, words):
    digits = load("digits")
    (ax,) = figures.sample_images(digits.train_images, digits.train_labels, digits.class_names).axes
    title, below = {
        "en": ("10 of 1,438 pictures", "above each: its class; 28 × 28 pixels, 0 black to 255 white"),
        "ja": ("画像 1,438 枚のうち 10 枚", "画像の上: クラス。28 × 28 画素、0 が黒、255 が白"),
    }[language]
    assert ax.get_title(loc="left") == title
    assert words(ax) == [*(str(label) for label in digits.train_labels[:10]), below]


def test_of_how_many_when_not_all_are_given():
    (ax,) = figures.sample_images(GREY, LABELS, NAMES, total=60_000).axes
    assert ax.get_title(loc="left") == "10 of 60,000 pictures"


def test_into_axes_of_the_users_own(legible):
    own = style.figure(9, 4)
    left, right = own.subplots(1, 2)
    assert figures.sample_images(COLOR, [0, 1, 2], NAMES, ax=right) is own
    assert len(right.images) == 3 and not left.images and not right.axison
    assert right.texts[0].get_fontsize() < style.SMALL  # half as wide, half as large
    own = style.figure(5.6, 3)
    figures.sample_images(COLOR, [0, 1, 2], NAMES, ax=own.add_subplot())
    legible(own, least=6)


@pytest.mark.parametrize(
    ("error", "named", "call"),
    [
        (ShapeError, r"\(9, 9\)", lambda: figures.sample_images(GREY[0], [0], NAMES)),
        (ShapeError, r"\(0, 9, 9\)", lambda: figures.sample_images(GREY[:0], [], NAMES)),
        (ShapeError, r"\(3, 8, 6, 2\)", lambda: figures.sample_images(COLOR[..., :2], [0, 1, 2], NAMES)),
        (ShapeError, "12.*labels.*2", lambda: figures.sample_images(GREY, [0, 1], NAMES)),
        (ShapeError, "float64", lambda: figures.sample_images(GREY, LABELS / 1, NAMES)),
        (DataError, "float64", lambda: figures.sample_images(GREY / 255, LABELS, NAMES)),
        (DataError, "2.*2", lambda: figures.sample_images(GREY, LABELS, NAMES[:2])),
        (DataError, "-1", lambda: figures.sample_images(GREY, LABELS - 1, NAMES)),
        (SettingError, "count.*0", lambda: figures.sample_images(GREY, LABELS, NAMES, count=0)),
    ],
)
def test_what_cannot_be_drawn(error, named, call, language):
    with pytest.raises(error, match=named):
        call()
