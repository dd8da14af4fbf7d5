"""The mistakes that are shown are the first ones, with their own pictures, names and probabilities."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError, set_language

RNG = np.random.default_rng(0)
NAMES = ["猫", "$dog$", "automobile", "ship"]
IMAGES = RNG.integers(0, 256, (6, 8, 8), dtype=np.uint8)
TRUTHS = np.array([0, 1, 2, 3, 0, 1])
ANSWERS = np.array([0, 2, 2, 0, 1, 1])  # rows 1, 3 and 4 are wrong
SHARES = RNG.dirichlet(np.ones(4), 6)


def _bars(ax):
    """Length and colour of every bar, in order; the pictures' frames have no colour of their own."""
    bars = [patch for patch in ax.patches if patch.get_facecolor()[3] > 0]
    return np.array([bar.get_width() for bar in bars]), [to_hex(bar.get_facecolor()).upper() for bar in bars]


def _full(ax):
    """From 0 to 1, in inches."""
    zero, one = (line.get_xdata()[0] for line in ax.lines[:2])
    return one - zero


@pytest.mark.parametrize(
    "images", [IMAGES, np.stack([IMAGES] * 3, axis=-1), IMAGES / 255], ids=["grey", "rgb", "float"]
)
def test_the_first_mistakes_with_their_probabilities(images, words, legible):
    figure = figures.misclassified(images, TRUTHS, ANSWERS, SHARES, NAMES)
    (ax,) = figure.axes
    scale = 255 if images.dtype == np.uint8 else 1
    low, top = (0, 1) if scale == 255 else (images.min(), images.max())
    for image, row in zip(ax.images, [1, 3, 4], strict=True):
        np.testing.assert_allclose(image.get_array() * (top - low) + low, images[row] / scale)
    lengths, colours = _bars(ax)
    np.testing.assert_allclose(lengths.reshape(3, 4) / _full(ax), SHARES[[1, 3, 4]])
    assert colours[:4] == ["#999999", style.BLUE, style.ORANGE, "#999999"]
    assert colours[4:] == [style.ORANGE, *["#999999"] * 2, style.BLUE, style.BLUE, style.ORANGE, *["#999999"] * 2]
    assert [one for one in words(ax) if " / " in one and "\n" not in one] == [
        "automobile / $dog$",
        "猫 / ship",
        "$dog$ / 猫",
    ]
    legible(figure)


def test_words(language, words, legible):
    figure = figures.misclassified(IMAGES, TRUTHS, ANSWERS, SHARES, NAMES, count=2)
    (ax,) = figure.axes
    assert len(ax.images) == 2
    assert (ax.get_title(loc="left"), words(ax)[-1]) == {
        "en": (
            "3 of 6 wrong; here the first 2",
            "above each: predicted / true\nbars: probability; blue is true, orange the wrong answer",
        ),
        "ja": (
            "6 枚中 3 枚が誤り（最初の 2 枚）",
            "画像の上: 予測 / 正解\n棒: 確率。青は正解のクラス、オレンジは誤った予測",
        ),
    }[language]
    legible(figure)


def test_every_bar_beside_its_name_and_within_the_sheet():
    (ax,) = figures.misclassified(IMAGES, TRUTHS, ANSWERS, SHARES * 0 + [0, 0, 1, 0], NAMES).axes
    bars = [patch for patch in ax.patches if patch.get_facecolor()[3] > 0]
    names = [text for text in ax.texts if text.get_ha() == "right"]
    assert [text.get_text() for text in names] == NAMES * 3
    for bar, name in zip(bars, names, strict=True):
        assert bar.get_y() + bar.get_height() / 2 == pytest.approx(name.get_position()[1])
        assert name.get_position()[0] < bar.get_x() and bar.get_x() + bar.get_width() <= ax.get_xlim()[1]
    assert len({round(line.get_xdata()[0] - bar.get_x(), 6) for line, bar in zip(ax.lines[::2], bars[::4])}) == 1  # noqa: B905


def test_none_wrong_is_said_in_words(language, words, legible):
    figure = figures.misclassified(IMAGES, TRUTHS, TRUTHS, SHARES, NAMES)
    (ax,) = figure.axes
    assert (
        not ax.images
        and (ax.get_title(loc="left"), *words(ax))
        == {
            "en": ("No mistakes", "All 6 answers are right: there is no picture to show."),
            "ja": ("誤りなし", "6 枚すべて正解のため、表示する画像はありません。"),
        }[language]
    )
    legible(figure)


