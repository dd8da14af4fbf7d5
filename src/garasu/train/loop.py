"""The loop: epochs of steps, means, validation; and what happens when a number is not finite or someone says stop."""

import math
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any, Protocol

import numpy as np
from attrs import define, field, frozen

from garasu.array import Array, Tree, random
from garasu.messages import text
from garasu.train import averages, batches
from garasu.train.diagnosis import non_finite
from garasu.train.engine import Engine
from garasu.train.feed import Feed, feed
from garasu.train.interrupt import Interrupt, deferred
from garasu.train.pace import Pace
from garasu.train.task import Task


class Listener(Protocol):
    """Who is told: Keras's hooks, and one more for each program that ended."""

    wants_batches: bool
    stops_on_nan: bool

    def on_train_begin(self) -> None:
        """Before the first epoch."""
        ...

    def on_train_end(self, logs: Mapping[str, Any]) -> None:
        """After the last epoch."""
        ...

    def on_epoch_begin(self, epoch: int) -> None:
        """Before an epoch."""
        ...

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """After an epoch and its validation."""
        ...

    def on_test_begin(self) -> None:
        """Before an epoch's validation."""
        ...

    def on_test_end(self, logs: Mapping[str, Any]) -> None:
        """After an epoch's validation."""
        ...

    def on_train_batch_begin(self, batch: int) -> None:
        """Before a mini-batch, where ``wants_batches``."""
        ...

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any]) -> None:
        """After a mini-batch, where ``wants_batches``."""
        ...

    def on_progress(self, epoch: int, done: int, steps: int, logs: Mapping[str, Any]) -> None:
        """After each program."""
        ...

    def wants_stop(self) -> bool:
        """Whether training should end after this epoch."""
        ...


@frozen(eq=False)
class Plan:
    """What to train: epochs from ``initial_epoch`` up to ``epochs``, mini-batches of ``batch_size``, from one seed.

    ``steps_per_epoch``, ``shuffle`` and ``replacement`` as in ``batches.draw``. Where ``last_step`` is given, training
    ends with that step, counted from the first epoch on: in the middle of the last epoch, if need be. ``order_seed``
    decides the order of the rows in the place of ``seed``, where copies of different seeds are to see the same one.
    """

    epochs: int
    batch_size: int
    seed: int
    initial_epoch: int = 0
    shuffle: bool = True
    replacement: bool = False
    steps_per_epoch: int | None = None
    last_step: int | None = None
    order_seed: int | None = None

    def order(self, rows: int, epoch: int) -> batches.Order:
        """The order of the epoch that is trained as number ``epoch`` in all."""
        return batches.draw(
            rows,
            self.batch_size,
            seed=self.seed if self.order_seed is None else self.order_seed,
            epoch=epoch,
            shuffle=self.shuffle,
            replacement=self.replacement,
            steps=self.steps_per_epoch,
        )

    def end(self, epoch: int, steps: int) -> int:
        """Up to which of the ``steps`` mini-batches of an epoch training goes."""
        return steps if self.last_step is None else max(0, min(steps, self.last_step - epoch * steps))


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
    train_steps: int = 0
    train_seconds: float = 0.0


def means(sums: Mapping[str, Any], metrics: Iterable[str] = ()) -> dict[str, float]:
    """Sums over rows as means: the loss first, then the ``metrics`` in their order (XLA sorts sums by name).

    Example:
        >>> means({"rows": 4, "loss": 2.0, "accuracy": 3})
        {'loss': 0.5, 'accuracy': 0.75}
    """
    rows = max(float(sums["rows"]), 1.0)
    names = dict.fromkeys(("loss", *metrics, *sums))
    return {name: float(sums[name]) / rows for name in names if name != "rows"}


