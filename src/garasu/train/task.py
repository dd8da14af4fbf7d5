"""A task: everything about a training step that stays the same while it runs."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from attrs import Factory, field, frozen

from garasu.array import Array, Precision, Tree, kept_in, map_leaves, namespace, paths
from garasu.losses import Loss
from garasu.metrics import Metric
from garasu.networks import Network
from garasu.optimizers import Optimizer
from garasu.regularizers import Regularizer
from garasu.train import penalties
from garasu.train.narrow import narrow


def _worked_out(make: Callable[[Any], Any]) -> Any:
    """A field that is made once, of the others."""
    return field(init=False, repr=False, default=Factory(make, takes_self=True))


@frozen(eq=False)
class Task:
    """A network, what it is trained for, and how: the loss, the optimizer, the metrics by the name users see."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    metrics: Mapping[str, Metric] = field(factory=dict[str, Metric])
    precision: Precision = "float32"

    working: Network = _worked_out(lambda task: task.made_to_work())
    """The network as it is run: in bfloat16, the one that rounds; otherwise ``network`` itself."""

    regularizers: Mapping[str, Regularizer] = _worked_out(lambda task: penalties.regularized(task.network))
    """The regularisers of trained arrays, by path."""

    roles: Mapping[str, str] = _worked_out(
        lambda task: {path: param.role for path, param in paths(task.network.spec.params)}
    )
    """kernel, bias or scale: the role of every array, by path."""

    def made_to_work(self) -> Network:
        """The network for this precision."""
        return narrow(self.network) if self.precision == "bfloat16" else self.network

    @property
    def kept(self) -> Literal["float32", "float64"]:
        """The type that weights, the optimizer's memory, sums and numbers that vary are kept in."""
        return kept_in(self.precision)

    def hyper(self) -> dict[str, Any]:
        """The numbers that may vary within a run, at their first values."""
        return {
            "optimizer": self.optimizer.hyper(),
            "layers": self.network.hyper(),
            "regularizers": penalties.factors(self.network),
        }

    def trained(self, tree: Tree) -> Tree:
        """A tree of parameters, or of their gradients, without those that are frozen."""
        return _without(tree, self.network.frozen_paths())

    def optimizer_state(self, params: Tree) -> Tree:
        """The optimizer's first state, array by array."""
        return map_params(self.optimizer.init, params)


def _without(tree: Tree, left_out: frozenset[str], prefix: str = "") -> Tree:
    return {
        name: _without(value, left_out, f"{prefix}{name}/") if isinstance(value, Mapping) else value
        for name, value in tree.items()
        if isinstance(value, Mapping) or prefix + name not in left_out
    }


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