def test_of_how_many_when_not_all_are_given(words):
    (ax,) = figures.misclassified(IMAGES, TRUTHS, ANSWERS, SHARES, NAMES, wrong=105, total=10_000).axes
    assert ax.get_title(loc="left") == "105 of 10,000 wrong; here the first 3"
    (ax,) = figures.misclassified(IMAGES, TRUTHS, TRUTHS, SHARES, NAMES, wrong=0, total=10_000).axes
    assert words(ax) == ["All 10,000 answers are right: there is no picture to show."]


def test_of_many_classes_the_five_likeliest_and_the_true_one(language, words, legible):
    names = [f"$class$ number {number}" for number in range(30)]
    shares = np.zeros((2, 30))
    shares[0, [4, 8, 2, 9, 1, 7]] = [0.3, 0.25, 0.2, 0.1, 0.1, 0.05]
    shares[1, [4, 8, 2]] = [0.6, 0.3, 0.1]
    figure = figures.misclassified(IMAGES[:2], [29, 8], [4, 4], shares, names)
    (ax,) = figure.axes
    lengths, colours = _bars(ax)
    np.testing.assert_allclose(lengths / _full(ax), [0.3, 0.25, 0.2, 0.1, 0.1, 0, 0.6, 0.3, 0.1, 0, 0, 0], atol=1e-12)
    assert colours[5] == style.BLUE and colours[6:8] == [style.ORANGE, style.BLUE]
    beside = [text.get_text() for text in ax.texts if text.get_ha() == "right"]
    assert [one.split()[0] for one in beside[:6]] == ["4", "8", "2", "1", "9", "29"]  # names too long to tell apart
    assert {"en": "the 5 likeliest of 30 classes", "ja": "30 クラスのうち確率の高い 5 つ"}[language] in words(ax)[-1]
    legible(figure)


@pytest.mark.parametrize("classes", [2, 10, 12])
def test_ten_mistakes_with_long_names(classes, language, legible):
    names = [f"長い名前のクラス {number}" for number in range(classes)]
    truths, answers = np.zeros(12, int), np.ones(12, int)
    figure = figures.misclassified(np.zeros((12, 9, 4)), truths, answers, np.eye(classes)[answers], names)
    assert len(figure.axes[0].images) == 10 and figure.get_size_inches()[0] == pytest.approx(5.6)
    legible(figure)


def test_into_axes_of_the_users_own(legible):
    own = style.figure(5.6, 6)
    assert figures.misclassified(IMAGES, TRUTHS, ANSWERS, SHARES, NAMES, ax=own.add_subplot()) is own
    legible(own, least=6)
    ax = style.figure(3, 3).add_subplot()
    figures.misclassified(IMAGES, TRUTHS, TRUTHS, SHARES, NAMES, ax=ax)
    assert ax.get_title(loc="left") == "No mistakes"


@pytest.mark.parametrize(
    ("error", "named", "given"),
    [
        (ShapeError, r"\(8, 8\)", (IMAGES[0], TRUTHS, ANSWERS, SHARES, NAMES)),
        (ShapeError, "truths", (IMAGES, TRUTHS[:5], ANSWERS, SHARES, NAMES)),
        (ShapeError, "answers", (IMAGES, TRUTHS, ANSWERS[:5], SHARES, NAMES)),
        (ShapeError, r"\(6, 4\).*\(6, 3\)", (IMAGES, TRUTHS, ANSWERS, SHARES[:, :3], NAMES)),
        (DataError, "truths.*3", (IMAGES, TRUTHS, ANSWERS, SHARES, NAMES[:3])),
        (DataError, "probabilities", (IMAGES, TRUTHS, ANSWERS, SHARES * np.nan, NAMES)),
        (DataError, "images", (IMAGES * np.nan, TRUTHS, ANSWERS, SHARES, NAMES)),
        (SettingError, "count", (IMAGES, TRUTHS, ANSWERS, SHARES, NAMES, None, 0)),
    ],
)
def test_what_cannot_be_drawn(error, named, given, language):
    with pytest.raises(error, match=named):
        figures.misclassified(*given)


@pytest.mark.parametrize(("code", "title"), [("en", "2 of 5 wrong"), ("ja", "5 枚中 2 枚が誤り")])
def test_all_of_them_are_not_called_the_first(code, title):
    set_language(code)
    truths, answers = [0, 1, 0, 1, 0], [0, 0, 1, 1, 0]
    (ax,) = figures.misclassified(np.zeros((5, 4, 4)), truths, answers, np.full((5, 2), 0.5), ["a", "b"]).axes
    assert ax.get_title(loc="left") == title
