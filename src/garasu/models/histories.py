"""Histories: what many copies of a model wrote down; their mean, their spread, their pictures."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import define, field, frozen

from garasu.array import Array, Tree
from garasu.messages import SettingError, nearest, text
from garasu.models import notebook
from garasu.models.history import History
from garasu.models.tables import Table
from garasu.settings import is_number


@frozen(eq=False)
class TrainedCopy:
    """One copy: its ``seed``, the ``settings`` it was made with, its ``history``, and its model when asked for.

    ``stopped`` is the number of the step, from 1, whose loss or gradient was not finite (the copy was left as it was
    before it, and its means are NaN from that epoch on); None where all were finite.
    """

    seed: int
    settings: Mapping[str, Any]
    history: History
    stopped: int | None
    trees: Mapping[str, Tree] = field(repr=False)
    make: Callable[["TrainedCopy"], Any] = field(repr=False)

    @property
    def model(self) -> Any:
        """A ``Sequential`` with this copy's weights, made anew at each asking; it can go on training."""
        return self.make(self)


@define(eq=False)
class Histories:
    """What ``fit(seeds=...)`` gives back: ``copies``, each with a history of its own, and what they come to together.

    ``settings`` are those that all copies were made with, ``params`` what the histories keep of the fit. Copies that
    stopped count in the epochs before they did.
    """

    copies: tuple[TrainedCopy, ...]
    settings: dict[str, Any] = field(factory=dict[str, Any])
    params: dict[str, Any] = field(factory=dict[str, Any])

    @property
    def seeds(self) -> list[int]:
        """The seed of each copy."""
        return [one.seed for one in self.copies]

    @property
    def names(self) -> list[str]:
        """The names of the means: "loss", the metrics, "val_loss" and so on."""
        return list(self.copies[0].history.history)

    @property
    def epoch(self) -> list[int]:
        """The epochs' numbers, from 0."""
        return self.copies[0].history.epoch

    @property
    def stopped(self) -> list[TrainedCopy]:
        """The copies in which a number was not finite."""
        return [one for one in self.copies if one.stopped is not None]

    def values(self, name: str) -> Array:
        """Every copy's means, (copies, epochs); NaN where a copy had stopped.

        Raises:
            UnknownNameError: nothing of that name was written down.
        """
        if name not in self.names:
            raise nearest("metric", name, self.names)
        return np.asarray([one.history.history[name] for one in self.copies], dtype=float)

    def mean(self, name: str) -> Array:
        """The mean over the copies, epoch by epoch."""
        return _by_column(self.values(name), np.mean)

    def spread(self, name: str) -> Array:
        """The sample standard deviation over the copies (divided by n - 1), epoch by epoch; NaN of fewer than two."""
        return _by_column(self.values(name), lambda column: np.std(column, ddof=1), least=2)

    def band(self, name: str, share: float | None = None) -> tuple[Array, Array]:
        """(low, high), epoch by epoch: mean -+ standard deviation; or with ``share`` the middle share of the copies.

        Raises:
            SettingError: a share that is not between 0 and 1.
        """
        if share is None:
            middle, spread = self.mean(name), self.spread(name)
            return middle - spread, middle + spread
        if not is_number(share) or not 0 < share < 1:
            expected = text("copies.share")
            raise SettingError("settings.must_be", owner="band", name="share", expected=expected, value=repr(share))
        sides = (0.5 - share / 2, 0.5 + share / 2)
        low, high = (_by_column(self.values(name), lambda column, at=at: np.quantile(column, at)) for at in sides)
        return low, high

    def final(self, name: str) -> Array:
        """Each copy's value in the last epoch, (copies,); NaN where it had stopped."""
        return self.values(name)[:, -1]

    def plot(self, name: str | None = None) -> Any:
        """The mean over the copies, the band around it, and every copy, epoch by epoch, as a matplotlib Figure.

        ``name`` is one of ``names``: "val_loss" unless given, or "loss" where nothing was validated.

        Raises:
            UnknownNameError: nothing of that name was written down.
        """
        from garasu import figures  # noqa: PLC0415 - loads the plotting library

        chosen = self._usual() if name is None else name
        return figures.copies_band(self.values(chosen), chosen, [epoch + 1 for epoch in self.epoch])

    def _usual(self) -> str:
        return "val_loss" if "val_loss" in self.names else "loss"

    def table(self) -> Table:
        """A row for each copy: its seed, what it ended with, and the step at which it stopped."""
        columns = (text("copies.column_seed"), *self.names, text("copies.column_stopped"))
        finals = {name: self.final(name) for name in self.names} if self.epoch else {}
        cells = tuple(
            (one.seed, *(float(finals[name][row]) for name in finals), one.stopped)
            for row, one in enumerate(self.copies)
        )
        caption = text("copies.title", count=len(self.copies), epochs=len(self.epoch))
        return Table(caption, columns, ("seed", *self.names, "stopped"), cells)

    def line(self) -> str:
        """What the copies come to, in a line."""
        found = [f"{name}: {mean_and_spread(self.final(name))}" for name in self.names if name != "learning_rate"]
        return " - ".join([text("copies.title", count=len(self.copies), epochs=len(self.epoch)), *found])

    def __repr__(self) -> str:
        return f"<Histories: {self.line()}>"

    def _repr_html_(self) -> str:
        """The table of copies, a line of what they come to, and the picture, for notebooks."""
        return notebook.copies_html(self.table(), self.line(), self.plot)


def mean_and_spread(values: Array) -> str:
    """The mean and the sample standard deviation of what is finite.

    Example:
        >>> mean_and_spread(np.array([0.5, 0.7, np.nan]))
        '0.6000 ± 0.1414'
    """
    found = values[np.isfinite(values)]
    if not len(found):
        return "–"
    spread = f"{np.std(found, ddof=1):.4f}" if len(found) > 1 else "–"
    return f"{np.mean(found):.4f} ± {spread}"


def _by_column(values: Array, function: Callable[[Array], Any], least: int = 1) -> Array:
    """``function`` of what is finite in each column; NaN where too little is."""
    columns = [column[np.isfinite(column)] for column in values.T]
    return np.asarray([function(column) if len(column) >= least else math.nan for column in columns], dtype=float)
