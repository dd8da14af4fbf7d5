"""LeakyReLU: relu that lets a share s of what lies below 0 through, so that no unit falls silent for good.

    y = x where x > 0, else s x         dx = dy where x > 0, else s dy

At the kink x = 0 the slope is taken as s. Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network
acoustic models" (2013).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers.layer import Layer, Spec
from garasu.settings import not_negative


@frozen(eq=False)
class LeakyReLU(Layer):
    """Leaky relu with s = ``negative_slope``; Keras's default is 0.3 here, and 0.2 in ``activation="leaky_relu"``.

    Raises:
        SettingError: the slope is below 0.

    Example:
        >>> import numpy as np
        >>> layer = LeakyReLU(0.5)
        >>> y, cache = layer.forward({}, np.array([[-2.0, 3.0]]))
        >>> y.tolist(), layer.backward({}, cache, np.ones((1, 2)))[0].tolist()
        ([[-1.0, 3.0]], [[0.5, 1.0]])
    """

    negative_slope: float = field(default=0.3, validator=not_negative)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays."""
        return Spec(in_shape)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x where x > 0, else s x."""
        return namespace(x).where(x > 0, x, self.negative_slope * x), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy where x > 0, else s dy."""
        return namespace(dy).where(cache["x"] > 0, dy, self.negative_slope * dy), {}
