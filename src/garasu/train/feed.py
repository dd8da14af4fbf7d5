"""Where the rows of a step lie: all of them where the engine works, or brought there a few mini-batches at a time.

Pictures that stand in a file are read window by window: the next few mini-batches in the order of the epoch, while the
engine works on those before. What memory holds is a window, however many pictures there are; the numbers of training
are the same to the last bit.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from garasu.array import Array, Tree
from garasu.data.stored import StoredPictures
from garasu.train.batches import Order
from garasu.train.engine import Engine

WINDOW = 1 << 23
"""Bytes of pictures that are brought at a time: 8 million, or two mini-batches where these are larger.

Memory holds three such windows for a moment: worked on, read ahead, and on its way. Larger ones are no quicker.
"""


class Feed(Protocol):
    """Hands the engine what the steps of an epoch need."""

    def begin(self, order: Order) -> None:
        """Be ready for an epoch."""
        ...

    def left(self, position: int) -> int:
        """How many mini-batches from ``position`` on one program may run over."""
        ...

    def at(self, position: int) -> tuple[Tree, Order, int]:
        """The data, the order, and where in it the mini-batch at ``position`` of the epoch stands."""
        ...

    def close(self) -> None:
        """Nothing more is needed."""
        ...


class Resident:
    """All rows lie where the engine works."""

    def __init__(self, engine: Engine, data: Mapping[str, Array]) -> None:
        self._engine = engine
        self._data = engine.place(dict(data))

    def begin(self, order: Order) -> None:
        """The order goes where the rows are."""
        self._order, self._steps = self._engine.place_order(order), order.steps

    def left(self, position: int) -> int:
        """To the end of the epoch."""
        return self._steps - position

    def at(self, position: int) -> tuple[Tree, Order, int]:
        """Everything, always the same."""
        return self._data, self._order, position

    def close(self) -> None:
        """Nothing is open."""


class Windows:
    """Rows come from a file, ``WINDOW`` bytes at a time; the next window is read while the last is worked on."""

    def __init__(self, engine: Engine, data: Mapping[str, Any], window: int = WINDOW) -> None:
        self._engine, self._data, self._bytes = engine, data, window
        self._reader = ThreadPoolExecutor(1)
        self._next: tuple[int, Future[dict[str, Array]]] | None = None

    def begin(self, order: Order) -> None:
        """Cut the epoch into windows, all of one size, so that one program serves them all."""
        self._drop()
        self._order = order
        batch = order.index.shape[1]
        # Never one alone: XLA leaves the choice among one away, and then adds up in another order.
        self._steps = min(max(2, self._bytes // (batch * self._data["x"].each)), order.steps)
        self._number: int | None = None

    def left(self, position: int) -> int:
        """To the end of the window."""
        return min(self._steps - position % self._steps, self._order.steps - position)

    def at(self, position: int) -> tuple[Tree, Order, int]:
        """The window that holds this mini-batch, brought now if it is not there."""
        number, place = divmod(position, self._steps)
        if number != self._number:
            self._placed: Tree | None = None  # the old one goes before the new one comes
            self._placed = self._engine.place(self._taken(number))  # what was read goes before more is read ahead
            self._window = self._engine.place_order(self._order_of(number))
            self._number = number
            if (number + 1) * self._steps < self._order.steps:
                self._next = number + 1, self._reader.submit(self._rows, number + 1)
        return self._placed or {}, self._window, place

    def close(self) -> None:
        """No reading goes on."""
        self._drop()
        self._reader.shutdown()

    def _drop(self) -> None:
        if self._next is not None:
            self._next[1].cancel()
            self._next = None

    def _taken(self, number: int) -> dict[str, Array]:
        """The rows of a window: read already, or read now."""
        ahead, self._next = self._next, None
        return ahead[1].result() if ahead is not None and ahead[0] == number else self._rows(number)

    def _rows(self, number: int) -> dict[str, Array]:
        """The rows of a window, one mini-batch behind the other; the last window is filled up with the first row."""
        index = self._order.index[number * self._steps : (number + 1) * self._steps].ravel()
        missing = self._steps * self._order.index.shape[1] - len(index)
        index = np.concatenate([index, np.zeros(missing, index.dtype)])
        return {name: array[index] for name, array in self._data.items()}

    def _order_of(self, number: int) -> Order:
        """The rows of a window in their own order; its mask, 0 where the epoch has ended."""
        batch = self._order.index.shape[1]
        mask = np.zeros((self._steps, batch), dtype=np.float32)
        mine = self._order.mask[number * self._steps : (number + 1) * self._steps]
        mask[: len(mine)] = mine
        return Order(np.arange(self._steps * batch, dtype=np.int32).reshape(self._steps, batch), mask)


def feed(engine: Engine, data: Mapping[str, Any]) -> Feed:
    """The feed for these data: pictures in a file come in windows."""
    return Windows(engine, data) if isinstance(data["x"], StoredPictures) else Resident(engine, data)
