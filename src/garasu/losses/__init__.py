"""Losses, one file each: formula, settings, the value and the slope of each row."""

from typing import Any

from attrs import evolve

from garasu.losses.binary_crossentropy import BinaryCrossentropy
from garasu.losses.categorical_crossentropy import CategoricalCrossentropy
from garasu.losses.loss import Loss
from garasu.losses.mean_squared_error import MeanSquaredError
from garasu.losses.sparse_categorical_crossentropy import SparseCategoricalCrossentropy, one_hot
from garasu.losses.sum_of_squares import SumOfSquares
from garasu.messages import nearest

CLASSES = (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    SumOfSquares,
)
NAMES: dict[str, type[Loss]] = {
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "sum_of_squares": SumOfSquares,
}


def get(loss: Any, reduction: str | None = None) -> Loss:
    """A loss from itself or its name, with another reduction where one is given.

    Raises:
        UnknownNameError: no loss has this name; the nearest one is offered.

    Example:
        >>> get("mse")
        MeanSquaredError(reduction='mean')
    """
    if not isinstance(loss, Loss):
        name = loss if isinstance(loss, str) else repr(loss)
        if name not in NAMES:
            raise nearest("loss", name, NAMES)
        loss = NAMES[name]()
    return loss if reduction is None else evolve(loss, reduction=reduction)


__all__ = [
    "CLASSES",
    "NAMES",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "SumOfSquares",
    "get",
    "one_hot",
]
