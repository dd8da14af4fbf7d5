"""The picture of the learning-rate finder holds the right lines, numbers and words."""

import numpy as np
import pytest

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, ShapeError
from garasu.train import FoundRates

RATES = np.geomspace(1e-4, 1.0, 9)
LOSSES = np.array([2.3, 2.4, 2.2, 2.0, 1.6, 1.2, 1.0, 3.0, 9.0])
SMOOTHED = np.array([2.3, 2.35, 2.3, 2.1, 1.8, 1.4, 1.2, 1.8, 4.5])
RECORD = FoundRates(RATES, LOSSES, SMOOTHED, 0.02, exploded=True)


def test_each_loss_the_smoothed_curve_and_the_suggestion():
    (ax,) = figures.learning_rate_finder(RECORD).axes
    each, smoothed, line, ring = ax.lines
    for drawn, values in ((each, LOSSES), (smoothed, SMOOTHED)):
        assert drawn.get_xdata().tolist() == RATES.tolist() and drawn.get_ydata().tolist() == values.tolist()
    assert smoothed.get_color() == style.BLUE and smoothed.get_linestyle() == "-"
    assert line.get_color() == style.ORANGE and line.get_linestyle() == "--"  # told apart without colours too
    assert set(line.get_xdata()) == {0.02} and ring.get_xdata().tolist() == [0.02]
    assert SMOOTHED[5] < ring.get_ydata()[0] < SMOOTHED[4]
    assert ax.get_xscale() == "log" and ax.get_xlim() == (RATES[0], RATES[-1])


def test_an_explosion_leaves_the_picture_at_its_top():
    (ax,) = figures.learning_rate_finder(RECORD).axes
    bottom, top = ax.get_ylim()
    assert bottom < SMOOTHED.min() and SMOOTHED[0] < top < SMOOTHED[-1]


def test_words(language, legible):
    words = {
        "en": ["Loss while the learning rate grows", "suggested: 0.02, where the loss falls fastest"],
        "ja": ["学習率を上げていったときの損失", "推奨値: 0.02（損失が最も急に下がる点）"],
    }[language]
    figure = figures.learning_rate_finder(RECORD)
    (ax,) = figure.axes
    assert [ax.get_title(loc="left"), ax.texts[0].get_text()] == words
    legend = [one.get_text() for one in figure.legends[0].get_texts()]
    assert (
        legend
        == {"en": ["each mini-batch", "smoothed", "suggestion"], "ja": ["ミニバッチごと", "平滑化後", "推奨値"]}[
            language
        ]
    )
    legible(figure)


def test_without_a_suggestion(language):
    (ax,) = figures.learning_rate_finder(FoundRates(RATES, LOSSES, SMOOTHED, None, exploded=False)).axes
    assert len(ax.lines) == 2
    assert ax.texts[0].get_text().startswith({"en": "the loss never fell", "ja": "損失が下がらなかった"}[language])


def test_a_loss_that_stands_still_and_few_rates(texts):
    flat = np.array([0.5, 0.5])
    figure = figures.learning_rate_finder(FoundRates(np.array([0.1, 0.3]), flat, flat, None, exploded=False))
    low, high = figure.axes[0].get_ylim()
    assert low < 0.5 < high
    assert any(one.get_text() == "0.2" for one in texts(figure))


def test_into_axes_of_the_users_own():
    own = style.figure(5, 3)
    ax = own.add_subplot()
    assert figures.learning_rate_finder(RECORD, ax=ax) is own
    assert ax.get_legend() is not None and not own.legends


@pytest.mark.parametrize(
    ("error", "named", "changed"),
    [
        (ShapeError, r"'losses'.*\(3,\).*\(9,\)|「losses」.*\(3,\).*\(9,\)", {"losses": [1.0, 2.0, 3.0]}),
        (ShapeError, r"'losses'.*\(9,\).*\(1,\)|「losses」.*\(9,\).*\(1,\)", {"rates": [1.0]}),
        (
            ShapeError,
            "Only 1 learning|学習率が 1 個",
            {"rates": [1.0], "losses": [2.0], "smoothed": [2.0]},
        ),
        (ShapeError, "Only 0 learning|学習率が 0 個", {"rates": [], "losses": [], "smoothed": []}),
        (ShapeError, r"'smoothed'.*\(9, 1\)|「smoothed」.*\(9, 1\)", {"smoothed": SMOOTHED[:, None]}),
        (DataError, "losses", {"losses": np.where(LOSSES > 5, np.inf, LOSSES)}),
    ],
)
def test_what_cannot_be_drawn(error, named, changed, language):
    given = {"rates": RATES, "losses": LOSSES, "smoothed": SMOOTHED, "suggestion": 0.1, "exploded": True}
    with pytest.raises(error, match=named):
        figures.learning_rate_finder(FoundRates(**{**given, **changed}))
