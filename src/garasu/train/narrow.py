"""A network that works in bfloat16, while its weights are float32.

    weights, x, dy          rounded to bfloat16 on their way in
    forward, backward       in bfloat16; XLA adds products up in float32
    y, every gradient       float32 on their way out: the loss, the sums and the step are worked out in it

Two kinds of layers work in float32 inside, and what they hand on is rounded: those that draw or keep something (a
moving average of 8 bits stands still), and the last activation, whose answer is not rounded either (of 8 bits, a
softmax cannot tell 0.998 from 1, and the loss takes its logarithm).

A device with products of its own for bfloat16 (a GPU, a TPU) is quicker so, and needs half the memory for what lies
between the layers. A CPU mostly has none and gains nothing. NumPy has no such type at all: the eager engine rounds
weights, inputs and errors and calculates in float32, to show what becomes of the numbers.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Self

from attrs import define, evolve, frozen

from garasu.array import Array, Shape, Tree, as_float, map_leaves
from garasu.layers import Activation, Chain, Composite, Layer, Param, Run, Spec
from garasu.networks import Network


@define(eq=False, slots=False, frozen=True)
class NarrowNetwork(Network):
    """A network with the same layers, weights and shapes as the one of ``narrow``."""

    @cached_property
    def chain(self) -> Chain:
        """The layers as ever; those that need float32 in their frames."""
        children = Network.chain.func(self).children
        last = len(children) - 1
        return Chain(tuple((name, _framed(layer, k == last)) for k, (name, layer) in enumerate(children)))

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y in float32, worked out in bfloat16."""
        y, state, cache = super().apply(self._narrow(params), state, as_float(x, "bfloat16"), run)
        return as_float(y), state, cache

    def backward(self, params: Tree, cache: Tree, dy: Array, last: int | None = None) -> tuple[Array, Tree]:
        """The error at the input and every gradient in float32, worked out in bfloat16."""
        dx, grads = super().backward(self._narrow(params), cache, as_float(dy, "bfloat16"), last)
        return as_float(dx), map_leaves(as_float, grads)

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the named layers hand on, in float32."""
        return map_leaves(as_float, super().outputs(self._narrow(params), state, as_float(x, "bfloat16"), names, run))

    @cached_property
    def _wide(self) -> tuple[str, ...]:
        """The starts of the paths of weights that stay float32: those of layers in a frame."""
        return tuple(f"{path}/" for path, place in self.places.items() if _draws_or_keeps(place.layer))

    def _narrow(self, params: Tree) -> Tree:
        """The weights as the layers take them."""

        def walk(tree: Tree, prefix: str) -> Tree:
            return {
                name: walk(value, f"{prefix}{name}/")
                if isinstance(value, Mapping)
                else value
                if (prefix + name).startswith(self._wide)
                else as_float(value, "bfloat16")
                for name, value in tree.items()
            }

        return walk(params, "")


@frozen(eq=False)
class InFloat32(Layer):
    """A frame around a layer: what comes in is made float32, and what goes out is rounded, unless it is the answer."""

    inner: Layer
    answers: bool = False

    @property
    def activation(self) -> str:
        """The inner layer's: a chain takes it out, and runs it behind the frame."""
        return getattr(self.inner, "activation", "linear")

    def without_activation(self) -> Self:
        """The frame around the inner layer's u."""
        return evolve(self, inner=self.inner.without_activation())

    @property
    def borrows(self) -> Mapping[str, str]:
        """The inner layer's."""
        return self.inner.borrows

    def settle(self, lent: Mapping[str, Param]) -> Self:
        """The frame around the inner layer once it knows the arrays it borrows."""
        return evolve(self, inner=self.inner.settle(lent))

    def spec(self, in_shape: Shape) -> Spec:
        """The inner layer's."""
        return self.inner.spec(in_shape)

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """The inner layer's y, from a float32 x."""
        inner = evolve(self.inner, trainable=self.trainable)  # a composite freezes what stands in it
        y, state, cache = inner.apply(params, state, as_float(x), run)
        return (y if self.answers else as_float(y, "bfloat16")), state, cache

    def backward(self, params: Tree, cache: Tree, dy: Array) -> tuple[Array, Tree]:
        """The inner layer's dx and gradients, from a float32 dy."""
        dx, grads = self.inner.backward(params, cache, as_float(dy))
        return as_float(dx, "bfloat16"), grads


def narrow(network: Network) -> NarrowNetwork:
    """The network that works in bfloat16.

    Example:
        >>> import numpy as np
        >>> from garasu.layers import Dense
        >>> plain = Network([Dense(1, use_bias=False, name="out")], (1,))
        >>> params = {"out": {"kernel": np.array([[1.01]], np.float32)}}
        >>> narrow(plain).apply(params, {}, np.ones((1, 1), np.float32), Run())[0].tolist()
        [[1.0078125]]
    """
    return NarrowNetwork(network.layers, network.in_shape, network.preparation, network.name)


def _framed(layer: Layer, is_last: bool = False) -> Layer:
    """A layer, in a frame where it needs one; those inside a composite each for themselves."""
    if isinstance(layer, Composite):
        return layer.converted(_framed)
    answers = is_last and isinstance(layer, Activation)
    if answers or _draws_or_keeps(layer):
        return InFloat32(layer, answers, name=layer.name, trainable=layer.trainable)
    return layer


def _draws_or_keeps(layer: Layer) -> bool:
    """Whether the layer has a state or draws numbers: plain ones write ``forward`` alone."""
    return not isinstance(layer, Composite) and type(layer).apply is not Layer.apply
