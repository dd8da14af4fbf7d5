"""One training step, in words every engine can run.

    x, t  = the rows of this mini-batch                        gathered where the data lie
    y     = forward(x)              L = sum_i r_i l(y_i, t_i)
    g     = backward(r dl/dy)
    L, g += penalties, slopes                                  where arrays have regularisers
    g     = clipped                                            where the optimizer asks for it
    w     = update(w, g)            unless L or |g| is not finite: then everything stays as it was

The carry is one dict: params, state, optimizer, step (uint32), ok (whether all was finite), sums (for the means), and
averages where the optimizer wants them. What is not asked for adds nothing to the program.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from garasu.array import Array, Tree, leaves, namespace, random, squared_norm, take_rows, unless_wrong
from garasu.layers import Run
from garasu.networks import starts_at_u
from garasu.train import averages, penalties
from garasu.train.clipping import clip
from garasu.train.task import Task, row_weights

ARRAYS = ("params", "state", "optimizer", "sums", averages.BRANCH)
"""What of a carry a model keeps, and its file holds; the place in training is counted beside it."""


def zero_sums(task: Task, xp: Any) -> dict[str, Array]:
    """The sums at the start of an epoch: rows, loss and each metric."""
    zero = xp.zeros((), dtype=getattr(xp, task.kept))
    return dict.fromkeys(("rows", "loss", *task.metrics), zero)


def first_carry(task: Task, params: Tree, state: Tree, xp: Any) -> dict[str, Any]:
    """Everything before the first step."""
    carry = {
        "params": params,
        "state": state,
        "optimizer": task.optimizer_state(params),
        "step": xp.zeros((), dtype=xp.uint32),
        "ok": xp.ones((), dtype=xp.bool),
        "sums": zero_sums(task, xp),
    }
    return {**carry, averages.BRANCH: task.trained(params)} if task.optimizer.use_ema else carry


def train_step(
    task: Task, carry: Mapping[str, Any], data: Mapping[str, Array], index: Array, mask: Array, hyper: Tree, key: Array
) -> dict[str, Any]:
    """The carry after one step on the rows ``index`` (B,) of ``data``; ``mask`` (B,) is 0 for padding, 1 for a row."""
    ok, found = attempt(task, carry, data, index, mask, hyper, key)
    after = unless_wrong(ok, lambda: stepped(task, carry, found), unchanged(carry), by_number=by_number(carry))
    return {**after, "ok": ok}


def by_number(carry: Mapping[str, Any]) -> bool:
    """Whether a step's new arrays may be chosen number by number: none is worked out from another new one."""
    return not leaves(carry["optimizer"]) and averages.BRANCH not in carry


def unchanged(carry: Mapping[str, Any]) -> dict[str, Any]:
    """What of a carry a step that is not finite leaves as it was."""
    return {name: value for name, value in carry.items() if name != "ok"}


def attempt(
    task: Task, carry: Mapping[str, Any], data: Mapping[str, Array], index: Array, mask: Array, hyper: Tree, key: Array
) -> tuple[Array, dict[str, Any]]:
    """Forward and backward: whether all has been finite so far, and what ``stepped`` needs to make the step."""
    xp = namespace(index)
    x = task.network.prepare(take_rows(data["x"], index), task.kept)
    t, weight = take_rows(data["t"], index), take_rows(data["weight"], index)
    run = Run(True, random.fold_in(key, carry["step"]), hyper["layers"], mask)
    numbers = task.optimizer.numbers_at(carry["step"], hyper["optimizer"])

    y, state, cache = task.working.apply(carry["params"], carry["state"], x, run)
    rows = task.loss.value(y, t)
    r = row_weights(task.loss, weight, mask)
    fused = starts_at_u(task.network, task.loss)
    slope = task.loss.delta(y, t) if fused else task.loss.backward(y, t)
    dy = slope * xp.reshape(r, (-1,) + (1,) * (y.ndim - 1))
    _, grads = task.working.backward(carry["params"], cache, dy, -1 if fused else None)

    ruled, factors = task.regularizers, hyper["regularizers"]
    trained = penalties.with_slopes(ruled, task.trained(grads), carry["params"], factors)
    penalty = penalties.penalty(ruled, carry["params"], factors)

    loss = xp.sum(r * rows)
    loss = loss if penalty is None else loss + penalty
    ok = carry["ok"] & _finite(loss, trained, state, numbers["learning_rate"])
    found = {"grads": trained, "state": state, "penalty": penalty, "numbers": numbers}
    return ok, {**found, "y": y, "t": t, "rows": rows, "weight": weight, "mask": mask}


