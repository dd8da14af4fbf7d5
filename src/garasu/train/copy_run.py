"""A copy: how it starts and what comes of it; who is told, and what an engine for many copies is."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attrs import define, field, frozen

from garasu.array import Array, Tree
from garasu.train.batches import Order
from garasu.train.loop import Progress


@frozen(eq=False)
class Copy:
    """How a copy starts: its seed, its arrays (NumPy), and its numbers that vary."""

    seed: int
    params: Tree
    state: Tree
    hyper: dict[str, Any]


@define(eq=False)
class CopyRun:
    """What comes of a copy: its arrays (NumPy once all has ended), its means epoch by epoch, where it is.

    ``stopped`` is the number of the step, from 1, whose loss or gradient was not finite; None where all were.
    """

    copy: Copy
    progress: Progress
    logs: list[dict[str, float]] = field(factory=list[dict[str, float]])
    stopped: int | None = None


class CopiesListener(Protocol):
    """Who is told. ``copy`` is a copy's number, or None where the means are those over all copies."""

    def epoch_begins(self, epoch: int, copy: int | None) -> None:
        """Before an epoch."""
        ...

    def moved(self, done: int, steps: int, logs: Mapping[str, float]) -> None:
        """After each program."""
        ...

    def epoch_ends(self, epoch: int, copy: int | None, logs: Mapping[str, float]) -> None:
        """After an epoch and its validation."""
        ...


class CopiesEngine(Protocol):
    """An engine that trains all copies in one program; every array has an axis of copies in front."""

    compile_seconds: float

    def suits(self, copies: Sequence[Copy], data: Mapping[str, Array], batch_size: int, *, shared: bool) -> bool:
        """Whether copies of this task are better trained together than one after another."""
        ...

    def begin(self, copies: Sequence[Copy]) -> dict[str, Any]:
        """Everything before the first step."""
        ...

    def place(self, tree: Tree) -> Tree:
        """A tree of NumPy arrays, laid where the engine works."""
        ...

    def place_orders(self, orders: Sequence[Order]) -> Order:
        """An epoch's orders, one for each copy, or a single one for all."""
        ...

    def place_numbers(self, copies: Sequence[Copy], keys: Sequence[Array]) -> Tree:
        """The numbers that vary and the keys, copy by copy."""
        ...

    def train_all(self, carry: Tree, data: Tree, order: Order, start: int, stop: int, varying: Tree) -> dict[str, Any]:
        """The carry after the mini-batches from ``start`` up to ``stop``; the old carry must not be used again."""
        ...

    def evaluate_all(self, params: Tree, state: Tree, data: Mapping[str, Array], varying: Tree) -> dict[str, Array]:
        """The sums over all rows, (copies,) each."""
        ...

    def fetch(self, tree: Tree) -> Tree:
        """Copies of arrays as NumPy."""
        ...
