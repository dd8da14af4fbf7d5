"""The same trees of arrays in another precision or another library."""

import jax
import numpy as np

from garasu.array import Array, Tree, map_leaves
from garasu.testing.ladder import Missing

try:
    import array_api_strict as strict
except ImportError:  # an extra: without it, one rung is left out and the report says so
    strict = None


def cast(tree: Tree, precision: str) -> Tree:
    """Floating arrays in ``precision``; keys, labels and counts as they are (NumPy, fresh copies).

    Example:
        >>> cast({"x": np.ones(2), "t": np.array([1, 0])}, "float32")["x"].dtype
        dtype('float32')
    """

    def one(array: Array) -> Array:
        array = np.array(array)
        return array.astype(precision) if array.dtype.kind == "f" else array

    return map_leaves(one, tree)


def on_jax(tree: Tree) -> Tree:
    """The tree as JAX's arrays."""
    return map_leaves(jax.device_put, tree)


def on_numpy(tree: Tree) -> Tree:
    """The tree as NumPy's arrays."""
    return map_leaves(np.asarray, tree)


def on_strict(tree: Tree) -> Tree:
    """The tree as arrays of the strict reference library, which has the standard's functions and nothing else."""
    if strict is None:
        raise Missing("array-api-strict")
    return map_leaves(strict.asarray, tree)


def from_strict(tree: Tree) -> Tree:
    """Back to NumPy."""
    return map_leaves(lambda array: np.asarray(np.from_dlpack(array)), tree)


def read_only(tree: Tree) -> Tree:
    """Copies that cannot be written to."""

    def one(array: Array) -> Array:
        copy = np.array(array)
        copy.flags.writeable = False
        return copy

    return map_leaves(one, tree)
