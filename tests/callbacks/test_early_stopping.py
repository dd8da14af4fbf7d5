"""EarlyStopping beside Keras's, and what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garasu.callbacks import EarlyStopping

# Eighths are exact in float32, in which Keras compares.
EIGHTHS = st.integers(0, 16).map(lambda value: value / 8)
SETTINGS = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["min", "max"]),
        "min_delta": st.sampled_from([0, 0.125, -0.125, 0.25]),
        "patience": st.integers(0, 3),
        "baseline": st.none() | EIGHTHS,
        "restore_best_weights": st.booleans(),
        "start_from_epoch": st.integers(0, 3),
    }
)


@given(SETTINGS, st.lists(EIGHTHS | st.none(), min_size=1, max_size=10), st.integers(1, 2))
def test_stops_and_restores_as_keras_does(compare, settings, values, fits):
    epochs = [{"loss": 1.0} if value is None else {"val_loss": value} for value in values]
    compare(EarlyStopping(**settings), lambda keras: keras.EarlyStopping(**settings), epochs, fits=fits)


def test_by_hand(model, drive):
    callback = EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
    drive(callback, [{"val_loss": value} for value in (0.9, 0.4, 0.5, 0.6, 0.1)], model=model)
    assert (callback.stopped_epoch, callback.best_epoch, callback.best) == (3, 1, 0.4)
    assert model.weights[0].tolist() == [2.0]  # those of the second epoch


@pytest.mark.parametrize("name", ["acc", "val_accuracy", "sparse_categorical_accuracy"])
def test_auto_means_that_an_accuracy_should_rise(name, model, drive):
    drive(EarlyStopping(monitor=name), [{name: value} for value in (0.1, 0.5, 0.9, 0.9)], model=model)
    assert model.stop_training


def test_a_first_value_that_is_no_number_is_not_the_best(model, drive):
    callback = EarlyStopping(monitor="loss", patience=5)
    drive(callback, [{"loss": float("nan")}, {"loss": 0.5}, {"loss": 0.25}], model=model)
    assert callback.best == 0.25 and callback.wait == 0


def test_what_it_says(language, drive, capsys):
    drive(EarlyStopping("loss", verbose=1, restore_best_weights=True), [{"loss": 0.5}, {"loss": 0.5}])
    first, second = capsys.readouterr().out.splitlines()
    assert "loss" in first and "2" in first and "1" in second
    assert ("エポック" in first) == ("エポック" in second) == (language == "ja")
    drive(EarlyStopping("loss"), [{"loss": 0.5}, {"loss": 0.5}])
    assert capsys.readouterr().out == ""
