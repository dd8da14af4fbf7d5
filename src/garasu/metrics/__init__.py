"""Metrics, one number for each row; the engines add them up in the step.

Sample and class weights have no part in them, as in Keras's ``metrics=``; rows of padding count nothing.
"""

import re
from collections.abc import Callable
from typing import Any

from garasu.array import Array, Shape
from garasu.messages import SettingError, UnknownNameError, alike, nearest, refused, shown, text
from garasu.metrics.accuracy import (
    BinaryAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
)
from garasu.metrics.errors import mean_absolute_error, mean_squared_error
from garasu.metrics.own import OwnMetric
from garasu.metrics.top_k import TopKAccuracy
from garasu.settings import is_list, is_tuple

Metric = Callable[[Array, Array], Array]
NAMES: dict[str, Metric] = {
    "binary_accuracy": binary_accuracy,
    "categorical_accuracy": categorical_accuracy,
    "mae": mean_absolute_error,
    "mean_absolute_error": mean_absolute_error,
    "mean_squared_error": mean_squared_error,
    "mse": mean_squared_error,
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
    "sparse_top_k_categorical_accuracy": TopKAccuracy(),
    "top_k_categorical_accuracy": TopKAccuracy(),
}
_BY_SHAPE = ("acc", "accuracy")
_OVER_ALL_ROWS = ("f1", "f1_score", "precision", "recall")
_KNOWN = {**NAMES, **dict.fromkeys(_BY_SHAPE)}
_TAKEN = ("loss", "rows", "epoch", "learning_rate")
_TOP = re.compile(r"top_([1-9]\d{0,8})_accuracy")
_AT = re.compile(r"binary_accuracy_at_(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)")

mae, mse = mean_absolute_error, mean_squared_error  # the short names in Python


def get(metric: Any, out_shape: Shape, target: str) -> Metric:
    """A metric from its name, or from itself; what "acc" and "accuracy" mean depends on the shapes, as in Keras.

    One output: ``binary_accuracy``. Several, and targets that are class numbers (``target`` "index"):
    ``sparse_categorical_accuracy``; targets in the shape of the output ("values"): ``categorical_accuracy``.
    "top_3_accuracy" is ``TopKAccuracy(3)``, whatever the number.

    A function of your own is called with the outputs and the targets of a mini-batch, ``(y, t)``, and answers with one
    number a row; where its first argument is called ``y_true``, with the targets first, as Keras calls it.

    Raises:
        UnknownNameError: no metric has this name; the nearest one is offered.
        SettingError: neither a name nor a function; or the name of one that is no mean over rows, such as "precision".

    Example:
        >>> [get("acc", (9,), target).__name__ for target in ("index", "values")]
        ['sparse_categorical_accuracy', 'categorical_accuracy']
        >>> get("top_3_accuracy", (9,), "index")
        TopKAccuracy(k=3)
    """
    metric = _made(metric)
    if callable(metric):
        return metric if isinstance(metric, BinaryAccuracy | TopKAccuracy) else OwnMetric(metric)
    if not isinstance(metric, str):
        raise refused("metric", metric, _KNOWN, "compile", "metrics")
    if metric.lower() in _BY_SHAPE:
        if out_shape[-1:] == (1,):
            return binary_accuracy
        return sparse_categorical_accuracy if target == "index" else categorical_accuracy
    found = _named(metric)
    if found is None:
        raise _unknown(metric)
    return found


def _made(metric: Any) -> Any:
    """A metric's class as the metric; all else as it is."""
    return metric() if metric in (BinaryAccuracy, TopKAccuracy) else metric


def _named(name: str) -> Metric | None:
    """The metric of a name that does not depend on shapes, or None."""
    top, at = _TOP.fullmatch(name.lower()), _AT.fullmatch(name.lower())
    if top:
        return TopKAccuracy(int(top[1]))
    return BinaryAccuracy(float(at[1])) if at else alike(NAMES, name)


def _unknown(name: str) -> UnknownNameError:
    """The error for a name that no metric has: the nearest one, or where such a number is worked out."""
    if alike(dict.fromkeys(_OVER_ALL_ROWS, name), name):
        return UnknownNameError("names.over_all_rows", name=name)
    return nearest("metric", name, [*NAMES, *_BY_SHAPE, "top_5_accuracy"])


def name_of(metric: Any) -> str:
    """What a metric's results are called: the name it was given by, its own name, or that of the function.

    Raises:
        SettingError: neither a name nor a function, or a function of a name that is taken.

    Example:
        >>> name_of("acc"), name_of(TopKAccuracy(3)), name_of(mean_absolute_error)
        ('acc', 'top_3_accuracy', 'mean_absolute_error')
    """
    if isinstance(metric, str):
        return metric
    metric = _made(metric)
    if not callable(metric) or isinstance(metric, type):
        raise refused("metric", metric, _KNOWN, "compile", "metrics")
    name = str(getattr(metric, "name", None) or getattr(metric, "__name__", None) or type(metric).__name__)
    if name in _TAKEN or name.startswith("val_") or "/" in name:
        raise _no_metric(metric, "settings.metric_name")
    return name


def by_name(metrics: Any) -> dict[str, Any]:
    """What ``compile`` was given, one metric, several or none, under the names of their results.

    A class that needs no settings stands for the metric, a name may be written in capitals.

    Raises:
        UnknownNameError: no metric has this name; the nearest one is offered.
        SettingError: something that is no metric, or two of one name.

    Example:
        >>> by_name(["acc", TopKAccuracy(3)]), by_name("mse"), by_name(None)
        ({'acc': 'acc', 'top_3_accuracy': TopKAccuracy(k=3)}, {'mse': 'mse'}, {})
    """
    several = metrics if is_list(metrics) or is_tuple(metrics) else [] if metrics is None else [metrics]
    found: dict[str, Any] = {}
    for metric in map(_made, several):
        name = name_of(metric)
        get(metric, (), "values")  # a name that there is not
        if found.setdefault(name, metric) != metric:
            raise _no_metric(metrics, "settings.metric_twice", name=name)
    return found


def _no_metric(metric: Any, expected: str, **fields: object) -> SettingError:
    wanted = text(expected, **fields)
    return SettingError("settings.must_be", owner="compile", name="metrics", expected=wanted, value=shown(metric))


__all__ = [
    "NAMES",
    "BinaryAccuracy",
    "Metric",
    "OwnMetric",
    "TopKAccuracy",
    "binary_accuracy",
    "by_name",
    "categorical_accuracy",
    "get",
    "mean_absolute_error",
    "mean_squared_error",
    "name_of",
    "sparse_categorical_accuracy",
]
