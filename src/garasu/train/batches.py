"""Mini-batches: which rows make up each, drawn on the host. Epoch e of a seed always has the same order."""

import numpy as np
from attrs import frozen

from garasu.array import Array, random


@frozen(eq=False)
class Order:
    """The rows of one epoch: ``index`` (steps, B) of row numbers; ``mask`` (steps, B), 0 where a place is padding."""

    index: Array
    mask: Array

    @property
    def steps(self) -> int:
        """How many mini-batches."""
        return int(self.index.shape[0])


def draw(rows: int, batch_size: int, *, seed: int, epoch: int, shuffle: bool = True) -> Order:
    """The order of one epoch: every row once, the last mini-batch filled up with padding.

    Example:
        >>> order = draw(5, 2, seed=0, epoch=0, shuffle=False)
        >>> order.index.tolist(), order.mask.tolist()
        ([[0, 1], [2, 3], [4, 0]], [[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    """
    key = random.fold_in(random.fold_name(random.key(seed), "order"), epoch)
    numbers = random.permutation(key, rows) if shuffle else np.arange(rows)
    batch_size = min(batch_size, rows)
    steps = -(-rows // batch_size)
    index = np.zeros(steps * batch_size, dtype=np.int32)
    mask = np.zeros(steps * batch_size, dtype=np.float32)
    index[:rows], mask[:rows] = numbers, 1.0
    return Order(index.reshape(steps, batch_size), mask.reshape(steps, batch_size))
