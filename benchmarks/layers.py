"""The layers a case may be built of, as plain data: shape, weights and operations follow from the settings.

    Convolution             2 OY OX F^2 C K      operations forward for one picture; the same for dW, the same for dx
    TransposedConvolution   2 IY IX F^2 C K      (I: its input, which is the smaller picture)
    Dense                   2 n m

Additions of biases, activations, poolings and normalisations are left out: they are a few in a thousand. Shapes are
without the batch axis; images are (rows, columns, channels).
"""

import math
from typing import TypeAlias

from attrs import frozen

Shape: TypeAlias = tuple[int, ...]


@frozen
class Layer:
    """What has no weights and keeps the shape."""

    def out_shape(self, shape: Shape) -> Shape:
        """The shape that goes out."""
        return shape

    def weights(self, shape: Shape) -> int:
        """How many numbers are trained."""
        return 0

    def operations(self, shape: Shape) -> int:
        """Additions and multiplications for one picture forward."""
        return 0


@frozen
class Convolution(Layer):
    """``filters`` kernels of ``size`` x ``size`` with biases; padding "same" or "valid".

    Example:
        >>> Convolution(16, 5).out_shape((28, 28, 1)), Convolution(8, 3, stride=2).out_shape((28, 28, 1))
        ((28, 28, 16), (14, 14, 8))
        >>> Convolution(16, 5, padding="valid").out_shape((14, 14, 6))
        (10, 10, 16)
    """

    filters: int
    size: int
    activation: str = "relu"
    stride: int = 1
    padding: str = "same"

    def out_shape(self, shape: Shape) -> Shape:
        """Rounded up for "same"; only where the whole kernel fits for "valid"."""
        lost = self.size - 1 if self.padding == "valid" else 0
        return (*(-(-(side - lost) // self.stride) for side in shape[:2]), self.filters)

    def weights(self, shape: Shape) -> int:
        """F^2 C K + K."""
        return self.size**2 * shape[2] * self.filters + self.filters

    def operations(self, shape: Shape) -> int:
        """2 OY OX F^2 C K."""
        rows, columns, _ = self.out_shape(shape)
        return 2 * rows * columns * self.size**2 * shape[2] * self.filters


@frozen
class TransposedConvolution(Layer):
    """A picture ``stride`` times as large, "same" padding, with biases.

    Example:
        >>> TransposedConvolution(8, 3).out_shape((7, 7, 4))
        (14, 14, 8)
    """

    filters: int
    size: int
    activation: str = "relu"
    stride: int = 2

    def out_shape(self, shape: Shape) -> Shape:
        """(Y, X, C) becomes (s Y, s X, K)."""
        return (shape[0] * self.stride, shape[1] * self.stride, self.filters)

    def weights(self, shape: Shape) -> int:
        """F^2 C K + K."""
        return self.size**2 * shape[2] * self.filters + self.filters

    def operations(self, shape: Shape) -> int:
        """2 IY IX F^2 C K: every number of the input meets the whole kernel."""
        return 2 * math.prod(shape) * self.size**2 * self.filters


@frozen
class Pooling(Layer):
    """Windows of ``size`` x ``size`` that do not overlap: the greatest ("max") or the mean ("average")."""

    size: int
    of: str = "max"

    def out_shape(self, shape: Shape) -> Shape:
        """(Y, X, C) becomes (Y / size, X / size, C), rounded down."""
        return (shape[0] // self.size, shape[1] // self.size, shape[2])


@frozen
class Flatten(Layer):
    """A picture as one row of numbers."""

    def out_shape(self, shape: Shape) -> Shape:
        """(Y, X, C) becomes (Y X C,)."""
        return (math.prod(shape),)


@frozen
class Dense(Layer):
    """``units`` weighted sums of all inputs, with biases."""

    units: int
    activation: str = "relu"

    def out_shape(self, shape: Shape) -> Shape:
        """(n,) becomes (units,)."""
        return (self.units,)

    def weights(self, shape: Shape) -> int:
        """n m + m."""
        return shape[0] * self.units + self.units

    def operations(self, shape: Shape) -> int:
        """2 n m."""
        return 2 * shape[0] * self.units


@frozen
class Dropout(Layer):
    """Each number is dropped with probability ``rate`` in training."""

    rate: float


@frozen
class BatchNormalization(Layer):
    """Each channel brought to mean 0 and variance 1 over the mini-batch, then scaled and shifted."""

    def weights(self, shape: Shape) -> int:
        """A scale and a shift a channel; the running means are not trained."""
        return 2 * shape[-1]


@frozen
class Activation(Layer):
    """An activation that stands alone: behind a normalisation."""

    activation: str
