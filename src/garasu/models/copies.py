"""``fit(seeds=...)``: one model trained from several seeds. How such groups of copies are trained stands here too."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from garasu.array import Array, merge_trees, paths
from garasu.messages import RunError, SettingError, text
from garasu.models import arguments, training
from garasu.models import seed as seeds_of_models
from garasu.models.console import ConsoleProgress
from garasu.models.drawing import Drawing, Settled
from garasu.models.histories import Histories, TrainedCopy
from garasu.models.history import History
from garasu.networks import check_reach
from garasu.settings import is_count, is_list, is_truth, is_tuple, is_whole, plain
from garasu.train import ARRAYS
from garasu.train.copies import begun, train_copies
from garasu.train.copy_run import CopiesListener, Copy, CopyRun

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential

_LARGEST_SEED = 2**64


@frozen(eq=False)
class Rows:
    """What copies are trained on: rows, those for validation, how they are drawn, and the numbers of rows held back."""

    data: dict[str, Array]
    validation: dict[str, Array] | None
    settled: Settled
    held: Array | None = None


def fit(
    model: "Sequential",
    x: Any,
    y: Any,
    *,
    seeds: Any,
    share_batches: bool = False,
    drawing: Drawing,
    verbose: Any = "auto",
    validation_split: float = 0.0,
    validation_data: Any = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    left_out: Mapping[str, Any],
) -> Histories:
    """Train a compiled model from several seeds; ``Sequential.fit`` says what everything means.

    ``left_out`` are arguments of ``fit`` that mean something for one model alone.
    """
    model.needs_compile("fit")
    for name, value in left_out.items():
        if value:
            raise SettingError("copies.not_with", name=name, value=repr(plain(value)))
    check_truth(share_batches, "fit", "share_batches")
    chosen = check_seeds(seeds, "fit", first=model.seed, least=2)
    training.check(0, validation_split, validation_data)
    model.build_for(x)
    check_untrained(model)
    found = rows_for(model, x, y, drawing, validation_split, validation_data, class_weight, sample_weight)
    level = level_of(verbose)
    models = [model.untrained(seed) for seed in chosen]
    shown = CopiesConsole(found.settled.epochs, level, len(models)) if level else Quiet()
    runs = prepared(models, found)
    try:
        train_group(model, runs, found, shown, share_batches=share_batches)
    finally:
        shown.close()
        take(model, runs[0], found, share_batches=share_batches)
    copies = [trained(model, run, found, {}, share_batches=share_batches) for run in runs]
    model.history = copies[0].history
    result = Histories(tuple(copies), {}, dict(copies[0].history.params))
    shown.end(result.line())
    return result


# --------------------------------------------------------------------------------------------------------- checking


def check_truth(value: Any, owner: str, name: str) -> None:
    """Check that a switch is True or False.

    Raises:
        SettingError: it is not.
    """
    if not is_truth(value):
        raise _must_be(owner, name, "settings.truth", value)


def check_seeds(given: Any, owner: str, *, first: int, least: int) -> list[int]:
    """Seeds as they were given, or so many from ``first`` on.

    Raises:
        SettingError: too few, two alike, or something that is no seed.

    Example:
        >>> check_seeds(3, "fit", first=7, least=2), check_seeds([5, 1], "fit", first=7, least=2)
        ([7, 8, 9], [5, 1])
    """
    if is_whole(given) and is_count(given) and int(given) >= least:
        return [(first + number) % _LARGEST_SEED for number in range(int(given))]
    several: Any = (
        given.tolist() if isinstance(given, np.ndarray) else list(given) if isinstance(given, range) else given
    )
    listed = is_list(several) or is_tuple(several)
    if not listed or len(several) < least or len({*map(str, several)}) < len(several):
        expected = text("copies.seeds", least=least)
        raise SettingError("settings.must_be", owner=owner, name="seeds", expected=expected, value=repr(plain(given)))
    return [seeds_of_models.check(seed, owner) for seed in several]


def check_untrained(model: "Sequential") -> None:
    """Check that a model has the weights that its seed draws: copies start from theirs.

    Raises:
        RunError: it was trained, or was given weights.
    """
    drawn = dict(paths(model.untrained(model.seed).in_use()))
    kept = dict(paths(model.in_use()))
    same = all(np.allclose(array, kept[path], rtol=1e-6, atol=0, equal_nan=True) for path, array in drawn.items())
    if model.step or not same:
        raise RunError("copies.trained", model=model.name)


def _must_be(owner: str, name: str, expected: str, value: Any) -> SettingError:
    return SettingError("settings.must_be", owner=owner, name=name, expected=text(expected), value=repr(plain(value)))


def level_of(verbose: Any) -> int:
    """What ``verbose`` stands for, as in ``fit``."""
    return 1 if verbose == "auto" else int(verbose)


# --------------------------------------------------------------------------------------------------------- training


def rows_for(
    model: "Sequential",
    x: Any,
    y: Any,
    drawing: Drawing,
    validation_split: float = 0.0,
    validation_data: Any = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
) -> Rows:
    """What users hand in, in the forms that the engine of ``model`` takes; a split is that of its seed."""
    task = model.task
    check_reach(task.network)
    data = arguments.dataset(model.network, task.loss, x, y, task.kept, sample_weight)
    data, validation, held = training.with_validation(model, data, validation_split, validation_data)
    data = arguments.class_weighted(data, class_weight, task.loss)
    return Rows(data, validation, drawing.settled(len(data["x"])), held)


def prepared(models: Sequence["Sequential"], rows: Rows) -> list[CopyRun]:
    """Each model, of one structure, as a copy before its first step."""
    plan = rows.settled.plan(models[0].seed, 0)
    return [begun(Copy(one.seed, one.trees()["params"], one.trees()["state"], one.hyper), plan) for one in models]


def train_group(
    model: "Sequential", runs: Sequence[CopyRun], rows: Rows, listener: CopiesListener, *, share_batches: bool
) -> None:
    """Train copies that have the structure of ``model`` through one engine."""
    plan = rows.settled.plan(runs[0].copy.seed, 0)
    train_copies(
        model.task, model.engine, runs, plan, rows.data, listener, rows.validation, share_batches=share_batches
    )


def trained(
    origin: "Sequential", run: CopyRun, rows: Rows, settings: Mapping[str, Any], *, share_batches: bool
) -> TrainedCopy:
    """What came of a copy, for users; ``origin`` is a model with its settings, whatever its seed."""
    history = History(params=_params(rows, share_batches=share_batches))
    for epoch, logs in enumerate(run.logs):
        history.add(epoch, logs)

    def make(copy: TrainedCopy) -> "Sequential":
        model = origin.untrained(copy.seed)
        take(model, run, rows, share_batches=share_batches)
        model.history = copy.history
        return model

    return TrainedCopy(run.copy.seed, dict(settings), history, run.stopped, _trees(run), make)


def take(model: "Sequential", run: CopyRun, rows: Rows, *, share_batches: bool) -> None:
    """Give a model the arrays and the place of a copy."""
    progress = run.progress
    model.restore(_trees(run))
    model.seed, model.hyper = run.copy.seed, merge_trees(model.hyper, run.copy.hyper)
    model.epoch, model.position, model.step = progress.epoch, progress.position, progress.step
    model.epochs_trained = progress.epochs_trained
    model.history = History(params=_params(rows, share_batches=share_batches))


def _params(rows: Rows, *, share_batches: bool) -> dict[str, Any]:
    """What a history keeps of the fit."""
    found = {**rows.settled.params(), **({"share_batches": True} if share_batches else {})}
    return found if rows.held is None else {**found, "validation_rows": rows.held.tolist()}


def _trees(run: CopyRun) -> dict[str, Any]:
    return {name: run.progress.carry[name] for name in ARRAYS if name in run.progress.carry}


# ---------------------------------------------------------------------------------------------------------- showing


class Quiet:
    """Shows nothing."""

    def epoch_begins(self, epoch: int, copy: int | None) -> None:
        """Nothing."""

    def moved(self, done: int, steps: int, logs: Mapping[str, float]) -> None:
        """Nothing."""

    def epoch_ends(self, epoch: int, copy: int | None, logs: Mapping[str, float]) -> None:
        """Nothing."""

    def end(self, line: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class CopiesConsole(ConsoleProgress):
    """What ``fit`` shows, with the means over all copies, or copy by copy where they come one after another."""

    def __init__(self, epochs: int, verbose: int, copies: int, title: str = "") -> None:
        super().__init__(epochs, verbose)
        self._copies, self._copy, self._epoch, self._before = copies, None, 0, title

    def epoch_begins(self, epoch: int, copy: int | None) -> None:
        """A new bar."""
        self._copy, self._epoch = copy, epoch
        self.on_epoch_begin(epoch)

    def moved(self, done: int, steps: int, logs: Mapping[str, float]) -> None:
        """Move the bar."""
        self.on_progress(self._epoch, done, steps, logs)

    def epoch_ends(self, epoch: int, copy: int | None, logs: Mapping[str, float]) -> None:
        """One line that stays."""
        self.on_epoch_end(epoch, logs)

    def end(self, line: str) -> None:
        """The last line."""
        self.bar.end(line)

    def _title(self, epoch: int) -> str:
        copies = (
            text("copies.copies", copies=self._copies)
            if self._copy is None
            else text("copies.copy_of", copy=self._copy + 1, copies=self._copies)
        )
        return " - ".join([*([self._before] if self._before else []), copies, super()._title(epoch)])
