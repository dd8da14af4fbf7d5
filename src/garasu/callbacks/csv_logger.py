"""Write every epoch's values as a row of a CSV file.

    epoch,accuracy,loss,val_accuracy,val_loss

Names stand in alphabetical order; epochs count from 0.
"""

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from garasu.callbacks import fields
from garasu.callbacks.callback import Callback
from garasu.messages import FileError
from garasu.settings import truth


@define(eq=False, slots=False)
class CSVLogger(Callback):
    """Write ``epoch`` and the logs to ``filename``; the first epoch decides on the columns, a missing value is "NA".

    Without validation in the first epoch there are columns for it all the same. Each row is on its way to the disk when
    its epoch ends, and the file is not kept open.

    Args:
        filename: where to. Folders on the way are made.
        separator: between the values.
        append: go on with a file that is there, instead of starting it anew.

    Example:
        >>> import tempfile
        >>> name = tempfile.mkdtemp() + "/log.csv"
        >>> logger = CSVLogger(name)
        >>> logger.on_train_begin()
        >>> logger.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.625})
        >>> print(Path(name).read_text())
        epoch,loss,val_loss
        0,0.5,0.625
    """

    filename: str | os.PathLike[str] = field(converter=fields.path_text, validator=fields.path)
    separator: str = field(default=",", validator=fields.separator)
    append: bool = field(default=False, validator=truth)

    keys: list[str] | None = field(default=None, init=False, repr=False)
    _needs_header: bool = field(default=True, init=False, repr=False)

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Start the file, or look whether it has its first line.

        Raises:
            FileError: the file cannot be written.
        """
        path = Path(self.filename)
        self.keys = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if self.append else "w", encoding="utf-8"):
                self._needs_header = path.stat().st_size == 0
        except OSError as error:
            raise FileError("files.cannot_write", path=path, reason=error.strerror) from error

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write a row.

        Raises:
            FileError: the file cannot be written.
        """
        values: dict[str, Any] = logs or {}
        rows: list[list[Any]] = []
        if self.keys is None:
            self.keys = _columns(values)
            if self._needs_header:
                rows.append(["epoch", *self.keys])
        rows.append([epoch, *(_cell(values.get(key, "NA")) for key in self.keys)])
        try:
            with Path(self.filename).open("a", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=self.separator).writerows(rows)
        except OSError as error:
            raise FileError("files.cannot_write", path=self.filename, reason=error.strerror) from error


def _columns(values: Mapping[str, Any]) -> list[str]:
    """The names in order; where none is of validation, names for it behind them."""
    keys = sorted(values)
    return keys if any(key.startswith("val_") for key in keys) else keys + [f"val_{key}" for key in keys]


def _cell(value: Any) -> Any:
    """A value as it stands in the file: lists and arrays in brackets, all else as Python prints it."""
    if isinstance(value, str) or getattr(value, "shape", None) == () or not hasattr(value, "__iter__"):
        return value
    return f'"[{", ".join(map(str, value))}]"'
