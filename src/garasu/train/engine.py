"""What an engine is: the place where arrays lie and the way steps are run there."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from garasu.array import Array, Tree
from garasu.train.batches import Order
from garasu.train.task import Task

ENGINES = ("eager", "jit")


class Engine(Protocol):
    """One task on one device. ``compile_seconds`` counts the time spent on making programs, not on running them."""

    name: str
    device: str
    compile_seconds: float

    def for_task(self, task: Task) -> "Engine":
        """An engine of the same kind, on the same device, for another task."""
        ...

    def start(self, params: Tree, state: Tree) -> dict[str, Any]:
        """Everything before the first step, laid where the engine works."""
        ...

    def place(self, tree: Tree) -> Tree:
        """A tree of NumPy arrays, laid where the engine works."""
        ...

    def place_order(self, order: Order) -> Order:
        """An epoch's order, laid where the engine works."""
        ...

    def train(
        self, carry: Tree, data: Mapping[str, Array], order: Order, start: int, stop: int, hyper: Tree, key: Array
    ) -> dict[str, Any]:
        """The carry after the mini-batches from ``start`` up to ``stop``; the old carry must not be used again."""
        ...

    def evaluate(self, params: Tree, state: Tree, data: Mapping[str, Array], factors: Tree) -> dict[str, float]:
        """The sums over all rows of ``data`` (NumPy), in inference; ``factors`` are those of the regularisers."""
        ...

    def predict(self, params: Tree, state: Tree, x: Array, names: Sequence[str]) -> list[Array]:
        """What the named layers hand on for all rows of ``x`` (NumPy in, NumPy out)."""
        ...

    def fetch(self, tree: Tree) -> Tree:
        """Copies of arrays as NumPy."""
        ...
