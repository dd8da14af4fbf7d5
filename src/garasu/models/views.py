"""Bound views: Keras's manners over immutable rules. A view knows its model; the layer it shows knows nothing."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from garasu.array import Array, Shape, paths
from garasu.layers import Layer, Spec

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


@frozen(eq=False)
class Symbol:
    """A place in a model: what a layer hands on, or the input. ``models.Model`` is made from these."""

    model: Any
    name: str
    shape: tuple[int | None, ...]
    is_input: bool = False

    def __repr__(self) -> str:
        return f"<Symbol {self.name} {self.shape}>"


class LayerView:
    """One layer of a model: its settings, shapes and weights."""

    def __init__(self, model: "Sequential", index: int) -> None:
        self._model = model
        self._index = index

    @property
    def settings(self) -> Layer:
        """The immutable layer: its class and settings."""
        return self._model.network.layers[self._index] if self._model.built else self._model.settings[self._index]

    @property
    def name(self) -> str:
        """The layer's name in its model."""
        return str(self.settings.name)

    @property
    def input_shape(self) -> Shape:
        """The shape of one row of its input."""
        return self._model.shapes()[self._index][0]

    @property
    def output_shape(self) -> Shape:
        """The shape of one row of its output."""
        return self._model.shapes()[self._index][1]

    @property
    def input(self) -> Symbol:
        """What it takes: the layer before it, or the model's input."""
        if self._index == 0:
            return self._model.input
        return LayerView(self._model, self._index - 1).output

    @property
    def output(self) -> Symbol:
        """What it hands on, after its activation."""
        return Symbol(self._model, self.name, (None, *self.output_shape))

    @property
    def trainable(self) -> bool:
        """Whether training changes its weights; setting it takes effect at once."""
        return self.settings.trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._model.set_trainable(self._index, value)

    def weight_paths(self) -> list[str]:
        """The paths of its arrays, those that are trained first."""
        return [path for path in self._model.weight_paths() if path.split("/")[1] == self.name]

    def get_weights(self) -> list[Array]:
        """Copies of its arrays (NumPy): kernel, bias, ...; then what it keeps, such as moving averages."""
        return self._model.get_arrays(self.weight_paths())

    def set_weights(self, weights: list[Any]) -> None:
        """Replace its arrays, in the order of ``get_weights``.

        Raises:
            ShapeError: too many, too few, or of another shape.
        """
        self._model.set_arrays(self.weight_paths(), weights)

    def count_params(self) -> int:
        """How many numbers its arrays hold."""
        return sum(int(array.size) for array in self.get_weights())

    def __repr__(self) -> str:
        return f"<{type(self.settings).__name__} {self.name}>"


class OptimizerView:
    """The optimizer of a compiled model: its settings, and its rate, which can be read and set."""

    def __init__(self, model: "Sequential") -> None:
        self._model = model

    @property
    def settings(self) -> Any:
        """The immutable optimizer."""
        return self._model.task.optimizer

    @property
    def learning_rate(self) -> float:
        """The rate in use; setting it takes effect with the next step."""
        return float(self._model.hyper["optimizer"]["learning_rate"])

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._model.hyper["optimizer"]["learning_rate"] = float(value)

    def __repr__(self) -> str:
        return repr(self.settings)


def count(spec: Spec) -> int:
    """How many numbers the arrays of a spec hold, trained or kept.

    Example:
        >>> from garasu.layers import Dense
        >>> count(Dense(3).spec((4,)))
        15
    """
    total = 0
    for tree in (spec.params, spec.state):
        for _, param in paths(tree):
            size = 1
            for axis in param.shape:
                size *= axis
            total += size
    return total
