"""A network as plain data, and what its shapes say of the work in it.

Every peer builds its own model from the same description, so that all do the same work. A layer's operations forward
are counted once more for dW and once more for dx; dx is not needed for the first layer that has weights.
"""

from collections.abc import Iterator

from attrs import evolve, field, frozen

from benchmarks.layers import Dense, Layer, Shape


@frozen
class Network:
    """Layers one after another, from inputs of ``in_shape``: (rows, columns, channels), or (numbers,).

    Example:
        >>> from benchmarks.layers import Dense, Flatten
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

    def with_hidden(self, activation: str) -> "Network":
        """The same, with another activation on all dense layers but the last.

        Example:
            >>> from benchmarks.layers import Dense
            >>> network = Network((4,), (Dense(3), Dense(2, "softmax"))).with_hidden("tanh")
            >>> [layer.activation for layer in network.layers]
            ['tanh', 'softmax']
        """
        *hidden, last = self.layers
        others = (evolve(layer, activation=activation) if isinstance(layer, Dense) else layer for layer in hidden)
        return Network(self.in_shape, (*others, last))

    @property
    def out_shape(self) -> Shape:
        """The shape of the answer."""
        shape = self.in_shape
        for layer in self.layers:
            shape = layer.out_shape(shape)
        return shape

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
        counts = [layer.operations(shape) for layer, shape in self.walk() if layer.operations(shape)]
        return 3 * sum(counts) - counts[0]
