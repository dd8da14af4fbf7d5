"""The loop: epochs of steps, means, validation, and what happens when a number stops being finite or someone says stop."""

import time
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from attrs import define, frozen

from garasu.array import Array, Tree, random
from garasu.train import batches
from garasu.train.diagnosis import non_finite
from garasu.train.engine import Engine
from garasu.train.interrupt import deferred
from garasu.train.pace import Pace
from garasu.train.task import Task


class Listener(Protocol):
    """Who is told: Keras's hooks, and one more for each program that ended."""

    wants_batches: bool
    stops_on_nan: bool

    def on_train_begin(self) -> None: ...
    def on_train_end(self, logs: Mapping[str, Any]) -> None: ...
    def on_epoch_begin(self, epoch: int) -> None: ...
    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None: ...
    def on_train_batch_begin(self, batch: int) -> None: ...
    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any]) -> None: ...
    def on_progress(self, epoch: int, done: int, steps: int, logs: Mapping[str, Any]) -> None: ...
    def wants_stop(self) -> bool: ...


@frozen(eq=False)
class Plan:
    """What to train: epochs from ``initial_epoch`` up to ``epochs``, mini-batches of ``batch_size``, from one seed."""

    epochs: int
    batch_size: int
    seed: int
    initial_epoch: int = 0
    shuffle: bool = True


@define(eq=False)
class Progress:
    """Where training stands: arrays, numbers that vary, place in the epoch; changed only between programs."""

    carry: Tree
    hyper: dict[str, Any]
    epoch: int = 0
    position: int = 0
    step: int = 0
    epochs_trained: int = 0
    finite: bool = True
    stop: bool = False
    train_steps: int = 0
    train_seconds: float = 0.0


def fit(
    task: Task,
    engine: Engine,
    progress: Progress,
    plan: Plan,
    data: Mapping[str, Array],
    listener: Listener,
    validation: Mapping[str, Array] | None = None,
) -> None:
    """Train; ``progress`` always holds the arrays of the last program that ended.

    Raises:
        NonFiniteError: a loss or gradient was not finite; the arrays are those before that step.
        KeyboardInterrupt: Ctrl-C, after the program under way has ended.
    """
    placed = engine.place(dict(data))
    key = random.fold_name(random.key(plan.seed), "steps")
    with deferred() as interrupted:
        listener.on_train_begin()
        logs: dict[str, Any] = {}
        for epoch in range(plan.initial_epoch, plan.epochs):
            progress.epoch = epoch
            listener.on_epoch_begin(epoch)
            rows = len(data["x"])
            order = batches.draw(rows, plan.batch_size, seed=plan.seed, epoch=progress.epochs_trained, shuffle=plan.shuffle)
            placed_order = engine.place_order(order)
            pace = Pace()
            while progress.position < order.steps:
                logs = _one_call(engine, progress, placed, placed_order, key, listener, pace)
                if not progress.finite:
                    _not_finite(task, engine, progress, data, order, key, listener)
                    break
                if interrupted():
                    raise KeyboardInterrupt
            if not progress.stop and validation is not None:
                logs |= _validate(engine, progress, validation)
            progress.position, progress.epoch = 0, epoch + 1
            progress.epochs_trained += 1
            progress.carry = {**progress.carry, "sums": engine.place(_zeros(progress.carry["sums"]))}
            listener.on_epoch_end(epoch, logs)
            if interrupted():
                raise KeyboardInterrupt
            if progress.stop or listener.wants_stop():
                break
        listener.on_train_end(logs)


def _one_call(
    engine: Engine, progress: Progress, data: Tree, order: batches.Order, key: Array, listener: Listener, pace: Pace
) -> dict[str, Any]:
    """One program: some steps, then the means so far. The place moves on by the steps that were finite."""
    start = progress.position
    count = 1 if listener.wants_batches else min(pace.steps, order.steps - start)
    if listener.wants_batches:
        listener.on_train_batch_begin(start)
    began, compiled = time.perf_counter(), engine.compile_seconds
    progress.carry = engine.train(progress.carry, data, order, start, start + count, progress.hyper, key)
    told = engine.fetch({name: progress.carry[name] for name in ("sums", "step", "ok")})
    seconds = time.perf_counter() - began - (engine.compile_seconds - compiled)
    pace.took(count, seconds)
    done = int(told["step"]) - progress.step
    progress.step += done
    progress.position += done
    progress.train_steps += done
    progress.train_seconds += seconds
    progress.finite = bool(told["ok"])
    logs: dict[str, Any] = means(told["sums"])
    if listener.wants_batches:
        listener.on_train_batch_end(start, logs)
    listener.on_progress(progress.epoch, progress.position, order.steps, logs)
    return logs


def means(sums: Mapping[str, Any]) -> dict[str, float]:
    """Sums over rows as means: the loss first, then each metric.

    Example:
        >>> means({"rows": 4, "loss": 2.0, "accuracy": 3})
        {'loss': 0.5, 'accuracy': 0.75}
    """
    rows = max(float(sums["rows"]), 1.0)
    names = sorted((name for name in sums if name != "rows"), key=lambda name: name != "loss")
    return {name: float(sums[name]) / rows for name in names}


def _zeros(sums: Tree) -> Tree:
    return {name: np.zeros((), dtype=str(value.dtype)) for name, value in sums.items()}


def _validate(engine: Engine, progress: Progress, validation: Mapping[str, Array]) -> dict[str, float]:
    sums = engine.evaluate(progress.carry["params"], progress.carry["state"], validation)
    return {f"val_{name}": value for name, value in means(sums).items()}


def _not_finite(
    task: Task,
    engine: Engine,
    progress: Progress,
    data: Mapping[str, Array],
    order: batches.Order,
    key: Array,
    listener: Listener,
) -> None:
    """Name the layer, then stop: by an exception, or quietly where a callback asks for that."""
    carry = engine.fetch(progress.carry)
    progress.carry = {**progress.carry, "ok": engine.place({"ok": np.asarray(True)})["ok"]}
    progress.finite = True
    error = non_finite(task, carry, data, order, progress, key)
    if not listener.stops_on_nan:
        raise error
    progress.stop = True
