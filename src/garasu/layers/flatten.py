"""Flatten: (N, a, b, ...) becomes (N, a b ...); the error is put back into the old shape.

Channels are innermost (NHWC), so the kernel of a Dense layer behind it orders its rows as row, column, channel.
"""

import math

from attrs import frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers.layer import Layer, Spec


@frozen(eq=False)
class Flatten(Layer):
    """All axes but the batch's rolled out into one.

    Example:
        >>> import numpy as np
        >>> y, cache = Flatten().forward({}, np.zeros((2, 3, 4, 5)))
        >>> y.shape, Flatten().backward({}, cache, y)[0].shape
        ((2, 60), (2, 3, 4, 5))
    """

    def spec(self, in_shape: Shape) -> Spec:
        """(a, b, ...) becomes (a b ...,)."""
        return Spec((math.prod(in_shape),))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x, rolled out."""
        return namespace(x).reshape(x, (x.shape[0], math.prod(x.shape[1:]))), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy in the shape of x."""
        return namespace(dy).reshape(dy, cache["x"].shape), {}
