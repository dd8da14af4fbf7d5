"""The training curves hold the right lines, numbers and words."""

import math

import numpy as np
import pytest

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, ShapeError

HISTORY = {
    "loss": [0.9, 0.5, 0.3],
    "accuracy": [0.6, 0.8, 0.9],
    "val_loss": [0.8, 0.4, 0.6],
    "val_accuracy": [0.7, 0.85, 0.8],
    "learning_rate": [0.1, 0.1, 0.1],
}
BARE = {"loss": HISTORY["loss"], "acc": HISTORY["accuracy"]}


def _curves(ax):
    return [(line.get_color(), line.get_xdata().tolist(), line.get_ydata().tolist()) for line in ax.lines]


def test_loss_and_accuracy_training_and_validation():
    loss, accuracy = figures.training_curves(HISTORY).axes
    numbers = [1, 2, 3]
    assert _curves(loss)[:2] == [
        (style.BLUE, numbers, HISTORY["loss"]),
        (style.ORANGE, numbers, HISTORY["val_loss"]),
    ]
    assert _curves(accuracy)[:2] == [
        (style.BLUE, numbers, HISTORY["accuracy"]),
        (style.ORANGE, numbers, HISTORY["val_accuracy"]),
    ]
    assert [line.get_linestyle() for line in loss.lines[:2]] == ["-", "--"]  # told apart without colours too


def test_words(language):
    words = {
        "en": ["Loss (lower is better)", "Accuracy (higher is better)", "best validation 0.4, epoch 2", "epoch"],
        "ja": ["損失（小さいほどよい）", "正解率（大きいほどよい）", "検証の最良値 0.4（エポック 2）", "エポック"],
    }[language]
    figure = figures.training_curves(HISTORY)
    loss, accuracy = figure.axes
    assert [loss.get_title(loc="left"), accuracy.get_title(loc="left")] == words[:2]
    assert [one.get_text() for one in loss.texts] == words[2:3] and loss.get_xlabel() == words[3]
    legend = [one.get_text() for one in figure.legends[0].get_texts()]
    assert legend == {"en": ["training", "validation"], "ja": ["学習", "検証"]}[language]


def test_the_ring_is_around_the_best_epoch():
    loss, accuracy = figures.training_curves(HISTORY, epochs=[11, 12, 13]).axes
    assert _curves(loss)[2][1:] == ([12], [0.4]) and _curves(accuracy)[2][1:] == ([12], [0.85])
    loss, accuracy = figures.training_curves(BARE).axes
    assert _curves(loss)[1][1:] == ([3], [0.3]) and "training" in loss.texts[0].get_text()


def test_one_epoch_is_marked_at_a_whole_number(texts):
    figure = figures.training_curves({name: values[:1] for name, values in HISTORY.items()})
    loss, accuracy = figure.axes
    figure.draw_without_rendering()
    assert all(line.get_marker() != "" for line in loss.lines) and accuracy.get_ylim() == (0.0, 1.0)
    assert [label.get_text() for label in loss.get_xticklabels() if label.get_text()].count("1") == 1
    assert loss.get_xlim() == (0.5, 1.5)


@pytest.mark.parametrize("names", [["loss"], ["accuracy"], ["val_loss"]])
def test_one_panel_where_there_is_one_value(names):
    assert len(figures.training_curves({name: HISTORY[name] for name in names}).axes) == 1


def test_an_epoch_without_validation_and_numbers_that_are_not_finite():
    history = {"loss": [3.0, math.nan, math.inf, 1.0], "val_loss": [3.0, 2.5]}
    (loss,) = figures.training_curves(history).axes
    np.testing.assert_array_equal(loss.lines[0].get_ydata(), [3.0, math.nan, math.nan, 1.0])
    assert loss.lines[1].get_xdata().tolist() == [1, 2]
    (loss,) = figures.training_curves({"loss": [math.nan]}).axes
    assert len(loss.lines) == 1 and not loss.texts


def test_a_loss_that_falls_far_is_on_a_logarithmic_scale():
    far, near = ({"loss": [top, 1.0]} for top in (150.0, 50.0))
    assert figures.training_curves(far).axes[0].get_yscale() == "log"
    ax = figures.training_curves(near).axes[0]
    assert ax.get_yscale() == "linear" and ax.get_ylim()[0] == 0


def test_into_axes_of_the_users_own():
    own = style.figure(6, 3)
    left, right = own.subplots(1, 2)
    assert figures.training_curves(HISTORY, ax=[left, right]) is own
    assert len(left.lines) == len(right.lines) == 3 and left.get_legend() is not None and not own.legends
    single = own.add_subplot()
    own.set_facecolor("black")  # as the user's style may have it
    assert figures.training_curves({"loss": [1.0]}, ax=single) is own and own.get_facecolor() == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("error", "named", "call"),
    [
        (DataError, "mse", lambda: figures.training_curves({"mse": [1.0]})),
        (DataError, "nothing|なし", lambda: figures.training_curves({})),
        (DataError, "loss", lambda: figures.training_curves({"loss": []})),
        (ShapeError, "'loss'|「loss」", lambda: figures.training_curves(HISTORY, epochs=[1, 2])),
        (ShapeError, "loss, accuracy", lambda: figures.training_curves(HISTORY, ax=style.figure(1, 1).add_subplot())),
    ],
)
def test_what_cannot_be_drawn(error, named, call, language):
    with pytest.raises(error, match=named):
        call()
