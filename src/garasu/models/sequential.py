"""Sequential: Keras's model of layers one after another, thin over the pure network, its arrays and an engine."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from garasu import losses, metrics, optimizers
from garasu.array import Array, Precision, Shape, Tree, map_leaves, merge_trees, paths
from garasu.layers import Layer, named
from garasu.messages import FileError, RunError, SettingError, ShapeError, nearest
from garasu.models import notebook, storage, summary, training
from garasu.models import seed as seeds
from garasu.models.history import History
from garasu.models.views import LayerView, OptimizerView, Symbol
from garasu.networks import Network, Preparation, Trace
from garasu.networks.model_file import read, tree_of
from garasu.train import ENGINES, Engine, Progress, Task
from garasu.train.engines import make_engine


class Sequential:
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

    def __init__(
        self,
        layers: Iterable[Layer] = (),
        name: str = "sequential",
        *,
        seed: int | None = None,
        preparation: Preparation | None = None,
        class_names: Sequence[str] | None = None,
    ) -> None:
        self.name = name
        self.seed = seeds.next_seed() if seed is None else seeds.check(seed, "Sequential")
        self.preparation = preparation or Preparation()
        self.class_names = tuple(class_names) if class_names else None
        self.settings: tuple[Layer, ...] = ()
        self.stop_training = False
        self.history: History | None = None
        self.hyper: dict[str, Any] = {}
        self.epoch = self.position = self.step = self.epochs_trained = 0
        self._network: Network | None = None
        self._trees: dict[str, Tree] | None = None
        self._task: Task | None = None
        self._engine: Engine | None = None
        self._compile: dict[str, Any] = {}
        self._runs_on: tuple[str, str | None] = ("jit", None)
        self._placed: tuple[Tree, Tree] | None = None
        self.progress: Progress | None = None
        self.source: Callable[[], dict[str, Tree]] | None = None
        for layer in layers:
            self.add(layer)

    # ------------------------------------------------------------------------------------------------ building

    def add(self, layer: Layer) -> LayerView:
        """Put a layer behind the others; answers with its view.

        Raises:
            SettingError: not a layer.
            ShapeError: it does not fit.
        """
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
        _ = network.spec  # shapes are checked now, where the mistake was made
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

    def shapes(self) -> list[tuple[Shape, Shape]]:
        """Each layer's input and output shape, batch axis left out."""
        specs = dict(self.network.chain.specs(self.network.in_shape))
        before = self.network.in_shape
        pairs: list[tuple[Shape, Shape]] = []
        for layer in self.network.layers:
            after = specs[str(layer.name)].out_shape
            pairs.append((before, after))
            before = after
        return pairs

    def set_trainable(self, index: int, value: bool) -> None:
        """Whether training changes the weights of the layer at ``index``."""
        self.settings = tuple(
            evolve(layer, trainable=value) if k == index else layer for k, layer in enumerate(self.settings)
        )
        trees = self._trees
        if self._network is not None:
            self._set_network(self._network.in_shape)
            self._trees = trees

    @property
    def trainable(self) -> bool:
        """Whether any layer is trained; setting it sets every layer."""
        return any(layer.trainable for layer in self.settings)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for index in range(len(self.settings)):
            self.set_trainable(index, value)

    # ----------------------------------------------------------------------------------------------- compiling

    def compile(
        self,
        optimizer: Any = "adam",
        loss: Any = None,
        metrics: Sequence[str] | None = None,
        run_eagerly: bool = False,
        *,
        precision: Precision = "float32",
        device: str | None = None,
    ) -> None:
        """Choose what to train for and how. ``run_eagerly=True`` runs on NumPy, operation by operation.

        Raises:
            UnknownNameError: an optimizer, a loss, a metric or a device of that name does not exist.
        """
        self._compile = {
            "optimizer": optimizers.get(optimizer),
            "loss": losses.get(loss),
            "metrics": tuple([metrics] if isinstance(metrics, str) else metrics or ()),
            "precision": precision,
        }
        self._runs_on = ("eager" if run_eagerly else "jit", device)
        self.hyper, self.step = {}, 0
        if self._trees is not None:  # weights stay, in the new precision; what an optimizer kept is gone with it
            self._trees = {
                branch: map_leaves(lambda array: np.asarray(array, precision), self._trees[branch])
                for branch in ("params", "state")
            }
        if self._network is not None:
            self._bind()

    def _bind(self) -> None:
        """Make the task once both the network and the compile settings are known."""
        chosen, network = self._compile, self.network
        loss = chosen["loss"]
        found = {name: metrics.get(name, network.spec.out_shape, loss.target) for name in chosen["metrics"]}
        self._task = Task(network, loss, chosen["optimizer"], found, chosen["precision"])
        self.hyper = merge_trees(self._task.hyper(), self.hyper)
        self._engine, self._placed = None, None

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
            name, device = self._runs_on
            self._engine = make_engine(name, self.task, device)
        return self._engine

    def run_on(self, engine: str, device: str | None = None) -> None:
        """Choose the engine, "jit" or "eager", and the device, as ``compile`` does; all else stays.

        Raises:
            UnknownNameError: there is no such engine; a device is looked for when it is first needed.
        """
        if engine not in ENGINES:
            raise nearest("engine", engine, ENGINES)
        self._runs_on = (engine, device)
        self._engine, self._placed = None, None

    def place_in_training(self) -> dict[str, int]:
        """Where training stands: epoch and mini-batch within it, steps and epochs trained in all."""
        names = ("epoch", "position", "step", "epochs_trained")
        source = self if self.source is None else self.progress
        return {name: int(getattr(source, name)) for name in names}

    # -------------------------------------------------------------------------------------------------- arrays

    def trees(self) -> dict[str, Tree]:
        """All arrays (NumPy) by branch: params, state, and once trained optimizer and sums."""
        if self.source is not None:  # in the middle of a fit they lie on the device
            return self.source()
        if self._trees is None:
            params, state = self.network.init(self.seed, self.task.precision)
            self._trees = {"params": params, "state": state}
        return self._trees

    def restore(self, trees: Mapping[str, Tree], path: str | os.PathLike[str] = "-") -> None:
        """Take arrays as ``trees`` gives them; their names and shapes must be this model's.

        Raises:
            FileError: they are not.
        """
        mine = {**dict(paths(self.network.spec.params)), **dict(paths(self.network.spec.state))}
        theirs = {**dict(paths(trees["params"])), **dict(paths(trees["state"]))}
        for name in sorted(set(mine) | set(theirs)):
            found = theirs[name].shape if name in theirs else None
            wanted = mine[name].shape if name in mine else None
            if found != wanted:
                detail = f"{name}: {wanted} / {found}"
                raise FileError("models.weights_do_not_fit", path=path, model=self.name, detail=detail)
        kept = {branch: tree for branch, tree in trees.items() if tree or branch in ("params", "state")}
        self._trees, self._placed = dict(kept), None

    def placed(self) -> tuple[Tree, Tree]:
        """Parameters and state where the engine works; kept until the weights change."""
        if self.source is not None:
            trees = self.source()
            return self.engine.place(trees["params"]), self.engine.place(trees["state"])
        if self._placed is None:
            trees = self.trees()
            self._placed = self.engine.place(trees["params"]), self.engine.place(trees["state"])
        return self._placed

    def weight_paths(self) -> list[str]:
        """The paths of all arrays, layer by layer: what is trained, then what is kept."""
        found = [f"params/{path}" for path, _ in paths(self.network.spec.params)]
        found += [f"state/{path}" for path, _ in paths(self.network.spec.state)]
        order = {str(layer.name): number for number, layer in enumerate(self.network.layers)}
        return sorted(found, key=lambda path: order[path.split("/")[1]])

    def get_arrays(self, wanted: Sequence[str]) -> list[Array]:
        """Copies of the arrays at these paths."""
        found = dict(paths(self.trees()))
        return [np.array(found[path]) for path in wanted]

    def set_arrays(self, wanted: Sequence[str], arrays: Sequence[Any]) -> None:
        """Replace the arrays at these paths.

        Raises:
            ShapeError: too many, too few, or of another shape.
        """
        if len(arrays) != len(wanted):
            raise ShapeError("models.weight_count", model=self.name, expected=len(wanted), got=len(arrays))
        found = dict(paths(self.trees()))
        for number, (path, array) in enumerate(zip(wanted, arrays, strict=True)):
            shape, expected = np.shape(array), found[path].shape
            if shape != expected:
                raise ShapeError("models.weight_shape", number=number, path=path, expected=expected, got=shape)
        new = {path: np.array(array, found[path].dtype) for path, array in zip(wanted, arrays, strict=True)}
        trees = merge_trees(self.trees(), {branch: tree_of(new, branch) for branch in ("params", "state")})
        if self.source is not None:
            training.replace_arrays(self, trees)
        else:
            self._trees, self._placed = trees, None

    def get_weights(self) -> list[Array]:
        """Copies of all arrays (NumPy), layer by layer."""
        return self.get_arrays(self.weight_paths())

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all arrays, in the order of ``get_weights``."""
        self.set_arrays(self.weight_paths(), weights)

    def count_params(self) -> int:
        """How many numbers the model holds, trained or kept."""
        return sum(int(array.size) for array in self.get_weights())

    # ------------------------------------------------------------------------------------------------ training

    def fit(
        self, x: Any, y: Any, batch_size: int | None = None, epochs: int = 1, verbose: Any = "auto", **settings: Any
    ) -> History:
        """Train; see ``garasu.models.training.fit`` for all arguments (Keras's) and what they mean."""
        return training.fit(self, x, y, batch_size=batch_size, epochs=epochs, verbose=verbose, **settings)

    def evaluate(self, x: Any, y: Any, batch_size: int | None = None, verbose: Any = 0, **settings: Any) -> Any:
        """The loss, or [loss, metric, ...], over all rows; see ``garasu.models.training.evaluate``."""
        return training.evaluate(self, x, y, batch_size=batch_size, verbose=verbose, **settings)

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0) -> Array:
        """The output for every row of ``x``. One compiled program serves every size up to its bucket."""
        self.build_for(x)
        return training.predict(self, x, [str(self.network.layers[-1].name)])[0]

    def activations(self, x: Any, names: Sequence[str]) -> dict[str, Array]:
        """What the named layers hand on for ``x``; "NAME.u" is what stands before the layer's activation.

        Raises:
            UnknownNameError: there is no such layer; the nearest name is offered.
        """
        self.build_for(x)
        known = [str(layer.name) for layer in self.network.layers]
        for name in names:
            if name.removesuffix(".u").removesuffix(".activation") not in known:
                raise nearest("layer", name, known)
        return dict(zip(names, training.predict(self, x, names), strict=True))

    def trace(self, x: Any, y: Any, in_training: bool = False) -> Trace:
        """Every number of one forward and backward pass over these rows, by name; a notebook shows its sizes.

        Raises:
            RunError: not compiled, so there is no loss.
            ShapeError: rows that do not fit.

        Example:
            >>> from garasu import layers
            >>> model = Sequential([layers.Dense(2, input_shape=(3,), name="out")], seed=0)
            >>> model.compile(loss="mse")
            >>> found = model.trace(np.ones((4, 3)), np.zeros((4, 2)))
            >>> [name for name, _ in found.numbers()]
            ['input', 'out: output', 'loss', 'out: error', 'out/kernel: gradient', 'out/bias: gradient']
        """
        return training.trace_of(self, x, y, in_training)

    # --------------------------------------------------------------------------------------------------- views

    @property
    def layers(self) -> list[LayerView]:
        """A view of each layer."""
        return [LayerView(self, index) for index in range(len(self.settings))]

    def get_layer(self, name: str | None = None, index: int | None = None) -> LayerView:
        """The view of a layer, by its name or its index.

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
        if name not in names:
            raise nearest("layer", name, names)
        return LayerView(self, names.index(str(name)))

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

    def summary(self, print_fn: Callable[[str], Any] = print) -> None:
        """Print the table of layers, output shapes and numbers of parameters."""
        print_fn(summary.render(self.network).rstrip("\n"))

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
        """The same file; ``load_weights`` reads its weights only."""
        return self.save(path, overwrite)

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Take the weights of a model file into these layers.

        Raises:
            FileError: a file that cannot be trusted, or weights of other layers.
        """
        arrays, _ = read(path)
        precision = self.task.precision
        self.restore(
            {
                branch: map_leaves(lambda array: np.asarray(array, precision), tree_of(arrays, branch))
                for branch in ("params", "state")
            },
            path,
        )
