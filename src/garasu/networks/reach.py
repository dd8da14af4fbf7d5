"""Whether the error reaches every layer that is to be trained: it does not get past a step function.

Where the slope is 0 everywhere, all gradients in front are 0, training changes nothing, and nothing would say why.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from garasu import activations
from garasu.array import paths
from garasu.layers import Block, Composite, Layer, Parallel, PerChannel
from garasu.layers.chain import placed
from garasu.layers.composite import Place
from garasu.messages import RunError
from garasu.networks.network import Network


def check_reach(network: Network) -> None:
    """Check, before training, that no layer to be trained stands in front of a step function.

    Raises:
        RunError: one does, at any depth; the sentence names both layers.

    Example:
        >>> from garasu.layers import Dense
        >>> front = Dense(3, activation="step", trainable=False)
        >>> check_reach(Network([front, Dense(2)], (4,)))
    """
    _check(network, placed(network.layers, network.in_shape), network.spec.params, "")


def _check(network: Network, places: Sequence[Place], params: Mapping[str, Any], prefix: str) -> None:
    """The layers of one list, one after another, and those inside them."""
    waiting: str | None = None
    for place in places:
        layer = place.layer
        path, mine = f"{prefix}{layer.name}", params.get(str(layer.name), {})
        if isinstance(layer, Composite):
            for inside in _lists(layer, place):
                _check(network, inside, mine, f"{path}/")
        own = path if any(one not in network.frozen_paths() for one, _ in paths(mine, f"{path}/")) else None
        if not isinstance(layer, Composite):  # what stands in a composite may stand behind its step
            waiting = waiting or own
        if waiting and not _passes(layer):
            raise RunError("networks.no_error_passes", network=network.name, step=path, layer=waiting)
        waiting = waiting or own


def _lists(layer: Composite, place: Place) -> list[Sequence[Place]]:
    """The lists of layers inside: the branches each by itself, other layers one after another."""
    inner = layer.inner(place.in_shape)
    return [[branch] for branch in inner] if isinstance(layer, Parallel | PerChannel) else [inner]


def _passes(layer: Layer) -> bool:
    """Whether any of the error at a layer's output comes out at its input."""
    if isinstance(layer, Parallel):
        return any(map(_passes, layer.within))
    if isinstance(layer, Block | PerChannel):
        return all(map(_passes, layer.within))
    return _rule(layer).passes_error


def is_exact(layer: Layer) -> bool:
    """Whether a layer, and all inside it, hand back derivatives: straight-through activations on purpose do not.

    Example:
        >>> from garasu.layers import Dense
        >>> is_exact(Dense(3, "softmax")), is_exact(Block([Dense(3, "softmax_straight_through"), Dense(2)]))
        (True, False)
    """
    return _rule(layer).exact and not (isinstance(layer, Composite) and not all(map(is_exact, layer.within)))


def _rule(layer: Layer) -> activations.Rule:
    """The activation that a layer ends with."""
    return activations.RULES[getattr(layer, "activation", "linear")]
