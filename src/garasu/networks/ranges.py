"""What is known of the values a network hands out: from where to where they run, and whether a row's sum to 1.

    f(u)                     the range of f, whatever u is           softmax: 0 to 1, and the sum is 1
    scale x + offset         both ends moved                         |x|, max(x - h, 0): likewise
    x + F(x), F(x) + G(x)    end by end                              [F(x), G(x)]: from the lower to the higher
    places left out, moved or averaged: as before                    noise: as before, except in training

Of the input, and of layers of your own, nothing is known, nor of what follows from them alone.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import inf
from typing import Any

from attrs import evolve, frozen

from garasu import layers
from garasu.layers import Activation, Block, Layer, Parallel, PerChannel, Residual
from garasu.layers.chain import placed
from garasu.layers.composite import Composite, Place
from garasu.networks.network import Network

RANGES: Mapping[str, tuple[float, float]] = {
    "elu": (-1.0, inf),
    "gelu": (-0.17, inf),
    "hard_sigmoid": (0.0, 1.0),
    "leaky_relu": (-inf, inf),
    "linear": (-inf, inf),
    "relu": (0.0, inf),
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softmax_straight_through": (0.0, 1.0),
    "softplus": (0.0, inf),
    "step": (0.0, 1.0),
    "swish": (-0.28, inf),
    "tanh": (-1.0, 1.0),
}
"""Between which two numbers the values of each activation lie."""

SOFTMAX = ("softmax", "softmax_straight_through")
_ANYTHING = (
    layers.BatchNormalization,
    layers.Conv2D,
    layers.Conv2DTranspose,
    layers.Dense,
    layers.LayerNormalization,
    layers.TiedDense,
)
_AS_BEFORE = (
    layers.AveragePooling2D,
    layers.Cropping2D,
    layers.GlobalAveragePooling2D,
    layers.UpSampling2D,
)
_IN_ANOTHER_SHAPE = (layers.Flatten, layers.Reshape)
_LARGEST = (layers.GlobalMaxPooling2D, layers.MaxPooling2D)
_NOISE = (layers.Dropout, layers.GaussianNoise, layers.MaskingNoise)


@frozen(eq=False)
class Values:
    """Values from ``low`` to ``high``; ``sums``: those of a row sum to 1.

    ``place`` is the layer that they come from, ``function`` its activation where they are simply that one's, and
    ``noise`` the layer that changes them in training.
    """

    place: Place
    low: float
    high: float
    function: str | None = None
    sums: bool = False
    noise: Layer | None = None


def values_of(network: Network) -> Values | None:
    """What is known of the values a network hands out; None where that is nothing.

    Example:
        >>> from garasu.layers import Dense, Rescaling
        >>> found = values_of(Network([Dense(3, activation="tanh"), Rescaling(0.5, 0.5)], (4,)))
        >>> found.low, found.high, found.sums
        (0.0, 1.0, False)
    """
    return _behind_all(placed(network.layers, network.in_shape), None)


def _behind_all(places: Sequence[Place], before: Values | None) -> Values | None:
    """What the last of some layers hands on, where the first is given ``before``."""
    return reduce(lambda values, place: _behind(place, values), places, before)


def _behind(place: Place, before: Values | None) -> Values | None:
    """What one layer hands on."""
    layer, kind = place.layer, type(place.layer)
    if isinstance(layer, Composite):
        return _COMPOSITES[kind](place, before) if kind in _COMPOSITES else None
    function = getattr(layer, "activation", "linear")
    if function != "linear":  # the chain applies it behind any layer, of your own too
        return Values(place, *RANGES[function], function, function in SOFTMAX)
    if kind in _MADE:
        return _MADE[kind](place)
    return _CHANGED[kind](place, before) if before is not None and kind in _CHANGED else None


# ------------------------------------------------------------------------------- layers that make values of their own


def _anything(place: Place) -> Values:
    return Values(place, *RANGES["linear"], "linear")


def _elu(place: Place) -> Values:
    return Values(place, -_setting(place, "alpha"), inf, "elu")


def _leaky_relu(place: Place) -> Values:
    return Values(place, -inf if _setting(place, "negative_slope") > 0.0 else 0.0, inf, "leaky_relu")


_MADE: Mapping[type[Layer], Callable[[Place], Values]] = {
    **dict.fromkeys(_ANYTHING, _anything),
    layers.ELU: _elu,
    layers.LeakyReLU: _leaky_relu,
}


# ---------------------------------------------------------------------------------- layers that change what they get


def _setting(place: Place, name: str) -> float:
    return float(getattr(place.layer, name))


def _as_before(place: Place, before: Values) -> Values:
    return before


def _in_another_shape(place: Place, before: Values) -> Values:
    """Several places laid one behind another sum to as many."""
    return evolve(before, sums=before.sums and math.prod(place.in_shape[:-1]) == 1)


def _of_some(place: Place, before: Values) -> Values:
    """The largest of several places: a row's then sum to more than 1."""
    return evolve(before, sums=False)


