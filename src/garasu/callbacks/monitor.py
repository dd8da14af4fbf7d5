"""What three callbacks share: one value of the logs, which way is better, and the best so far.

    better than r  <=>  v + min_delta < r   where lower is better
                        v - min_delta > r   where higher is better

``mode="auto"`` knows that a loss should fall and an accuracy rise; of any other name it asks for ``mode``.
"""

import math
import warnings
from collections.abc import Mapping
from typing import Any

from garasu.callbacks.callback import Callback
from garasu.messages import SettingError, text


class MonitorCallback(Callback):
    """A callback that watches one value. Not used by itself; its heirs declare the settings in Keras's order."""

    monitor: str
    mode: str
    min_delta: float
    best: float | None

    _warned: bool = False
    _sentence: str = "callbacks.unknown_monitor"

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """A new fit warns anew."""
        self._warned = False

    def watched(self, logs: Mapping[str, Any] | None) -> float | None:
        """The watched value; where training does not report it, None, and once a fit a warning naming what there is."""
        value = (logs or {}).get(self.monitor)
        if value is None and not self._warned:
            self._warned = True
            known = ", ".join(logs or ()) or text("callbacks.no_values")
            said = text(self._sentence, callback=type(self).__name__, monitor=self.monitor, known=known)
            warnings.warn(said, stacklevel=2)
        return None if value is None else float(value)

    def improves(self, value: float, reference: float | None) -> bool:
        """Whether ``value`` is better than ``reference``; NaN never is, and any number is better than none.

        Raises:
            SettingError: ``mode="auto"`` cannot tell which way is better for this name.
        """
        delta = abs(self.min_delta)
        lower = self._lower_is_better()
        if math.isnan(value):  # Keras takes a first NaN as the best, which nothing then beats
            return False
        if reference is None:
            return True
        return value + delta < reference if lower else value - delta > reference

    def _lower_is_better(self) -> bool:
        if self.mode != "auto":
            return self.mode == "min"
        name = self.monitor.removeprefix("val_")
        if name == "loss":
            return True
        if name == "acc" or name.endswith("accuracy"):
            return False
        raise SettingError("callbacks.direction", callback=type(self).__name__, monitor=self.monitor)
