"""Cropping2D: each image without its outer rows and columns.

    y = x without its frame          dx = dy, framed with zeros

The transpose of ZeroPadding2D: what is forward in one is backward in the other.
"""

from attrs import frozen

from garasu.array import Array, Arrays, Pads, Shape, crop, pad
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Spec
from garasu.messages import ShapeError


@frozen(eq=False)
class Cropping2D(Layer):
    """Cropping (切り取り): n at every side, (rows, columns), or ((above, below), (left, right)).

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = Cropping2D(((1, 0), (0, 1)))
        >>> y, cache = layer.forward({}, np.array([[1.0, 2], [3, 4]]).reshape(1, 2, 2, 1))
        >>> y.ravel().tolist(), layer.backward({}, cache, 2 * y)[0][0, :, :, 0].tolist()
        ([3.0], [[0.0, 0.0], [6.0, 0.0]])
    """

    cropping: Pads = fields.margins(((0, 0), (0, 0)))

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (Y - above - below, X - left - right, C)."""
        size = images.size_in(self, in_shape)
        rows, columns = (size[axis] - sum(self.cropping[axis]) for axis in (0, 1))
        if rows < 1 or columns < 1:
            raise ShapeError(
                "layers.cropped_away", layer=self.label, cropping=self.cropping, found=size, got=("N", *in_shape)
            )
        return Spec((rows, columns, in_shape[2]))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x without its frame."""
        return crop(x, self.cropping), {}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy, framed with zeros."""
        return pad(dy, self.cropping), {}
