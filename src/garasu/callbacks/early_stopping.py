"""Stop when a value has not improved for some epochs.

    wait <- 0           after an epoch that beats the best so far, and the baseline where there is one
    wait <- wait + 1    after any other; where then wait >= patience, training stops

The first epoch never stops training.
"""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from garasu.callbacks import fields
from garasu.callbacks.monitor import MonitorCallback
from garasu.messages import text
from garasu.settings import number, truth


@define(eq=False, slots=False)
class EarlyStopping(MonitorCallback):
    """Stop when ``monitor`` has not improved by more than ``min_delta`` for ``patience`` epochs.

    Args:
        monitor: a name in the logs.
        min_delta: a change up to this size is no improvement.
        patience: epochs without improvement after which training stops.
        verbose: 1 says so at the end.
        mode: "min", "max", or "auto" (from the name).
        baseline: a value that must be beaten too.
        restore_best_weights: give the model the weights of the best epoch at the end.
        start_from_epoch: epochs that are not looked at first.

    Example:
        >>> from types import SimpleNamespace
        >>> model = SimpleNamespace(stop_training=False)
        >>> stopping = EarlyStopping(monitor="loss", patience=2)
        >>> stopping.set_model(model)
        >>> for epoch, loss in enumerate([0.9, 0.5, 0.6, 0.7]):
        ...     stopping.on_epoch_end(epoch, {"loss": loss})
        >>> model.stop_training, stopping.best, stopping.best_epoch
        (True, 0.5, 1)
    """

    monitor: str = field(default="val_loss", validator=fields.monitor)
    min_delta: float = field(default=0.0, validator=number)
    patience: int = field(default=0, validator=fields.patience)
    verbose: int = field(default=0, validator=fields.verbose)
    mode: str = field(default="auto", validator=fields.mode)
    baseline: float | None = field(default=None, validator=fields.optional_number)
    restore_best_weights: bool = field(default=False, validator=truth)
    start_from_epoch: int = field(default=0, validator=fields.patience)

    best: float | None = field(default=None, init=False, repr=False)
    best_epoch: int = field(default=0, init=False, repr=False)
    best_weights: Any = field(default=None, init=False, repr=False)
    wait: int = field(default=0, init=False, repr=False)
    stopped_epoch: int = field(default=0, init=False, repr=False)

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Forget the fit before."""
        super().on_train_begin(logs)
        self.best, self.best_weights = None, None
        self.best_epoch = self.wait = self.stopped_epoch = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Compare, and stop when patience is over."""
        value = self.watched(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._remember(epoch)
        self.wait += 1
        if self.improves(value, self.best):
            self.best = value
            self._remember(epoch)
            if self.improves(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Say what happened, and go back to the best weights if asked."""
        if self.stopped_epoch > 0 and self.verbose:
            print(text("callbacks.early_stopping", epoch=self.stopped_epoch + 1, monitor=self.monitor))
        if self.restore_best_weights and self.best_weights is not None:
            self.model.set_weights(self.best_weights)
            if self.verbose:
                print(text("callbacks.restored", epoch=self.best_epoch + 1))

    def _remember(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()
