"""A trace as a notebook shows it: how large the numbers are, layer by layer, on the way forward and back."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from garasu.array import Array, Tree, paths
from garasu.messages import text
from garasu.networks.markup import NONE, Html, number, table, tag

_DECADES = 8
"""How many powers of ten a bar spans; what is smaller by more has none."""

_COLUMNS = ("layer", "shape", "min", "mean", "max", "zeros", "error", "gradients")
_RIGHT = range(2, 7)


def trace_html(
    inputs: Array,
    outputs: Mapping[str, Array],
    errors: Mapping[str, Array],
    grads: Tree,
    loss: Array,
    wrong: str | None,
) -> str:
    """A row for each layer: its output, the error handed back to it, its gradients with a bar each.

    Args:
        inputs: what the first layer took.
        outputs: what each layer hands on, by name.
        errors: the error at the outputs; a layer behind the place where the loss starts has none.
        grads: every gradient, by layer.
        loss: each row's.
        wrong: the first array that is not finite.
    """
    found = _by_layer(grads)
    low, high = _scale(size for mine in found.values() for size in mine.values())
    rows: list[tuple[object, ...]] = [(text("networks.trace_input"), *_output(inputs), "", "")]
    for name, y in outputs.items():
        error = number(_size(errors[name])) if name in errors else NONE
        rows.append((name, *_output(y), error, _gradients(found.get(name, {}), low, high)))
    caption = text("notebook.trace_title", rows=len(loss), loss=_spread(_copy(loss))[1])
    columns = [text(f"notebook.trace_{name}") for name in _COLUMNS]
    return tag("div", _first(wrong), table(caption, columns, rows, _RIGHT), *_notes(low, high, outputs, errors))


def _first(wrong: str | None) -> Html:
    """The sentence above all others where something is not finite."""
    return tag("p", tag("strong", text("notebook.trace_wrong", name=wrong))) if wrong else Html()


def _notes(low: int, high: int, outputs: Mapping[str, Array], errors: Mapping[str, Array]) -> Iterator[Html]:
    """What the bars and the dashes mean."""
    yield tag("p", text("notebook.trace_scale", low=low, high=high))
    if any(name not in errors for name in outputs):
        yield tag("p", text("notebook.trace_fused", none=NONE))


def _copy(array: Array) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The numbers in NumPy, wide enough that their squares can be added up."""
    return np.array(array, dtype=np.float64)


def _output(array: Array) -> list[str]:
    """Shape, smallest, mean and largest number, and the share of zeros."""
    values = _copy(array)
    zeros = f"{np.mean(values == 0):.1%}" if values.size else NONE
    return [str(values.shape), *_spread(values), zeros]


def _spread(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[str]:
    """The smallest, the mean and the largest number."""
    if not values.size:
        return [NONE, NONE, NONE]
    with np.errstate(all="ignore"):  # infinity less infinity is what it is
        return [number(float(of(values))) for of in (np.min, np.mean, np.max)]


def _size(array: Array) -> float:
    """The square root of the sum of squares."""
    values = _copy(array)
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.sum(values * values)))


def _by_layer(grads: Tree) -> dict[str, dict[str, float]]:
    """The size of each gradient, by layer and by its name within."""
    found: dict[str, dict[str, float]] = {}
    for path, grad in paths(grads):
        layer, _, name = path.partition("/")
        found.setdefault(layer, {})[name] = _size(grad)
    return found


def _scale(sizes: Iterable[float]) -> tuple[int, int]:
    """The powers of ten at which a bar starts and at which it is full: the largest gradient decides."""
    usable = [size for size in sizes if 0 < size < math.inf]
    high = math.ceil(math.log10(max(usable))) if usable else 0
    return high - _DECADES, high


def _gradients(sizes: Mapping[str, float], low: int, high: int) -> Html:
    """Name, size and bar of each gradient of a layer."""
    return Html("".join(_gradient(name, size, low, high) for name, size in sizes.items()))


def _gradient(name: str, size: float, low: int, high: int) -> Html:
    share = (math.log10(size) - low) / (high - low) if 0 < size < math.inf else 0.0
    width = f"width:{100 * max(share, 0.0):.0f}%"
    bar = tag("div", style=f"{width};height:.7em;background:currentColor;opacity:.6")
    frame = tag("div", bar, style="width:7em;border-style:solid;border-width:0 1px;border-color:rgba(128,128,128,.4)")
    return tag(
        "div",
        tag("span", name, style="flex:1"),
        tag("span", number(size), style="min-width:5em;text-align:right"),
        frame,
        style="display:flex;align-items:center;gap:.6em",
    )
