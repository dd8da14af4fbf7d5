"""Ctrl-C at a safe place: the signal is noted, and training stops when the program under way has ended.

An exception in the middle would lose arrays that were handed over for reuse. A second Ctrl-C stops at once, but never
while arrays are handed over.
"""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class Interrupt:
    """Called, it says whether Ctrl-C has come."""

    def __init__(self) -> None:
        self._came = self._busy = False

    def __call__(self) -> bool:
        """Whether Ctrl-C has come."""
        return self._came

    def note(self, number: int, frame: Any) -> None:
        """A signal handler: the first time note it, the second time raise."""
        if self._came and not self._busy:
            raise KeyboardInterrupt
        self._came = True

    @contextmanager
    def handing_over(self) -> Generator[None]:
        """Within this context every Ctrl-C is only noted."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


@contextmanager
def ignored() -> Generator[None]:
    """Within this context Ctrl-C does nothing: what is being written down is written whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def deferred() -> Generator[Interrupt]:
    """Within this context Ctrl-C is noted; what it gives says whether one has come.

    Outside the main thread, or where the host program handles Ctrl-C itself, nothing is changed.

    Example:
        >>> with deferred() as interrupted:
        ...     interrupted()
        False
    """
    interrupt = Interrupt()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield interrupt
        return
    signal.signal(signal.SIGINT, interrupt.note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
