"""Where progress is shown: lines, a bar in a terminal, a bar in a notebook. All have the same four methods."""

import builtins
import math
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_PER_SECOND = 4
_WIDTH = 30

Display = Callable[[str, Any], Any]
"""Draws lines in the area given, in place of what is there, or in a new one where that is None; answers with it."""


class Lines:
    """Nothing while an epoch lasts, a line at its end."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def begin(self, title: str) -> None:
        """An epoch begins."""

    def move(self, done: int, steps: int, means: str) -> None:
        """So many mini-batches are done."""

    def end(self, line: str) -> None:
        """The epoch is over: a line that stays."""
        self.close()
        self.console.print(line)

    def close(self) -> None:
        """Nothing more will come, perhaps in the middle of an epoch."""


class TerminalBar(Lines):
    """A bar that a thread of its own draws at most four times a second, and that goes with its epoch.

    An epoch that follows a bar more quickly than that gets one only when it has lasted so long.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(console)
        self.clock = clock
        self.bar: Progress | None = None
        self.task: Any = None
        self._title = ""
        self._drawn = -math.inf

    def begin(self, title: str) -> None:
        """A new bar, where it may be drawn."""
        self._title = title
        self._show()

    def move(self, done: int, steps: int, means: str) -> None:
        """What the thread will draw next."""
        self._show()
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=steps, means=means)

    def _show(self) -> None:
        if self.bar is not None or self.clock() - self._drawn < 1 / _PER_SECOND:
            return
        columns = (
            TextColumn(self._title, markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[means]}", markup=False),
        )
        self.bar = Progress(*columns, console=self.console, refresh_per_second=_PER_SECOND, transient=True)
        self.task = self.bar.add_task("", total=None, means="")
        self.bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()
            self.bar, self._drawn = None, self.clock()


class NotebookBar:
    """A line for each epoch: while it lasts a bar that is redrawn in its place, at most four times a second.

    A line that stays takes the bar's place. Where epochs follow each other faster than that, their lines come together.

    Example:
        >>> areas = []
        >>> def display(lines, area):
        ...     if area is None:
        ...         areas.append(area := [])
        ...     area.append(lines)
        ...     return area
        >>> bar = NotebookBar(display, clock=iter([0.0, 0.1, 0.2]).__next__)
        >>> bar.begin("Epoch 1/1")
        >>> bar.move(1, 2, "loss: 0.5")  # too early to be drawn
        >>> bar.end("Epoch 1/1 - loss: 0.4")
        >>> areas
        [['Epoch 1/1', 'Epoch 1/1 - loss: 0.4']]
    """

    def __init__(self, display: Display, clock: Callable[[], float] = time.monotonic) -> None:
        self.display = display
        self.clock = clock
        self._area: Any = None
        self._title = ""
        self._lines: list[str] = []  # of epochs that are over, in this area
        self._waiting = ""  # what is not drawn yet
        self._drawn = self._ended = -math.inf
        self._first: tuple[float, int] | None = None

    def begin(self, title: str) -> None:
        """The epoch's title, where it may be drawn."""
        self._title, self._first = title, None
        self._offer(title, self.clock(), self._drawn)

    def move(self, done: int, steps: int, means: str) -> None:
        """Draw the bar, or keep it until it may be drawn."""
        now = self.clock()
        began, before = self._first = self._first or (now, done)
        left = (now - began) * (steps - done) / (done - before) if done > before else None
        self._offer(bar_line(self._title, done, steps, left, means), now, self._drawn)

    def end(self, line: str) -> None:
        """The line that stays: at once, unless the one before it has only just come."""
        now = self.clock()
        if self._offer(line, now, self._ended):
            self._ended = now
            self._leave()
        else:
            self._lines.append(line)

    def close(self) -> None:
        """What was kept back is drawn; where an epoch was cut, its last state stays."""
        if self._waiting:
            self._draw(self.clock())
        self._leave()

    def _offer(self, line: str, now: float, before: float) -> bool:
        """Draw a line below those of this area if the last drawing, at ``before``, is long enough ago."""
        self._waiting = "\n".join([*self._lines, line])
        ripe = now - before >= 1 / _PER_SECOND
        if ripe:
            self._draw(now)
        return ripe

    def _draw(self, now: float) -> None:
        self._area = self.display(self._waiting, self._area)
        self._waiting, self._drawn = "", now

    def _leave(self) -> None:
        """What comes next has an area of its own."""
        self._area, self._lines = None, []


def bar_line(title: str, done: int, steps: int, left: float | None, means: str) -> str:
    """A bar as text, with the seconds that are left where they are known.

    Example:
        >>> bar_line("Epoch 1/2", 10, 30, 12.4, "loss: 0.5")
        'Epoch 1/2 ━━━━━━━━━━──────────────────── 10/30 0:00:12 loss: 0.5'
    """
    full = _WIDTH * done // steps
    time_left = "-:--:--" if left is None else str(timedelta(seconds=round(left)))
    return f"{title} {'━' * full}{'─' * (_WIDTH - full)} {done}/{steps} {time_left} {means}"


def kernel_display() -> Display | None:
    """A ``Display`` that draws in the notebook whose kernel runs this program; None elsewhere.

    IPython is not asked for: where it runs, it is there and has put ``get_ipython`` among the builtins.
    """
    shell = getattr(builtins, "get_ipython", lambda: None)()
    if not any(kind.__name__ == "ZMQInteractiveShell" for kind in type(shell).__mro__):
        return None
    show = import_module("IPython.display").display

    def display(lines: str, area: Any) -> Any:
        content = {"text/plain": lines}
        if area is None:
            return show(content, raw=True, display_id=True)
        area.update(content, raw=True)
        return area

    return display
