"""Constraints on settings as data: one validator, one uniform message.

    rate: float = field(default=0.5, validator=fraction)

answers ``Dropout(1.5)`` with "Dropout: rate must be a number from 0 up to, not including, 1. Got 1.5 instead."
"""

import math
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

from garasu.array import Pair
from garasu.messages import SettingError, text

Validator = Callable[[Any, Any, Any], None]


def must_be(expected: str, accepts: Callable[[Any], bool], **fields: object) -> Validator:
    """An attrs validator: the value must be accepted, else a SettingError says what was ``expected`` (a text key)."""

    def validate(owner: object, attribute: Any, value: object) -> None:
        if not accepts(value):
            raise SettingError(
                "settings.must_be",
                owner=type(owner).__name__,
                name=attribute.name,
                expected=text(expected, **fields),
                value=repr(value),
            )

    return validate


def is_number(value: object) -> bool:
    """A finite real number; ``True`` and ``False`` are not numbers here.

    Example:
        >>> is_number(0.1), is_number("0.1"), is_number(True), is_number(float("nan"))
        (True, False, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(float(value))


def is_count(value: object) -> bool:
    """A whole number above zero.

    Example:
        >>> is_count(3), is_count(0), is_count(2.0)
        (True, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) > 0


def is_pair_of_counts(value: object) -> bool:
    """Two whole numbers above zero.

    Example:
        >>> is_pair_of_counts((2, 2)), is_pair_of_counts((2, 0))
        (True, False)
    """
    return isinstance(value, tuple) and len(value) == 2 and all(map(is_count, value))


number = must_be("settings.number", is_number)
positive = must_be("settings.positive", lambda value: is_number(value) and value > 0)
not_negative = must_be("settings.not_negative", lambda value: is_number(value) and value >= 0)
fraction = must_be("settings.fraction", lambda value: is_number(value) and 0 <= value < 1)
count = must_be("settings.count", is_count)
pair_of_counts = must_be("settings.pair_of_counts", is_pair_of_counts)
truth = must_be("settings.truth", lambda value: isinstance(value, bool))


def one_of(*choices: str) -> Validator:
    """A validator for a word out of a fixed list."""
    return must_be("settings.one_of", lambda value: value in choices, choices=", ".join(map(repr, choices)))


def pair(value: Any) -> Any:
    """A converter: one number stands for both directions; lists become tuples; anything else is left to the validator.

    Example:
        >>> pair(3), pair([2, 1])
        ((3, 3), (2, 1))
    """
    if isinstance(value, list):
        return tuple(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, Integral):
        both: Pair = (int(value), int(value))
        return both
    return value
