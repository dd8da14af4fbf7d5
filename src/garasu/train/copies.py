"""Copies: the same network trained many times, from different seeds and with different numbers.

What copies share is the task: layers, shapes, loss, the optimizer's rule. What may differ are the first values of
their arrays, the seed (order of the rows, dropout), and the numbers that vary: rates, factors, shares. There are two
ways to train them, and what a copy comes to is the same:

    one after another    each through the same compiled program, which knows nothing of the numbers it is given
    together             all in one program, with one more axis in front of every array

A copy whose loss or gradient is not finite keeps its last good arrays, is marked, and the others go on.
"""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field

from garasu.array import Array, Tree, random
from garasu.data.stored import StoredPictures
from garasu.messages import text
from garasu.schedules import Schedule
from garasu.train import averages
from garasu.train.batches import Order
from garasu.train.copy_run import CopiesEngine, CopiesListener, Copy, CopyRun
from garasu.train.engine import Engine
from garasu.train.interrupt import Interrupt, deferred
from garasu.train.loop import Plan, Progress, fit, means
from garasu.train.pace import Pace
from garasu.train.step import ARRAYS
from garasu.train.task import Task


def train_copies(
    task: Task,
    engine: Engine,
    runs: Sequence[CopyRun],
    plan: Plan,
    data: Mapping[str, Array],
    listener: CopiesListener,
    validation: Mapping[str, Array] | None = None,
    *,
    share_batches: bool = False,
    together: bool | None = None,
) -> None:
    """Train every copy as ``plan`` says, each from its own seed; ``runs`` hold what came of them, whatever happens.

    Args:
        task: what all copies share.
        engine: for one copy; that for all together is made of it.
        runs: made by ``begun``.
        plan: its ``seed`` counts only where batches are shared: it then decides their order.
        data: the rows, the same for all copies.
        listener: who is told.
        validation: rows to validate on after each epoch.
        share_batches: all copies see the same mini-batches, so that these are brought together once.
        together: in one program or not; unless given as suits the task.

    Raises:
        KeyboardInterrupt: Ctrl-C, after the program under way has ended.
    """
    copies, all_at_once = [run.copy for run in runs], _engine_for_all(task, engine)
    if all_at_once is None or isinstance(data["x"], StoredPictures):
        together = False
    elif together is None:
        together = all_at_once.suits(copies, data, plan.batch_size, shared=share_batches)
    try:
        if together and all_at_once is not None:
            _Together(task, all_at_once, runs, plan, data, listener, validation, share_batches).run()
        else:
            for number in range(len(runs)):
                _alone(task, engine, runs, number, plan, data, listener, validation, share_batches=share_batches)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(text("train.copies_stopped", copies=len(runs))) from None


def _alone(
    task: Task,
    engine: Engine,
    runs: Sequence[CopyRun],
    number: int,
    plan: Plan,
    data: Mapping[str, Array],
    listener: CopiesListener,
    validation: Mapping[str, Array] | None,
    *,
    share_batches: bool,
) -> None:
    """One copy by itself, by the loop that trains every model."""
    run = runs[number]
    mine = evolve(plan, seed=run.copy.seed, order_seed=plan.seed if share_batches else None)
    run.progress.carry = engine.start(run.copy.params, run.copy.state)
    try:
        fit(task, engine, run.progress, mine, data, _Alone(task, run, number, listener), validation)
    finally:
        run.progress.carry = _fetched(engine, run.progress.carry, run.copy)
    _mark(run, plan)


def begun(copy: Copy, plan: Plan) -> CopyRun:
    """A copy before its first step."""
    return CopyRun(copy, Progress({"params": copy.params, "state": copy.state}, copy.hyper, plan.initial_epoch))


def _engine_for_all(task: Task, engine: Engine) -> CopiesEngine | None:
    if engine.name != "jit":
        return None
    from garasu.train.jit import JitEngine  # noqa: PLC0415 - the eager engine works without JAX
    from garasu.train.jit_copies import JitCopies  # noqa: PLC0415

    if not isinstance(engine, JitEngine):
        return None
    engine.for_copies = engine.for_copies or JitCopies(task, engine.asked_for)
    return engine.for_copies


