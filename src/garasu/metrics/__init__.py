"""Metrics, one number for each row; the engines add them up in the step."""

from collections.abc import Callable

from garasu.array import Array, Shape
from garasu.messages import nearest
from garasu.metrics.accuracy import binary_accuracy, categorical_accuracy, sparse_categorical_accuracy

Metric = Callable[[Array, Array], Array]
NAMES: dict[str, Metric] = {
    "binary_accuracy": binary_accuracy,
    "categorical_accuracy": categorical_accuracy,
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
}
_BY_SHAPE = ("acc", "accuracy")


def get(name: str, out_shape: Shape, target: str) -> Metric:
    """A metric by its name; what "acc" and "accuracy" mean depends on the shapes, as in Keras.

    One output: ``binary_accuracy``. Several, and targets that are class numbers (``target`` "index"):
    ``sparse_categorical_accuracy``; targets in the shape of the output ("values"): ``categorical_accuracy``.

    Raises:
        UnknownNameError: no metric has this name; the nearest one is offered.

    Example:
        >>> [get("acc", (9,), target).__name__ for target in ("index", "values")]
        ['sparse_categorical_accuracy', 'categorical_accuracy']
    """
    if name in _BY_SHAPE:
        if out_shape[-1:] == (1,):
            return binary_accuracy
        return sparse_categorical_accuracy if target == "index" else categorical_accuracy
    if name not in NAMES:
        raise nearest("metric", name, [*NAMES, *_BY_SHAPE])
    return NAMES[name]


__all__ = ["NAMES", "Metric", "binary_accuracy", "categorical_accuracy", "get", "sparse_categorical_accuracy"]
