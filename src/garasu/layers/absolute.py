"""Absolute: the size of each number.

    y = |x|         dx = dy sign(x)

sign(0) = 0: at the kink no error passes. Behind a filter that finds edges it tells how strong an edge is, whichever of
its sides is the bright one.
"""

from attrs import frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers.layer import Layer, Spec


@frozen(eq=False)
class Absolute(Layer):
    """|x|, number by number.

    Example:
        >>> import numpy as np
        >>> layer = Absolute()
        >>> y, cache = layer.forward({}, np.array([[-2.0, 0.0, 3.0]]))
        >>> y.tolist(), layer.backward({}, cache, np.ones((1, 3)))[0].tolist()
        ([[2.0, 0.0, 3.0]], [[-1.0, 0.0, 1.0]])
    """

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays."""
        return Spec(in_shape)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = |x|."""
        return namespace(x).abs(x), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy sign(x)."""
        return dy * namespace(dy).sign(cache["x"]), {}
