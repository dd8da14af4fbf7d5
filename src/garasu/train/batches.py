"""Mini-batches: which rows make up each, drawn on the host. Epoch e of a seed always has the same order.

Three ways to draw, each for mini-batches of one row (online), of some, or of all rows (whole batch):

    shuffled            every row once in an epoch, in an order of its own
    with replacement    each row of each mini-batch drawn from all rows, whether it has been drawn before or not
    in turn             every row once, as they stand

An epoch has as many mini-batches as hold all rows, unless ``steps`` says otherwise: then the orders above stand one
behind the other, pass after pass over all rows, and are cut into epochs of so many mini-batches. What an epoch leaves
of a pass the next one begins with.
"""

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


def steps_of(rows: int, batch_size: int) -> int:
    """How many mini-batches hold all rows once.

    Example:
        >>> steps_of(70, 16), steps_of(64, 16), steps_of(5, 100)
        (5, 4, 1)
    """
    return -(-rows // batch_size)


def draw(
    rows: int,
    batch_size: int,
    *,
    seed: int,
    epoch: int,
    shuffle: bool = True,
    replacement: bool = False,
    steps: int | None = None,
) -> Order:
    """The order of one epoch of ``steps`` mini-batches; where no number is given, of as many as hold all rows.

    Args:
        rows: how many there are.
        batch_size: how many make up a mini-batch; no more than there are are taken, unless with replacement.
        seed: decides the order, together with the epoch's number.
        epoch: its number.
        shuffle: whether each pass over all rows has an order of its own; otherwise they come as they stand.
        replacement: draw every row of every mini-batch from all rows. No mini-batch then has padding.
        steps: how many mini-batches.

    Example:
        >>> order = draw(5, 2, seed=0, epoch=0, shuffle=False)
        >>> order.index.tolist(), order.mask.tolist()
        ([[0, 1], [2, 3], [4, 0]], [[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
        >>> [draw(5, 2, seed=0, epoch=e, shuffle=False, steps=2).index.tolist() for e in (0, 1)]
        [[[0, 1], [2, 3]], [[4, 0], [0, 1]]]
        >>> draw(5, 2, seed=0, epoch=0, replacement=True, steps=4).index.shape
        (4, 2)
    """
    if replacement:
        return _drawn_anew(rows, (steps or steps_of(rows, batch_size), batch_size), seed, epoch)
    whole = steps_of(rows, batch_size)
    if steps is None or steps == whole:
        return _pass(rows, batch_size, seed, epoch, shuffle)
    first = epoch * steps
    passes = range(first // whole, (first + steps - 1) // whole + 1)
    parts = [_pass(rows, batch_size, seed, number, shuffle) for number in passes]
    mine = slice(first - passes[0] * whole, first - passes[0] * whole + steps)
    return Order(*(np.concatenate([getattr(one, name) for one in parts])[mine] for name in ("index", "mask")))


def _pass(rows: int, batch_size: int, seed: int, number: int, shuffle: bool) -> Order:
    """Every row once, the last mini-batch filled up with padding."""
    numbers = random.permutation(_key(seed, "order", number), rows) if shuffle else np.arange(rows)
    batch_size = min(batch_size, rows)
    steps = steps_of(rows, batch_size)
    index = np.zeros(steps * batch_size, dtype=np.int32)
    mask = np.zeros(steps * batch_size, dtype=np.float32)
    index[:rows], mask[:rows] = numbers, 1.0
    return Order(index.reshape(steps, batch_size), mask.reshape(steps, batch_size))


def _drawn_anew(rows: int, shape: tuple[int, int], seed: int, epoch: int) -> Order:
    """Each place filled with any of the rows."""
    index = random.integers(_key(seed, "replacement", epoch), shape, rows).astype(np.int32)
    return Order(index, np.ones(shape, dtype=np.float32))


def _key(seed: int, name: str, number: int) -> Array:
    return random.fold_in(random.fold_name(random.key(seed), name), number)
