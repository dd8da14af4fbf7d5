"""Metrics, one number for each row; the engines add them up in the step."""

from collections.abc import Callable

from garasu.array import Array
from garasu.messages import nearest
from garasu.metrics.accuracy import binary_accuracy, categorical_accuracy, sparse_categorical_accuracy

Metric = Callable[[Array, Array], Array]
NAMES: dict[str, Metric] = {
    "binary_accuracy": binary_accuracy,
    "categorical_accuracy": categorical_accuracy,
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
}
_BY_LOSS = ("acc", "accuracy")


def get(name: str, by_loss: str) -> Metric:
    """A metric by its name; "acc" and "accuracy" mean the one that fits the loss, ``by_loss``.

    Raises:
        UnknownNameError: no metric has this name; the nearest one is offered.

    Example:
        >>> get("acc", "binary_accuracy").__name__
        'binary_accuracy'
    """
    if name in _BY_LOSS:
        return NAMES[by_loss]
    if name not in NAMES:
        raise nearest("metric", name, [*NAMES, *_BY_LOSS])
    return NAMES[name]


__all__ = ["NAMES", "Metric", "binary_accuracy", "categorical_accuracy", "get", "sparse_categorical_accuracy"]
