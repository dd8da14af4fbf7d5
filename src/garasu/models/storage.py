"""Saving and loading whole models: architecture, preparation, class names, weights, and the state of training."""

import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict

from garasu import __version__
from garasu.array import merge_trees
from garasu.array import paths as flat
from garasu.layers import Layer
from garasu.messages import FileError
from garasu.metrics import OwnMetric
from garasu.models import weights_file
from garasu.models.history import History
from garasu.models.weights import check
from garasu.networks import describe, rebuild
from garasu.networks.model_file import read, tree_of, write
from garasu.train import ARRAYS, averages

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential

SUFFIX = ".safetensors"
_PACKAGES = ("numpy", "jax", "jaxlib", "scipy", "scikit-learn")


def versions() -> dict[str, str]:
    """Python's version and those of the packages a result depends on.

    Example:
        >>> "numpy" in versions()
        True
    """
    found = {"python": platform.python_version(), "garasu": __version__}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a source tree that is not installed
            continue
    return found


def save(model: "Sequential", path: str | os.PathLike[str], *, overwrite: bool) -> Path:
    """Write a model to one ``.safetensors`` file.

    Raises:
        FileError: another ending, a file that exists already, or a folder that cannot be written to.
    """
    target = checked_path(path, overwrite=overwrite)
    return write(target, arrays_of(model), document_of(model))


def checked_path(path: str | os.PathLike[str], *, overwrite: bool) -> Path:
    """The path to write to; a name without an ending gets ``.safetensors``.

    Raises:
        FileError: another ending, or a file that exists already and may not be overwritten.

    Example:
        >>> checked_path("model", overwrite=False).name
        'model.safetensors'
    """
    target = _with_suffix(path)
    if target.suffix != SUFFIX:
        raise FileError("models.suffix", path=target)
    return _unless_there(target, overwrite=overwrite)


def _with_suffix(path: str | os.PathLike[str]) -> Path:
    target = Path(path)
    if target.name == "":
        raise FileError("models.no_file_name", path=target)
    return target.with_name(target.name + SUFFIX) if target.suffix == "" else target


def _unless_there(target: Path, *, overwrite: bool) -> Path:
    if target.exists() and not overwrite:
        raise FileError("models.already_exists", path=target)
    return target


def save_weights(model: "Sequential", path: str | os.PathLike[str], *, overwrite: bool) -> Path:
    """Write the weights by name to a plain ``.npz``, or the whole model to a ``.safetensors`` file.

    Raises:
        FileError: another ending, a file that exists already, or a folder that cannot be written to.
    """
    target = _with_suffix(path)
    if target.suffix == SUFFIX:
        return save(model, target, overwrite=overwrite)
    if target.suffix != weights_file.SUFFIX:
        raise FileError("weights.suffix", path=target)
    names = weights_file.names(model.weight_paths())
    arrays = dict(zip(names, model.get_arrays(list(names.values())), strict=True))
    return weights_file.write(_unless_there(target, overwrite=overwrite), arrays)


def load_weights(model: "Sequential", path: str | os.PathLike[str]) -> None:
    """Take the weights of a ``.npz`` or of a model file into these layers; see ``Sequential.load_weights``.

    Raises:
        FileError: a file that cannot be trusted, or weights of other layers.
    """
    if Path(path).suffix == weights_file.SUFFIX:
        names = weights_file.names(model.weight_paths())
        shapes = dict(zip(names, [array.shape for array in model.get_arrays(list(names.values()))], strict=True))
        found = weights_file.read(path, shapes, model.name)
        model.set_arrays(list(names.values()), list(found.values()))
        return
    arrays, _ = read(path)
    kept = {branch: tree_of(arrays, branch) for branch in ("params", "state", averages.BRANCH)}
    weights = {"params": averages.in_use(kept), "state": kept["state"]}
    check(model.network, weights, path)
    found = dict(flat(weights))
    model.set_arrays(list(found), list(found.values()))


def arrays_of(model: "Sequential") -> dict[str, Any]:
    """The arrays of a model file: params, state, and where the model has been trained optimizer, sums and averages."""
    trees = {name: tree for name, tree in model.trees().items() if name in ARRAYS}
    if "sums" in trees:  # of metrics that the file can name
        lost = set(model.task.metrics) - set(_metrics(model))
        trees["sums"] = {name: value for name, value in trees["sums"].items() if name not in lost}
    return {name: tree for name, tree in trees.items() if tree}


def _metrics(model: "Sequential") -> list[str]:
    """The metrics that a file can name: all but functions of the user's own."""
    return [name for name, metric in model.task.metrics.items() if not isinstance(metric, OwnMetric)]


def document_of(model: "Sequential") -> dict[str, Any]:
    """The JSON document of a model file."""
    network = model.network
    return {
        "name": network.name,
        "layers": [describe(layer) for layer in network.layers],
        "in_shape": list(network.in_shape),
        "preparation": describe(network.preparation),
        "class_names": list(model.class_names or ()),
        "seed": model.seed,
        "compiled": _compiled(model),
        "history": asdict(model.history) if model.history else None,
        "progress": model.place_in_training(),
        "versions": versions(),
    }


def _compiled(model: "Sequential") -> dict[str, Any] | None:
    if not model.compiled:
        return None
    return {
        "loss": describe(model.task.loss),
        "optimizer": describe(model.task.optimizer),
        "metrics": _metrics(model),
        "precision": model.task.precision,
        "hyper": model.hyper,
    }


def load(
    path: str | os.PathLike[str], layers: Iterable[type[Layer]] = (), *, engine: str = "jit", device: str | None = None
) -> "Sequential":
    """A model as it was saved: same answers, and training goes on where it was.

    Layers of your own are passed as classes, ``load(path, layers=[MyLayer])``; a file never brings code.

    Raises:
        FileError: missing, damaged, changed since it was written, or of a newer format.
        UnknownNameError: a class that is not Garasu's and was not passed.
    """
    from garasu.models.sequential import Sequential  # noqa: PLC0415 - the two build on each other

    own = tuple(layers)
    arrays, document = read(path)
    try:
        model = Sequential(
            rebuild(document["layers"], own),
            name=document["name"],
            seed=document["seed"],
            preparation=rebuild(document["preparation"], own),
            class_names=tuple(document["class_names"]) or None,
        )
        model.build((None, *document["in_shape"]))
        compiled = document["compiled"]
        if compiled:
            model.compile_as_before(
                optimizer=rebuild(compiled["optimizer"], own),
                loss=rebuild(compiled["loss"], own),
                metrics=compiled["metrics"],
                precision=compiled["precision"],
            )
            model.hyper = merge_trees(model.hyper, compiled["hyper"])  # a file may be older than some numbers
        model.run_on(engine, device)
        model.restore({branch: tree_of(arrays, branch) for branch in ARRAYS}, path)
        _restore_place(model, document)
    except (KeyError, TypeError) as error:
        raise FileError("files.bad_architecture", detail=repr(error)) from error
    return model


def _restore_place(model: "Sequential", document: Mapping[str, Any]) -> None:
    for name, value in document["progress"].items():
        setattr(model, name, int(value))
    record = document["history"]
    if record:
        model.history = History(**record)
