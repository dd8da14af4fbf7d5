"""A network as plain data, and what its shapes say of the work in it.

Every peer builds its own model from the same description, so that all do the same work. The counts:

    Convolution   2 N OY OX F^2 C K  operations forward, the same for dW, the same for dx
    Dense         2 N n m            operations forward, the same for dW, the same for dx

dx is not needed for the first layer that has weights. Additions of biases, activations and poolings are left out: they
are a few in a thousand. Shapes are without the batch axis; images are (rows, columns, channels).
"""

import math
from collections.abc import Iterator
from typing import TypeAlias

from attrs import field, frozen

Shape: TypeAlias = tuple[int, ...]


@frozen
class Convolution:
    """``filters`` kernels of ``size`` x ``size`` with biases, stride 1, the picture's size kept ("same")."""

    filters: int
    size: int
    activation: str = "relu"

    def out_shape(self, shape: Shape) -> Shape:
        """(Y, X, C) becomes (Y, X, K)."""
        return (*shape[:2], self.filters)

    def weights(self, shape: Shape) -> int:
        """F^2 C K + K."""
        return self.size**2 * shape[2] * self.filters + self.filters

    def operations(self, shape: Shape) -> int:
        """2 Y X F^2 C K, for one picture forward."""
        return 2 * shape[0] * shape[1] * self.size**2 * shape[2] * self.filters


@frozen
class MaxPooling:
    """The largest value of each ``size`` x ``size`` block."""

    size: int

    def out_shape(self, shape: Shape) -> Shape:
        """(Y, X, C) becomes (Y / size, X / size, C)."""
        return (shape[0] // self.size, shape[1] // self.size, shape[2])

    def weights(self, shape: Shape) -> int:
        """None."""
        return 0

    def operations(self, shape: Shape) -> int:
        """Comparisons, which are not counted."""
        return 0


@frozen
class Flatten:
    """A picture as one row of numbers."""

    def out_shape(self, shape: Shape) -> Shape:
        """(Y, X, C) becomes (Y X C,)."""
        return (math.prod(shape),)

    def weights(self, shape: Shape) -> int:
        """None."""
        return 0

    def operations(self, shape: Shape) -> int:
        """None."""
        return 0


@frozen
class Dense:
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
        """2 n m, for one row forward."""
        return 2 * shape[0] * self.units


Layer: TypeAlias = Convolution | MaxPooling | Flatten | Dense


@frozen
class Network:
    """Layers one after another, from pictures of ``in_shape`` (rows, columns, channels).

    Example:
        >>> network = Network((4, 4, 1), (Flatten(), Dense(3), Dense(2, "softmax")))
        >>> network.weights, network.forward_operations, network.training_operations
        (59, 108, 228)
    """

    in_shape: Shape
    layers: tuple[Layer, ...] = field(converter=tuple)

    def walk(self) -> Iterator[tuple[Layer, Shape]]:
        """Each layer with the shape that comes into it."""
        shape = self.in_shape
        for layer in self.layers:
            yield layer, shape
            shape = layer.out_shape(shape)

    @property
    def weights(self) -> int:
        """How many numbers are trained."""
        return sum(layer.weights(shape) for layer, shape in self.walk())

    @property
    def forward_operations(self) -> int:
        """Additions and multiplications for one picture forward."""
        return sum(layer.operations(shape) for layer, shape in self.walk())

    @property
    def training_operations(self) -> int:
        """For one picture forward, dW of every layer, and dx of all but the first one that has weights."""
        counts = [layer.operations(shape) for layer, shape in self.walk() if layer.weights(shape)]
        return 3 * sum(counts) - counts[0]
