"""Whether the end of a network and a loss fit: what cannot work is refused, what probably is a mistake is warned of.

    the loss takes       refused behind                      warned of behind
    distributions        what leaves 0 to 1; one y           what does not sum to 1; noise
    shares               what leaves 0 to 1                  what sums to 1; noise
    signs                                                    what is never below 0
    counts                                                   what may be below 0

Softmax over one output, which is always 1, is refused whatever the loss. (Keras trains all of these without a word.)
Where values run is known of every layer of Garasu's (``garasu.networks.ranges``). A loss that says nothing of its
domain, and an end of which nothing is known, are not judged.
"""

import warnings
from math import isinf

from garasu.losses import Loss
from garasu.messages import GarasuWarning, SettingError, levels_to_the_caller, text
from garasu.networks.network import Network
from garasu.networks.ranges import SOFTMAX, Values, values_of

_ROUNDING = 1e-9
_PROBABILITIES = ("distributions", "shares")


def check_head(network: Network, loss: Loss) -> None:
    """Refuse an end that cannot work with the loss, and warn of one that probably was not meant.

    Raises:
        SettingError: they cannot work together; the sentence says which would.
    """
    values = values_of(network)
    if values is None:
        return
    fields = {"loss": type(loss).__name__, "layer": values.place.layer.label, "values": _said(values)}
    if values.function in SOFTMAX and values.place.out_shape[-1:] == (1,):
        raise SettingError("losses.head_one_softmax", **fields)
    refused, warned = _verdict(loss.domain, values, alone=network.spec.out_shape[-1:] == (1,))
    if refused:
        raise SettingError(refused, **fields, partner="sigmoid" if loss.domain == "shares" else "softmax")
    if warned:
        noise = "" if values.noise is None else values.noise.label
        warnings.warn(text(warned, **fields, noise=noise), GarasuWarning, stacklevel=levels_to_the_caller())


def _said(values: Values) -> str:
    """The activation whose values these are, or from where to where they run."""
    if values.function is not None:
        return text("losses.head_activation", activation=values.function)
    low, high = (f"{end:g}" if not isinf(end) else "-∞" if end < 0 else "∞" for end in (values.low, values.high))
    return text("losses.head_range", low=low, high=high)


def _verdict(domain: str | None, values: Values, *, alone: bool) -> tuple[str | None, str | None]:
    """The key of what is wrong, and of what is odd."""
    if domain == "distributions" and alone:
        return "losses.head_one_output", None
    if domain in _PROBABILITIES and not (values.low >= -_ROUNDING and values.high <= 1.0 + _ROUNDING):
        return "losses.head_no_probabilities", None
    return None, _odd(domain, values)


def _odd(domain: str | None, values: Values) -> str | None:
    """The key of what is odd about values under a loss of this domain."""
    if domain == "distributions" and not values.sums:
        return "losses.head_apart"
    if domain == "shares" and values.sums:
        return "losses.head_together"
    if domain == "signs" and values.low >= 0.0:
        return "losses.head_never_negative"
    if domain == "counts" and values.low < 0.0:
        return "losses.head_negative"
    return "losses.head_noise" if domain in _PROBABILITIES and values.noise is not None else None
