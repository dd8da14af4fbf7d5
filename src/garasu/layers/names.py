"""Names for layers that were given none, as Keras gives them: dense, dense_1, conv2d, max_pooling2d."""

import re
from collections import Counter
from collections.abc import Sequence

from attrs import evolve

from garasu.layers.layer import Layer


def snake_case(name: str) -> str:
    """A class name in Keras's snake case.

    Example:
        >>> snake_case("MaxPooling2D"), snake_case("Conv2D"), snake_case("BatchNormalization")
        ('max_pooling2d', 'conv2d', 'batch_normalization')
    """
    apart = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", apart).lower()


def named(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers, each with a name: its own, or its class's with a running number.

    Example:
        >>> from garasu.layers import Dense
        >>> [layer.name for layer in named([Dense(3), Dense(3), Dense(3, name="last")])]
        ['dense', 'dense_1', 'last']
    """
    taken = {layer.name for layer in layers}
    counts: Counter[str] = Counter()
    return tuple(layer if layer.name else evolve(layer, name=_next(layer, counts, taken)) for layer in layers)


def _next(layer: Layer, counts: Counter[str], taken: set[str | None]) -> str:
    base = snake_case(type(layer).__name__)
    while True:
        number = counts[base]
        counts[base] += 1
        name = base if number == 0 else f"{base}_{number}"
        if name not in taken:
            return name
