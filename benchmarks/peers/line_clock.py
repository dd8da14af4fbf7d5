"""The clock for what has no callbacks: the lines it writes."""

import io
import time


class LineClock(io.StringIO):
    """Stands in for the standard output; ``times`` holds when each line was complete.

    Example:
        >>> from contextlib import redirect_stdout
        >>> clock = LineClock()
        >>> with redirect_stdout(clock):
        ...     print("one")
        ...     print("two")
        >>> len(clock.times), clock.times == sorted(clock.times)
        (2, True)
    """

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def write(self, words: str) -> int:
        """Keep the words and, for each line they end, the time."""
        self.times += [time.perf_counter()] * words.count("\n")
        return super().write(words)
