"""Constraints on settings as data: one validator, one uniform message.

    rate: float = field(default=0.5, validator=fraction)

answers ``Dropout(1.5)`` with "Dropout: rate must be a number from 0 up to, not including, 1. Got 1.5 instead."
"""

import math
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any, ClassVar, TypeGuard, cast

import attrs
import numpy as np

from garasu.messages import SettingError, in_words, shown, text

Validator = Callable[[Any, Any, Any], None]


def must_be(expected: str, accepts: Callable[[Any], bool], **fields: object) -> Validator:
    """An attrs validator: the value must be accepted, else a SettingError says what was ``expected`` (a text key)."""

    def validate(owner: object, attribute: Any, value: object) -> None:
        if not accepts(value):
            raise SettingError(
                "settings.must_be",
                owner=type(owner).__name__,
                name=attribute.alias,
                expected=text(expected, **fields),
                value=shown(value),
            )

    return validate


def is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    """A tuple, of anything.

    Example:
        >>> is_tuple((1, 2)), is_tuple([1, 2])
        (True, False)
    """
    return isinstance(value, tuple)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """A list, of anything.

    Example:
        >>> is_list([1, 2]), is_list((1, 2))
        (True, False)
    """
    return isinstance(value, list)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """A dict or its like; that its keys are names is the caller's knowledge.

    Example:
        >>> is_mapping({"class": "Dense"}), is_mapping([])
        (True, False)
    """
    return isinstance(value, Mapping)


def is_number(value: object) -> bool:
    """A finite real number; ``True`` and ``False`` are not numbers here.

    Example:
        >>> is_number(0.1), is_number("0.1"), is_number(True), is_number(float("nan"))
        (True, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:  # a whole number beyond float64
        return False


def is_count(value: object) -> bool:
    """A whole number above zero.

    Example:
        >>> is_count(3), is_count(0), is_count(2.0)
        (True, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) > 0


def is_whole(value: object) -> bool:
    """A whole number of 0 or more.

    Example:
        >>> is_whole(0), is_whole(7), is_whole(-1), is_whole(1.0), is_whole(True)
        (True, True, False, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= 0


def is_pair_of_counts(value: object) -> bool:
    """Two whole numbers above zero.

    Example:
        >>> is_pair_of_counts((2, 2)), is_pair_of_counts((2, 0))
        (True, False)
    """
    return is_tuple(value) and len(value) == 2 and all(map(is_count, value))


def is_truth(value: object) -> bool:
    """True or False, Python's or NumPy's.

    Example:
        >>> is_truth(np.True_), is_truth(1)
        (True, False)
    """
    return isinstance(value, bool | np.bool)


number = must_be("settings.number", is_number)
positive = must_be("settings.positive", lambda value: is_number(value) and value > 0)
not_negative = must_be("settings.not_negative", lambda value: is_number(value) and value >= 0)
fraction = must_be("settings.fraction", lambda value: is_number(value) and 0 <= value < 1)
count = must_be("settings.count", is_count)
pair_of_counts = must_be("settings.pair_of_counts", is_pair_of_counts)
truth = must_be("settings.truth", is_truth)


def one_of(*choices: str) -> Validator:
    """A validator for a word out of a fixed list."""
    return must_be(
        "settings.one_of",
        lambda value: isinstance(value, str) and value in choices,
        choices=", ".join(map(repr, choices)),
    )


def plain(value: Any) -> Any:
    """NumPy's numbers as Python's, also those in tuples; anything else as it is.

    Example:
        >>> plain(np.float64(0.5)), plain((np.int64(3), 3)), plain("same")
        (0.5, (3, 3), 'same')
    """
    if is_tuple(value):
        return tuple(map(plain, value))
    return cast("Any", value).item() if isinstance(value, np.generic) else value


class Answering:
    """The base of what is made by a call: one that does not fit is answered in words, not with Python's TypeError.

    ``elsewhere`` says of arguments that other libraries have what to do here, {name: a text key}.
    """

    __slots__ = ()
    elsewhere: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """attrs calls this once it has written a subclass's ``__init__``."""
        if "__init__" in vars(cls):
            type.__setattr__(cls, "__init__", in_words(cls.__init__))


class Plain(Answering):
    """The base of what holds settings: they are plain data, whoever worked them out.

    A file can hold Python's numbers, not NumPy's; and the type of NumPy's clings to what they are multiplied with: a
    float64 among the settings would make a run in float32 one in float64.
    """

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        """Settings of NumPy's become Python's, once they have been accepted."""
        for name in attrs.fields_dict(type(self)):
            object.__setattr__(self, name, plain(getattr(self, name)))


def as_tuple(value: Any) -> Any:
    """A converter: lists and arrays become tuples; anything else is left to the validator.

    Example:
        >>> as_tuple([2, 1]), as_tuple(np.array([2, 1])), as_tuple("same")
        ((2, 1), (2, 1), 'same')
    """
    items: Any = value.tolist() if isinstance(value, np.ndarray) else value
    return tuple(items) if is_list(items) else items


def pair(value: Any) -> Any:
    """A converter: one number of 0 or more stands for both directions; lists become tuples; the rest is left as it is.

    Example:
        >>> pair(3), pair([2, 1]), pair(-1)
        ((3, 3), (2, 1), -1)
    """
    return (int(value), int(value)) if is_whole(value) else as_tuple(value)


def pair_of_sizes(value: Any) -> Any:
    """A converter: as ``pair``, but only for numbers above 0: of anything else the validator says what was given.

    Example:
        >>> pair_of_sizes(3), pair_of_sizes([2, 1]), pair_of_sizes(0), pair_of_sizes([2, 0])
        ((3, 3), (2, 1), 0, [2, 0])
    """
    both = pair(value)
    return both if is_pair_of_counts(both) else value
