"""Pace: how many steps one call may hold, so that no program runs longer than about a quarter of a second."""

TARGET_SECONDS = 0.25
_GROWTH = 8


class Pace:
    """Learns from the time of each call.

    Example:
        >>> pace = Pace()
        >>> pace.steps
        1
        >>> pace.took(steps=1, seconds=0.01)
        >>> pace.steps
        8
    """

    def __init__(self) -> None:
        self.steps = 1

    def took(self, steps: int, seconds: float) -> None:
        """Adjust to a call of ``steps`` that took ``seconds``: towards the target, at most eightfold at once."""
        fitting = int(TARGET_SECONDS * steps / max(seconds, 1e-9))
        self.steps = max(1, min(fitting, steps * _GROWTH))
