"""ReduceLROnPlateau beside Keras's, and what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garasu.callbacks import ReduceLROnPlateau

EIGHTHS = st.integers(0, 8).map(lambda value: value / 8)
SETTINGS = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["min", "max"]),
        "factor": st.sampled_from([0.0, 0.25, 0.5]),
        "min_delta": st.sampled_from([0.0, 0.125, 0.25]),
        "patience": st.integers(0, 3),
        "cooldown": st.integers(0, 3),
        "min_lr": st.sampled_from([0.0, 0.0625, 0.1]),
    }
)


@given(SETTINGS, st.lists(EIGHTHS | st.none(), min_size=1, max_size=12), st.integers(1, 2))
def test_lowers_the_rate_as_keras_does(compare, settings, values, fits):
    epochs = [{"loss": 1.0} if value is None else {"val_loss": value} for value in values]
    compare(ReduceLROnPlateau(**settings), lambda keras: keras.ReduceLROnPlateau(**settings), epochs, fits=fits)


def test_defaults_as_keras_has_them(compare):
    epochs = [{"val_loss": 1.0 - 5e-5 * epoch} for epoch in range(25)]  # each step below min_delta
    compare(ReduceLROnPlateau(), lambda keras: keras.ReduceLROnPlateau(), epochs)


def test_a_rate_rounded_to_float32_is_not_lowered_again(model, drive, capsys):
    model.optimizer.learning_rate = 0.10000000149011612  # 0.1 in float32
    drive(ReduceLROnPlateau("loss", min_lr=0.1, patience=0, verbose=1), [{"loss": 1.0}] * 3, model=model)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_what_it_says(language, drive, capsys):
    drive(ReduceLROnPlateau("loss", factor=0.5, patience=1, verbose=1), [{"loss": 1.0}, {"loss": 1.0}])
    said = capsys.readouterr().out
    assert said == "Epoch 2: learning rate lowered to 0.25, because loss no longer improved.\n"
