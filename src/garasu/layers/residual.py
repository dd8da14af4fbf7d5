"""Residual: what its layers make of x, added to x itself.

    y = x + F(x)        dx = dy + F'^T(dy)

Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015).
"""

from collections.abc import Callable, Sequence
from typing import Self

from attrs import evolve, field, frozen

from garasu.array import Array, Shape, Tree
from garasu.layers.chain import Chain, chain, placed
from garasu.layers.composite import Composite, Place, as_layers, inherited, some_layers
from garasu.layers.layer import Layer, Run, Spec
from garasu.messages import ShapeError
from garasu.settings import must_be


@frozen(eq=False)
class Residual(Composite, Layer):
    """``layers`` one after another, and a path around them.

    Raises:
        SettingError: not a list of layers.

    Example:
        >>> import numpy as np
        >>> from garasu.layers import Dense
        >>> layer = Residual([Dense(2, use_bias=False, name="inner")])
        >>> params = {"inner": {"kernel": 2 * np.eye(2)}}
        >>> y, _, cache = layer.apply(params, {}, np.ones((1, 2)), Run())
        >>> y.tolist(), layer.backward(params, cache, np.ones((1, 2)))[0].tolist()
        ([[3.0, 3.0]], [[3.0, 3.0]])
    """

    layers: tuple[Layer, ...] = field(converter=as_layers, validator=must_be("settings.layers", some_layers))

    @property
    def within(self) -> tuple[Layer, ...]:
        """The layers inside, frozen where this one is."""
        return inherited(self.layers, trainable=self.trainable)

    def _inside(self, in_shape: Shape) -> Chain:
        """The layers as a chain."""
        return chain(self.within, in_shape)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays; the inner layers' arrays under their names."""
        spec = self._inside(in_shape).spec(in_shape)
        if spec.out_shape != in_shape:
            raise ShapeError("layers.residual", layer=self.label, got=("N", *in_shape), found=("N", *spec.out_shape))
        return spec

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y = x + F(x)."""
        y, state, cache = self._inside(x.shape[1:]).apply(params, state, x, run)
        return x + y, state, cache

    def backward(self, params: Tree, cache: Tree, dy: Array) -> tuple[Array, Tree]:
        """dx = dy + F'^T(dy)."""
        dx, grads = self._inside(dy.shape[1:]).backward(params, cache, dy)
        return dy + dx, grads

    def inner(self, in_shape: Shape) -> Sequence[Place]:
        """The layers inside, each where it stands."""
        return placed(self.within, in_shape)

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the layers inside hand on; F(x) is the last one's, before x is added."""
        return self._inside(x.shape[1:]).outputs(params, state, x, names, run)

    def converted(self, change: Callable[[Layer], Layer]) -> Self:
        """With others in place of the layers inside."""
        return evolve(self, layers=tuple(map(change, self.layers)))
