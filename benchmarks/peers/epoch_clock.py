"""The clock of all peers with callbacks: the wall time from an epoch's beginning to its end, set-up of fit left out."""

import time
from typing import Any


class EpochClock:
    """Mixed into a callback class of the library measured; the hooks' names are Keras's.

    Example:
        >>> clock = EpochClock()
        >>> clock.on_epoch_begin(0); clock.on_epoch_end(0)
        >>> clock.seconds >= 0.0
        True
    """

    began = 0.0
    seconds = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start."""
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stop."""
        self.seconds = time.perf_counter() - self.began
