"""Enlarging images by whole factors, and the transposes that hand the error back.

    "nearest"    y[i] = x[b]                                                                    b = floor(i / s)
    "bilinear"   y[i] = (1 - |t|) x[b] + |t| x[b + sign t]        t = (i mod s + 1/2) / s - 1/2

in each direction. t is where the middle of the new place lies, from the middle of the old one, in old places: new and
old images cover the same area. Beyond the rim the rim itself is meant. Weights depend on i mod s alone, so each of the
s phases is the whole image, mixed with itself one place further on; the phases are dealt out like cards.
"""

from collections.abc import Iterator
from functools import reduce
from operator import add

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array, Pair

INTERPOLATIONS = ("nearest", "bilinear")


@Primitive
def enlarge(x: Array, factor: Pair, interpolation: str) -> Array:
    """``x`` with each row and column made into ``factor`` of them.         (N, Y, X, C) -> (N, sY, sX, C)

    Example:
        >>> import numpy as np
        >>> x = np.array([[0.0, 4.0]]).reshape(1, 1, 2, 1)
        >>> enlarge(x, (1, 2), "nearest").ravel().tolist(), enlarge(x, (1, 2), "bilinear").ravel().tolist()
        ([0.0, 0.0, 4.0, 4.0], [0.0, 1.0, 3.0, 4.0])
    """
    for axis in (1, 2):
        x = _stretch(x, factor[axis - 1], axis, interpolation)
    return x


@Primitive
def enlarge_transpose(dy: Array, factor: Pair, interpolation: str) -> Array:
    """The transpose of ``enlarge``: each error goes back to the places its value came from, by the same weights.

    Example:
        >>> import numpy as np
        >>> dy = np.array([[1.0, 2.0, 3.0, 4.0]]).reshape(1, 1, 4, 1)
        >>> [enlarge_transpose(dy, (1, 2), name).ravel().tolist() for name in INTERPOLATIONS]
        [[3.0, 7.0], [3.25, 6.75]]
    """
    for axis in (1, 2):
        dy = _gather(dy, factor[axis - 1], axis, interpolation)
    return dy


def _phases(factor: int, interpolation: str) -> Iterator[float]:
    """t of each new place within an old one."""
    for place in range(factor):
        yield (place + 0.5) / factor - 0.5 if interpolation == "bilinear" else 0.0


def _stretch(x: Array, factor: int, axis: int, interpolation: str) -> Array:
    """``enlarge`` along one axis."""
    if factor == 1:
        return x
    mixed = [
        (1.0 - abs(t)) * x + abs(t) * _neighbour(x, axis, ahead=t > 0) if t else x
        for t in _phases(factor, interpolation)
    ]
    xp, shape = namespace(x), list(x.shape)
    shape[axis] *= factor
    return xp.reshape(xp.stack(mixed, axis=axis + 1), tuple(shape))


def _gather(dy: Array, factor: int, axis: int, interpolation: str) -> Array:
    """``enlarge_transpose`` along one axis."""
    if factor == 1:
        return dy
    xp, shape = namespace(dy), dy.shape
    phases = xp.reshape(dy, (*shape[:axis], shape[axis] // factor, factor, *shape[axis + 1 :]))
    parts = [_phase(phases, place, axis) for place in range(factor)]
    return reduce(
        add,
        [
            (1.0 - abs(t)) * part + abs(t) * _neighbour_transpose(part, axis, ahead=t > 0) if t else part
            for t, part in zip(_phases(factor, interpolation), parts, strict=True)
        ],
    )


def _phase(phases: Array, place: int, axis: int) -> Array:
    return phases[(*[slice(None)] * (axis + 1), place, ...)]


def _cut(x: Array, axis: int, start: int | None, stop: int | None) -> Array:
    return x[(*[slice(None)] * axis, slice(start, stop), ...)]


def _neighbour(x: Array, axis: int, *, ahead: bool) -> Array:
    """At each place the value one further on (or one back); at the rim the rim's own."""
    xp = namespace(x)
    if ahead:
        return xp.concat([_cut(x, axis, 1, None), _cut(x, axis, -1, None)], axis=axis)
    return xp.concat([_cut(x, axis, None, 1), _cut(x, axis, None, -1)], axis=axis)


def _neighbour_transpose(dy: Array, axis: int, *, ahead: bool) -> Array:
    """The transpose: each error one back (or one further on); the rim keeps its own and gets its neighbour's."""
    xp = namespace(dy)
    inner, rim = (
        (_cut(dy, axis, None, -1), _cut(dy, axis, -1, None))
        if ahead
        else (_cut(dy, axis, 1, None), _cut(dy, axis, None, 1))
    )
    moved, kept = [xp.zeros_like(rim), inner], [xp.zeros_like(inner), rim]
    if not ahead:
        moved, kept = moved[::-1], kept[::-1]
    return xp.concat(moved, axis=axis) + xp.concat(kept, axis=axis)
