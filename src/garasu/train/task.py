"""A task: everything about a training step that stays the same while it runs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from garasu.array import Array, Precision, Tree, map_leaves, namespace
from garasu.losses import Loss
from garasu.metrics import Metric
from garasu.networks import Network
from garasu.optimizers import Optimizer


@frozen(eq=False)
class Task:
    """A network, what it is trained for, and how: the loss, the optimizer, the metrics by the name users see."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    metrics: Mapping[str, Metric] = field(factory=dict[str, Metric])
    precision: Precision = "float32"

    def hyper(self) -> dict[str, Any]:
        """The numbers that may vary within a run, at their first values."""
        return {"optimizer": self.optimizer.hyper(), "layers": self.network.hyper()}

    def optimizer_state(self, params: Tree) -> Tree:
        """The optimizer's first state, array by array."""
        return map_params(self.optimizer.init, params)


def map_params(function: Any, tree: Tree) -> Tree:
    """``function`` of every array of a tree; unlike ``map_leaves`` its results may be dicts themselves."""
    return {
        name: map_params(function, value) if isinstance(value, Mapping) else function(value)
        for name, value in tree.items()
    }


def numbers(hyper: Tree, precision: Precision) -> Tree:
    """Numbers that vary, as NumPy arrays without axes, in the type of the run."""

    def number(value: float) -> Array:
        return np.asarray(value, precision)

    return map_leaves(number, hyper)


def row_weights(loss: Loss, weight: Array, mask: Array) -> Array:
    """r (N,): L = sum_i r_i l_i. "mean" divides by the number of rows that are not padding, "sum" by nothing."""
    xp = namespace(mask)
    return weight * mask / xp.sum(mask) if loss.reduction == "mean" else weight * mask
