"""End training quietly, and say so, when the loss or a gradient stops being a finite number.

Without it training raises ``NonFiniteError``. Either way the weights are those before the step that failed.
"""

import math
from collections.abc import Mapping
from typing import Any

from attrs import define, field

from garasu.callbacks.callback import Callback
from garasu.messages import text
from garasu.settings import truth


@define(eq=False, slots=False)
class TerminateOnNaN(Callback):
    """End training at the first loss or gradient that is not finite, and print one line.

    Args:
        raise_error: raise ``NonFiniteError`` instead, as training does without this callback.

    Example:
        >>> TerminateOnNaN().stops_on_nan, TerminateOnNaN(raise_error=True).stops_on_nan
        (True, False)
    """

    raise_error: bool = field(default=False, validator=truth)

    _left: int = field(default=0, init=False, repr=False)
    _done: int = field(default=0, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        vars(self)["stops_on_nan"] = not self.raise_error

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """A new epoch: nothing has gone wrong in it."""
        self._left = self._done = 0

    def on_progress(self, epoch: int, done: int, steps: int, logs: Mapping[str, Any]) -> None:
        """Note how far this epoch has come, and look at the loss."""
        self._left, self._done = steps - done, done
        if not math.isfinite(float(logs.get("loss", 0.0))):
            self._stop(epoch, done)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """An epoch that ends early, though nobody asked for it, met a number that is not finite in its next step."""
        if self._left:
            self._stop(epoch, self._done + 1)

    def _stop(self, epoch: int, batch: int) -> None:
        if self.model.stop_training or self.raise_error:
            return
        print(text("callbacks.not_finite", epoch=epoch + 1, batch=batch))
        self.model.stop_training = True
