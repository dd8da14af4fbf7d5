"""Splits: which rows are kept for validation. Shuffled, stratified where there are classes, from the seed alone."""

import numpy as np

from garasu.array import Array, random


def classes_of(t: Array) -> Array | None:
    """Each row's class number from one-hot rows or class numbers; None where the targets are no classes.

    Example:
        >>> classes_of(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist(), classes_of(np.array([0.5, 0.2]))
        ([1, 0], None)
    """
    if t.ndim == 2 and t.shape[1] > 1 and np.array_equal(np.sort(t, axis=1)[:, -2:], np.tile([0, 1], (len(t), 1))):
        return np.argmax(t, axis=1)
    if t.ndim == 1 and np.issubdtype(t.dtype, np.integer):
        return t
    return None


def validation_rows(t: Array, share: float, seed: int) -> Array:
    """The numbers of the rows kept for validation, in rising order: ``share`` of each class, rounded.

    Every class with two rows or more leaves at least one on each side.

    Example:
        >>> validation_rows(np.array([0, 0, 0, 0, 1, 1, 1, 1]), 0.25, seed=0).shape
        (2,)
    """
    key = random.fold_name(random.key(seed), "validation")
    mixed = random.permutation(key, len(t))
    classes = classes_of(t)
    if classes is None:
        return np.sort(mixed[: round(share * len(t))])
    groups = [mixed[classes[mixed] == one] for one in np.unique(classes)]
    return np.sort(np.concatenate([group[: _taken(len(group), share)] for group in groups]))


def _taken(size: int, share: float) -> int:
    return min(max(round(share * size), 1), size - 1) if size > 1 else 0
