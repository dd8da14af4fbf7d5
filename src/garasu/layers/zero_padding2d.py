"""ZeroPadding2D: rows and columns of zeros around each image.

    y = x, framed with zeros          dx = dy without the frame

Before a layer of padding "valid", it does what that layer's own explicit padding does.
"""

from attrs import frozen

from garasu.array import Array, Arrays, Pads, Shape, crop, pad
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Spec


@frozen(eq=False)
class ZeroPadding2D(Layer):
    """Zero padding (ゼロパディング): n at every side, (rows, columns), or ((above, below), (left, right)).

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = ZeroPadding2D(((1, 0), (0, 2)))
        >>> y, cache = layer.forward({}, np.array([[5.0]]).reshape(1, 1, 1, 1))
        >>> y[0, :, :, 0].tolist(), layer.backward({}, cache, 2 * y)[0].ravel().tolist()
        ([[0.0, 0.0, 0.0], [5.0, 0.0, 0.0]], [10.0])
    """

    padding: Pads = fields.margins(((1, 1), (1, 1)))

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (above + Y + below, left + X + right, C)."""
        rows, columns = images.size_in(self, in_shape)
        return Spec((rows + sum(self.padding[0]), columns + sum(self.padding[1]), in_shape[2]))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x, framed with zeros."""
        return pad(x, self.padding), {}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy without the frame."""
        return crop(dy, self.padding), {}
