"""Losses, one file each: formula, settings, the value and the slope of each row."""

from typing import Any

from attrs import evolve

from garasu.array import one_hot
from garasu.losses.binary_crossentropy import BinaryCrossentropy
from garasu.losses.categorical_crossentropy import CategoricalCrossentropy
from garasu.losses.categorical_hinge import CategoricalHinge
from garasu.losses.hinge import Hinge
from garasu.losses.huber import Huber
from garasu.losses.kl_divergence import KLDivergence
from garasu.losses.log_cosh import LogCosh
from garasu.losses.loss import Loss
from garasu.losses.mean_absolute_error import MeanAbsoluteError
from garasu.losses.mean_squared_error import MeanSquaredError
from garasu.losses.poisson import Poisson
from garasu.losses.sparse_categorical_crossentropy import SparseCategoricalCrossentropy
from garasu.losses.squared_hinge import SquaredHinge
from garasu.losses.sum_of_squares import SumOfSquares
from garasu.messages import chosen

CLASSES = (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    MeanAbsoluteError,
    MeanSquaredError,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
    SumOfSquares,
)
NAMES: dict[str, type[Loss]] = {
    "bce": BinaryCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "categorical_hinge": CategoricalHinge,
    "hinge": Hinge,
    "huber": Huber,
    "kl_divergence": KLDivergence,
    "kld": KLDivergence,
    "kullback_leibler_divergence": KLDivergence,
    "log_cosh": LogCosh,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "poisson": Poisson,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "squared_hinge": SquaredHinge,
    "sum_of_squares": SumOfSquares,
}

bce, kld, mae, mse = BinaryCrossentropy, KLDivergence, MeanAbsoluteError, MeanSquaredError  # the short names in Python


def get(loss: Any, reduction: str | None = None) -> Loss:
    """A loss from itself, its class or its name, with another reduction where one is given.

    Raises:
        UnknownNameError: no loss has this name; the nearest one is offered.
        SettingError: none of the three.

    Example:
        >>> get("mse"), get(Poisson, "sum")
        (MeanSquaredError(reduction='mean', half=False), Poisson(reduction='sum'))
    """
    found = chosen("loss", loss, Loss, NAMES, "compile", "loss")
    return found if reduction is None else evolve(found, reduction=reduction)


__all__ = [
    "CLASSES",
    "NAMES",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "SumOfSquares",
    "get",
    "one_hot",
]
