"""Rules read and answer; they change nothing, remember nothing, and use the array's own library."""

from typing import Any

import attrs
import numpy as np

from garasu.array import Array, Tree, leaves, paths
from garasu.testing.arrays import from_strict, on_numpy, on_strict, read_only
from garasu.testing.judge import Judge
from garasu.testing.subject import Subject

STRICT_LIMIT = 1e-12


def is_array(value: object) -> bool:
    """Whether a value is an array of an array-API library."""
    return hasattr(value, "__array_namespace__")


def check_arrays(name: str, tree: Any, judge: Judge) -> None:
    """Check that a tree is nested dicts with text keys and arrays at the leaves."""
    if not isinstance(tree, dict):
        judge.fail("array", array=name, got=repr(tree), type=type(tree).__name__)
    for key, value in tree.items():
        if not isinstance(key, str):
            judge.fail("key", array=name, got=repr(key))
        if isinstance(value, dict):
            check_arrays(f"{name}/{key}", value, judge)
        elif not is_array(value):
            judge.fail("array", array=f"{name}/{key}", got=repr(value), type=type(value).__name__)


def check_dtypes(subject: Subject, judge: Judge) -> None:
    """Check that each precision stays what it is, through forward, cache and backward."""
    for precision in ("float32", "float64"):
        here = subject.at(precision)
        outputs, cache = here.forward(here.inputs, here.held)
        gradients = here.backward(here.inputs, here.held, cache, here.error_like(outputs["y"]).astype(precision))
        for name, array in paths({"output": outputs, "cache": cache, "gradient": gradients}):
            if array.dtype.kind in "fc" and array.dtype != precision:
                judge.fail("dtype", array=name, expected=precision, got=array.dtype)


def _settings(owner: object) -> tuple[Any, ...]:
    return attrs.astuple(owner, recurse=False) if attrs.has(type(owner)) else ()  # pyright: ignore[reportArgumentType]


def check_pure(subject: Subject, judge: Judge) -> float:
    """Run twice on arrays that cannot be written to, then on the strict library."""
    subject = subject.at("float64")
    inputs, held, before = read_only(subject.inputs), read_only(subject.held), _settings(subject.owner)
    results: list[Tree] = []
    for _ in range(2):
        outputs, cache = subject.forward(inputs, held)
        cache, dy = read_only(cache), read_only({"dy": subject.error_like(outputs["y"])})["dy"]
        results.append({"output": outputs, "gradient": subject.backward(inputs, held, cache, dy)})
    if any(new is not old for new, old in zip(_settings(subject.owner), before, strict=True)):
        judge.fail("settings")
    _same_twice(results, judge)
    return judge.same(results[0], _strictly(subject))


def _same_twice(results: list[Tree], judge: Judge) -> None:
    for (name, first), second in zip(paths(results[0]), leaves(results[1]), strict=True):
        if not np.array_equal(first, second, equal_nan=True):
            judge.fail("repeat", array=name)


def _strictly(subject: Subject) -> Tree:
    """Outputs and gradients by the strict library (NumPy out)."""
    arrays = on_strict({"inputs": subject.inputs, "held": subject.held})
    outputs, cache = subject.forward(arrays["inputs"], arrays["held"])
    dy: Array = on_strict({"dy": subject.error_like(from_strict({"y": outputs["y"]})["y"])})["dy"]
    gradients = subject.backward(arrays["inputs"], arrays["held"], cache, dy)
    return on_numpy(from_strict({"output": outputs, "gradient": gradients}))
