"""Lower the learning rate when a value has stopped improving.

    eta <- max(factor eta, min_lr)

after ``patience`` epochs without improvement; the next ``cooldown`` epochs do not count.
"""

import math
from collections.abc import Mapping
from typing import Any

from attrs import define, field

from garasu.callbacks import fields
from garasu.callbacks.monitor import MonitorCallback
from garasu.messages import text
from garasu.settings import fraction, not_negative, number


@define(eq=False, slots=False)
class ReduceLROnPlateau(MonitorCallback):
    """Multiply the learning rate by ``factor`` when ``monitor`` has not improved for ``patience`` epochs.

    The rate each epoch was trained with is added to the logs as "learning_rate".

    Args:
        monitor: a name in the logs.
        factor: what the rate is multiplied by, below 1.
        patience: epochs without improvement after which the rate is lowered.
        verbose: 1 says so each time.
        mode: "min", "max", or "auto" (from the name).
        min_delta: a change up to this size is no improvement.
        cooldown: epochs after a lowering that do not count as without improvement.
        min_lr: the rate goes no lower.

    Example:
        >>> from types import SimpleNamespace
        >>> model = SimpleNamespace(optimizer=SimpleNamespace(learning_rate=0.1))
        >>> reducing = ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2)
        >>> reducing.set_model(model)
        >>> for epoch, loss in enumerate([0.9, 0.9, 0.9, 0.9]):
        ...     reducing.on_epoch_end(epoch, {"loss": loss})
        >>> model.optimizer.learning_rate
        0.05
    """

    monitor: str = field(default="val_loss", validator=fields.monitor)
    factor: float = field(default=0.1, validator=fraction)
    patience: int = field(default=10, validator=fields.patience)
    verbose: int = field(default=0, validator=fields.verbose)
    mode: str = field(default="auto", validator=fields.mode)
    min_delta: float = field(default=1e-4, validator=number)
    cooldown: int = field(default=0, validator=fields.patience)
    min_lr: float = field(default=0.0, validator=not_negative)

    best: float | None = field(default=None, init=False, repr=False)
    wait: int = field(default=0, init=False, repr=False)
    cooldown_counter: int = field(default=0, init=False, repr=False)

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Forget the fit before."""
        super().on_train_begin(logs)
        self.best, self.wait, self.cooldown_counter = None, 0, 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Compare, and lower the rate when patience is over."""
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        value = self.watched(logs)
        if value is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.improves(value, self.best):
            self.best, self.wait = value, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._lower(epoch)

    def in_cooldown(self) -> bool:
        """Whether the last lowering is too fresh to count epochs."""
        return self.cooldown_counter > 0

    def _lower(self, epoch: int) -> None:
        optimizer = self.model.optimizer
        rate = float(optimizer.learning_rate)
        if rate <= self.min_lr or math.isclose(rate, self.min_lr, rel_tol=1e-6):  # it may have been rounded to float32
            return
        optimizer.learning_rate = max(rate * self.factor, float(self.min_lr))
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose:
            lowered = float(optimizer.learning_rate)
            print(text("callbacks.reduced", epoch=epoch + 1, rate=lowered, monitor=self.monitor))
