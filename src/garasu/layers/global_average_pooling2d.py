"""GlobalAveragePooling2D: the mean of each channel over the whole image.

    y[n,c] = 1/(Y X) sum_{p,q} x[n,p,q,c]                                              x (N, Y, X, C), y (N, C)
    dx[n,p,q,c] = dy[n,c] / (Y X)

Source: Lin, Chen and Yan, "Network in network" (2013).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers import images
from garasu.layers.layer import Layer, Spec
from garasu.settings import truth


@frozen(eq=False)
class GlobalAveragePooling2D(Layer):
    """Global average pooling (大域平均プーリング): one number a channel; ``keepdims`` keeps the axes, (N, 1, 1, C).

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = GlobalAveragePooling2D()
        >>> y, cache = layer.forward({}, np.array([[1.0, 2], [3, 6]]).reshape(1, 2, 2, 1))
        >>> y.tolist(), layer.backward({}, cache, np.array([[4.0]]))[0].ravel().tolist()
        ([[3.0]], [1.0, 1.0, 1.0, 1.0])
    """

    keepdims: bool = field(default=False, validator=truth)

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (C,), or (1, 1, C)."""
        images.size_in(self, in_shape)
        return Spec((1, 1, in_shape[2]) if self.keepdims else (in_shape[2],))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = the mean over rows and columns."""
        return namespace(x).mean(x, axis=(1, 2), keepdims=self.keepdims), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy / (Y X) at every place."""
        xp, (n, rows, columns, channels) = namespace(dy), cache["x"].shape
        share = xp.reshape(dy, (n, 1, 1, channels)) / (rows * columns)
        return xp.broadcast_to(share, (n, rows, columns, channels)), {}
