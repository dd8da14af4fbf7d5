"""GlobalMaxPooling2D: the largest value of each channel over the whole image.

    y[n,c] = max_{p,q} x[n,p,q,c]                                                      x (N, Y, X, C), y (N, C)
    dx = dy at the place that held the maximum (the FIRST one in row-major order where several do), 0 elsewhere

Source: Oquab, Bottou, Laptev and Sivic, "Is object localization for free?" (2015).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers import images
from garasu.layers.layer import Layer, Spec
from garasu.settings import truth


@frozen(eq=False)
class GlobalMaxPooling2D(Layer):
    """Global max pooling (大域最大値プーリング): one number a channel; ``keepdims`` keeps the axes, (N, 1, 1, C).

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = GlobalMaxPooling2D()
        >>> y, cache = layer.forward({}, np.array([[1.0, 3], [3, 2]]).reshape(1, 2, 2, 1))
        >>> y.tolist(), layer.backward({}, cache, np.array([[5.0]]))[0].ravel().tolist()
        ([[3.0]], [0.0, 5.0, 0.0, 0.0])
    """

    keepdims: bool = field(default=False, validator=truth)

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (C,), or (1, 1, C)."""
        images.size_in(self, in_shape)
        return Spec((1, 1, in_shape[2]) if self.keepdims else (in_shape[2],))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = the maximum over rows and columns; the place where it first stands is remembered."""
        xp, (n, rows, columns, channels) = namespace(x), x.shape
        places = xp.reshape(x, (n, rows * columns, channels))
        y, place = xp.max(x, axis=(1, 2), keepdims=self.keepdims), xp.argmax(places, axis=1, keepdims=True)
        return y, {"x": x, "place": xp.astype(place, xp.int32)}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """Each error goes to the remembered place."""
        xp, (n, rows, columns, channels) = namespace(dy), cache["x"].shape
        own = xp.reshape(xp.arange(rows * columns, dtype=xp.int32), (1, rows * columns, 1))
        dy = xp.reshape(dy, (n, 1, channels))
        dx = xp.where(cache["place"] == own, dy, xp.zeros_like(dy))
        return xp.reshape(dx, (n, rows, columns, channels)), {}
