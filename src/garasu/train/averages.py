"""Averages: beside the weights, a running mean of them (EMA), which is steadier than the weights of any one step.

    a <- w                      after the first step
    a <- m a + (1 - m) w        after every other, m the optimizer's ``ema_momentum``

Training goes on from the weights. Whatever asks the model for answers is given the averages: validation, ``evaluate``,
``predict``, ``get_weights``. A model's file holds both, so that training goes on as if never saved; weights that a
user sets take the place of both. An array that is not trained has no average, nor have the states of layers. (Keras
validates with the weights, and puts the averages in their place when ``fit`` ends, so that the next ``fit`` starts from
there; its ``SwapEMAWeights`` validates as this does.) Source: Polyak and Juditsky, "Acceleration of stochastic
approximation by averaging" (1992), with recent steps weighing more.
"""

from collections.abc import Mapping

from garasu.array import Array, Tree, map_leaves, merge_trees, namespace, paths
from garasu.optimizers import Optimizer
from garasu.train.task import Task

BRANCH = "averages"
"""Where they stand beside "params" in a carry and in a file."""


def in_use(trees: Mapping[str, Tree]) -> Tree:
    """The parameters to answer with: the averages, and whatever has none.

    Example:
        >>> in_use({"params": {"a": {"w": 1, "b": 2}}, "averages": {"a": {"w": 3}}})
        {'a': {'w': 3, 'b': 2}}
    """
    return merge_trees(trees["params"], trees[BRANCH]) if trees.get(BRANCH) else trees["params"]


def replaced(trees: Mapping[str, Tree], new: Mapping[str, Tree]) -> dict[str, Tree]:
    """The trees with new arrays, "params" and "state", in their places; averages begin again at these.

    Example:
        >>> replaced({"params": {"a": {"w": 1}}, "averages": {"a": {"w": 3}}}, {"params": {"a": {"w": 5}}})
        {'params': {'a': {'w': 5}}, 'averages': {'a': {'w': 5}}}
    """
    result = dict(merge_trees(trees, new))
    if not trees.get(BRANCH):
        return result
    return {**result, BRANCH: _exchanged(trees[BRANCH], dict(paths(new["params"])), "")}


def begin(task: Task, trees: Mapping[str, Tree]) -> tuple[Tree, Tree]:
    """The weights to train from, and their averages (nothing where none are asked for).

    Arrays that have no average yet begin one at their present value; those frozen since stay as they answer.
    """
    if not task.optimizer.use_ema:
        return trees["params"], {}
    kept = task.trained(trees.get(BRANCH, {}))
    params = merge_trees(in_use(trees), task.trained(trees["params"]))
    return params, merge_trees(task.trained(params), kept)


def step_on(optimizer: Optimizer, averages: Tree, params: Tree, step: Array) -> Tree:
    """The averages after the step that led to ``params``; ``step`` counts from 0."""
    xp = namespace(step)

    def one(a: Array, w: Array) -> Array:
        m = xp.astype(step != 0, a.dtype) * optimizer.ema_momentum
        return m * a + (1.0 - m) * w

    return map_leaves(one, averages, params)


def _exchanged(tree: Tree, given: Mapping[str, Array], prefix: str) -> Tree:
    """The tree with the given arrays at those of their paths that it has."""
    return {
        name: _exchanged(value, given, f"{prefix}{name}/")
        if isinstance(value, Mapping)
        else given.get(prefix + name, value)
        for name, value in tree.items()
    }
