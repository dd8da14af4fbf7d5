"""ELU: the identity above 0, an exponential that settles at -a below.

    y = x where x > 0, else a (e^x - 1)         dx = dy where x > 0, else dy a e^x

At x = 0 the slope is taken as a; for a = 1 there is no kink. Source: Clevert, Unterthiner and Hochreiter, "Fast and
accurate deep network learning by exponential linear units" (2015).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers.layer import Layer, Spec
from garasu.settings import not_negative


@frozen(eq=False)
class ELU(Layer):
    """Exponential linear unit with a = ``alpha``.

    Raises:
        SettingError: alpha is below 0.

    Example:
        >>> import numpy as np
        >>> layer = ELU(2.0)
        >>> y, cache = layer.forward({}, np.array([[-1000.0, 0.0, 3.0]]))
        >>> y.tolist(), layer.backward({}, cache, np.ones((1, 3)))[0].tolist()
        ([[-2.0, 0.0, 3.0]], [[0.0, 2.0, 1.0]])
    """

    alpha: float = field(default=1.0, validator=not_negative)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays."""
        return Spec(in_shape)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x where x > 0, else a (e^x - 1); the exponent is never positive."""
        xp = namespace(x)
        return xp.where(x > 0, x, self.alpha * xp.expm1(xp.minimum(x, xp.zeros_like(x)))), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy where x > 0, else dy a e^x."""
        xp, x = namespace(dy), cache["x"]
        return xp.where(x > 0, dy, dy * (self.alpha * xp.exp(xp.minimum(x, xp.zeros_like(x))))), {}
