"""AveragePooling2D: the mean of each window.

    y[n,p,q,c] = 1/m sum_{i,j} x[n, s p + i, s q + j, c]
    dx = sum of dy / m over the windows that see the place

m is how many places of the window lie inside the image: padding is not counted, as Keras and ONNX have it (PyTorch
counts it unless told otherwise). Size of the result: (I - F + pads) / s + 1, rounded down.
Source: Fukushima (1980) and LeCun et al. (1990), "subsampling".
"""

from attrs import frozen

from garasu.array import Array, Arrays, Pads, Pair, Shape, average_pool, average_pool_transpose
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Spec


@frozen(eq=False)
class AveragePooling2D(Layer):
    """Average pooling (平均プーリング) over windows of ``pool_size``; the stride is the window's size unless given.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = AveragePooling2D(2)
        >>> y, cache = layer.forward({}, np.array([[1.0, 2], [3, 6]]).reshape(1, 2, 2, 1))
        >>> float(y[0, 0, 0, 0])
        3.0
        >>> layer.backward({}, cache, 4 * np.ones((1, 1, 1, 1)))[0][0, :, :, 0].tolist()
        [[1.0, 1.0], [1.0, 1.0]]
    """

    pool_size: Pair = fields.window((2, 2))
    strides: Pair | None = images.strides()
    padding: str | Pads = images.padding()

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, C)."""
        return Spec(images.pooled(self, in_shape))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = mean over the places of each window inside the image."""
        return average_pool(x, *images.windows(self, images.size_of(x))), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """Each error is shared equally by the places of its window."""
        size = images.size_of(cache["x"])
        return average_pool_transpose(dy, size, *images.windows(self, size)), {}
