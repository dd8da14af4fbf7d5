"""Whose line a warning belongs to."""

import inspect


def levels_to_the_caller() -> int:
    """How far up the line stands that is not Garasu's, as ``warnings.warn`` counts in the function that asks.

    Example:
        >>> eval("levels()", {"levels": levels_to_the_caller, "__name__": "theirs"})
        1
    """
    frame, levels = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").startswith("garasu."):
        frame, levels = frame.f_back, levels + 1
    return levels