@define(eq=False)
class Fit:
    """One training: ``progress`` always holds the arrays of the last program that ended."""

    task: Task
    engine: Engine
    progress: Progress
    plan: Plan
    data: Mapping[str, Array]
    listener: Listener
    validation: Mapping[str, Array] | None = None
    _feed: Feed = field(init=False, default=None)
    _key: Array = field(init=False, default=None)

    def run(self) -> None:
        """Train from the first epoch of the plan to the last, or until someone says stop.

        Raises:
            NonFiniteError: a loss or gradient was not finite; the arrays are those before that step.
            KeyboardInterrupt: Ctrl-C, after the program under way has ended.
        """
        self._feed = feed(self.engine, self.data)
        self._key = random.fold_name(random.key(self.plan.seed), "steps")
        logs: dict[str, Any] = {}
        with closing(self._feed), deferred() as interrupted:
            self.listener.on_train_begin()
            for epoch in range(self.plan.initial_epoch, self.plan.epochs):
                logs = self._epoch(epoch, interrupted)
                if not self.progress.finite or self.listener.wants_stop():
                    break
            self.listener.on_train_end(logs)

    def _epoch(self, epoch: int, interrupted: Interrupt) -> dict[str, Any]:
        """One epoch from where it stands, its validation, and its end."""
        progress, plan = self.progress, self.plan
        progress.epoch = epoch
        self.listener.on_epoch_begin(epoch)
        order = plan.order(len(self.data["x"]), progress.epochs_trained)
        end = plan.end(epoch, order.steps)
        logs = self._steps(order, end, interrupted)
        if self.validation is not None:
            logs |= self._validate(logs)
        if end == order.steps:  # otherwise all ends here, and what goes on from here goes on in the middle of the epoch
            self._turn_over()
        self.listener.on_epoch_end(epoch, logs)
        self._obey(interrupted)
        return logs

    def _turn_over(self) -> None:
        """Stand before the next epoch."""
        progress = self.progress
        progress.position, progress.epoch = 0, progress.epoch + 1
        progress.epochs_trained += 1
        progress.carry = {**progress.carry, "sums": self.engine.place(_zeros(progress.carry["sums"]))}

    def _validate(self, logs: Mapping[str, Any]) -> dict[str, float]:
        """The means over the validation rows; not a number where training has met one."""
        if not self.progress.finite:
            return {f"val_{name}": math.nan for name in logs}
        carry = self.progress.carry
        self.listener.on_test_begin()
        params, factors = averages.in_use(carry), self.progress.hyper["regularizers"]
        sums = self.engine.evaluate(params, carry["state"], self.validation or {}, factors)
        found = means(sums, self.task.metrics)
        self.listener.on_test_end(found)
        return {f"val_{name}": value for name, value in found.items()}

    def _steps(self, order: batches.Order, end: int, interrupted: Interrupt) -> dict[str, Any]:
        """The steps of one epoch up to ``end``, call by call; the means there."""
        self._feed.begin(order)
        pace = Pace()
        # Also where an interrupted run stopped behind the last step of an epoch, and there is none left to make.
        logs: dict[str, Any] = means(self.engine.fetch(self.progress.carry["sums"]), self.task.metrics)
        while self.progress.position < end:
            left = min(self._feed.left(self.progress.position), end - self.progress.position)
            count = 1 if self.listener.wants_batches else min(pace.steps, left)
            logs = self._call(end, count, pace, interrupted)
            if not self.progress.finite:
                self._raise_unless_quiet(order)
                return dict.fromkeys(logs, math.nan)
            self._obey(interrupted)
        return logs

    def _call(self, steps: int, count: int, pace: Pace, interrupted: Interrupt) -> dict[str, Any]:
        """One program of ``count`` steps, then the means so far. The place moves on by the steps that were finite."""
        progress, engine, position = self.progress, self.engine, self.progress.position
        if self.listener.wants_batches:
            self.listener.on_train_batch_begin(position)
        data, order, start = self._feed.at(position)
        began, compiled = time.perf_counter(), engine.compile_seconds
        with interrupted.handing_over():  # until arrays and place belong together again
            progress.carry = engine.train(progress.carry, data, order, start, start + count, progress.hyper, self._key)
            told = engine.fetch({name: progress.carry[name] for name in ("sums", "step", "ok")})
            done = int(told["step"]) - progress.step
            progress.step += done
            progress.position += done
        seconds = time.perf_counter() - began - (engine.compile_seconds - compiled)
        pace.took(count, seconds)
        progress.train_steps += done
        progress.train_seconds += seconds
        progress.finite = bool(told["ok"])
        logs: dict[str, Any] = means(told["sums"], self.task.metrics)
        if self.listener.wants_batches:
            self.listener.on_train_batch_end(position, logs)
        self.listener.on_progress(progress.epoch, progress.position, steps, logs)
        return logs

    def _obey(self, interrupted: Interrupt) -> None:
        """Stop here if someone asked for it, and say where and how to go on."""
        if interrupted():
            place = self.progress
            raise KeyboardInterrupt(text("train.stopped", epoch=place.epoch + 1, position=place.position))

    def _raise_unless_quiet(self, order: batches.Order) -> None:
        """A number was not finite: name the layer, and raise unless a callback asked for a quiet end."""
        if not self.listener.stops_on_nan:
            carry = self.engine.fetch(self.progress.carry)
            raise non_finite(self.task, carry, self.data, order, self.progress, self._key)


def fit(
    task: Task,
    engine: Engine,
    progress: Progress,
    plan: Plan,
    data: Mapping[str, Array],
    listener: Listener,
    validation: Mapping[str, Array] | None = None,
) -> None:
    """Train ``task`` on ``engine`` as ``plan`` says; see ``Fit.run``."""
    Fit(task, engine, progress, plan, data, listener, validation).run()


def _zeros(sums: Tree) -> Tree:
    return {name: np.zeros((), dtype=str(value.dtype)) for name, value in sums.items()}
