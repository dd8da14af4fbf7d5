"""fit, evaluate and predict: Keras's arguments brought to the loop and the engines."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from garasu.array import Array, random
from garasu.callbacks import Callback, CallbackList
from garasu.data.splits import validation_rows
from garasu.data.stored import rows_of
from garasu.layers import Run
from garasu.messages import SettingError, text
from garasu.models import arguments
from garasu.models.console import ConsoleProgress
from garasu.models.drawing import Drawing
from garasu.models.frozen_front import Part, part_of
from garasu.models.history import History
from garasu.networks import Trace, check_reach, trace
from garasu.settings import is_count, is_number
from garasu.train import ARRAYS, Plan, Progress, averages, means
from garasu.train import fit as run_fit
from garasu.train.task import numbers, row_weights

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


class _Recorder(Callback):
    """Writes each epoch into the model's history.

    Called before all other callbacks, so that they see it there, and again behind them, for what they have added.
    """

    def __init__(self, record: History) -> None:
        self.record = record

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        values = {} if logs is None else logs
        if self.model.optimizer.schedule is not None:
            values["learning_rate"] = self.model.optimizer.learning_rate
        self.record.add(epoch, values)


def fit(
    model: "Sequential",
    x: Any,
    y: Any,
    *,
    batch_size: int | str | None,
    epochs: int | None,
    verbose: Any,
    callbacks: Sequence[Callback] | None,
    validation_split: float,
    validation_data: Any,
    shuffle: bool,
    class_weight: Mapping[int, float] | None,
    sample_weight: Any,
    initial_epoch: int,
    steps_per_epoch: int | None,
    steps: int | None,
    replacement: bool,
    resume: bool,
    cache_frozen: bool,
) -> History:
    """Train a compiled model; ``Sequential.fit`` says what everything means."""
    model.needs_compile("fit")
    drawing = Drawing(batch_size, epochs, steps, steps_per_epoch, shuffle, replacement)
    check(initial_epoch, validation_split, validation_data)
    model.build_for(x)
    task = model.task
    check_reach(task.network)
    data = arguments.dataset(model.network, task.loss, x, y, task.kept, sample_weight)
    data, validation, held = with_validation(model, data, validation_split, validation_data)
    data = arguments.class_weighted(data, class_weight, task.loss)
    model.part = part_of(model, cache_frozen=cache_frozen)
    data, validation = model.part.rows(data), None if validation is None else model.part.rows(validation)
    settled = drawing.settled(len(data["x"]))
    if resume:
        settled.check_same_order(model.history.params if model.history and model.position else {}, model.position)
    else:
        model.epochs_trained += model.position > 0  # an epoch that was cut is left: its rows are not drawn once more
        model.epoch, model.position = initial_epoch, 0
        model.history = None
    record = model.history or History()
    record.params = settled.params()
    if model.part.cached:
        record.params["cached_layers"] = list(model.part.cached)
    if held is not None:
        record.params["validation_rows"] = held.tolist()
    model.history = record
    plan = settled.plan(model.seed, model.epoch)
    level = 1 if verbose == "auto" else int(verbose)
    shown = [ConsoleProgress(settled.epochs, level)] if level else []
    # The console comes last: it shows what the others added to the logs.
    recorder = _Recorder(record)
    everyone = [recorder, *(callbacks or ()), recorder, *shown]
    listener = CallbackList(everyone, model, record.params | {"verbose": level})
    try:
        _run(model, model.part, plan, data, listener, validation)
    finally:
        for bar in shown:
            bar.close()
    return record


def _run(
    model: "Sequential", part: Part, plan: Plan, data: Mapping[str, Array], listener: CallbackList, validation: Any
) -> None:
    """Run the loop on a progress that the model mirrors; whatever happens, the model ends with its last arrays."""
    engine, trees = part.engine, part.begin(model.trees())
    params, kept = averages.begin(part.task, trees)
    carry = engine.start(params, trees["state"])
    if kept:
        carry[averages.BRANCH] = engine.place(kept)
    carry["step"] = engine.place({"step": np.asarray(model.step, np.uint32)})["step"]
    for branch in ("optimizer", "sums") if model.position else ("optimizer",):
        if branch in trees:
            carry[branch] = engine.place(trees[branch])
    progress = Progress(carry, model.hyper, model.epoch, model.position, model.step, model.epochs_trained)
    model.stop_training = False
    model.progress = progress
    model.source = lambda: part.put_back(
        engine.fetch({name: progress.carry[name] for name in ARRAYS if name in progress.carry})
    )
    try:
        run_fit(part.task, engine, progress, plan, data, listener, validation)
    finally:
        _take_back(model)
        model.epoch, model.position, model.step = progress.epoch, progress.position, progress.step
        model.epochs_trained = progress.epochs_trained


def _take_back(model: "Sequential") -> None:
    """Take the arrays of the last finished program as the model's own.

    Where an engine failed in the middle of a program (no memory left) they went with it: the model then has those it
    had before this fit.
    """
    source, model.source = model.source, None
    try:
        last = source() if source else model.trees()
    except RuntimeError:  # JAX's for arrays that were handed over
        return
    model.restore(last)


def check(initial_epoch: Any, split: Any, validation_data: Any) -> None:
    """Check the settings of ``fit`` that stand for themselves.

    Raises:
        SettingError: one is out of range, or rows for validation are given in two ways.
    """
    rules = (
        ("initial_epoch", initial_epoch, initial_epoch == 0 or is_count(initial_epoch), "settings.not_negative"),
        ("validation_split", split, is_number(split) and 0 <= split < 1, "settings.fraction"),
    )
    for name, value, fits, expected in rules:
        if not fits:
            raise SettingError("settings.must_be", owner="fit", name=name, expected=text(expected), value=repr(value))
    if split and validation_data is not None:
        raise SettingError("models.split_and_data")


def with_validation(
    model: "Sequential", data: dict[str, Array], split: float, given: Any
) -> tuple[dict[str, Array], dict[str, Array] | None, Array | None]:
    """Training rows, validation rows, and the numbers of those that were held back.

    Raises:
        SettingError: not as many values as there should be, or a share that leaves no rows.
    """
    if given is not None:
        if len(given) not in (2, 3):
            raise SettingError("models.validation_data", got=len(given))
        x, y, weight = (*given, None) if len(given) == 2 else given
        return data, arguments.dataset(model.network, model.task.loss, x, y, model.task.kept, weight), None
    if not split:
        return data, None, None
    rows = len(data["x"])
    held = validation_rows(data["t"], split, model.seed)
    if not 0 < len(held) < rows:
        raise SettingError("models.validation_too_small", share=split, rows=rows)
    kept = np.setdiff1d(np.arange(rows), held)
    first, second = ({name: rows_of(array, part) for name, array in data.items()} for part in (kept, held))
    return first, second, held


def evaluate(model: "Sequential", x: Any, y: Any, *, sample_weight: Any = None, return_dict: bool = False) -> Any:
    """The mean loss and metrics over all rows; ``Sequential.evaluate`` says what everything means."""
    model.needs_compile("evaluate")
    model.build_for(x)
    task = model.task
    data = arguments.dataset(model.network, task.loss, x, y, task.kept, sample_weight)
    found = means(model.engine.evaluate(*model.placed(), data, model.hyper["regularizers"]), task.metrics)
    if return_dict:
        return found
    return list(found.values()) if task.metrics else found["loss"]


def predict(model: "Sequential", x: Any, names: Sequence[str]) -> list[Array]:
    """What the named layers hand on for every row of ``x``."""
    pictures = arguments.inputs(model.network, x, model.task.kept)
    return model.engine.predict(*model.placed(), pictures, names)


def trace_of(model: "Sequential", x: Any, y: Any, in_training: bool) -> Trace:
    """Every number of one forward and backward pass over these rows, on NumPy, with the weights as they are."""
    model.needs_compile("trace")
    model.build_for(x)
    task = model.task
    data = arguments.dataset(model.network, task.loss, x, y, task.kept)
    key = random.fold_in(random.fold_name(random.key(model.seed), "steps"), np.uint32(model.step))
    mask = np.ones(len(data["x"]), dtype=task.kept)
    run = Run(in_training, key, numbers(model.hyper["layers"], task.kept), mask)
    trees, inputs = model.trees(), task.network.prepare(data["x"][:], task.kept)
    r = row_weights(task.loss, data["weight"], mask)
    return trace(task.network, task.loss, averages.in_use(trees), trees["state"], inputs, data["t"], r, run)
