"""Whether the end of a network and a loss fit: what cannot work is refused, what probably is a mistake is warned of.

    the loss takes       refused behind                      warned of behind
    distributions        all but softmax, sigmoid; one y     sigmoid, several y
    shares               all but sigmoid, softmax            softmax, several y
    signs                                                    what is never below 0
    counts                                                   what may be below 0

Softmax over one output, which is always 1, is refused whatever the loss. (Keras trains all of these without a word.)
A loss that says nothing of its domain, and an end that is not known, are not judged.
"""

import inspect
import warnings
from collections.abc import Iterator, Sequence

from garasu.array import Shape
from garasu.layers import (
    ELU,
    Activation,
    BatchNormalization,
    Block,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Flatten,
    Layer,
    LayerNormalization,
    LeakyReLU,
    Reshape,
    TiedDense,
)
from garasu.layers.chain import placed
from garasu.layers.composite import Place
from garasu.losses import Loss
from garasu.messages import GarasuWarning, SettingError, text
from garasu.networks.network import Network

_SOFTMAX = ("softmax", "softmax_straight_through")
_SIGMOID = ("sigmoid", "hard_sigmoid", "step")
_NEVER_NEGATIVE = (*_SOFTMAX, *_SIGMOID, "relu", "softplus")
_AS_THEY_ARE = (BatchNormalization, Conv2D, Conv2DTranspose, Dense, LayerNormalization, TiedDense)
_ENDINGS: dict[type[Layer], str] = {ELU: "elu", LeakyReLU: "leaky_relu", **dict.fromkeys(_AS_THEY_ARE, "linear")}


def ending(network: Network) -> str | None:
    """The activation whose values a network hands out, or None where that is not known, as of a layer of your own.

    Example:
        >>> ending(Network([Dense(3, activation="softmax")], (4,))), ending(Network([Dense(3), Flatten()], (4,)))
        ('softmax', 'linear')
    """
    place = next(_from_the_end(network.layers, network.in_shape), None)
    return None if place is None else _handed_on(place.layer)


def _from_the_end(layers: Sequence[Layer], in_shape: Shape) -> Iterator[Place]:
    """Layers from the last back, those of blocks in their stead, without those that leave values as they are."""
    for place in reversed(placed(layers, in_shape)):
        if type(place.layer) is Block:
            yield from _from_the_end(place.layer.layers, place.in_shape)
        elif type(place.layer) not in (Flatten, Reshape) and getattr(place.layer, "function", None) != "linear":
            yield place


def _handed_on(layer: Layer) -> str | None:
    """The activation whose values a layer hands on, where that is known."""
    function = getattr(layer, "activation", "linear")
    if function != "linear":  # the chain applies it behind any layer
        return str(function)
    return layer.function if type(layer) is Activation else _ENDINGS.get(type(layer))


def check_head(network: Network, loss: Loss) -> None:
    """Refuse an end that cannot work with the loss, and warn of one that probably was not meant.

    Raises:
        SettingError: they cannot work together; the sentence says which would.
    """
    end = next(_from_the_end(network.layers, network.in_shape), None)
    function = None if end is None else _handed_on(end.layer)
    if end is None or function is None:
        return
    fields = {"loss": type(loss).__name__, "layer": end.layer.label, "activation": function}
    if function in _SOFTMAX and end.out_shape[-1:] == (1,):
        raise SettingError("losses.head_one_softmax", **fields)
    refused, warned = _verdict(loss.domain, function, alone=network.spec.out_shape[-1:] == (1,))
    if refused:
        raise SettingError(refused, **fields, partner="sigmoid" if loss.domain == "shares" else "softmax")
    if warned:
        warnings.warn(text(warned, **fields), GarasuWarning, stacklevel=_levels_to_the_caller())


def _levels_to_the_caller() -> int:
    """How far up the line stands that is not Garasu's, as ``warnings.warn`` counts in the function that asks."""
    frame, levels = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").startswith("garasu."):
        frame, levels = frame.f_back, levels + 1
    return levels


def _verdict(domain: str | None, function: str, *, alone: bool) -> tuple[str | None, str | None]:
    """The key of what is wrong, and of what is odd."""
    if domain == "distributions" and alone:
        return "losses.head_one_output", None
    if domain in ("distributions", "shares") and function not in (*_SOFTMAX, *_SIGMOID):
        return "losses.head_no_probabilities", None
    return None, _odd(domain, function)


def _odd(domain: str | None, function: str) -> str | None:
    """The key of what is odd about values of ``function`` under a loss of this domain."""
    if domain == "distributions" and function in _SIGMOID:
        return "losses.head_apart"
    if domain == "shares" and function in _SOFTMAX:
        return "losses.head_together"
    if domain == "signs" and function in _NEVER_NEGATIVE:
        return "losses.head_never_negative"
    if domain == "counts" and function not in _NEVER_NEGATIVE:
        return "losses.head_negative"
    return None
