"""``garasu.sweep``: many settings, each trained from several seeds; a table, and whether one is better than another.

Copies are grouped by structure: those that differ in numbers alone (rates, momenta, shares dropped, factors of
penalties, first values, seeds) go through one program, and where that is quicker, all at once.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from attrs import define, field

from garasu.messages import SettingError, in_words, nearest, shown, text
from garasu.models import copies as groups
from garasu.models import notebook
from garasu.models.comparison import Comparison, compare
from garasu.models.drawing import Drawing
from garasu.models.histories import Histories, TrainedCopy
from garasu.models.sequential import Sequential
from garasu.models.structure import structure
from garasu.models.tables import Table
from garasu.settings import is_list, is_mapping, is_tuple

_LESS = ("loss", "error", "mse", "mae")


@define(eq=False)
class Sweep:
    """What ``garasu.sweep`` gives back: ``histories``, one for each of the ``settings``, in their order."""

    histories: tuple[Histories, ...]
    groups: int = field(default=1)
    """How many structures there were."""

    @property
    def settings(self) -> list[dict[str, Any]]:
        """Every setting that was trained."""
        return [one.settings for one in self.histories]

    @property
    def copies(self) -> list[TrainedCopy]:
        """Every copy: setting by setting, seed by seed."""
        return [copy for one in self.histories for copy in one.copies]

    @property
    def names(self) -> list[str]:
        """The names of the means that every copy has."""
        return [name for name in self.histories[0].names if all(name in one.names for one in self.histories)]

    def of(self, settings: Any) -> Histories:
        """The copies of one setting, given as a dict or by its number.

        Raises:
            SettingError: it was not trained.
        """
        found = [one for number, one in enumerate(self.histories) if settings in (number, one.settings)]
        if isinstance(settings, bool) or not found:
            known = "; ".join(map(label, self.settings))
            raise SettingError("copies.no_such_setting", given=shown(settings), known=known)
        return found[0]

    def table(self, metric: str | None = None) -> Table:
        """A row for each setting: mean, sample standard deviation, least and greatest of what its copies ended with.

        Raises:
            UnknownNameError: nothing of that name was written down.
        """
        chosen = self._metric(metric)
        keys = list(dict.fromkeys(name for one in self.settings for name in one))
        found = tuple((*(one.settings.get(key) for key in keys), *_numbers(one, chosen)) for one in self.histories)
        numbers = ("mean", "spread", "least", "greatest", "n", "stopped")
        columns = (*keys, *(text(f"copies.column_{name}") for name in numbers))
        caption = text("copies.sweep_title", metric=chosen, settings=len(self.histories), copies=len(self.copies))
        return Table(caption, columns, (*keys, *numbers), found, len(keys))

    def best(self, metric: str | None = None, *, less_is_better: bool | None = None) -> Histories:
        """The copies of the setting with the best mean; a setting with copies that stopped comes behind all others.

        For losses and errors less is better, for everything else more, unless ``less_is_better`` says it.
        """
        chosen = self._metric(metric)
        sign = 1.0 if _less(chosen, less_is_better) else -1.0

        def rank(one: Histories) -> tuple[int, float]:
            mean = _numbers(one, chosen)[0]
            return len(one.stopped), sign * mean if np.isfinite(mean) else np.inf

        return min(self.histories, key=rank)

    def compare(self, a: Any, b: Any, metric: str | None = None, *, less_is_better: bool | None = None) -> Comparison:
        """Is setting ``b`` better than ``a``? The paired test over the seeds in which neither stopped.

        Raises:
            SettingError: a setting that was not trained, or fewer than two such seeds.
            UnknownNameError: nothing of that name was written down.
        """
        chosen, (first, second) = self._metric(metric), (self.of(a), self.of(b))
        left, right = (dict(zip(one.seeds, one.final(chosen), strict=True)) for one in (first, second))
        common = [seed for seed in left if seed in right and np.isfinite(left[seed]) and np.isfinite(right[seed])]
        if len(common) < 2:
            raise SettingError("copies.few_seeds", a=label(first.settings), b=label(second.settings), got=len(common))
        values = (np.array([one[seed] for seed in common]) for one in (left, right))
        names = (label(first.settings), label(second.settings))
        return compare(chosen, names, tuple(common), *values, less_is_better=_less(chosen, less_is_better))

    def plot(self, metric: str | None = None) -> Any:
        """What the copies of each setting ended with, as dots, and their mean, as a matplotlib Figure.

        Raises:
            UnknownNameError: nothing of that name was written down.
        """
        from garasu import figures  # noqa: PLC0415 - loads the plotting library

        chosen = self._metric(metric)
        return figures.settings_compared({label(one.settings): one.final(chosen) for one in self.histories}, chosen)

    def _metric(self, given: str | None) -> str:
        """The metric asked for, or the last there is: a validation metric where there is one."""
        known = [name for name in self.names if name != "learning_rate"]
        if given is None:
            return known[-1]
        if given not in self.names:
            raise nearest("metric", given, self.names)
        return given

    def __repr__(self) -> str:
        return f"<Sweep: {text('copies.sweep_line', settings=len(self.histories), copies=len(self.copies))}>"

    def _repr_html_(self) -> str:
        """The table and the picture of the usual metric, for notebooks."""
        line = text("copies.sweep_line", settings=len(self.histories), copies=len(self.copies))
        return notebook.copies_html(self.table(), line, self.plot)


def label(settings: Mapping[str, Any]) -> str:
    """A setting as users read it.

    Example:
        >>> label({"rate": 0.1, "units": 20})
        'rate=0.1, units=20'
    """
    return ", ".join(f"{name}={shown(value)}" for name, value in settings.items())


def _numbers(one: Histories, metric: str) -> tuple[float, float, float, float, int, int]:
    """What a row of the table says of a setting."""
    values = one.final(metric)
    values = values[np.isfinite(values)]
    if not len(values):
        return np.nan, np.nan, np.nan, np.nan, 0, len(one.stopped)
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else np.nan
    ends = float(np.min(values)), float(np.max(values))
    return float(np.mean(values)), spread, *ends, len(values), len(one.stopped)


def _less(metric: str, said: bool | None) -> bool:
    """Whether less is better."""
    return any(word in metric for word in _LESS) if said is None else said


# ----------------------------------------------------------------------------------------------------------- sweeping


@in_words
def sweep(
    make: Callable[..., Sequential],
    settings: Any,
    x: Any,
    y: Any,
    *,
    seeds: int | Sequence[int] = 5,
    epochs: int | None = None,
    batch_size: int | str | None = None,
    steps: int | None = None,
    validation_data: Any = None,
    share_batches: bool = False,
    verbose: Any = "auto",
) -> Sweep:
    """Train what ``make`` makes of each of the settings, from each of the seeds.

    Args:
        make: ``make(**setting)`` answers with a compiled ``Sequential``; the seed it gave it does not count.
        settings: {name: [values]}, of which every combination is tried, or a list of dicts.
        x: pictures, (N, ...).
        y: targets, (N,) or (N, K).
        seeds: so many seeds, 0, 1, 2, ...; or the seeds themselves. All settings have the same ones.
        epochs: how many; 1 unless given.
        batch_size: rows in a mini-batch, 32 unless given; "all" for all rows at once.
        steps: the number of the last step, instead of epochs.
        validation_data: (x, y) or (x, y, sample_weight).
        share_batches: every copy sees the same mini-batches, which is quicker; otherwise each seed has its own order,
            that of ``Sequential(..., seed=seed).fit(...)``.
        verbose: 0 nothing, 1 (and "auto") a bar, 2 a line an epoch.

    Raises:
        SettingError: settings that are neither of the two forms, ``make`` gives back something else than a
            ``Sequential``, or a setting of ``fit`` out of range.
        RunError: ``make`` gives back a model that is not compiled, or was trained.
        ShapeError: data that do not fit.
        KeyboardInterrupt: Ctrl-C.

    Example:
        >>> from garasu import layers, models, optimizers
        >>> def make(rate):
        ...     model = models.Sequential([layers.Dense(1, input_shape=(2,))])
        ...     model.compile(optimizers.SGD(rate), "mse", run_eagerly=True)
        ...     return model
        >>> x, y = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]), np.array([1.0, 2.0, 3.0, 0.0])
        >>> found = sweep(make, {"rate": [0.001, 0.1]}, x, y, seeds=3, epochs=20, verbose=0)
        >>> len(found.copies), found.groups, found.best("loss").settings
        (6, 1, {'rate': 0.1})
    """
    wanted = _combinations(settings)
    groups.check_truth(share_batches, "sweep", "share_batches")
    chosen = groups.check_seeds(seeds, "sweep", first=0, least=1)
    drawing, level = Drawing(batch_size, epochs, steps), groups.level_of(verbose)
    origins = [_made(make, one, x) for one in wanted]
    numbers: dict[str, list[int]] = {}
    for number, origin in enumerate(origins):
        numbers.setdefault(structure(origin), []).append(number)
    found: dict[int, list[TrainedCopy]] = {}
    for order, members in enumerate(numbers.values()):
        title = text("copies.group_of", group=order + 1, groups=len(numbers)) if len(numbers) > 1 else ""
        mine = [(number, origins[number], wanted[number]) for number in members]
        rows = groups.rows_for(origins[members[0]], x, y, drawing, 0.0, validation_data)
        found |= _trained(mine, chosen, rows, level, title, share_batches=share_batches)
    histories = [Histories(tuple(found[k]), one, dict(found[k][0].history.params)) for k, one in enumerate(wanted)]
    result = Sweep(tuple(histories), len(numbers))
    if level:
        groups.CopiesConsole(1, 2, len(result.copies)).end(str(result.table()))
    return result


def _trained(
    members: Sequence[tuple[int, Sequential, Mapping[str, Any]]],
    seeds: Sequence[int],
    rows: groups.Rows,
    level: int,
    title: str,
    *,
    share_batches: bool,
) -> dict[int, list[TrainedCopy]]:
    """Train one group, and hand out its copies setting by setting."""
    models = [origin.untrained(seed) for _, origin, _ in members for seed in seeds]
    runs = groups.prepared(models, rows)
    listener = groups.CopiesConsole(rows.settled.epochs, level, len(runs), title) if level else groups.Quiet()
    try:
        groups.train_group(models[0], runs, rows, listener, share_batches=share_batches)
    finally:
        listener.close()
    count = len(seeds)
    return {
        number: [
            groups.trained(origin, run, rows, settings, share_batches=share_batches)
            for run in runs[place * count : (place + 1) * count]
        ]
        for place, (number, origin, settings) in enumerate(members)
    }


def _combinations(settings: Any) -> list[dict[str, Any]]:
    """Every combination of a grid, or the settings of a list.

    Example:
        >>> _combinations({"rate": [0.1, 0.2], "units": [3]})
        [{'rate': 0.1, 'units': 3}, {'rate': 0.2, 'units': 3}]
    """
    if is_mapping(settings):
        lists = [_listed(value) for value in settings.values()]
        if settings and all(lists):
            return [dict(zip(settings, values, strict=True)) for values in product(*lists)]
    elif (is_list(settings) or is_tuple(settings)) and settings and all(map(is_mapping, settings)):
        return [dict(one) for one in settings]
    expected = text("copies.settings")
    raise SettingError("settings.must_be", owner="sweep", name="settings", expected=expected, value=shown(settings))


def _listed(value: Any) -> list[Any]:
    """The values of one setting; nothing where it is no list."""
    if isinstance(value, np.ndarray):
        return value.tolist() if value.ndim == 1 else []
    return list(value) if is_list(value) or is_tuple(value) or isinstance(value, range) else []


def _made(make: Any, settings: Mapping[str, Any], x: Any) -> Sequential:
    """What ``make`` makes of a setting: built, compiled, and not trained."""
    model = make(**settings) if callable(make) else make
    if not isinstance(model, Sequential):
        raise SettingError("copies.make", setting=label(settings), got=shown(model))
    model.needs_compile("sweep")
    model.build_for(x)
    groups.check_untrained(model)
    return model
