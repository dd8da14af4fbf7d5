"""Losses by name, as plain data, and with settings they cannot have."""

import json

import numpy as np
import pytest
from attrs import evolve

from garasu import losses
from garasu.losses import (
    CLASSES,
    NAMES,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Huber,
    Loss,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    SumOfSquares,
)
from garasu.messages import SettingError, UnknownNameError, shown
from garasu.networks import describe, rebuild


@pytest.mark.parametrize("name", NAMES)
def test_names_are_those_of_keras(name):
    import keras

    ours = losses.get(name)
    if name == "sum_of_squares":
        return  # the course's own
    name = {"kullback_leibler_divergence": "kl_divergence"}.get(name, name)  # Keras 2's
    theirs = keras.losses.get(name)
    theirs = getattr(theirs, "__name__", type(theirs).__name__)
    assert theirs.replace("_", "").lower() == type(ours).__name__.lower()


def test_every_loss_has_a_name():
    assert set(NAMES.values()) == set(CLASSES)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_loss_is_plain_data(kind):
    loss = kind(reduction="sum")
    again = rebuild(describe(loss))
    assert type(again) is kind and repr(again) == repr(loss) and again.reduction == "sum"


OTHERWISE = [
    BinaryCrossentropy(outputs="sum", label_smoothing=0.1),
    CategoricalCrossentropy(label_smoothing=np.float32(0.25)),
    Huber(delta=np.float64(0.3), reduction="sum"),
    MeanSquaredError(half=True),
    SparseCategoricalCrossentropy(label_smoothing=0.2),
    SumOfSquares(half=np.True_),
]


@pytest.mark.parametrize("loss", OTHERWISE, ids=repr)
def test_settings_come_back_from_a_file_and_leave_float32_alone(loss):
    again = rebuild(json.loads(json.dumps(describe(loss))))
    assert repr(again) == repr(loss)
    y = np.full((2, 3), 0.25, dtype=np.float32)
    t = np.array([0, 2], np.int32) if loss.target == "index" else np.eye(3, dtype=np.float32)[:2]
    assert again.value(y, t).dtype == again.backward(y, t).dtype == np.float32
    np.testing.assert_array_equal(again.value(y, t), loss.value(y, t))


@pytest.mark.parametrize("wrong", [None, Loss, int, 3, lambda t, y: y])
def test_what_is_neither_a_loss_nor_a_name(wrong, language):
    with pytest.raises(SettingError, match="compile") as caught:
        losses.get(wrong)
    assert shown(wrong) in str(caught.value) and "MeanSquaredError()" in str(caught.value)


def test_the_distance_of_huber_is_called_delta():
    loss = Huber(delta=0.25)
    described = describe(loss)
    assert described["settings"] == {"reduction": "mean", "delta": 0.25}
    assert rebuild(described).distance == 0.25
    assert evolve(loss, reduction="sum").distance == 0.25
    with pytest.raises(TypeError, match="Huber has no partner activation"):
        loss.delta(np.ones((1, 1)), np.ones((1, 1)))


def test_get_offers_the_nearest_name():
    with pytest.raises(UnknownNameError, match=r"no loss named 'hubber'\. Did you mean 'huber'\?"):
        losses.get("hubber")


def test_get_takes_losses_and_another_reduction():
    loss = Huber(delta=2.0)
    assert losses.get(loss) is loss
    assert (losses.get(loss, "sum").reduction, losses.get(loss, "sum").distance) == ("sum", 2.0)
    assert isinstance(losses.get("kld"), Loss)


ONE_OF = "must be one of 'mean', 'sum'."
SHARE = "must be a number from 0 up to, not including, 1."


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("MeanSquaredError", {"half": 1}, "MeanSquaredError: half must be True or False. Got 1 instead."),
        ("SumOfSquares", {"half": None}, "SumOfSquares: half must be True or False. Got None instead."),
        ("Huber", {"delta": 0}, "Huber: delta must be a number above 0. Got 0 instead."),
        ("Huber", {"reduction": "none"}, f"Huber: reduction {ONE_OF} Got 'none' instead."),
        ("BinaryCrossentropy", {"outputs": "all"}, f"BinaryCrossentropy: outputs {ONE_OF} Got 'all' instead."),
        ("BinaryCrossentropy", {"label_smoothing": 1}, f"BinaryCrossentropy: label_smoothing {SHARE} Got 1 instead."),
        (
            "CategoricalCrossentropy",
            {"label_smoothing": -0.1},
            f"CategoricalCrossentropy: label_smoothing {SHARE} Got -0.1 instead.",
        ),
        (
            "SparseCategoricalCrossentropy",
            {"label_smoothing": "a"},
            f"SparseCategoricalCrossentropy: label_smoothing {SHARE} Got 'a' instead.",
        ),
    ],
)
def test_settings_out_of_range(kind, settings, said):
    with pytest.raises(SettingError) as caught:
        getattr(losses, kind)(**settings)
    assert str(caught.value) == said
