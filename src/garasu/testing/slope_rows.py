"""The differences rung array by array: how far each gradient is from the differences, and what either way takes.

A climb ends at the first rung that fails; here every array is looked at, also those of a rule that is wrong.
"""

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import numpy as np
from attrs import frozen

from garasu.array import Array, paths
from garasu.messages import GarasuError
from garasu.testing import differences
from garasu.testing.failure import CheckFailure
from garasu.testing.judge import Judge
from garasu.testing.subject import Subject

_STOPPED = (GarasuError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@frozen
class SlopeRow:
    """One array of a rule.

    ``error`` is the largest deviation as a share of its largest slope, infinite where the shapes differ, None where
    nothing could be measured. ``verdict``: "right", "wrong", or "undecided" (a kink at every point that was tried).
    ``backward_seconds`` are those of one pass, which gives all gradients at once.
    """

    name: str
    mode: str
    numbers: int
    error: float | None
    verdict: str
    numerical_seconds: float
    backward_seconds: float


def slope_rows(subject: Subject, mode: str, limit: float, vanishing: float) -> tuple[SlopeRow, ...]:
    """A row for each array that a rule is differentiated by; none where the rule does not run.

    Example:
        >>> def forward(inputs, held):
        ...     return {"y": inputs["x"] ** 2}, {"x": inputs["x"]}
        >>> def backward(inputs, held, cache, dy):
        ...     return {"x": 3.0 * cache["x"] * dy}
        >>> (row,) = slope_rows(Subject("cube", forward, backward, {"x": np.ones(2)}), "", 1e-6, 1e-8)
        >>> row.name, row.numbers, round(row.error, 6), row.verdict
        ('x', 2, 0.5, 'wrong')
    """
    try:
        return tuple(_rows(subject, mode, Judge(subject.label, "differences", limit, vanishing)))
    except CheckFailure:
        return tuple(_undecided(subject, mode))
    except _STOPPED:  # a rule of the user's own: its rung says with which error
        return ()


def _rows(subject: Subject, mode: str, judge: Judge) -> Iterator[SlopeRow]:
    smooth = differences.away_from_kinks(subject, judge)
    gradients, seconds = _timed(smooth.subject)
    arrays = dict(paths(smooth.subject.inputs))
    expected = {name: _shaped(smooth.slopes[name], array) for name, array in arrays.items()}
    largest = max((float(np.max(np.abs(slopes), initial=0.0)) for slopes in expected.values()), default=0.0)
    for name, array in arrays.items():
        error = np.inf
        if name in gradients and np.shape(gradients[name]) == array.shape:
            along = differences.directions(name, array, subject.seed)
            got = gradients[name] if _whole(array) else np.tensordot(along, gradients[name], axes=array.ndim)
            error, _ = judge.deviation(expected[name], got, largest)
        verdict = "right" if error <= judge.limit else "wrong"
        told = smooth.seconds[name]
        yield SlopeRow(name.removeprefix("params/"), mode, int(array.size), error, verdict, told, seconds)


def _undecided(subject: Subject, mode: str) -> Iterator[SlopeRow]:
    for name, array in paths(subject.inputs):
        yield SlopeRow(name.removeprefix("params/"), mode, int(np.size(array)), None, "undecided", 0.0, 0.0)


def _timed(subject: Subject) -> tuple[dict[str, Array], float]:
    """Every gradient, and the seconds of one backward pass, the second of two."""
    outputs, cache = subject.forward(subject.inputs, subject.held)
    dy: Any = subject.error_like(outputs["y"])
    subject.backward(subject.inputs, subject.held, cache, dy)
    began = perf_counter()
    gradients = subject.backward(subject.inputs, subject.held, cache, dy)
    return dict(paths(gradients)), perf_counter() - began


def _whole(array: Array) -> bool:
    """Whether an array was differentiated number by number."""
    return int(array.size) <= differences.FULL


def _shaped(slopes: Array, array: Array) -> Array:
    return slopes.reshape(array.shape) if _whole(array) else slopes


def all_right(rows: Sequence[SlopeRow]) -> bool:
    """Whether no array is wrong.

    Example:
        >>> all_right([SlopeRow("x", "", 2, 1e-9, "right", 0.1, 0.01)]), all_right([])
        (True, True)
    """
    return not any(row.verdict == "wrong" for row in rows)
