"""Which pictures a report shows: the first; of folders, where one class follows the other, of each class in turn."""

import numpy as np

from garasu.array import Array
from garasu.data import Dataset


def order(data: Dataset, labels: Array) -> Array:
    """The rows of a data set in the order in which they are shown."""
    return np.arange(len(labels)) if data.files is None else in_turn(labels)


def in_turn(labels: Array) -> Array:
    """All rows, the first of each class, then the second of each, and so on.

    Example:
        >>> in_turn(np.array([0, 0, 1, 1, 2])).tolist()
        [0, 2, 4, 1, 3]
    """
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    turn = np.arange(len(labels)) - starts
    return order[np.lexsort((labels[order], turn))]
