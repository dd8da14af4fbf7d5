"""Class numbers to one-hot rows, as Keras's ``to_categorical`` does it."""

import operator
from typing import Any

import numpy as np

from garasu.array import Array
from garasu.messages import SettingError, ShapeError


def to_categorical(x: Any, num_classes: int | None = None) -> Array:
    """One-hot rows: y[..., k] = 1 where k = x[...], else 0; float32.

    Args:
        x: class numbers 0, 1, ..., any shape; a last axis of size 1 is dropped, as Keras does.
        num_classes: how many classes; ``None`` (or 0) means the largest label + 1.

    Returns:
        An array of x's shape with an axis of ``num_classes`` at the end. Keras wraps -1 round to the last class and
        cuts 1.7 down to 1; here both are errors.

    Raises:
        ShapeError: labels are not whole numbers, are negative or too large, or there are none to count classes from.
        SettingError: ``num_classes`` is not a whole number of classes.

    Example:
        >>> to_categorical([[0], [2]])
        array([[1., 0., 0.],
               [0., 0., 1.]], dtype=float32)
    """
    labels = _whole_numbers(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]  # (..., 1) -> (...)
    classes = _class_count(labels, num_classes)
    _check_range(labels, classes)
    rows = np.zeros((labels.size, classes), np.float32)
    rows[np.arange(labels.size), labels.reshape(-1).astype(np.int64)] = 1
    return rows.reshape(*labels.shape, classes)


def _whole_numbers(x: Any) -> Array:
    """x as an array of whole numbers (floats stay floats), or a sentence naming the first value that is none."""
    try:
        given = np.asarray(x)
        labels = given if given.dtype.kind in "biu" else given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError("data.labels_not_numbers", reason=error) from error
    wrong = np.flatnonzero(~(np.isfinite(labels) & (labels == np.floor(labels))))
    if wrong.size:
        raise ShapeError("data.labels_not_whole", row=int(wrong[0]), label=labels.reshape(-1)[wrong[0]].item())
    return labels


def _class_count(labels: Array, num_classes: int | None) -> int:
    """How many columns: ``num_classes`` if it names any, else the largest label + 1."""
    try:
        classes = operator.index(num_classes or 0)
    except TypeError as error:
        raise SettingError("data.num_classes", got=repr(num_classes)) from error
    if classes < 0:
        raise SettingError("data.num_classes", got=classes)
    if classes == 0 and labels.size == 0:
        raise ShapeError("data.labels_empty")
    return classes or max(0, int(labels.max())) + 1


def _check_range(labels: Array, classes: int) -> None:
    """A sentence naming the first label that has no column."""
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    if wrong.size:
        row = int(wrong[0])
        label = int(labels.reshape(-1)[row])
        if label < 0:
            raise ShapeError("data.labels_negative", row=row, label=label)
        raise ShapeError("data.labels_range", last=classes - 1, classes=classes, row=row, label=label)
