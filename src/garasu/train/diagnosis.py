"""Where did the first number that is not finite arise? The batch is run again, eagerly, and every array looked at."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from garasu.array import Array, Tree, paths, random
from garasu.layers import Run
from garasu.messages import NonFiniteError, text
from garasu.networks import trace
from garasu.train import penalties
from garasu.train.batches import Order
from garasu.train.task import Task, numbers, row_weights


def _of_regularizer(task: Task, params: Tree, factors: Tree) -> str | None:
    """The first array whose penalty is not finite."""
    found = penalties.penalties(task.regularizers, params, factors)
    where = next((path for path, penalty in found.items() if not np.isfinite(penalty)), None)
    return None if where is None else text("train.penalty_of", path=where)


def _of_state(state: Tree) -> str | None:
    """The first array that layers keep, such as a moving variance, which is not finite any more."""
    where = next((path for path, array in paths(state) if not np.all(np.isfinite(array))), None)
    return None if where is None else text("train.state_of", path=where)


def _largest(grads: Tree) -> str:
    """Every number is finite, so an update would not have been: that of the largest gradient."""
    sizes = {path: float(np.max(np.abs(grad), initial=0.0)) for path, grad in paths(grads)}
    return text("train.update_of", path=max(sizes, key=lambda path: sizes[path]))


def non_finite(
    task: Task, carry: Tree, data: Mapping[str, Array], order: Order, progress: Any, key: Array
) -> NonFiniteError:
    """The error that names the layer. ``carry`` (NumPy) is as it was before the step that failed."""
    at = progress.position
    index, mask = order.index[at], order.mask[at].astype(task.kept)
    x = task.network.prepare(data["x"][index], task.kept)
    t, weight = data["t"][index], data["weight"][index]
    varying, params, state = numbers(progress.hyper, task.kept), carry["params"], carry["state"]
    run = Run(True, random.fold_in(key, carry["step"]), varying["layers"], mask)
    factors = varying["regularizers"]
    r = row_weights(task.loss, weight, mask)
    with np.errstate(all="ignore"):
        found = trace(task.network, task.loss, params, state, x, t, r, run)
        grads = penalties.with_slopes(task.regularizers, task.trained(found.grads), params, factors)
        where = (
            found.first_non_finite()
            or _of_regularizer(task, params, factors)
            or _of_state(task.network.apply(params, state, x, run)[1])
            or _largest(grads)
        )
    return NonFiniteError("train.non_finite", epoch=progress.epoch + 1, batch=at + 1, where=where)
