"""UpSampling2D: every row and column made into several.

    "nearest"    y[n,i,j,c] = x[n, floor(i / s), floor(j / s), c]
                 dx = sum of dy over the s x s places made of each
    "bilinear"   y = A x B^T: each new place a mean of the two old ones nearest to its middle, in each direction
                 dx = A^T dy B

The middle of new place i lies at (i + 1/2) / s - 1/2 among the old ones, as in Keras, TensorFlow 2 and PyTorch's
align_corners=False; beyond the rim the rim itself is meant. Nothing is learned; the transpose is summed by hand.
"""

from attrs import field, frozen

from garasu.array import INTERPOLATIONS, Array, Arrays, Pair, Shape, enlarge, enlarge_transpose
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Spec
from garasu.settings import one_of


@frozen(eq=False)
class UpSampling2D(Layer):
    """Up-sampling (アップサンプリング) by whole factors ``size``; ``interpolation`` "nearest" or "bilinear".

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = UpSampling2D((1, 2))
        >>> y, cache = layer.forward({}, np.array([[1.0, 5.0]]).reshape(1, 1, 2, 1))
        >>> y.ravel().tolist(), layer.backward({}, cache, y)[0].ravel().tolist()
        ([1.0, 1.0, 5.0, 5.0], [2.0, 10.0])
        >>> UpSampling2D((1, 2), "bilinear").forward({}, np.array([[1.0, 5.0]]).reshape(1, 1, 2, 1))[0].ravel().tolist()
        [1.0, 2.0, 4.0, 5.0]
    """

    size: Pair = fields.window((2, 2))
    interpolation: str = field(default="nearest", validator=one_of(*INTERPOLATIONS))

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (s Y, s X, C)."""
        rows, columns = images.size_in(self, in_shape)
        return Spec((rows * self.size[0], columns * self.size[1], in_shape[2]))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = A x B^T."""
        return enlarge(x, self.size, self.interpolation), {}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = A^T dy B."""
        return enlarge_transpose(dy, self.size, self.interpolation), {}
