"""Sequential: Keras's model of layers one after another, thin over the pure network, its arrays and an engine."""

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from garasu import losses, metrics, optimizers
from garasu.array import Precision, Shape, kept_in, map_leaves, merge_trees
from garasu.layers import Layer, named
from garasu.messages import (
    GarasuWarning,
    RunError,
    SettingError,
    ShapeError,
    in_words,
    levels_to_the_caller,
    nearest,
    text,
)
from garasu.metrics import by_name
from garasu.models import arguments, nesting, notebook, storage, summary
from garasu.models import seed as seeds
from garasu.models.frozen_front import Head
from garasu.models.history import History
from garasu.models.verbs import Verbs
from garasu.models.views import LayerView, OptimizerView, Symbol
from garasu.networks import Network, Preparation, check_head
from garasu.train import ENGINES, Engine, Task
from garasu.train.engines import make_engine, platform_of


class Sequential(Verbs):
    """Layers one after another, with Keras's words.

    ``seed`` decides everything drawn (else ``set_random_seed``'s, else one from the system); ``preparation`` says how
    stored pictures become inputs; it and ``class_names`` are saved with the model.

    Raises:
        SettingError: something that is no layer.
        ShapeError: layers that do not fit together.

    Example:
        >>> from garasu import layers
        >>> model = Sequential([layers.Dense(3, activation="relu", input_shape=(4,)), layers.Dense(2)], seed=0)
        >>> model.count_params()
        23
        >>> model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
        >>> model.fit(np.ones((8, 4)), np.zeros((8, 2)), epochs=2, verbose=0).epoch
        [0, 1]
    """

    @in_words
    def __init__(
        self,
        layers: "Iterable[Layer | Sequential]" = (),
        name: str = "sequential",
        *,
        seed: int | None = None,
        preparation: Preparation | None = None,
        class_names: Sequence[str] | None = None,
    ) -> None:
        self.name = name
        super().__init__(seeds.next_seed() if seed is None else seeds.check(seed, "Sequential"))
        self.preparation, self._prepares = preparation or Preparation(), preparation is not None
        self.class_names = tuple(class_names) if class_names else None
        self.settings: tuple[Layer, ...] = ()
        self.stop_training = False
        self.history: History | None = None
        self.hyper: dict[str, Any] = {}
        self.epoch = self.position = self.step = self.epochs_trained = 0
        self._network: Network | None = None
        self._checked: Network | None = None
        self._task: Task | None = None
        self._engine: Engine | None = None
        self._compile: dict[str, Any] = {}
        self.runs_on: tuple[str, str | None] = ("jit", None)
        self.head: Head | None = None
        for layer in layers:
            self.add(layer)

    # ------------------------------------------------------------------------------------------------ building

    def add(self, layer: "Layer | Sequential") -> LayerView:
        """Put a layer behind the others; answers with its view.

        Another Sequential becomes one layer (a ``Block``) under its name; it starts with a copy of that model's weights
        where that model has an input shape, and the first one brings its preparation where this model was given none.

        Raises:
            SettingError: not a layer.
            ShapeError: it does not fit.
        """
        if isinstance(layer, Sequential):
            return self._add_model(layer)
        if not isinstance(layer, Layer):
            raise SettingError("models.not_a_layer", got=repr(layer))
        if self.settings and layer.input_shape is not None:
            raise SettingError("models.input_shape_late", layer=layer.label)
        settings = self.settings
        self.settings = named((*settings, layer))
        shape = self._network.in_shape if self._network else self.settings[0].input_shape
        if shape is not None:
            try:
                self._grow(shape)
            except ShapeError:  # a layer that does not fit is not added
                self.settings = settings
                raise
        return LayerView(self, len(self.settings) - 1)

    def _add_model(self, inner: "Sequential") -> LayerView:
        before = self.preparation, self._given
        block = nesting.block_of(inner, self)
        if not self.settings and not self._prepares:
            self.preparation = inner.preparation
        self._given = merge_trees(before[1], nesting.copies(inner, str(block.name)))
        try:
            return self.add(block)
        except ShapeError:
            self.preparation, self._given = before
            raise

    def _grow(self, shape: Shape) -> None:
        """The network with one layer more, which starts as the seed says; the others keep their arrays."""
        before = self._trees
        self._set_network(shape)
        if before is not None:
            fresh = self.trees()
            self._trees = {branch: merge_trees(fresh[branch], before[branch]) for branch in ("params", "state")}

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Fix the input shape, batch axis first as in Keras: ``build((None, 784))``."""
        self._set_network(tuple(int(size) for size in input_shape[1:] if size is not None))

    def build_for(self, x: Any) -> None:
        """Fix the input shape by the first data that come, where it is not known yet."""
        if not self.built:
            self.build((None, *np.shape(x)[1:]))

    def _set_network(self, in_shape: Shape) -> None:
        network = Network(self.settings, in_shape, self.preparation, self.name)
        nesting.check_given(network, self._given)  # shapes are checked now, where the mistake was made
        self._network, self._trees, self._placed = network, None, None
        if self._compile:
            self._bind()

    @property
    def built(self) -> bool:
        """Whether the input shape is known."""
        return self._network is not None

    @property
    def network(self) -> Network:
        """The pure network.

        Raises:
            RunError: the input shape is not known yet.
        """
        if self._network is None:
            raise RunError("networks.not_built", network=self.name)
        return self._network

    def set_trainable(self, index: int, value: bool, inside: Sequence[str] = ()) -> None:
        """Whether training changes the weights of the layer at ``index``, or of the one ``inside`` it."""

        def change(layer: Layer) -> Layer:
            return evolve(layer, trainable=value)

        self.settings = tuple(
            nesting.changed(layer, inside, change) if k == index else layer for k, layer in enumerate(self.settings)
        )
        trees, known = self._trees, self._checked is self._network
        if self._network is not None:
            self._set_network(self._network.in_shape)
            self._trees = trees
            self._checked = self._network if known else None  # the same end: nothing is said of it twice

    @property
    def trainable(self) -> bool:
        """Whether any layer is trained; setting it sets every layer."""
        return any(layer.trainable for layer in self.settings)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for index in range(len(self.settings)):
            self.set_trainable(index, value)

    # ----------------------------------------------------------------------------------------------- compiling

    @in_words
    def compile(
        self,
        optimizer: Any = "adam",
        loss: Any = None,
        metrics: Any = None,
        run_eagerly: bool = False,
        *,
        precision: Precision = "float32",
        device: str | None = None,
    ) -> None:
        """Choose what to train for and how. ``run_eagerly=True`` runs on NumPy, operation by operation.

        ``precision`` is "float32", "float64", or "bfloat16": layers then work in bfloat16, while weights stay float32,
        which is quicker on a GPU or TPU that has products of its own for it, and not on a CPU; there it is warned of.

        ``metrics`` are names, metrics, or functions of your own (see ``garasu.metrics.get``). A file holds no function:
        a model that was saved comes back with all metrics but those.

        Raises:
            UnknownNameError: an optimizer, a loss, a metric or a device of that name does not exist.
            SettingError: there is no such precision; something that is no metric; or an end of the network that
                cannot work with the loss.
        """
        loss = losses.get(loss)
        if self._network is not None:
            check_head(self._network, loss)
        self.compile_as_before(optimizer, loss, metrics, precision)
        self.runs_on = ("eager" if run_eagerly else "jit", device)
        if precision == "bfloat16" and platform_of(*self.runs_on) == "cpu":
            warnings.warn(text("train.bfloat16_cpu"), GarasuWarning, stacklevel=levels_to_the_caller())

    def compile_as_before(self, optimizer: Any, loss: Any, metrics: Any, precision: Precision) -> None:
        """``compile`` as a file says: whether loss and network fit was judged when the file's model was compiled."""
        self._checked = self._network
        self._compile = {
            "optimizer": optimizers.get(optimizer),
            "loss": losses.get(loss),
            "metrics": by_name(metrics),
            "precision": arguments.precision(precision),
        }
        self.hyper, self.step = {}, 0
        if self._trees is not None:  # weights stay, in the new precision; what an optimizer kept is gone with it
            self._trees = map_leaves(lambda array: np.asarray(array, kept_in(precision)), self.in_use())
        if self._network is not None:
            self._bind()

    def _bind(self) -> None:
        """Make the task once both the network and the compile settings are known."""
        chosen, network = self._compile, self.network
        loss = chosen["loss"]
        shape = network.spec.out_shape
        found = {name: metrics.get(metric, shape, loss.target) for name, metric in chosen["metrics"].items()}
        self._task = Task(network, loss, chosen["optimizer"], found, chosen["precision"])
        self.hyper = merge_trees(self._task.hyper(), self.hyper)
        self._engine, self._placed, self.head = None, None, None

    @property
    def compiled(self) -> bool:
        """Whether ``compile`` has been called and the input shape is known."""
        return self._task is not None

    @property
    def task(self) -> Task:
        """Network, loss, optimizer and metrics together; predictions need no loss, so they get one that is not used."""
        if self._task is None:
            return Task(self.network, losses.get("mse"), optimizers.get("sgd"))
        return self._task

    @property
    def optimizer(self) -> OptimizerView:
        """The optimizer, with a learning rate that can be read and set."""
        self.needs_compile("optimizer")
        return OptimizerView(self)

    def needs_compile(self, verb: str) -> None:
        """Check that the model has been compiled.

        Raises:
            RunError: it has not.
        """
        if not self._compile:
            raise RunError("models.not_compiled", model=self.name, verb=verb)
        if not self.settings:
            raise RunError("networks.no_layers", network=self.name, verb=verb)

    @property
    def engine(self) -> Engine:
        """The engine that runs this model, made when first needed."""
        if self._engine is None:
            if self._task is not None and self._checked is not self._network:  # layers came after ``compile``
                check_head(self.network, self._task.loss)
                self._checked = self._network
            name, device = self.runs_on
            self._engine = make_engine(name, self.task, device)
        return self._engine

    def run_on(self, engine: str, device: str | None = None) -> None:
        """Choose the engine, "jit" or "eager", and the device, as ``compile`` does; all else stays.

        Raises:
            UnknownNameError: there is no such engine; a device is looked for when it is first needed.
        """
        if engine not in ENGINES:
            raise nearest("engine", engine, ENGINES)
        self.runs_on = (engine, device)
        self._engine, self._placed, self.head = None, None, None

    def untrained(self, seed: int) -> "Sequential":
        """The same model as it is before any training, with what another seed draws; compiled as this one.

        Example:
            >>> from garasu import layers
            >>> model = Sequential([layers.Dense(3, input_shape=(4,))], seed=0)
            >>> model.untrained(0).seed, bool((model.untrained(0).get_weights()[0] == model.get_weights()[0]).all())
            (0, True)
        """
        other = Sequential((), self.name, seed=seed, class_names=self.class_names)
        other.preparation, other._prepares = self.preparation, self._prepares
        other.settings, other._given = self.settings, self._given
        other._compile, other.runs_on = dict(self._compile), self.runs_on
        other.hyper = map_leaves(lambda value: value, self.hyper)
        if self._network is not None:
            other._set_network(self._network.in_shape)
            other._checked = other._network if self._checked is self._network else None
        return other

    def place_in_training(self) -> dict[str, int]:
        """Where training stands: epoch and mini-batch within it, steps and epochs trained in all."""
        names = ("epoch", "position", "step", "epochs_trained")
        source = self if self.source is None else self.progress
        return {name: int(getattr(source, name)) for name in names}

    def split_at(self, name: str) -> tuple["Sequential", "Sequential"]:
        """The layers before ``name``, and those from it on, as two models with copies of the weights.

        Raises:
            UnknownNameError: no layer has this name; the nearest one is offered.
            SettingError: it is the first layer.
            ShapeError: a layer behind borrows an array from one in front.

        Example:
            >>> from garasu import layers
            >>> whole = Sequential([layers.Dense(3, input_shape=(4,), name="a"), layers.Dense(2, name="b")], seed=0)
            >>> front, head = whole.split_at("b")
            >>> x = np.ones((5, 4))
            >>> bool((head.predict(front.predict(x)) == whole.predict(x)).all())
            True
        """
        return nesting.split(self, name)

    # --------------------------------------------------------------------------------------------------- views

    @property
    def layers(self) -> list[LayerView]:
        """A view of each layer."""
        return [LayerView(self, index) for index in range(len(self.settings))]

    def get_layer(self, name: str | None = None, index: int | None = None) -> LayerView:
        """The view of a layer, by its name or its index; of one inside another by its path, "outer/inner".

        Raises:
            UnknownNameError: no layer has this name; the nearest one is offered.
            SettingError: the index is out of range, or both or neither are given.
        """
        if (name is None) == (index is None):
            raise SettingError("models.layer_by")
        if index is not None:
            if not -len(self.settings) <= index < len(self.settings):
                last, count = len(self.settings) - 1, len(self.settings)
                raise SettingError("models.no_such_index", count=count, last=last, got=index)
            return self.layers[index]
        names = [str(layer.name) for layer in self.settings]
        first, *inside = str(name).split("/")
        if first not in names or (inside and name not in self.network.places):
            raise nearest("layer", str(name), {*names, *(self.network.places if self.built else ())})
        return LayerView(self, names.index(first), tuple(inside))

    @property
    def input(self) -> Symbol:
        """The model's input, for ``models.Model``."""
        return Symbol(self, "input", (None, *self.network.image_shape), is_input=True)

    @property
    def output(self) -> Symbol:
        """The model's output, for ``models.Model``."""
        return self.layers[-1].output

    @property
    def inputs(self) -> list[Symbol]:
        """The one input in a list."""
        return [self.input]

    @property
    def outputs(self) -> list[Symbol]:
        """The one output in a list."""
        return [self.output]

    def summary(self, print_fn: Callable[[str], Any] = print, *, expand_nested: bool = False) -> None:
        """Print the table of layers, output shapes and numbers of parameters; of layers inside others too, if asked."""
        print_fn(summary.render(self.network, expand_nested=expand_nested).rstrip("\n"))

    def __repr__(self) -> str:
        return f"<Sequential {self.name}: {len(self.settings)} layers>"

    def _repr_html_(self) -> str:
        """The table of layers, for notebooks."""
        return notebook.model_html(self.name, self.settings, self._network)

    # ----------------------------------------------------------------------------------------------- files

    def save(self, path: str | os.PathLike[str], overwrite: bool = False) -> Path:
        """Write everything to one ``.safetensors`` file: architecture, preparation, class names, weights, optimizer.

        Raises:
            FileError: the file exists already, another ending, or a folder that cannot be written to.
        """
        return storage.save(self, path, overwrite=overwrite)

    def save_weights(self, path: str | os.PathLike[str], overwrite: bool = False) -> Path:
        """The same file; or, by a name that ends so, a plain ``.npz``: an array for each path, "dense/kernel".

        Raises:
            FileError: the file exists already, another ending, or a folder that cannot be written to.
        """
        return storage.save_weights(self, path, overwrite=overwrite)

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Take the weights of a model file, or of a ``.npz``, into these layers; everything else stays as it is.

        As with ``set_weights``, the optimizer keeps what it has, and training goes on from where it was; after
        ``compile`` the optimizer starts anew. ``models.load_model`` brings back the whole model.

        Raises:
            FileError: a file that cannot be trusted, or weights of other layers.
        """
        storage.load_weights(self, path)
