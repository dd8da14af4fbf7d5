"""A frozen front, run once: what it hands on is kept, and only the layers behind it are trained, on that.

Layers in front that training does not change, and that do the same in training as in inference, hand on the same
numbers in every epoch. ``fit(cache_frozen=True)`` works them out once for every row, of validation too. The rest is
trained as ever: same order of rows, same random numbers (both depend on seed and names alone), so the same weights.
(The eager engine in bfloat16 rounds once more between the two, which no device does.)
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve

from garasu.array import Array, Shape, Tree, merge_trees, paths
from garasu.layers import Layer
from garasu.messages import RunError
from garasu.networks import Network
from garasu.train import Engine, Task, averages
from garasu.train.engines import make_engine

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential

MOST = 4 << 30
"""Bytes of kept outputs: 4 GB, for they lie in memory, and where the engine works."""

_BY_LAYER = ("params", "state", "optimizer", averages.BRANCH)


class Part(Protocol):
    """What of a model a fit runs: all of it, or what stands behind a frozen front."""

    task: Task
    engine: Engine
    cached: tuple[str, ...]

    def rows(self, data: dict[str, Array]) -> dict[str, Array]:
        """The data as this part takes them."""
        ...

    def begin(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """This part's arrays out of the model's at the start of a fit; the others are set aside."""
        ...

    def taken(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """This part's arrays out of the model's."""
        ...

    def put_back(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """The model's arrays, with this part's as they are now."""
        ...


class Whole:
    """All of a model."""

    cached: tuple[str, ...] = ()

    def __init__(self, model: "Sequential") -> None:
        self.task, self.engine = model.task, model.engine

    def rows(self, data: dict[str, Array]) -> dict[str, Array]:
        """As they are."""
        return data

    def begin(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """All."""
        return dict(trees)

    def taken(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """All."""
        return dict(trees)

    def put_back(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """All."""
        return dict(trees)


class Head:
    """The layers behind a model's frozen front, with an engine of their own.

    Raises:
        RunError: the first layer is to be trained already, or no layer is.
    """

    def __init__(self, model: "Sequential") -> None:
        network, count = model.network, front_length(model.network)
        names = [str(layer.name) for layer in network.layers]
        if count == 0:
            raise RunError("models.no_frozen_front", model=model.name, layer=names[0])
        if count == len(names):
            raise RunError("models.all_frozen", model=model.name)
        self.cached = tuple(names[:count])
        behind = Network(network.layers[count:], network.places[names[count]].in_shape, name=network.name)
        self.task = evolve(model.task, network=behind)
        name, device = model.runs_on
        self.engine = make_engine(name, self.task, device)
        self._model = model
        self._kept: dict[str, Tree] = {}

    def rows(self, data: dict[str, Array]) -> dict[str, Array]:
        """The data with what the front hands on in the place of pictures.

        Raises:
            RunError: that would not fit into memory.
        """
        model = self._model
        check_size(model, self.cached[-1], len(data["x"]), self.task.network.in_shape)
        return {**data, "x": model.engine.predict(*model.placed(), data["x"], [self.cached[-1]])[0]}

    def begin(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """The arrays of the layers behind; those of the front are set aside, as a whole fit would have left them."""
        params = self._front(averages.begin(self._model.task, trees)[0])
        memory = merge_trees(self._model.task.optimizer_state(params), self._front(trees.get("optimizer", {})))
        self._kept = {"params": params, "state": self._front(trees["state"]), "optimizer": memory}
        return self.taken(trees)

    def taken(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """The arrays of the layers behind."""
        mine = {str(layer.name) for layer in self.task.network.layers}
        return {branch: _only(tree, mine) if branch in _BY_LAYER else tree for branch, tree in trees.items()}

    def _front(self, tree: Tree) -> Tree:
        return _only(tree, set(self.cached))

    def put_back(self, trees: Mapping[str, Tree]) -> dict[str, Tree]:
        """The arrays of the layers behind, and those that were set aside."""
        return {branch: merge_trees(self._kept.get(branch, {}), tree) for branch, tree in trees.items()}


def part_of(model: "Sequential", *, cache_frozen: bool) -> Part:
    """What of a model a fit runs.

    Raises:
        RunError: the model has no frozen front, or nothing else.
    """
    if not cache_frozen:
        return Whole(model)
    model.head = model.head or Head(model)  # with the programs it has compiled
    return model.head


def check_size(model: "Sequential", name: str, rows: int, shape: Shape) -> None:
    """Check that what a layer hands on for so many rows can be kept in memory.

    Raises:
        RunError: it is larger than ``MOST``.
    """
    size = rows * math.prod(shape) * (8 if model.task.kept == "float64" else 4)
    if size > MOST:
        sizes = {"size": f"{size / 2**30:.1f}", "most": f"{MOST / 2**30:.1f}"}
        raise RunError("models.too_large_to_keep", model=model.name, layer=name, rows=rows, shape=shape, **sizes)


def front_length(network: Network) -> int:
    """How many layers in front never change what they hand on: frozen or without weights, and nothing random.

    A layer whose array is borrowed by one that is trained stays with the borrower.

    Example:
        >>> from garasu.layers import Dense, Dropout, Flatten
        >>> frozen = [Flatten(), Dense(3, trainable=False)]
        >>> front_length(Network([*frozen, Dropout(0.5), Dense(2)], (2, 2)))
        2
    """
    frozen, layers, count = network.frozen_paths(), network.layers, 0
    for layer in layers:
        mine = paths(network.spec.params.get(str(layer.name), {}), f"{layer.name}/")
        if not layer.steady or any(path not in frozen for path, _ in mine):
            break
        count += 1
    return _before_owners(layers, count)


def _before_owners(layers: Sequence[Layer], count: int) -> int:
    """As many layers in front as are left where owners stand in one list with their borrowers."""
    borrowed = {owner for layer in layers[count:] for owner in layer.borrows.values()}
    first = next((at for at, layer in enumerate(layers[:count]) if layer.name in borrowed), count)
    return count if first == count else _before_owners(layers, first)


def _only(tree: Tree, names: set[str]) -> dict[str, Any]:
    return {name: branch for name, branch in tree.items() if name in names}
