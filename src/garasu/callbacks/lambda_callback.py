"""A callback made of functions, for what is too small for a class."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from garasu.callbacks.callback import Callback
from garasu.messages import SettingError, UnknownNameError, text

Function = Callable[..., Any]

# Which hooks come with a number before the logs, and under which name the logs come: Keras's way of calling them.
_WITHOUT_NUMBER = tuple(f"on_{what}_{when}" for what in ("train", "test", "predict") for when in ("begin", "end"))
_EPOCH = ("on_epoch_begin", "on_epoch_end")
_BATCH = tuple(f"on_{what}batch_{when}" for what in ("", "train_", "test_", "predict_") for when in ("begin", "end"))
_OWN = ("on_progress",)
HOOKS = (*_WITHOUT_NUMBER, *_EPOCH, *_BATCH, *_OWN)


class LambdaCallback(Callback):
    """Calls the functions given, and has no other hooks.

    The hooks of epochs are called with (epoch, logs), those of training's begin and end with (logs), those of
    mini-batches with (batch, logs=logs). Of Keras's other hooks ``on_batch_begin`` and ``on_batch_end`` are short names
    for those of training, ``on_test_begin`` and ``on_test_end`` stand round an epoch's validation; the others of tests
    and predictions may be given, though training does not call them.
    ``on_progress`` (epoch, done, steps, logs) is Garasu's own.

    Raises:
        UnknownNameError: there is no such hook; the nearest one is offered.
        SettingError: what was given is no function.

    Example:
        >>> say = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
        >>> say.on_epoch_end(0, {"loss": 0.5})
        0 0.5
    """

    def __init__(
        self,
        on_epoch_begin: Function | None = None,
        on_epoch_end: Function | None = None,
        on_train_begin: Function | None = None,
        on_train_end: Function | None = None,
        on_train_batch_begin: Function | None = None,
        on_train_batch_end: Function | None = None,
        **kwargs: Function | None,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin or kwargs.get("on_batch_begin"),
            "on_train_batch_end": on_train_batch_end or kwargs.get("on_batch_end"),
            **kwargs,
        }
        for hook, function in given.items():
            _check(hook, function)
            if function is not None:
                vars(self)[hook] = _adapted(hook, function)


def _check(hook: str, function: object) -> None:
    if hook not in HOOKS:
        near = get_close_matches(hook, HOOKS, n=1, cutoff=0.0)[0]
        raise UnknownNameError("callbacks.unknown_hook", name=hook, near=near, known=", ".join(HOOKS))
    if function is not None and not callable(function):
        expected, value = text("callbacks.optional_function"), repr(function)
        raise SettingError("settings.must_be", owner="LambdaCallback", name=hook, expected=expected, value=value)


def _adapted(hook: str, function: Function) -> Function:
    """The function behind the hook's own arguments, so that it always gets a dict of logs."""

    def with_logs(logs: Mapping[str, Any] | None = None) -> None:
        function({} if logs is None else logs)

    def with_epoch(epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        function(epoch, {} if logs is None else logs)

    def with_batch(batch: int, logs: Mapping[str, Any] | None = None) -> None:
        function(batch, logs={} if logs is None else logs)

    if hook in _OWN:
        return function
    if hook in _WITHOUT_NUMBER:
        return with_logs
    return with_batch if hook in _BATCH else with_epoch
