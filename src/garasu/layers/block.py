"""Block: layers one after another, taken as one layer.

    y = f_L(... f_2(f_1(x)))        dx = f_1'^T(... f_L'^T(dy))

What a ``models.Sequential`` inside another becomes, and what a branch of ``Parallel`` is. A block without layers hands
on what it gets.
"""

from collections.abc import Callable, Sequence
from typing import Any, Self

from attrs import evolve, field, frozen

from garasu.array import Array, Shape, Tree
from garasu.layers.chain import Chain, chain, placed
from garasu.layers.composite import Composite, Place, are_layers, as_layers, inherited
from garasu.layers.layer import Layer, Run, Spec
from garasu.settings import must_be


def _any_layers(value: Any) -> Any:
    """A converter: as ``as_layers``, and an empty list is one too."""
    return () if value == [] else as_layers(value)


@frozen(eq=False)
class Block(Composite, Layer):
    """``layers`` one after another under one name, to any depth.

    The kernel of "low" in "front" has the path "front/low/kernel". The block's activation is its last layer's: behind a
    block that ends in softmax, cross-entropy starts at u as it does behind a Dense layer. ``trainable=False`` freezes
    all inside.

    Raises:
        SettingError: not a list of layers.

    Example:
        >>> import numpy as np
        >>> from garasu.layers import Dense
        >>> layer = Block([Dense(1, use_bias=False, name="low"), Dense(2, use_bias=False, name="high")])
        >>> params = {"low": {"kernel": np.array([[2.0]])}, "high": {"kernel": np.array([[1.0, 3.0]])}}
        >>> y, _, cache = layer.apply(params, {}, np.array([[1.0]]), Run())
        >>> y.tolist(), layer.backward(params, cache, np.array([[1.0, 1.0]]))[0].tolist()
        ([[2.0, 6.0]], [[8.0]])
    """

    layers: tuple[Layer, ...] = field(converter=_any_layers, validator=must_be("settings.layers", are_layers))

    @property
    def within(self) -> tuple[Layer, ...]:
        """The layers inside, frozen where this one is."""
        return inherited(self.layers, trainable=self.trainable)

    @property
    def activation(self) -> str:
        """The activation of the last layer inside."""
        last = self.layers[-1] if self.layers else None
        return getattr(last, "activation", "linear")

    @property
    def ends(self) -> tuple[str, ...]:
        """The paths inside whose output is the block's own: its last layer, and that one's last where it is a block."""
        if not self.layers:
            return ()
        last = self.layers[-1]
        deeper = last.ends if isinstance(last, Block) else ()
        return (str(last.name), *(f"{last.name}/{path}" for path in deeper))

    def without_activation(self) -> Self:
        """This block, handing on u of its last layer."""
        *others, last = self.layers
        return evolve(self, layers=(*others, last.without_activation()))

    def _inside(self, in_shape: Shape) -> Chain:
        """The layers as a chain."""
        return chain(self.within, in_shape)

    def spec(self, in_shape: Shape) -> Spec:
        """The output shape of the last layer; every layer's arrays under its name."""
        return self._inside(in_shape).spec(in_shape)

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y of the last layer."""
        y, state, cache = self._inside(x.shape[1:]).apply(params, state, x, run)
        return y, state, {"x": x, "inside": cache}

    def backward(self, params: Tree, cache: Tree, dy: Array) -> tuple[Array, Tree]:
        """The error back through the layers in reverse."""
        return self._inside(cache["x"].shape[1:]).backward(params, cache["inside"], dy)

    def inner(self, in_shape: Shape) -> Sequence[Place]:
        """The layers inside, each where it stands."""
        return placed(self.within, in_shape)

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the layers inside hand on."""
        return self._inside(x.shape[1:]).outputs(params, state, x, names, run)

    def converted(self, change: Callable[[Layer], Layer]) -> Self:
        """With others in place of the layers inside."""
        return evolve(self, layers=tuple(map(change, self.layers)))
