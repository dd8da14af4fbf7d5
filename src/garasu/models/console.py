"""What ``fit`` shows while it works: a bar in a terminal, a line an epoch elsewhere."""

import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from garasu.callbacks import Callback
from garasu.messages import text


def means_line(logs: Any) -> str:
    """Means as Keras prints them.

    Example:
        >>> means_line({"loss": 0.51234, "acc": 0.9})
        'loss: 0.5123 - acc: 0.9000'
    """
    return " - ".join(
        f"{name}: {value:.4g}" if value < 1e-3 else f"{name}: {value:.4f}" for name, value in logs.items()
    )


class ConsoleProgress(Callback):
    """``verbose`` 1: a bar that updates in place at most 4 times a second; 2, or no terminal: a line an epoch."""

    def __init__(self, epochs: int, verbose: int, console: Console | None = None) -> None:
        self.epochs = epochs
        self.console = console or Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self.bar_wanted = verbose == 1 and self.console.is_terminal
        self.bar: Progress | None = None
        self.began = 0.0
        self.task: Any = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """A new bar."""
        self.began = time.perf_counter()
        if self.bar_wanted:
            columns = (
                TextColumn(text("models.epoch_of", epoch=epoch + 1, epochs=self.epochs)),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[means]}"),
            )
            self.bar = Progress(*columns, console=self.console, refresh_per_second=4, transient=True)
            self.task = self.bar.add_task("", total=None, means="")
            self.bar.start()

    def on_progress(self, epoch: int, done: int, steps: int, logs: Any) -> None:
        """Move the bar."""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=steps, means=means_line(logs))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """One line that stays."""
        self.close()
        title = text("models.epoch_of", epoch=epoch + 1, epochs=self.epochs)
        self.console.print(f"{title} - {time.perf_counter() - self.began:.1f}s - {means_line(logs or {})}")

    def on_train_end(self, logs: Any = None) -> None:
        """Nothing is left on the screen."""
        self.close()

    def close(self) -> None:
        """Take the bar away, also after an exception."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None
