"""The arrays of a model: who holds them, in which order users see them, and whether given ones fit."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from garasu.array import Array, Tree, paths
from garasu.messages import FileError, RunError, ShapeError
from garasu.models import nesting
from garasu.models.frozen_front import Part
from garasu.networks import Network
from garasu.networks.model_file import tree_of
from garasu.train import Engine, Progress, Task, averages


def in_order(network: Network) -> list[str]:
    """The paths of all arrays, layer by layer at any depth, as Keras has them: what is trained, then what is kept.

    Example:
        >>> from garasu.layers import Dense
        >>> in_order(Network([Dense(2, name="out")], (3,)))
        ['params/out/kernel', 'params/out/bias']
    """
    found = [f"params/{path}" for path, _ in paths(network.spec.params)]
    found += [f"state/{path}" for path, _ in paths(network.spec.state)]
    order = {path: number for number, path in enumerate(network.places)}

    def place(path: str) -> int:
        while path not in order:  # a layer may keep its arrays in groups of its own
            path = path.rpartition("/")[0]
        return order[path]

    return sorted(found, key=lambda path: place(path.partition("/")[2]))


def misfit(network: Network, trees: Mapping[str, Tree]) -> str | None:
    """The first array that is not as the network has it, as "path: its shape / the one that came"; None if all fit."""
    mine = {**dict(paths(network.spec.params)), **dict(paths(network.spec.state))}
    theirs = {**dict(paths(trees["params"])), **dict(paths(trees["state"]))}
    for name in sorted(set(mine) | set(theirs)):
        found = theirs[name].shape if name in theirs else None
        wanted = mine[name].shape if name in mine else None
        if found != wanted:
            return f"{name}: {wanted} / {found}"
    return None


def check(network: Network, trees: Mapping[str, Tree], path: str | os.PathLike[str]) -> None:
    """Check that trees are those of a network.

    Raises:
        FileError: an array is missing, is too many, or has another shape.
    """
    detail = misfit(network, trees)
    if detail is not None:
        raise FileError("models.weights_do_not_fit", path=path, model=network.name, detail=detail)


def replacing(
    network: Network, now: Mapping[str, Array], wanted: Sequence[str], arrays: Sequence[Any]
) -> dict[str, Tree]:
    """The trees that hold ``arrays`` at the paths ``wanted``, in the types of the arrays there ``now``.

    Raises:
        ShapeError: too many, too few, or of another shape.
    """
    if len(arrays) != len(wanted):
        raise ShapeError("models.weight_count", model=network.name, expected=len(wanted), got=len(arrays))
    for number, (path, array) in enumerate(zip(wanted, arrays, strict=True)):
        shape, expected = np.shape(array), now[path].shape
        if shape != expected:
            raise ShapeError("models.weight_shape", number=number, path=path, expected=expected, got=shape)
    new = {path: np.array(array, now[path].dtype) for path, array in zip(wanted, arrays, strict=True)}
    return {branch: tree_of(new, branch) for branch in ("params", "state")}


class Weights(ABC):
    """A model as the holder of its arrays: drawn when first needed, on the device during a fit, replaced by path."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.source: Callable[[], dict[str, Tree]] | None = None
        self.progress: Progress | None = None
        self.part: Part | None = None
        self._trees: dict[str, Tree] | None = None
        self._given: dict[str, Tree] = {"params": {}, "state": {}}
        self._placed: tuple[Tree, Tree] | None = None

    @property
    @abstractmethod
    def network(self) -> Network:
        """The pure network."""

    @property
    @abstractmethod
    def task(self) -> Task:
        """Network, loss, optimizer and metrics together."""

    @property
    @abstractmethod
    def engine(self) -> Engine:
        """The engine that runs this model."""

    def trees(self) -> dict[str, Tree]:
        """All arrays (NumPy) by branch: params, state, and once trained optimizer and sums."""
        if self.source is not None:  # in the middle of a fit they lie on the device
            return self.source()
        if self._trees is None:
            params, state = self.network.init(self.seed, self.task.kept)
            self._trees = nesting.with_given({"params": params, "state": state}, self._given, self.task.kept)
        return self._trees

    def restore(self, trees: Mapping[str, Tree], path: str | os.PathLike[str] = "-") -> None:
        """Take arrays as ``trees`` gives them; their names and shapes must be this model's.

        Raises:
            FileError: they are not.
        """
        check(self.network, trees, path)
        kept = {branch: tree for branch, tree in trees.items() if tree or branch in ("params", "state")}
        self._trees, self._placed = dict(kept), None

    def placed(self) -> tuple[Tree, Tree]:
        """Parameters and state where the engine works; kept until the weights change."""
        if self.source is None and self._placed is not None:
            return self._placed
        now = self.in_use()
        placed = self.engine.place(now["params"]), self.engine.place(now["state"])
        self._placed = placed if self.source is None else None  # in the middle of a fit they change
        return placed

    def in_use(self) -> dict[str, Tree]:
        """Parameters and state as the model answers with them (NumPy)."""
        trees = self.trees()
        return {"params": averages.in_use(trees), "state": trees["state"]}

    def weight_paths(self) -> list[str]:
        """The paths of all arrays, layer by layer: what is trained, then what is kept."""
        return in_order(self.network)

    def get_arrays(self, wanted: Sequence[str]) -> list[Array]:
        """Copies of the arrays at these paths, as the model answers with them: of their averages where it has such."""
        found = dict(paths(self.in_use()))
        return [np.array(found[path]) for path in wanted]

    def set_arrays(self, wanted: Sequence[str], arrays: Sequence[Any]) -> None:
        """Replace the arrays at these paths.

        Raises:
            ShapeError: too many, too few, or of another shape.
        """
        new = replacing(self.network, dict(paths(self.trees())), wanted, arrays)
        trees = averages.replaced(self.trees(), new)
        if self.source is not None:
            self._replace(trees)
        else:
            self._trees, self._placed = trees, None

    def _replace(self, trees: Mapping[str, Tree]) -> None:
        """New weights in the middle of a fit (a callback restored the best ones).

        Raises:
            RunError: the fit works on what a frozen front handed on with other weights.
        """
        progress, part = self.progress, self.part
        if progress is None or part is None:
            return
        mine = part.taken(trees)
        before = dict(paths(part.put_back(mine)))
        for path, array in paths({branch: trees[branch] for branch in ("params", "state")}):
            if not np.array_equal(array, before[path], equal_nan=True):
                raise RunError("models.front_changed", model=self.network.name, path=path.partition("/")[2])
        branches = [branch for branch in ("params", "state", averages.BRANCH) if branch in progress.carry]
        placed = {branch: part.engine.place(mine[branch]) for branch in branches}
        progress.carry = {**progress.carry, **placed}

    def get_weights(self) -> list[Array]:
        """Copies of all arrays (NumPy), layer by layer."""
        return self.get_arrays(self.weight_paths())

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all arrays, in the order of ``get_weights``."""
        self.set_arrays(self.weight_paths(), weights)

    def count_params(self) -> int:
        """How many numbers the model holds, trained or kept."""
        return sum(int(array.size) for array in self.get_weights())
