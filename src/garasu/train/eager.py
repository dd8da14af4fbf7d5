"""The eager engine: the same lines on NumPy, one operation after another, where every number can be looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from garasu.array import Array, Tree, map_leaves
from garasu.train import step as steps
from garasu.train.batches import Order
from garasu.train.buckets import chunks
from garasu.train.task import Task, numbers


class EagerEngine:
    """Runs a task on NumPy.

    Example:
        >>> from garasu.layers import Dense
        >>> from garasu.losses import MeanSquaredError
        >>> from garasu.networks import Network
        >>> from garasu.optimizers import SGD
        >>> task = Task(Network([Dense(1)], (2,)), MeanSquaredError(), SGD(0.1))
        >>> engine = EagerEngine(task)
        >>> engine.device
        'cpu (NumPy)'
    """

    name = "eager"
    device = "cpu (NumPy)"

    def __init__(self, task: Task) -> None:
        self.task = task
        self.compile_seconds = 0.0

    def for_task(self, task: Task) -> "EagerEngine":
        """Another one."""
        return EagerEngine(task)

    def start(self, params: Tree, state: Tree) -> dict[str, Any]:
        """Everything before the first step."""
        return steps.first_carry(self.task, params, state, np)

    def place(self, tree: Tree) -> Tree:
        """NumPy arrays stay where they are."""
        return map_leaves(np.asarray, tree)

    def place_order(self, order: Order) -> Order:
        """The mask in the run's type."""
        return Order(order.index, order.mask.astype(self.task.kept))

    def train(
        self, carry: Tree, data: Mapping[str, Array], order: Order, start: int, stop: int, hyper: Tree, key: Array
    ) -> dict[str, Any]:
        """The carry after the mini-batches from ``start`` up to ``stop``."""
        varying = numbers(hyper, self.task.kept)
        with np.errstate(all="ignore"):  # what is not finite is found by the step itself
            for at in range(start, stop):
                carry = steps.train_step(self.task, carry, data, order.index[at], order.mask[at], varying, key)
        return dict(carry)

    def evaluate(self, params: Tree, state: Tree, data: Mapping[str, Array], factors: Tree) -> dict[str, float]:
        """The sums over all rows, in pieces."""
        sums, factors = steps.zero_sums(self.task, np), numbers(factors, self.task.kept)
        for part, _ in chunks(len(data["x"]), data["x"].shape[1:]):
            x, t, weight = (data[name][part] for name in ("x", "t", "weight"))
            mask = np.ones(len(x), dtype=self.task.kept)
            sums = steps.evaluation_step(self.task, params, state, sums, x, t, weight, mask, factors)
        return {name: float(value) for name, value in sums.items()}

    def predict(self, params: Tree, state: Tree, x: Array, names: Sequence[str]) -> list[Array]:
        """What the named layers hand on, in pieces put together."""
        pieces: list[list[Array]] = []
        for part, _ in chunks(max(len(x), 1), x.shape[1:]):
            pieces.append(steps.outputs(self.task, params, state, x[part], names))
        return [np.concatenate(parts) for parts in zip(*pieces, strict=True)]

    def fetch(self, tree: Tree) -> Tree:
        """Copies."""
        return map_leaves(np.array, tree)
