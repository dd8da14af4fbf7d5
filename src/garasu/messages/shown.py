"""What was given, as an error repeats it: whole where it is short, else so that it can be recognised."""

from math import prod
from types import FunctionType, ModuleType
from typing import Any, cast

_ROOM = 80
"""How many signs of a value are repeated."""
_FEW = 4
"""How many numbers of an array are repeated."""


def shown(value: Any, room: int = _ROOM) -> str:
    """A value in few signs: an array by its shape, a class by its name, anything long cut in its middle.

    Example:
        >>> import numpy as np
        >>> shown(0.5), shown("same"), shown(int), shown([np.zeros((5, 5)), "5x5"])
        ('0.5', "'same'", '<class int>', "[<array (5, 5) float64>, '5x5']")
        >>> shown("a" * 1000, room=10)
        "'aaaa ... aaaa'"
    """
    items = cast("list[Any] | tuple[Any, ...]", value) if isinstance(value, list | tuple) else ()
    if items and (len(repr(items)) > room or any(hasattr(one, "dtype") for one in items)):
        inside = ", ".join(shown(one, _ROOM // 2) for one in items[:_ROOM])
        return _cut(f"[{inside}]" if isinstance(value, list) else f"({inside})", room)
    return _alone(value, room)


def _alone(value: Any, room: int) -> str:
    """The same for what is no list."""
    kind = cast("type[Any]", type(value))
    shape, dtype = getattr(value, "shape", ()), getattr(value, "dtype", None)
    if dtype is not None and isinstance(shape, tuple) and prod(cast("tuple[int, ...]", shape)) > _FEW:
        return f"<array {shape} {dtype}>"
    if isinstance(value, type | ModuleType | FunctionType):
        return f"<{'class' if isinstance(value, type) else kind.__name__} {value.__name__}>"
    written = repr(value)
    if len(written) > room and hasattr(kind, "__attrs_attrs__"):
        return f"{kind.__name__}(...)"
    return _cut(written, room)


def _cut(written: str, room: int) -> str:
    """One line, and where it is too long its beginning and its end."""
    line, half = " ".join(written.split()) if "\n" in written else written, room // 2
    return line if len(line) <= room else f"{line[:half].rstrip()} ... {line[-half:].lstrip()}"
