"""What users hand to fit, evaluate and predict, checked and brought into the forms the engines take."""

from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from garasu.array import PRECISIONS, Array, Precision
from garasu.data.stored import StoredPictures
from garasu.losses import Loss
from garasu.messages import SettingError, ShapeError, text
from garasu.models.target_values import are_one_hot, check_values
from garasu.networks import Network
from garasu.settings import is_mapping, is_number, is_whole, plain


def precision(given: Any) -> Precision:
    """The precision that ``compile`` was given.

    Raises:
        SettingError: there is no such precision.

    Example:
        >>> precision("float64")
        'float64'
    """
    if given not in PRECISIONS:
        expected = text("settings.one_of", choices=", ".join(map(repr, PRECISIONS)))
        raise SettingError("settings.must_be", owner="compile", name="precision", expected=expected, value=repr(given))
    return given


def inputs(network: Network, x: Any, precision: Precision) -> Array | StoredPictures:
    """Pictures as the engines take them: small whole numbers as they are, everything else in the run's precision.

    Pictures that stand in a file stay there.

    Raises:
        ShapeError: naming the axis that does not fit, or what is no array of numbers.
    """
    if isinstance(x, StoredPictures):
        network.check_input(x.shape)
        return x
    x = _numbers(x, "x")
    network.check_input(x.shape)
    if np.issubdtype(x.dtype, np.integer) and x.dtype.itemsize <= 2:
        return x
    return x.astype(precision, copy=False)


def _numbers(values: Any, name: str) -> Array:
    array = np.asarray(values)
    if array.dtype == bool:
        return array.astype(np.uint8)
    if array.dtype.kind not in "iuf":
        raise ShapeError("models.not_numbers", name=name, got=array.dtype)
    return array


def targets(network: Network, loss: Loss, y: Any, rows: int, precision: Precision) -> Array:
    """Targets as the loss takes them: int32 class numbers, or numbers in the shape of the output.

    Raises:
        ShapeError: they do not fit the loss, the output or the number of rows; or a class number is out of range, or a
            number outside what the loss takes.
    """
    t = _numbers(y, "y")
    axes = t.ndim
    out_shape = network.spec.out_shape
    if loss.target == "index" and t.ndim == 2 and t.shape[1] == 1:
        t = t[:, 0]
    if loss.target == "values" and t.ndim == 1 and out_shape == (1,):
        t = t[:, None]
    loss.check(out_shape, t.shape[1:], network.layers[-1].label)
    if len(t) != rows:
        raise ShapeError("models.rows_differ", name="y", expected=rows, got=len(t))
    if loss.target != "index":
        check_values(loss, t, axes)
        return t.astype(precision, copy=False)
    if len(t) and (np.any(t != np.floor(t)) or t.min() < 0 or t.max() >= out_shape[-1]):
        bad = t[(t != np.floor(t)) | (t < 0) | (t >= out_shape[-1])]
        layer = network.layers[-1].label
        raise ShapeError("models.label_range", layer=layer, last=out_shape[-1] - 1, got=bad[0], count=len(bad))
    return t.astype(np.int32)


def weights(rows: int, sample_weight: Any, precision: Precision) -> Array:
    """One weight a row, 1 where nothing is given.

    Raises:
        ShapeError: not one weight a row.
        SettingError: a weight that is not finite.
    """
    if sample_weight is None:
        return np.ones(rows, dtype=precision)
    given = _numbers(sample_weight, "sample_weight").astype(precision)
    if given.shape != (rows,):
        raise ShapeError("models.rows_differ", name="sample_weight", expected=rows, got=given.shape)
    if not np.all(np.isfinite(given)):
        _refuse("Sequential", "sample_weight", "settings.finite_weights", given[~np.isfinite(given)][0])
    return given


def _refuse(owner: str, name: str, expected: str, value: object) -> NoReturn:
    raise SettingError("settings.must_be", owner=owner, name=name, expected=text(expected), value=repr(plain(value)))


def _are_weights(value: Any) -> bool:
    return is_mapping(value) and all(is_whole(k) and is_number(weight) for k, weight in value.items())


def class_weighted(data: Mapping[str, Array], class_weight: Mapping[int, float] | None, loss: Loss) -> dict[str, Array]:
    """Training rows, each weight times its class's; as in Keras, rows for validation keep theirs.

    Classes are class numbers, the 1 of a one-hot row, the largest of several shares that sum to 1; or of one target, 1
    for a yes and 0 for a no, where the loss is one for yes or no.

    Raises:
        SettingError: a class weight for targets that are no classes, or something else than weights of class numbers.
    """
    if class_weight is None:
        return dict(data)
    if not _are_weights(class_weight):
        _refuse("fit", "class_weight", "settings.class_weight", class_weight)
    weight, classes = data["weight"], _classes(data["t"], loss)
    if classes is None:
        raise SettingError("models.class_weight_targets")
    table = np.array([class_weight.get(k, 1.0) for k in range(int(classes.max(initial=0)) + 1)], dtype=weight.dtype)
    return {**data, "weight": weight * table[classes.astype(np.int64)]}


def _classes(t: Array, loss: Loss) -> Array | None:
    """The class of each row, (N,); None where targets are no classes."""
    if t.ndim == 1:
        return t
    if t.shape[1:] == (1,):
        return t[:, 0] > 0.5 if loss.domain in ("shares", "signs") or loss.partner == "sigmoid" else None
    if t.ndim == 2 and (loss.domain == "distributions" or loss.partner == "softmax" or are_one_hot(t)):
        return np.argmax(t, axis=1)
    return None


def dataset(
    network: Network,
    loss: Loss,
    x: Any,
    y: Any,
    precision: Precision,
    sample_weight: Any = None,
) -> dict[str, Array]:
    """Pictures, targets and weights as the engines take them.

    Raises:
        ShapeError: something does not fit, or there are no rows.
    """
    pictures = inputs(network, x, precision)
    if len(pictures) == 0:
        raise ShapeError("models.no_rows", name="x")
    t = targets(network, loss, y, len(pictures), precision)
    return {"x": pictures, "t": t, "weight": weights(len(pictures), sample_weight, precision)}