def _with_zeros(place: Place, before: Values) -> Values:
    return evolve(before, low=min(before.low, 0.0), high=max(before.high, 0.0), sums=False)


def _noisy(place: Place, before: Values) -> Values:
    return evolve(before, noise=place.layer)


def _sizes(place: Place, before: Values) -> Values:
    if before.low >= 0.0:
        return evolve(before, sums=before.sums and type(place.layer) is layers.Absolute)
    low = max(0.0, -before.high)
    return Values(place, low, max(-before.low, before.high), noise=before.noise)


def _cut(place: Place, before: Values) -> Values:
    threshold = _setting(place, "threshold")
    low, high = (max(end - threshold, 0.0) for end in (before.low, before.high))
    return Values(place, low, high, noise=before.noise)


def _rescaled(place: Place, before: Values) -> Values:
    scale, offset = _setting(place, "scale"), _setting(place, "offset")
    ends = sorted(scale * end + offset if scale else offset for end in (before.low, before.high))
    return Values(place, ends[0], ends[1], noise=before.noise)


_CHANGED: Mapping[type[Layer], Callable[[Place, Values], Values]] = {
    **dict.fromkeys(_AS_BEFORE, _as_before),
    **dict.fromkeys(_IN_ANOTHER_SHAPE, _in_another_shape),
    **dict.fromkeys(_LARGEST, _of_some),
    **dict.fromkeys(_NOISE, _noisy),
    Activation: _as_before,  # the linear one
    layers.Absolute: _sizes,
    layers.Cutoff: _cut,
    layers.LpPooling2D: _sizes,
    layers.Rescaling: _rescaled,
    layers.ZeroPadding2D: _with_zeros,
}


# --------------------------------------------------------------------------------------------- layers that hold layers


def _block(place: Place, before: Values | None) -> Values | None:
    return _behind_all(_inner(place), before)


def _residual(place: Place, before: Values | None) -> Values | None:
    return _sum(place, [before, _behind_all(_inner(place), before)])


def _branches(place: Place, before: Values | None) -> Values | None:
    """Branches beside each other; each channel's, or each given all of x."""
    given = None if before is None else evolve(before, sums=before.sums and type(place.layer) is Parallel)
    found = [_behind(branch, given) for branch in _inner(place)]
    if getattr(place.layer, "mode", "concatenate") == "add":
        return _sum(place, found)
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    if len(known) == 1:
        return known[0]
    return Values(place, min(one.low for one in known), max(one.high for one in known), noise=_noise(known))


def _sum(place: Place, parts: Sequence[Values | None]) -> Values | None:
    """Several values added up."""
    known = [one for one in parts if one is not None]
    if len(known) < len(parts):
        return None
    return Values(place, sum(one.low for one in known), sum(one.high for one in known), noise=_noise(known))


def _noise(parts: Sequence[Values]) -> Layer | None:
    return next((one.noise for one in parts if one.noise is not None), None)


def _inner(place: Place) -> Sequence[Place]:
    layer: Any = place.layer
    found: Sequence[Place] = layer.inner(place.in_shape)
    return found


_COMPOSITES: Mapping[type[Layer], Callable[[Place, Values | None], Values | None]] = {
    Block: _block,
    Parallel: _branches,
    PerChannel: _branches,
    Residual: _residual,
}
