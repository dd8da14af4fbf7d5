"""TerminateOnNaN: stops where Keras's stops, and where the loop says that a step was not finite."""

import math

import pytest

from garasu.callbacks import CallbackList, EarlyStopping, TerminateOnNaN


@pytest.mark.parametrize("losses", [[1.0, 0.5], [1.0, math.nan, 0.5], [math.inf], [0.5, -math.inf]])
def test_stops_at_the_same_losses_as_keras(losses, model):
    import keras

    theirs, ours = keras.callbacks.TerminateOnNaN(), TerminateOnNaN()
    their_model = type(model)()
    theirs.set_model(their_model)
    ours.set_model(model)
    ours.on_epoch_begin(0)
    for batch, loss in enumerate(losses):
        theirs.on_train_batch_end(batch, {"loss": loss})
        ours.on_progress(0, batch + 1, len(losses), {"loss": loss})
    ours.on_epoch_end(0, {})
    assert model.stop_training == their_model.stop_training


def test_an_epoch_cut_short_is_one_that_was_not_finite(model, language, capsys):
    """As the loop tells it: two of five steps done, means of those, end of the epoch."""
    callback = TerminateOnNaN()
    callback.set_model(model)
    callback.on_epoch_begin(3)
    callback.on_progress(3, 2, 5, {"loss": 0.5})
    callback.on_epoch_end(3, {"loss": 0.5})
    (said,) = capsys.readouterr().out.splitlines()
    assert model.stop_training and "4" in said and "3" in said and ("エポック" in said) == (language == "ja")


def test_says_nothing_about_an_epoch_that_another_ended(model, capsys):
    callback = TerminateOnNaN()
    callback.set_model(model)
    callback.on_epoch_begin(0)
    callback.on_progress(0, 2, 5, {"loss": 0.5})
    model.stop_training = True
    callback.on_epoch_end(0, {"loss": 0.5})
    assert capsys.readouterr().out == ""


def test_tells_the_loop_to_stop_quietly(model):
    def quiet(*callbacks):
        return CallbackList(callbacks, model, {}).stops_on_nan

    assert quiet(EarlyStopping(), TerminateOnNaN())
    assert not quiet(EarlyStopping()) and not quiet(TerminateOnNaN(raise_error=True))
    assert not CallbackList([TerminateOnNaN()], model, {}).wants_batches
