"""Garasu: deep learning you can see through. The formula you read is the code that runs.

    from garasu import layers, models

The parts are loaded when first used, so that ``import garasu`` is quick.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_MODULES = (
    "activations",
    "array",
    "callbacks",
    "data",
    "datasets",
    "figures",
    "filters",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "optimizers",
    "random",
    "regularizers",
    "schedules",
    "testing",
    "train",
    "utils",
)
_NAMES = {
    "Model": "garasu.models",
    "Sequential": "garasu.models",
    "load_model": "garasu.models",
    "set_random_seed": "garasu.models",
    "sweep": "garasu.models",
}


def __getattr__(name: str) -> Any:
    if name == "load":
        return import_module("garasu.models").load_model
    if name in _NAMES:
        return getattr(import_module(_NAMES[name]), name)
    if name in _MODULES:
        return import_module(f"garasu.{name}")
    raise AttributeError(f"module 'garasu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*_MODULES, *_NAMES, "load", "__version__"])
