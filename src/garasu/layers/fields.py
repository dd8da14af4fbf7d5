"""The settings that several layers share, each written once."""

from collections.abc import Callable
from typing import Any

from attrs import NOTHING, Converter, field

from garasu import activations, initializers, regularizers
from garasu.array import Pads, Pair, Shape, same_pads
from garasu.messages import ShapeError
from garasu.settings import Validator, as_tuple, is_count, is_tuple, is_whole, must_be, pair_of_counts, pair_of_sizes


def _is_padding(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("same", "valid")
    return _is_pair(value) and all(_is_pair(sides) and all(map(is_whole, sides)) for sides in value)


def _is_pair(value: Any) -> bool:
    return is_tuple(value) and len(value) == 2


def _of_setting(get: Callable[[Any, str, str], Any]) -> Any:
    """A converter: what ``get`` finds; an error says whose setting it is."""

    def convert(value: Any, layer: Any, attribute: Any) -> Any:
        return get(value, type(layer).__name__, attribute.alias or attribute.name)

    return Converter(convert, takes_self=True, takes_field=True)


def initializer(default: str) -> Any:
    """A setting that holds an initializer, given as itself or by name."""
    return field(default=default, converter=_of_setting(initializers.get))


def regularizer() -> regularizers.Regularizer | None:  # what a class body sees is an attrs field
    """A setting that holds a regulariser, given as itself or by name, or None."""
    return field(default=None, converter=_of_setting(regularizers.get), kw_only=True)


def activation(*, needed: bool = False) -> Any:
    """A setting that holds an activation's standard name; None, or nothing unless it is ``needed``, is "linear"."""
    return field(default=NOTHING if needed else None, converter=_of_setting(activations.name_of))


def window(default: Pair, *, kw_only: bool = False) -> Any:
    """A setting of two whole numbers above 0; one number stands for both."""
    return field(default=default, converter=pair_of_sizes, validator=pair_of_counts, kw_only=kw_only)


def _divides_filters(owner: Any, attribute: Any, value: object) -> None:
    """Every group has as many filters as the others."""

    def accepts(value: Any) -> bool:
        return is_count(value) and owner.filters % value == 0

    must_be("settings.groups", accepts, filters=owner.filters)(owner, attribute, value)


def groups() -> Any:
    """A setting that holds into how many groups channels and filters are cut; it divides ``filters``."""
    return field(default=1, validator=_divides_filters, kw_only=True)


def fits_groups(layer: Any, in_shape: Shape) -> None:
    """Check that the channels of an input can be cut into the layer's groups.

    Raises:
        ShapeError: they cannot.
    """
    if in_shape[-1] % layer.groups:
        raise ShapeError(
            "layers.groups", layer=layer.label, groups=layer.groups, found=in_shape[-1], got=("N", *in_shape)
        )


def padding(default: str, *more: Validator) -> Any:
    """A setting that holds "same", "valid", or what ``margins`` takes; ``more`` checks it further."""
    return field(default=default, converter=_sides, validator=[must_be("settings.padding", _is_padding), *more])


def margins(default: Pads) -> Any:
    """A setting of rows and columns at each side, in Keras's forms.

    One number for all sides; (rows, columns), each at both sides; ((above, below), (left, right)).
    """
    return field(default=default, converter=_sides, validator=must_be("settings.margins", _is_margins))


def _sides(value: Any) -> Any:
    """A converter: 1 and (1, 1) become ((1, 1), (1, 1)); of anything else the validator says what was given."""
    both = (value, value) if is_whole(value) else as_tuple(value)
    if not is_tuple(both):
        return value
    sides = tuple((one, one) if is_whole(one) else as_tuple(one) for one in both)
    return sides if _is_padding(sides) else value


def _is_margins(value: Any) -> bool:
    return not isinstance(value, str) and _is_padding(value)


def pads_of(padding: str | Pads, size: Pair, window: Pair, stride: Pair) -> Pads:
    """A padding setting as rows and columns for an image of ``size``.

    Example:
        >>> pads_of("same", (28, 28), (5, 5), (1, 1)), pads_of("valid", (28, 28), (5, 5), (1, 1))
        (((2, 2), (2, 2)), ((0, 0), (0, 0)))
    """
    if padding == "same":
        return same_pads(size, window, stride)
    return ((0, 0), (0, 0)) if isinstance(padding, str) else padding
