"""Whether the end of a network and a loss fit: what cannot work is refused, what probably is a mistake is warned of.

    the loss takes       refused behind                      warned of behind
    distributions        all but softmax, sigmoid; one y     sigmoid, several y
    shares               all but sigmoid, softmax            softmax, several y
    signs                                                    what is never below 0
    counts                                                   what may be below 0

Softmax over one output, which is always 1, is refused whatever the loss. (Keras trains all of these without a word.)
"""

import warnings

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
    for _, layer in reversed(network.chain.children):
        while isinstance(layer, Block) and layer.layers:
            layer = layer.layers[-1]  # noqa: PLW2901 - the last inside, to any depth
        if isinstance(layer, Activation):
            return layer.function
        if not isinstance(layer, Flatten | Reshape):
            return _ENDINGS.get(type(layer))
    return None


def check_head(network: Network, loss: Loss) -> None:
    """Refuse an end that cannot work with the loss, and warn of one that probably was not meant.

    Raises:
        SettingError: they cannot work together; the sentence says which would.
    """
    function, alone = ending(network), network.spec.out_shape[-1:] == (1,)
    if function is None:
        return
    fields = {"loss": type(loss).__name__, "layer": network.layers[-1].label, "activation": function}
    refused, warned = _verdict(loss.domain, function, alone)
    if refused:
        raise SettingError(refused, **fields, partner=loss.partner)
    if warned:
        warnings.warn(text(warned, **fields), GarasuWarning, stacklevel=3)


def _verdict(domain: str, function: str, alone: bool) -> tuple[str | None, str | None]:
    """The key of what is wrong, and of what is odd."""
    if function in _SOFTMAX and alone:
        return "losses.head_one_softmax", None
    if domain == "distributions" and alone:
        return "losses.head_one_output", None
    if domain in ("distributions", "shares") and function not in (*_SOFTMAX, *_SIGMOID):
        return "losses.head_no_probabilities", None
    return None, _odd(domain, function)


def _odd(domain: str, function: str) -> str | None:
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
