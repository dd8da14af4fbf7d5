"""One training step, in words every engine can run.

    x, t  = the rows of this mini-batch                        gathered where the data lie
    y     = forward(x)              L = sum_i r_i l(y_i, t_i)
    g     = backward(r dl/dy)
    w     = update(w, g)            unless L or |g| is not finite: then everything stays as it was

The carry is one dict: params, state, optimizer, step (uint32), ok (whether all was finite), sums (for the means).
"""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

from garasu.array import Array, Tree, leaves, namespace, random, unless_wrong
from garasu.layers import Run
from garasu.networks import starts_at_u
from garasu.train.task import Task, row_weights


def zero_sums(task: Task, xp: Any) -> dict[str, Array]:
    """The sums at the start of an epoch: rows, loss and each metric."""
    zero = xp.zeros((), dtype=getattr(xp, task.precision))
    return dict.fromkeys(("rows", "loss", *task.metrics), zero)


def first_carry(task: Task, params: Tree, state: Tree, xp: Any) -> dict[str, Any]:
    """Everything before the first step."""
    return {
        "params": params,
        "state": state,
        "optimizer": task.optimizer_state(params),
        "step": xp.zeros((), dtype=xp.uint32),
        "ok": xp.ones((), dtype=xp.bool),
        "sums": zero_sums(task, xp),
    }


def train_step(
    task: Task, carry: Mapping[str, Any], data: Mapping[str, Array], index: Array, mask: Array, hyper: Tree, key: Array
) -> dict[str, Any]:
    """The carry after one step on the rows ``index`` (B,) of ``data``; ``mask`` (B,) is 0 for padding, 1 for a row."""
    xp = namespace(index)
    x = task.network.prepare(xp.take(data["x"], index, axis=0), task.precision)
    t, weight = xp.take(data["t"], index, axis=0), xp.take(data["weight"], index, axis=0)
    run = Run(True, random.fold_in(key, carry["step"]), hyper["layers"], mask)

    y, state, cache = task.network.apply(carry["params"], carry["state"], x, run)
    rows = task.loss.value(y, t)
    r = row_weights(task.loss, weight, mask)
    fused = starts_at_u(task.network, task.loss)
    slope = task.loss.delta(y, t) if fused else task.loss.backward(y, t)
    dy = slope * xp.reshape(r, (-1,) + (1,) * (y.ndim - 1))
    _, grads = task.network.backward(carry["params"], cache, dy, -1 if fused else None)

    trained = _trainable(task, grads)
    old = {name: carry[name] for name in ("params", "state", "optimizer", "step", "sums")}

    def go() -> dict[str, Any]:
        params, optimizer = _update(task, trained, carry, hyper["optimizer"])
        return {
            "params": params,
            "state": state,
            "optimizer": optimizer,
            "step": carry["step"] + xp.ones((), dtype=xp.uint32),
            "sums": add_sums(task, carry["sums"], y, t, rows, weight, mask),
        }

    ok = carry["ok"] & _finite(xp.sum(r * rows), trained, state, hyper["optimizer"]["learning_rate"])
    return {**unless_wrong(ok, go, old), "ok": ok}


def _finite(loss: Array, grads: Tree, state: Tree, rate: Array) -> Array:
    """Whether the loss, the gradients' norm, the longest step it may take and the new state are all finite.

    A sum is finite only if all its numbers are. Squares that the optimizer's memory could not hold are noticed here.
    """
    xp = namespace(loss)
    squares = reduce(add, [_square(g) for g in leaves(grads)], xp.zeros_like(loss))
    kept = reduce(add, [xp.sum(a) for a in leaves(state)], xp.zeros_like(loss))
    return xp.isfinite(loss) & xp.isfinite(squares) & xp.isfinite(rate * xp.sqrt(squares)) & xp.isfinite(kept)


def _square(g: Array) -> Array:
    """The sum of squares as a product of vectors, which needs no array of squares."""
    xp = namespace(g)
    flat = xp.reshape(g, (-1,))
    return xp.vecdot(flat, flat)


def add_sums(
    task: Task, sums: Mapping[str, Array], y: Array, t: Array, rows: Array, weight: Array, mask: Array
) -> dict[str, Array]:
    """The sums with one mini-batch more: the loss weighted as asked, metrics by row; rows of padding count nothing."""
    xp = namespace(y)
    more = {"rows": xp.sum(mask), "loss": xp.sum(rows * weight * mask)}
    more.update({name: xp.sum(metric(y, t) * mask) for name, metric in task.metrics.items()})
    return {name: sums[name] + more[name] for name in sums}


def _trainable(task: Task, grads: Tree) -> Tree:
    """The gradients without those of frozen parameters."""
    frozen = task.network.frozen_paths()

    def keep(tree: Tree, prefix: str) -> Tree:
        return {
            name: keep(value, f"{prefix}{name}/") if isinstance(value, Mapping) else value
            for name, value in tree.items()
            if isinstance(value, Mapping) or prefix + name not in frozen
        }

    return keep(grads, "")


def _update(task: Task, grads: Tree, carry: Mapping[str, Any], hyper: Tree) -> tuple[Tree, Tree]:
    """Every array that has a gradient one step on, with its optimizer state; the others as they are."""
    step = carry["step"]

    def walk(grads: Tree, params: Tree, states: Tree) -> tuple[Tree, Tree]:
        new_params, new_states = dict(params), dict(states)
        for name, grad in grads.items():
            one = walk if isinstance(grad, Mapping) else update
            new_params[name], new_states[name] = one(grad, params[name], states[name])
        return new_params, new_states

    def update(grad: Array, param: Array, state: Tree) -> tuple[Array, Tree]:
        return task.optimizer.update(grad, state, param, step, hyper)

    return walk(grads, carry["params"], carry["optimizer"])


def evaluation_step(
    task: Task, params: Tree, state: Tree, sums: Tree, x: Array, t: Array, weight: Array, mask: Array
) -> Tree:
    """The sums with one batch of pictures more, in inference."""
    inputs = task.network.prepare(x, task.precision)
    y, _, _ = task.network.apply(params, state, inputs, Run())
    return add_sums(task, sums, y, t, task.loss.value(y, t), weight, mask)
