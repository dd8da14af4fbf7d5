"""History: what training wrote down, epoch by epoch; and its pictures."""

import csv
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from garasu.messages import FileError
from garasu.models import notebook


@define(eq=False)
class History:
    """``history``: each mean by name, one number an epoch; ``epoch``: their numbers from 0; ``params``: the settings.

    Example:
        >>> record = History()
        >>> record.add(0, {"loss": 0.5, "acc": 0.9})
        >>> record.history, record.epoch
        ({'loss': [0.5], 'acc': [0.9]}, [0])
    """

    history: dict[str, list[float]] = field(factory=dict)
    epoch: list[int] = field(factory=list)
    params: dict[str, Any] = field(factory=dict)

    def add(self, epoch: int, logs: Mapping[str, Any]) -> None:
        """Write one epoch down; once more, and what is new is added. A value that an epoch does not have is NaN."""
        if self.epoch[-1:] != [epoch]:
            self.epoch.append(epoch)
        rows = len(self.epoch)
        for name in {**self.history, **logs}:
            values = self.history.setdefault(name, [])
            values += [math.nan] * (rows - len(values))
            if name in logs:
                values[-1] = float(logs[name])

    def plot(self) -> Any:
        """The training curves, loss and accuracy, training and validation, as a matplotlib Figure."""
        from garasu import figures  # noqa: PLC0415 - loads the plotting library

        return figures.training_curves(self.history, [epoch + 1 for epoch in self.epoch])

    def _repr_html_(self) -> str:
        """The epochs as a table, and the curves, for notebooks."""
        return notebook.history_html(self.history, self.epoch, self.plot)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """One line an epoch: its number from 1, then every mean.

        Raises:
            FileError: the file cannot be written.
        """
        names = list(self.history)
        try:
            with Path(path).open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["epoch", *names])
                for row, epoch in enumerate(self.epoch):
                    writer.writerow([epoch + 1, *(self.history[name][row] for name in names)])
        except OSError as error:
            raise FileError("files.cannot_write", path=path, reason=error.strerror or str(error)) from error
        return Path(path)
