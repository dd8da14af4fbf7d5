"""Rescaling: all numbers times one number, plus another.

    y = scale x + offset         dx = scale dy

``Rescaling(1 / 255)`` brings grey levels to 0 ... 1; ``Rescaling(1 / 127.5, -1)`` to -1 ... 1.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape
from garasu.layers.layer import Layer, Spec
from garasu.settings import number


@frozen(eq=False)
class Rescaling(Layer):
    """scale x + offset, the same in training and inference.

    Raises:
        SettingError: a setting that is no finite number.

    Example:
        >>> import numpy as np
        >>> layer = Rescaling(1 / 127.5, offset=-1)
        >>> y, cache = layer.forward({}, np.array([[0.0, 255.0]]))
        >>> y.tolist(), layer.backward({}, cache, 255 * np.ones((1, 2)))[0].tolist()
        ([[-1.0, 1.0]], [[2.0, 2.0]])
    """

    scale: float = field(validator=number)
    offset: float = field(default=0.0, validator=number)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays."""
        return Spec(in_shape)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = scale x + offset."""
        return self.scale * x + self.offset, {}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = scale dy."""
        return self.scale * dy, {}
