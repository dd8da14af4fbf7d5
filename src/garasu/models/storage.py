"""Saving and loading whole models: architecture, preparation, class names, weights, and the state of training."""

import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict

from garasu import __version__
from garasu.layers import Layer
from garasu.messages import FileError
from garasu.models.history import History
from garasu.networks import describe, rebuild
from garasu.networks.model_file import read, tree_of, write

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
    target = Path(path)
    if target.suffix == "":
        target = target.with_name(target.name + SUFFIX)
    if target.suffix != SUFFIX:
        raise FileError("models.suffix", path=target)
    if target.exists() and not overwrite:
        raise FileError("models.already_exists", path=target)
    return target


def arrays_of(model: "Sequential") -> dict[str, Any]:
    """The arrays of a model file: params, state, and where the model has been trained optimizer and sums."""
    trees = {name: tree for name, tree in model.trees().items() if name in ("params", "state", "optimizer", "sums")}
    return {name: tree for name, tree in trees.items() if tree}


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
        "metrics": list(model.task.metrics),
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
            model.compile(
                optimizer=rebuild(compiled["optimizer"], own),
                loss=rebuild(compiled["loss"], own),
                metrics=compiled["metrics"],
                precision=compiled["precision"],
            )
            model.hyper = compiled["hyper"]
        model.run_on(engine, device)
        model.restore({branch: tree_of(arrays, branch) for branch in ("params", "state", "optimizer", "sums")}, path)
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
