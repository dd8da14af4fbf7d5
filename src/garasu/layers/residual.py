"""Residual: what its layers make of x, added to x itself.

    y = x + F(x)        dx = dy + F'^T(dy)

Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015).
"""

from typing import Any, TypeGuard

from attrs import evolve, field, frozen

from garasu.array import Array, Shape, Tree
from garasu.layers.chain import Chain, chain
from garasu.layers.layer import Layer, Run, Spec
from garasu.layers.names import named
from garasu.messages import ShapeError
from garasu.settings import as_tuple, is_tuple, must_be


def _is_layers(value: object) -> TypeGuard[tuple[Layer, ...]]:
    return is_tuple(value) and len(value) > 0 and all(isinstance(one, Layer) for one in value)


def _layers(value: Any) -> Any:
    """A converter: a list of layers as a tuple of named ones."""
    layers = as_tuple(value)
    return named(layers) if _is_layers(layers) else value


@frozen(eq=False)
class Residual(Layer):
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

    layers: tuple[Layer, ...] = field(converter=_layers, validator=must_be("settings.layers", _is_layers))

    def _inside(self, in_shape: Shape) -> Chain:
        """The layers as a chain; frozen, they are frozen too, so that inner averages stand still."""
        layers = self.layers if self.trainable else [evolve(layer, trainable=False) for layer in self.layers]
        return chain(layers, in_shape)

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
