"""Bound views: Keras's manners over immutable rules. A view knows its model; the layer it shows knows nothing."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from garasu.array import Array, Shape, paths
from garasu.layers import Layer, Parallel, PerChannel, Spec
from garasu.layers.composite import Place
from garasu.messages import SettingError
from garasu.schedules import Schedule

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
    """One layer of a model: its settings, shapes and weights; ``inside`` are the names that lead into it from there."""

    def __init__(self, model: "Sequential", index: int, inside: tuple[str, ...] = ()) -> None:
        self._model = model
        self._index = index
        self._inside = inside

    @property
    def path(self) -> str:
        """The names that lead to the layer: "conv", or "outer/inner"."""
        return "/".join((str(self._model.settings[self._index].name), *self._inside))

    @property
    def settings(self) -> Layer:
        """The immutable layer: its class and settings; frozen where a layer around it is."""
        return self._place.layer if self._model.built else self._model.settings[self._index]

    @property
    def _place(self) -> Place:
        return self._model.network.places[self.path]

    @property
    def name(self) -> str:
        """The layer's name, among those beside it."""
        return self.path.rpartition("/")[2]

    @property
    def layers(self) -> list["LayerView"]:
        """Views of the layers inside it; most layers have none.

        Raises:
            RunError: the input shape is not known yet.
        """
        deeper = len(self._inside) + 1
        paths_below = [path for path in self._model.network.places if path.startswith(f"{self.path}/")]
        names = [tuple(path.split("/")[1:]) for path in paths_below]
        return [LayerView(self._model, self._index, inside) for inside in names if len(inside) == deeper]

    def get_layer(self, name: str) -> "LayerView":
        """The view of a layer inside it.

        Raises:
            UnknownNameError: no layer inside has this name; the nearest one is offered.
        """
        return self._model.get_layer(f"{self.path}/{name}")

    @property
    def input_shape(self) -> Shape:
        """The shape of one row of its input."""
        return self._place.in_shape

    @property
    def output_shape(self) -> Shape:
        """The shape of one row of its output."""
        return self._place.out_shape

    @property
    def input(self) -> Symbol:
        """What it takes: the layer before it, or the model's input.

        Raises:
            SettingError: it is a copy inside ``PerChannel``, which takes a part of what a layer hands on.
        """
        if not self._inside:
            return LayerView(self._model, self._index - 1).output if self._index else self._model.input
        outer = LayerView(self._model, self._index, self._inside[:-1])
        if isinstance(outer.settings, PerChannel):
            raise SettingError("models.channel_input", layer=self.path, outer=outer.path)
        beside = [view.path for view in outer.layers]
        number = beside.index(self.path)
        first = number == 0 or isinstance(outer.settings, Parallel)
        return outer.input if first else outer.layers[number - 1].output

    @property
    def output(self) -> Symbol:
        """What it hands on, after its activation."""
        return Symbol(self._model, self.path, (None, *self.output_shape))

    @property
    def trainable(self) -> bool:
        """Whether training changes its weights; setting it takes effect at once, for all layers inside it too.

        What stands in a frozen layer is frozen, whatever is set for it alone; released, that holds again.
        """
        return self.settings.trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._model.set_trainable(self._index, value, self._inside)

    def weight_paths(self) -> list[str]:
        """The paths of its arrays, those that are trained first."""
        here = f"{self.path}/"
        return [path for path in self._model.weight_paths() if path.partition("/")[2].startswith(here)]

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
    def schedule(self) -> Schedule | None:
        """The schedule that decides on the rate, if there is one."""
        rate = self.settings.learning_rate
        return rate if isinstance(rate, Schedule) else None

    @property
    def learning_rate(self) -> float:
        """The rate of the next step; setting it takes effect with that step.

        Raises:
            SettingError: it is set while a schedule decides on it.
        """
        if self.schedule is not None:
            return self.schedule(self._model.place_in_training()["step"])
        return float(self._model.hyper["optimizer"]["learning_rate"])

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        if self.schedule is not None:
            raise SettingError("models.rate_follows", schedule=self.schedule)
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
