"""LpPooling2D: the P-th root of the mean P-th power of each window, between the mean (P = 1) and the maximum (P large).

    y[n,p,q,c] = (1/m sum_{i,j} |x[n, s p + i, s q + j, c]|^P)^(1/P)
    dx = sum of (|x| / y)^(P-1) sign(x) dy / m over the windows that see the place; 0 where y = 0

m is how many places of the window lie inside the image (H^2 without padding). Of x the size |x| is taken, so that any
P >= 1 will do and y is never below 0. At y = 0 there is no slope; 0 is handed back. PyTorch's lp_pool2d has the sum in
place of the mean: its result is m^(1/P) times as large. Size of the result: (I - F + pads) / s + 1, rounded down.
Source: Sermanet, Chintala and LeCun (2012).
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array, Arrays, Pads, Pair, Shape, lp_pool, lp_pool_gradient
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Spec
from garasu.settings import is_number, must_be


def _is_exponent(value: Any) -> bool:
    return is_number(value) and value >= 1


@frozen(eq=False)
class LpPooling2D(Layer):
    """Lp pooling (Lp プーリング) over windows of ``pool_size``; the stride is the window's size unless given.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = LpPooling2D(2, p=2)
        >>> y, cache = layer.forward({}, np.array([[1.0, 1], [7, 7]]).reshape(1, 2, 2, 1))
        >>> float(y[0, 0, 0, 0])
        5.0
        >>> layer.backward({}, cache, 20 * np.ones((1, 1, 1, 1)))[0][0, :, :, 0].tolist()
        [[1.0, 1.0], [7.0, 7.0]]
    """

    pool_size: Pair = fields.window((2, 2))
    strides: Pair | None = images.strides()
    padding: str | Pads = images.padding()
    p: float = field(default=2.0, validator=must_be("settings.not_below_one", _is_exponent))

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, C)."""
        return Spec(images.pooled(self, in_shape))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = (mean |x|^P)^(1/P)."""
        return lp_pool(x, self.p, *images.windows(self, images.size_of(x))), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = (|x| / y)^(P-1) sign(x) dy / m."""
        x = cache["x"]
        return lp_pool_gradient(dy, x, self.p, *images.windows(self, images.size_of(x))), {}
