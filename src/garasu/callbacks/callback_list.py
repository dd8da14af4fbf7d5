"""Several callbacks as one listener of the loop; ``model.stop_training`` is carried over to the loop."""

from collections.abc import Mapping, Sequence
from typing import Any

from garasu.callbacks.callback import Callback, Logs

_BATCH_HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")


class CallbackList:
    """Calls every callback in order.

    Example:
        >>> CallbackList([Callback()], model=None, params={}).wants_batches
        False
    """

    def __init__(self, callbacks: Sequence[Callback], model: Any, params: Mapping[str, Any]) -> None:
        self.callbacks = list(callbacks)
        self.wants_batches = any(_overrides(one, hook) for one in self.callbacks for hook in _BATCH_HOOKS)
        self.stops_on_nan = any(one.stops_on_nan for one in self.callbacks)
        self.model = model
        for one in self.callbacks:
            one.set_model(model)
            one.set_params(params)

    def wants_stop(self) -> bool:
        """Whether a callback has set ``model.stop_training``."""
        return bool(getattr(self.model, "stop_training", False))

    def on_train_begin(self) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_train_begin({})

    def on_train_end(self, logs: Logs) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_train_end(logs)

    def on_epoch_begin(self, epoch: int) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_epoch_begin(epoch, {})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Tell every callback; they share ``logs``, so one may add to it."""
        for one in self.callbacks:
            one.on_epoch_end(epoch, logs)

    def on_train_batch_begin(self, batch: int) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_train_batch_begin(batch, {})

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_train_batch_end(batch, logs)

    def on_test_begin(self) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_test_begin({})

    def on_test_end(self, logs: Logs) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_test_end(logs)

    def on_progress(self, epoch: int, done: int, steps: int, logs: Logs) -> None:
        """Tell every callback."""
        for one in self.callbacks:
            one.on_progress(epoch, done, steps, logs)


def _overrides(callback: Callback, hook: str) -> bool:
    """Whether the callback's class, or the callback itself (a LambdaCallback), defines the hook."""
    return hook in vars(callback) or getattr(type(callback), hook) is not getattr(Callback, hook)
