"""Buckets: a few fixed numbers of rows, so that predictions of any length need only a few compiled programs."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from garasu.array import Array

SIZES = (1, 8, 64, 512)

_NUMBERS = 1 << 22
"""Numbers of pictures that go through a network at once: 4 million; what its layers make of them is many times that."""


def size_for(rows: int) -> int:
    """The smallest bucket that holds ``rows``, or the largest there is.

    Example:
        >>> size_for(1), size_for(9), size_for(10_000)
        (1, 64, 512)
    """
    return next((size for size in SIZES if size >= rows), SIZES[-1])


def largest(row: Sequence[int]) -> int:
    """The largest bucket for rows of a shape: fewer where each is a large picture.

    Example:
        >>> largest((28, 28)), largest((224, 224, 3))
        (512, 8)
    """
    return next((size for size in reversed(SIZES) if size * math.prod(row) <= _NUMBERS), SIZES[0])


def chunks(rows: int, row: Sequence[int] = ()) -> Iterator[tuple[slice, int]]:
    """Slices of at most the largest bucket for rows of shape ``row``, each with the bucket it goes into.

    Example:
        >>> list(chunks(520))
        [(slice(0, 512, None), 512), (slice(512, 520, None), 8)]
    """
    most = largest(row)
    for start in range(0, rows, most):
        stop = min(start + most, rows)
        yield slice(start, stop), size_for(stop - start)


def fill(x: Array, size: int) -> Array:
    """``x`` (NumPy) with rows of zeros below, ``size`` rows in all.

    Example:
        >>> fill(np.ones((1, 2)), 3).tolist()
        [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
    """
    missing = size - x.shape[0]
    return x if missing == 0 else np.concatenate([x, np.zeros((missing, *x.shape[1:]), dtype=x.dtype)])