def _fetched(engine: Engine, carry: Tree, copy: Copy) -> Tree:
    """What a model keeps of a carry, as NumPy; where an engine failed in mid-program, what the copy started with."""
    try:
        return engine.fetch({name: carry[name] for name in _kept(carry)})
    except RuntimeError:  # JAX's for arrays that were handed over
        return {"params": copy.params, "state": copy.state}


def _kept(carry: Tree) -> list[str]:
    return [name for name in ARRAYS if name in carry]


def _with_rate(task: Task, logs: Mapping[str, float], step: int) -> dict[str, float]:
    """The means of an epoch, and where a schedule decides on the rate, the rate of the next step, as ``fit`` has it."""
    rate = task.optimizer.learning_rate
    return {**logs, "learning_rate": rate(step)} if isinstance(rate, Schedule) else dict(logs)


def _mark(run: CopyRun, plan: Plan) -> None:
    """A copy that stopped is marked; epochs that it did not come to have no means."""
    if run.progress.finite:
        return
    run.stopped = run.progress.step + 1
    missing = plan.epochs - plan.initial_epoch - len(run.logs)
    run.logs += [dict.fromkeys(run.logs[-1], math.nan) for _ in range(missing)]


class _Alone:
    """Listens to the training of one copy; one that is not finite ends quietly."""

    wants_batches, stops_on_nan = False, True

    def __init__(self, task: Task, run: CopyRun, number: int, listener: CopiesListener) -> None:
        self._task, self._run, self._number, self._listener = task, run, number, listener

    def on_train_begin(self) -> None:
        """Nothing."""

    def on_train_end(self, logs: Mapping[str, Any]) -> None:
        """Nothing."""

    def on_epoch_begin(self, epoch: int) -> None:
        """Tell of it."""
        self._listener.epoch_begins(epoch, self._number)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Write the means down."""
        found = _with_rate(self._task, logs, self._run.progress.step)
        self._run.logs.append(found)
        self._listener.epoch_ends(epoch, self._number, found)

    def on_test_begin(self) -> None:
        """Nothing."""

    def on_test_end(self, logs: Mapping[str, Any]) -> None:
        """Nothing."""

    def on_train_batch_begin(self, batch: int) -> None:
        """Nothing."""

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any]) -> None:
        """Nothing."""

    def on_progress(self, epoch: int, done: int, steps: int, logs: Mapping[str, Any]) -> None:
        """Tell of it."""
        self._listener.moved(done, steps, logs)

    def wants_stop(self) -> bool:
        """Never."""
        return False


@define(eq=False)
class _Together:
    """All copies in one program."""

    task: Task
    engine: CopiesEngine
    runs: Sequence[CopyRun]
    plan: Plan
    data: Mapping[str, Array]
    listener: CopiesListener
    validation: Mapping[str, Array] | None
    share: bool
    _carry: Tree = field(init=False, factory=dict[str, Any])
    _placed: Tree = field(init=False, factory=dict[str, Any])
    _varying: Tree = field(init=False, factory=dict[str, Any])

    def run(self) -> None:
        """Train from the first epoch of the plan to the last, or until no copy is left."""
        copies = [run.copy for run in self.runs]
        keys = [random.fold_name(random.key(copy.seed), "steps") for copy in copies]
        self._carry, self._placed = self.engine.begin(copies), self.engine.place(dict(self.data))
        self._varying = self.engine.place_numbers(copies, keys)
        try:
            with deferred() as interrupted:
                for epoch in range(self.plan.initial_epoch, self.plan.epochs):
                    if not self._left():
                        break
                    self._epoch(epoch, interrupted)
                    self._obey(interrupted)
        finally:
            self._give_back()
        for run in self.runs:
            _mark(run, self.plan)

    def _left(self) -> list[CopyRun]:
        """The copies that have not stopped."""
        return [run for run in self.runs if run.progress.finite]

    def _give_back(self) -> None:
        """Each copy its arrays."""
        try:
            found = self.engine.fetch({name: self._carry[name] for name in _kept(self._carry)})
        except RuntimeError:  # as for one copy
            return
        for number, run in enumerate(self.runs):
            run.progress.carry = _of(found, number)

    def _orders(self, epoch: int) -> list[Order]:
        """The orders of an epoch: each copy's own, or one for all."""
        rows = len(self.data["x"])
        if self.share:
            return [self.plan.order(rows, epoch)]
        return [evolve(self.plan, seed=run.copy.seed).order(rows, epoch) for run in self.runs]

    def _epoch(self, epoch: int, interrupted: Interrupt) -> None:
        """One epoch, its validation, and its end, as the loop of one copy has it."""
        going = self._left()
        self.listener.epoch_begins(epoch, None)
        orders = self._orders(epoch - self.plan.initial_epoch)
        end = self.plan.end(epoch, orders[0].steps)
        self._steps(self.engine.place_orders(orders), end, interrupted)
        logs = self._logs()
        if self.validation is not None:
            self._validate(logs)
        for run, found in zip(self.runs, logs, strict=True):
            if run in going:
                run.logs.append(_with_rate(self.task, found, run.progress.step))
        if end == orders[0].steps:
            self._turn_over(epoch, going)
        self.listener.epoch_ends(epoch, None, _over_copies([run.logs[-1] for run in going]))

    def _turn_over(self, epoch: int, going: Sequence[CopyRun]) -> None:
        """Stand before the next epoch."""
        zeros = {name: np.zeros(len(self.runs), str(value.dtype)) for name, value in self._carry["sums"].items()}
        self._carry = {**self._carry, "sums": self.engine.place(zeros)}
        for run in going:
            run.progress.position, run.progress.epoch = 0, epoch + 1
            run.progress.epochs_trained += 1

    def _steps(self, order: Order, end: int, interrupted: Interrupt) -> None:
        """The steps of one epoch, call by call."""
        pace, position = Pace(), 0
        while position < end and self._left():
            count = min(pace.steps, end - position)
            with interrupted.handing_over():
                self._carry, seconds = self._call(order, position, count)
                told = self.engine.fetch({name: self._carry[name] for name in ("step", "ok")})
            pace.took(count, seconds)
            position += count
            for number, run in enumerate(self.runs):
                done = int(told["step"][number]) - run.progress.step
                run.progress.step, run.progress.finite = run.progress.step + done, bool(told["ok"][number])
                run.progress.position += done
            self.listener.moved(position, end, _over_copies(self._logs()))
            if position < end:
                self._obey(interrupted)

    def _obey(self, interrupted: Interrupt) -> None:
        """Stop here if someone asked for it."""
        if interrupted():
            raise KeyboardInterrupt

    def _call(self, order: Order, start: int, count: int) -> tuple[Tree, float]:
        """One program, and the seconds it ran."""
        began, compiled = time.perf_counter(), self.engine.compile_seconds
        carry = self.engine.train_all(self._carry, self._placed, order, start, start + count, self._varying)
        self.engine.fetch({"ok": carry["ok"]})  # until it has ended
        return carry, time.perf_counter() - began - (self.engine.compile_seconds - compiled)

    def _logs(self) -> list[dict[str, float]]:
        """The means so far, copy by copy; not a number for those that have stopped."""
        return self._of_copies(self.engine.fetch(self._carry["sums"]))

    def _of_copies(self, sums: Mapping[str, Array]) -> list[dict[str, float]]:
        found = [means(_of(sums, number), self.task.metrics) for number in range(len(self.runs))]
        return [
            one if run.progress.finite else dict.fromkeys(one, math.nan)
            for one, run in zip(found, self.runs, strict=True)
        ]

    def _validate(self, logs: Sequence[dict[str, float]]) -> None:
        """Add the means over the validation rows."""
        params = averages.in_use(self._carry)
        sums = self.engine.evaluate_all(params, self._carry["state"], self.validation or {}, self._varying)
        for mine, found in zip(logs, self._of_copies(sums), strict=True):
            mine |= {f"val_{name}": value for name, value in found.items()}


def _of(tree: Tree, number: int) -> dict[str, Any]:
    """One copy's arrays out of those of all."""
    return {
        name: _of(value, number) if isinstance(value, Mapping) else np.array(value[number])
        for name, value in tree.items()
    }


def _over_copies(logs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Each mean over the copies that have it."""
    found = {name: [one[name] for one in logs if math.isfinite(one[name])] for name in logs[0]}
    return {name: float(np.mean(values)) if values else math.nan for name, values in found.items()}
