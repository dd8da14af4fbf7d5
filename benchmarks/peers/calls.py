"""Timing of prediction, the same for all libraries."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.cases import Case
from benchmarks.peers.peer import Measurement


def timed(case: Case, x: np.ndarray, weights: int, predict: Callable[[np.ndarray], np.ndarray]) -> Measurement:
    """``case.steps`` calls of ``predict``, each on the next ``case.batch_size`` rows of ``x``, behind a warm-up.

    Raises:
        ValueError: what comes back are not probabilities, one row for each picture.

    Example:
        >>> from benchmarks.cases import CASES
        >>> case = CASES["predict-one"].sized(steps=3)
        >>> timed(case, np.zeros((5, 2)), 7, lambda x: np.full((len(x), 10), 0.1)).steps
        3
    """
    size = case.batch_size
    began = time.perf_counter()
    for _ in range(case.warm_up):
        predict(x[:size])
    warmed = time.perf_counter()
    starts = [(number * size) % len(x) for number in range(case.steps)]
    for start in starts:
        answer = predict(x[start : start + size])
    ended = time.perf_counter()
    _check(answer, size)
    return Measurement(ended - warmed, case.steps, warmed - began, case.warm_up, (), weights)


def _check(answer: np.ndarray, rows: int) -> None:
    if not isinstance(answer, np.ndarray) or answer.shape != (rows, 10):
        raise ValueError(f"expected an array of shape ({rows}, 10), got {type(answer).__name__} {np.shape(answer)}")
    if not np.allclose(answer.sum(axis=1), 1.0, atol=1e-3):
        raise ValueError("the rows of the answer do not sum to 1")
