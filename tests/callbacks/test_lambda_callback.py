"""LambdaCallback: called as Keras calls it, and seen by the loop only where it has something to do."""

import inspect

import pytest

from garasu.callbacks import Callback, CallbackList, LambdaCallback
from garasu.callbacks.lambda_callback import HOOKS
from garasu.messages import SettingError, UnknownNameError

NAMED = (
    "on_epoch_begin",
    "on_epoch_end",
    "on_train_begin",
    "on_train_end",
    "on_train_batch_begin",
    "on_train_batch_end",
)


def _notes(hooks):
    notes = []

    def note(hook):
        return lambda *place, **named: notes.append((hook, place, named))

    return notes, {hook: note(hook) for hook in hooks}


@pytest.mark.parametrize("hooks", [NAMED, ("on_batch_begin", "on_batch_end"), (*NAMED[4:], "on_batch_end")])
def test_calls_as_keras_calls(drive, hooks):
    import keras

    heard = []
    for kind in (LambdaCallback, keras.callbacks.LambdaCallback):
        notes, functions = _notes(hooks)
        drive(kind(**functions), [{"loss": 1.0}, {"loss": 0.5}], batches=2)
        # Keras hands on to on_batch_... what it calls on_train_batch_...: the same place and logs, named or not.
        heard.append([(hook, place, named) if hook in NAMED[:4] else (hook, place[0]) for hook, place, named in notes])
    assert heard[0] == heard[1] and heard[0]


def test_the_loop_leaves_logs_out_but_functions_get_them(model):
    notes, functions = _notes(NAMED)
    listener = CallbackList([LambdaCallback(**functions)], model, {})
    listener.on_train_begin()
    listener.on_epoch_begin(0)
    listener.on_train_batch_begin(0)
    assert notes == [
        ("on_train_begin", ({},), {}),
        ("on_epoch_begin", (0, {}), {}),
        ("on_train_batch_begin", (0,), {"logs": {}}),
    ]


def test_only_hooks_that_were_given_exist(model):
    def wants(**functions):
        return CallbackList([LambdaCallback(**functions)], model, {}).wants_batches

    assert not wants(on_epoch_end=print, on_progress=print) and not wants(on_train_batch_end=None)
    assert wants(on_train_batch_end=print) and wants(on_batch_begin=print)


def test_what_a_function_adds_to_the_logs_stays():
    logs = {"loss": 0.5}
    LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(own=1.0)).on_epoch_end(0, logs)
    assert logs["own"] == 1.0


def test_progress_is_told_as_it_comes():
    notes, functions = _notes(["on_progress"])
    LambdaCallback(**functions).on_progress(0, 2, 5, {"loss": 1.0})
    assert notes == [("on_progress", (0, 2, 5, {"loss": 1.0}), {})]


def test_knows_every_hook_of_keras_and_of_ours():
    import keras

    for kind in (keras.callbacks.Callback, Callback):
        assert {name for name, _ in inspect.getmembers(kind) if name.startswith("on_")} <= set(HOOKS)


def test_unknown_hooks_and_what_is_no_function(language):
    with pytest.raises(UnknownNameError, match="on_epoch_end"):
        LambdaCallback(on_epoch_ended=print)
    with pytest.raises(SettingError, match="on_epoch_end"):
        LambdaCallback(on_epoch_end=3)
