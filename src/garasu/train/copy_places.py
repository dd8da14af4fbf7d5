"""Where the axis of copies stands in each array of a program for many copies.

In front, but for one array: where all copies see the same rows, the weights W_c (n, m) that multiply them are kept as
(n, copies, m). Then x W_1, x W_2, ... is the one product of x with an (n, copies m) matrix as it lies in memory, and so
is the gradient, where axes in front would have both transposed in every step (48 copies of 784-40-20-10 by 100 rows:
76 us for a copy's step, 100 with the axis in front).
"""

from collections.abc import Mapping
from typing import Any

from garasu.array import Tree
from garasu.layers import Dense, Flatten
from garasu.train.task import Task


def places(task: Task, carry: Tree, *, shared: bool) -> Any:
    """The copies' axis in each array of ``carry``, whose arrays have it in front."""
    first = _first_dense(task) if shared else None
    return _places(carry, "" if first is None else f"/{first}/kernel/")


def _first_dense(task: Task) -> str | None:
    """The name of the layer that multiplies the rows themselves, if it is a Dense layer."""
    layer = next((layer for layer in task.network.layers if not isinstance(layer, Flatten)), None)
    return layer.name if isinstance(layer, Dense) else None


def _places(tree: Tree, multiplying: str, path: str = "/") -> dict[str, Any]:
    def place(value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            return _places(value, multiplying, path)
        return int(bool(multiplying) and multiplying in path and value.ndim == 3)

    return {name: place(value, f"{path}{name}/") for name, value in tree.items()}


def found_places(task: Task, carried: Mapping[str, Any], *, shared: bool) -> dict[str, Any]:
    """The copies' axis in what an attempt has found; None where all copies have the same."""
    own = None if shared else 0
    gradients = task.trained(carried["params"])
    every = dict.fromkeys(("state", "penalty", "numbers", "y", "rows"), 0)
    return {**every, "grads": gradients, "t": own, "weight": own, "mask": None}
