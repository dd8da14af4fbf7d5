"""Cutoff: what exceeds a threshold h, and 0 where nothing does.

    y = max(x - h, 0)         dx = dy where x > h, else 0

At the kink x = h the slope is taken as 0. Behind a filter it keeps the strong answers and drops the weak ones.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers.layer import Layer, Spec
from garasu.settings import number


@frozen(eq=False)
class Cutoff(Layer):
    """relu(x - h) with h = ``threshold``.

    Raises:
        SettingError: the threshold is no finite number.

    Example:
        >>> import numpy as np
        >>> layer = Cutoff(2)
        >>> y, cache = layer.forward({}, np.array([[1.0, 2.0, 5.0]]))
        >>> y.tolist(), layer.backward({}, cache, np.ones((1, 3)))[0].tolist()
        ([[0.0, 0.0, 3.0]], [[0.0, 0.0, 1.0]])
    """

    threshold: float = field(validator=number)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays."""
        return Spec(in_shape)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = max(x - h, 0)."""
        xp = namespace(x)
        y = xp.maximum(x - self.threshold, xp.zeros_like(x))
        return y, {"y": y}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy where x > h, else 0."""
        xp = namespace(dy)
        return xp.where(cache["y"] > 0, dy, xp.zeros_like(dy)), {}
