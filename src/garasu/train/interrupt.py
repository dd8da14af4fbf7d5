"""Ctrl-C at a safe place: the signal is noted, and training stops when the program under way has ended.

An exception in the middle would lose arrays that were handed over for reuse. A second Ctrl-C stops at once.
"""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def deferred() -> Generator[Callable[[], bool]]:
    """Within this context Ctrl-C is noted; the function it gives says whether one has come.

    Outside the main thread, or where the host program handles Ctrl-C itself, nothing is changed.

    Example:
        >>> with deferred() as interrupted:
        ...     interrupted()
        False
    """
    came = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield came.is_set
        return

    def note(number: int, frame: Any) -> None:
        if came.is_set():
            raise KeyboardInterrupt
        came.set()

    signal.signal(signal.SIGINT, note)
    try:
        yield came.is_set
    finally:
        signal.signal(signal.SIGINT, before)
