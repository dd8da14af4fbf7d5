"""What a callback is: hooks that training calls, under Keras's names. Override those you want.

``logs`` holds the means so far ("loss", "accuracy", at the end of an epoch also "val_loss" and so on). ``self.model``
is the model in training: ``model.stop_training = True`` ends it after this epoch, ``model.optimizer.learning_rate`` can
be read and set.

Overriding ``on_train_batch_begin`` or ``on_train_batch_end`` (or their short names without ``train``) makes training
call back after every mini-batch, one program a step; without them many steps run in one program, and ``on_progress``
hears of each program. Validation runs in programs of many rows, so Keras's hooks of its mini-batches,
``on_test_batch_*``, are not called.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from garasu.settings import Answering

Logs = Mapping[str, Any]


class Callback(Answering):
    """A callback that does nothing.

    Example:
        >>> class Say(Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(epoch, sorted(logs))
        >>> Say().on_epoch_end(0, {"loss": 0.5})
        0 ['loss']
    """

    stops_on_nan: ClassVar[bool] = False
    """Whether a loss that is not finite ends training quietly instead of raising."""

    model: Any = None
    params: Mapping[str, Any]

    def set_model(self, model: Any) -> None:
        """Called before training: the model in training."""
        self.model = model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Called before training: "epochs", "steps", "verbose"."""
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """After the last epoch, with its logs."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Before an epoch; epochs count from 0."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """After an epoch and its validation; what is added to ``logs`` is kept in the history."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a mini-batch; they count from 0 in each epoch."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a mini-batch, with the epoch's means so far."""
        self.on_batch_end(batch, logs)

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Keras's short name of ``on_train_batch_begin``."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Keras's short name of ``on_train_batch_end``."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Before an epoch's validation."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """After an epoch's validation, with its means."""

    def on_progress(self, epoch: int, done: int, steps: int, logs: Logs) -> None:
        """After each program: ``done`` of ``steps`` mini-batches of this epoch, and the means so far."""