def stepped(task: Task, carry: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The carry, all but ``ok``, after the step that an ``attempt`` has worked out."""
    xp, mask = namespace(found["mask"]), found["mask"]
    params, optimizer = _update(task, clip(task.optimizer, found["grads"]), carry, found["numbers"])
    sums = add_sums(task, carry["sums"], found["y"], found["t"], found["rows"], found["weight"], mask)
    after = {
        "params": params,
        "state": found["state"],
        "optimizer": optimizer,
        "step": carry["step"] + xp.ones((), dtype=xp.uint32),
        "sums": penalties.reported(sums, found["penalty"], mask),
    }
    if averages.BRANCH not in carry:
        return after
    means = averages.step_on(task.optimizer, carry[averages.BRANCH], params, carry["step"])
    return {**after, averages.BRANCH: means}


def _finite(loss: Array, grads: Tree, state: Tree, rate: Array) -> Array:
    """Whether the loss, the gradients' norm, the longest step it may take and the new state are all finite.

    A sum is finite only if all its numbers are. Squares that the optimizer's memory could not hold are noticed here.
    """
    xp = namespace(loss)
    squares = reduce(add, [squared_norm(g) for g in leaves(grads)], xp.zeros_like(loss))
    kept = reduce(add, [xp.sum(a) for a in leaves(state)], xp.zeros_like(loss))
    return xp.isfinite(loss) & xp.isfinite(squares) & xp.isfinite(rate * xp.sqrt(squares)) & xp.isfinite(kept)


def add_sums(
    task: Task, sums: Mapping[str, Array], y: Array, t: Array, rows: Array, weight: Array, mask: Array
) -> dict[str, Array]:
    """The sums with one mini-batch more: the loss weighted as asked, metrics by row; rows of padding count nothing."""
    xp = namespace(y)
    more = {"rows": xp.sum(mask), "loss": xp.sum(rows * weight * mask)}
    more.update({name: xp.sum(metric(y, t) * mask) for name, metric in task.metrics.items()})
    return {name: sums[name] + more[name] for name in sums}


def _update(task: Task, grads: Tree, carry: Mapping[str, Any], hyper: Tree) -> tuple[Tree, Tree]:
    """Every array that has a gradient one step on, with its optimizer state; the others as they are."""
    step = carry["step"]

    def walk(grads: Tree, params: Tree, states: Tree, prefix: str) -> tuple[Tree, Tree]:
        new_params, new_states = dict(params), dict(states)
        for name, grad in grads.items():
            if isinstance(grad, Mapping):
                found = walk(grad, params[name], states[name], f"{prefix}{name}/")
            else:
                mine = _by_role(hyper, task.roles[prefix + name])
                found = task.optimizer.update(grad, states[name], params[name], step, mine)
            new_params[name], new_states[name] = found
        return new_params, new_states

    return walk(grads, carry["params"], carry["optimizer"], "")


def _by_role(hyper: Tree, role: str) -> Tree:
    """The optimizer's numbers for an array: decoupled weight decay is for kernels, not for biases and scales."""
    if role == "kernel" or "weight_decay" not in hyper:
        return hyper
    decay = hyper["weight_decay"]
    return {**hyper, "weight_decay": namespace(decay).zeros_like(decay)}


def evaluation_step(
    task: Task, params: Tree, state: Tree, sums: Tree, x: Array, t: Array, weight: Array, mask: Array, factors: Tree
) -> Tree:
    """The sums with one batch of pictures more, in inference; ``factors`` are those of the regularisers."""
    inputs = task.network.prepare(x, task.kept)
    y, _, _ = task.working.apply(params, state, inputs, Run())
    sums = add_sums(task, sums, y, t, task.loss.value(y, t), weight, mask)
    return penalties.reported(sums, penalties.penalty(task.regularizers, params, factors), mask)


def outputs(task: Task, params: Tree, state: Tree, x: Array, names: Sequence[str]) -> list[Array]:
    """What the named layers hand on for a batch of pictures, in inference."""
    found = task.working.outputs(params, state, task.network.prepare(x, task.kept), names, Run())
    return [found[name] for name in names]
