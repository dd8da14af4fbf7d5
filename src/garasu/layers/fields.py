"""The settings that several layers share, each written once."""

from typing import Any

from attrs import field

from garasu import activations, initializers, regularizers
from garasu.array import Pads, Pair, same_pads
from garasu.settings import Validator, as_tuple, is_count, is_list, is_tuple, must_be, pair, pair_of_counts


def _freeze(padding: Any) -> Any:
    """A converter: explicit padding as nested tuples."""
    return tuple(map(as_tuple, padding)) if is_list(padding) or is_tuple(padding) else padding


def _is_padding(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("same", "valid")
    return _is_pair(value) and all(_is_pair(sides) and all(map(_is_size, sides)) for sides in value)


def _is_pair(value: Any) -> bool:
    return is_tuple(value) and len(value) == 2


def _is_size(value: Any) -> bool:
    return is_count(value) or (value == 0 and type(value) is int)


def initializer(default: str) -> Any:
    """A setting that holds an initializer, given as itself or by name."""
    return field(default=default, converter=initializers.get)


def regularizer() -> Any:
    """A setting that holds a regulariser, given as itself or by name, or None."""
    return field(default=None, converter=regularizers.get, kw_only=True)


def activation() -> str:  # what a class body sees is an attrs field
    """A setting that holds an activation's standard name; None means "linear"."""
    return field(default=None, converter=activations.name_of)


def window(default: Pair) -> Any:
    """A setting of two whole numbers above 0; one number stands for both."""
    return field(default=default, converter=pair, validator=pair_of_counts)


def padding(default: str, *more: Validator) -> Any:
    """A setting that holds "same", "valid" or ((above, below), (left, right)); ``more`` checks it further."""
    return field(default=default, converter=_freeze, validator=[must_be("settings.padding", _is_padding), *more])


def pads_of(padding: str | Pads, size: Pair, window: Pair, stride: Pair) -> Pads:
    """A padding setting as rows and columns for an image of ``size``.

    Example:
        >>> pads_of("same", (28, 28), (5, 5), (1, 1)), pads_of("valid", (28, 28), (5, 5), (1, 1))
        (((2, 2), (2, 2)), ((0, 0), (0, 0)))
    """
    if padding == "same":
        return same_pads(size, window, stride)
    return ((0, 0), (0, 0)) if isinstance(padding, str) else padding
