"""MaxPooling2D: the largest value of each window.

    y[n,p,q,c] = max_{i,j} x[n, s p + i, s q + j, c]
    dx = dy at the place that held the maximum (the FIRST one in row-major order where several do), 0 elsewhere

Size of the result: (I - F + pads) / s + 1, rounded down.
Source: Yamaguchi et al. (1990); Riesenhuber and Poggio (1999).
"""

from attrs import frozen

from garasu.array import Array, Arrays, Pads, Pair, Shape, max_pool, max_pool_transpose
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Spec


@frozen(eq=False)
class MaxPooling2D(Layer):
    """Max pooling (最大値プーリング) over windows of ``pool_size``; the stride is the window's size unless given.

    PyTorch and XLA's own gradient also give a tie to one place; automatic differentiation of a maximum would share it.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = MaxPooling2D(2)
        >>> y, cache = layer.forward({}, np.array([[1.0, 2], [3, 3]]).reshape(1, 2, 2, 1))
        >>> float(y[0, 0, 0, 0])
        3.0
        >>> layer.backward({}, cache, np.ones((1, 1, 1, 1)))[0][0, :, :, 0].tolist()
        [[0.0, 0.0], [1.0, 0.0]]
    """

    pool_size: Pair = fields.window((2, 2))
    strides: Pair | None = images.strides()
    padding: str | Pads = images.padding()

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, C)."""
        return Spec(images.pooled(self, in_shape))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = max over each window; the place of the maximum is remembered."""
        y, place = max_pool(x, *images.windows(self, images.size_of(x)))
        return y, {"x": x, "place": place}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """Each error goes to the remembered place."""
        size = images.size_of(cache["x"])
        return max_pool_transpose(dy, cache["place"], size, *images.windows(self, size)), {}
