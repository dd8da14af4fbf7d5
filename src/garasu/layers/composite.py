"""Composite: what a layer that holds layers answers, beside what every layer does.

Its arrays stand under the names of the layers inside: the kernel of "inner" in "outer" has the path
"outer/inner/kernel". Names are unique within one list. What is set for the outer layer holds inside: frozen, all in it
is frozen. A layer that borrows an array (``TiedDense``) finds its owner in its own list only.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self, TypeGuard

from attrs import evolve, frozen

from garasu.array import Array, Shape, Tree
from garasu.layers.layer import Layer, Run
from garasu.layers.names import named
from garasu.settings import as_tuple, is_tuple


def are_layers(value: object) -> TypeGuard[tuple[Layer, ...]]:
    """A tuple of layers, empty or not.

    Example:
        >>> are_layers(()), are_layers([]), are_layers(("dense",))
        (True, False, False)
    """
    return is_tuple(value) and all(isinstance(one, Layer) for one in value)


def some_layers(value: object) -> TypeGuard[tuple[Layer, ...]]:
    """A tuple of layers, at least one.

    Example:
        >>> some_layers(())
        False
    """
    return are_layers(value) and len(value) > 0


def as_layers(value: Any) -> Any:
    """A converter: a list of layers as a tuple of named ones; anything else is left to the validator."""
    layers = as_tuple(value)
    return named(layers) if some_layers(layers) else value


def inherited(layers: Iterable[Layer], *, trainable: bool) -> tuple[Layer, ...]:
    """The layers inside as they run: frozen where the layer around them is, so that inner averages stand still."""
    return tuple(layers if trainable else (evolve(layer, trainable=False) for layer in layers))


@frozen(eq=False)
class Place:
    """A layer where it stands: what shape comes in, what goes out."""

    layer: Layer
    in_shape: Shape
    out_shape: Shape


class Composite(ABC):
    """A layer that holds layers: ``class Residual(Composite, Layer)``."""

    __slots__ = ()

    @property
    @abstractmethod
    def within(self) -> tuple[Layer, ...]:
        """The layers inside as they run: frozen where this one is."""

    @abstractmethod
    def inner(self, in_shape: Shape) -> Sequence[Place]:
        """The layers inside under the names of their arrays, each where it stands."""

    @abstractmethod
    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> Mapping[str, Array]:
        """What layers inside hand on, by path."""

    @abstractmethod
    def converted(self, change: Callable[[Layer], Layer]) -> Self:
        """This layer with ``change(layer)`` in place of each layer inside."""

    def exchanged(self, name: str, change: Callable[[Layer], Layer]) -> Self:
        """This layer with ``change(layer)`` in place of the layer inside called ``name``."""
        return self.converted(lambda layer: change(layer) if layer.name == name else layer)

    @property
    def steady(self) -> bool:
        """Whether a pass in training is the same as in inference: it is, where it is for all inside."""
        return all(layer.steady for layer in self.within)


def below(names: Iterable[str], name: str) -> list[str]:
    """Those paths that lead into the layer ``name``, from there on.

    Example:
        >>> below(["a/b/c", "a", "d/b"], "a")
        ['b/c']
    """
    return [path.removeprefix(f"{name}/") for path in names if path.startswith(f"{name}/")]


def under(name: str, values: Mapping[str, Array]) -> dict[str, Array]:
    """Values by path, from one level further out.

    Example:
        >>> under("a", {"b/c": 1})
        {'a/b/c': 1}
    """
    return {f"{name}/{path}": value for path, value in values.items()}
