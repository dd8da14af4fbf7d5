"""Validators that several callbacks share."""

import os
from numbers import Integral
from typing import Any

from garasu.settings import is_count, is_number, must_be, one_of


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and int(value) >= 0


mode = one_of("auto", "min", "max")
monitor = must_be("callbacks.monitor", lambda value: isinstance(value, str) and value != "")
patience = must_be("callbacks.patience", lambda value: _is_whole(value) and not isinstance(value, bool))
verbose = must_be("callbacks.verbose", _is_whole)  # True and False too, as in Keras's programs
optional_number = must_be("callbacks.optional_number", lambda value: value is None or is_number(value))
function = must_be("callbacks.function", callable)
path = must_be("callbacks.path", lambda value: isinstance(value, str) and value != "")
separator = must_be("callbacks.separator", lambda value: isinstance(value, str) and len(value) == 1)
save_freq = must_be("callbacks.save_freq", lambda value: value == "epoch" or is_count(value))


def path_text(value: Any) -> Any:
    """A converter: a path becomes text, so that fields in it can be filled in; anything else is left to the validator.

    Example:
        >>> from pathlib import PurePosixPath
        >>> path_text(PurePosixPath("runs/{epoch}.safetensors")), path_text(3)
        ('runs/{epoch}.safetensors', 3)
    """
    if isinstance(value, os.PathLike):
        return str(value)  # pyright: ignore[reportUnknownArgumentType]
    return value
