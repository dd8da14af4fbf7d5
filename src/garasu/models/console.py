"""What ``fit`` shows while it works: a bar in a terminal and in a notebook, a line an epoch elsewhere."""

import sys
import time
from typing import Any

from rich.console import Console

from garasu.callbacks import Callback
from garasu.messages import text
from garasu.models.bars import Display, Lines, NotebookBar, TerminalBar, kernel_display


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
    """``verbose`` 1: a bar that moves at most 4 times a second, then a line an epoch; 2: the lines alone.

    Where there is neither a terminal nor a notebook it is lines too. ``console`` is looked for a terminal, ``display``
    draws in a notebook; unless given they are the standard output's, and those of the kernel that runs this program.
    """

    def __init__(
        self, epochs: int, verbose: int, console: Console | None = None, display: Display | None = None
    ) -> None:
        self.epochs = epochs
        self.began = 0.0
        if console is None:
            display = display or kernel_display()
            console = _console()
        self.bar = _bar(verbose, console, display)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """A new bar."""
        self.began = time.perf_counter()
        self.bar.begin(self._title(epoch))

    def on_progress(self, epoch: int, done: int, steps: int, logs: Any) -> None:
        """Move the bar."""
        self.bar.move(done, steps, means_line(logs))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """One line that stays."""
        seconds = time.perf_counter() - self.began
        self.bar.end(f"{self._title(epoch)} - {seconds:.1f}s - {means_line(logs or {})}")

    def on_train_end(self, logs: Any = None) -> None:
        """Nothing is left on the screen."""
        self.close()

    def close(self) -> None:
        """Take the bar away, also after an exception."""
        self.bar.close()

    def _title(self, epoch: int) -> str:
        return text("models.epoch_of", epoch=epoch + 1, epochs=self.epochs)


def _console() -> Console:
    """Plain lines on the standard output, and nothing of rich's own for notebooks, which needs a package more."""
    return Console(file=sys.stdout, force_jupyter=False, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _bar(verbose: int, console: Console, display: Display | None) -> Lines | NotebookBar:
    if verbose == 1 and display is not None:
        return NotebookBar(display)
    return TerminalBar(console) if verbose == 1 and console.is_terminal else Lines(console)
