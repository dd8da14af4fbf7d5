"""Copies one after another: what a user of a library does who has no other way to train many."""

from collections.abc import Callable

import numpy as np

from benchmarks.cases import Case
from benchmarks.peers.peer import Measurement

Train = Callable[[Case, str, np.ndarray, np.ndarray], Measurement]


def trained(
    train: Train, case: Case, setting: str, images: np.ndarray, labels: np.ndarray, seeds: int | None = None
) -> Measurement:
    """``train`` for every copy, each with its own warm-up, as one measurement.

    Fewer ``seeds`` are for libraries that compile every model anew: that takes longer than the training, and the time
    of a step is the same.

    Example:
        >>> from benchmarks.cases import CASES
        >>> def train(case, *_):
        ...     return Measurement(0.5, case.steps, 1.0, 2, (2.0 + case.seed, 1.0), case.network.weights)
        >>> found = trained(train, CASES["copies"].sized(steps=10), "", np.zeros(0), np.zeros(0), seeds=2)
        >>> found.copies, found.seconds, found.losses, found.as_dict()["step_seconds"]
        (12, 6.0, (2.5, 1.0), 0.05)
    """
    found = [train(one, setting, images, labels) for one in case.copies(seeds or case.seeds)]
    return Measurement(
        seconds=sum(one.seconds for one in found),
        steps=found[0].steps,
        warm_up_seconds=sum(one.warm_up_seconds for one in found),
        warm_up_steps=found[0].warm_up_steps,
        losses=[float(loss) for loss in np.mean([one.losses for one in found], axis=0)],
        weights=found[0].weights,
        copies=len(found),
    )
