"""PerChannel: the same layers for every channel of x, each channel with a copy of its own.

    y = [F_1(x_1), ..., F_C(x_C)] along the last axis        x_c = x[..., c:c+1]        dx_c = F_c'^T(dy_c)

Source: autoencoders of colour pictures with one network for each of red, green and blue.
"""

from collections.abc import Callable, Sequence
from typing import Self

from attrs import evolve, field, frozen

from garasu.array import Array, Shape, Tree, namespace
from garasu.layers import branches
from garasu.layers.block import Block
from garasu.layers.composite import Composite, Place, as_layers, inherited, some_layers
from garasu.layers.layer import Layer, Run, Spec
from garasu.settings import must_be


@frozen(eq=False)
class PerChannel(Composite, Layer):
    """One copy of ``layers`` for each channel (the last axis); what they hand on is put together along the last axis.

    Each copy takes one channel, (..., 1): of colour pictures (Y, X, 3) it takes (Y, X, 1), as a network for grey
    pictures does. The copies are called "0", "1", ...: the kernel of "code" in the first has the path
    "per_channel/0/code/kernel". They have their settings in common and start at values of their own.

    Raises:
        SettingError: not a list of layers.

    Example:
        >>> from garasu.layers import Dense, Flatten, Reshape
        >>> code, decode = Dense(100, activation="sigmoid"), Dense(1024, activation="sigmoid")
        >>> layer = PerChannel([Flatten(), code, decode, Reshape((32, 32, 1))])
        >>> spec = layer.spec((32, 32, 3))
        >>> spec.out_shape, list(spec.params), spec.params["2"]["dense"]["kernel"].shape
        ((32, 32, 3), ['0', '1', '2'], (1024, 100))
    """

    layers: tuple[Layer, ...] = field(converter=as_layers, validator=must_be("settings.layers", some_layers))

    @property
    def within(self) -> tuple[Layer, ...]:
        """The layers of one copy, frozen where this one is."""
        return inherited(self.layers, trainable=self.trainable)

    def _copies(self, channels: int) -> list[Block]:
        """One block for each channel."""
        return [Block(self.within, name=str(channel), trainable=self.trainable) for channel in range(channels)]

    def spec(self, in_shape: Shape) -> Spec:
        """(..., C) becomes (..., C k) where each copy makes (..., k) of (..., 1); arrays by channel."""
        if not in_shape:
            self.needs_rank(in_shape, 1, "N, n")
        one = Block(self.within, name=self.name).spec((*in_shape[:-1], 1))
        *places, channels = one.out_shape
        copies = {str(channel): one for channel in range(in_shape[-1])}
        return Spec((*places, channels * len(copies)), **branches.arrays_by_name(copies))

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y = [F_1(x_1), ..., F_C(x_C)]."""
        channels = _split(x, x.shape[-1])
        ys, states, caches = branches.forward(self._copies(len(channels)), params, state, channels, run)
        return namespace(x).concat(ys, axis=-1), states, caches

    def backward(self, params: Tree, cache: Tree, dy: Array) -> tuple[Array, Tree]:
        """dx_c = F_c'^T(dy_c)."""
        dxs, grads = branches.backward(self._copies(len(cache)), params, cache, _split(dy, len(cache)))
        return namespace(dy).concat(dxs, axis=-1), grads

    def inner(self, in_shape: Shape) -> Sequence[Place]:
        """The copies; each takes one channel."""
        one = (*in_shape[:-1], 1)
        return [Place(copy, one, copy.spec(one).out_shape) for copy in self._copies(in_shape[-1])]

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the copies and the layers in them hand on."""
        channels = _split(x, x.shape[-1])
        return branches.outputs(self._copies(len(channels)), params, state, channels, names, run)

    def converted(self, change: Callable[[Layer], Layer]) -> Self:
        """With others in place of the layers inside."""
        return evolve(self, layers=tuple(map(change, self.layers)))

    def exchanged(self, name: str, change: Callable[[Layer], Layer]) -> Self:
        """With other settings inside: the copies have them in common, so what is changed in one changes in all."""
        copy = change(Block(self.layers, name=name))
        layers = copy.within if isinstance(copy, Block) else (copy,)
        return evolve(self, layers=layers)


def _split(x: Array, parts: int) -> list[Array]:
    """x (..., n) in equal parts (..., n / parts)."""
    size = x.shape[-1] // parts
    return [x[..., at * size : (at + 1) * size] for at in range(parts)]
