"""Save the model, or its weights, every epoch or every so many mini-batches; all states or only better ones."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from garasu.callbacks import fields
from garasu.callbacks.monitor import MonitorCallback
from garasu.messages import FileError, SettingError, text
from garasu.settings import truth


@define(eq=False, slots=False)
class ModelCheckpoint(MonitorCallback):
    """Save to ``filepath``, its fields filled in: ``{epoch:02d}``, ``{batch}``, any name in the logs (``{loss:.2f}``).

    Only the file of exactly that name is written; what this callback wrote itself is replaced in one step, what was
    there before is never (Keras replaces that too). Epochs and batches count from 1 in
    names and texts. Folders on the way are made.

    Args:
        filepath: where to, with or without fields.
        monitor: a name in the logs, for ``save_best_only``.
        verbose: 1 says so each time.
        save_best_only: save only when ``monitor`` is better than ever.
        save_weights_only: ``model.save_weights`` instead of ``model.save``.
        mode: "min", "max", or "auto" (from the name).
        save_freq: "epoch", or a number of mini-batches, counted on over the ends of epochs.
        initial_value_threshold: what must be beaten first.

    Example:
        >>> from types import SimpleNamespace
        >>> saving = ModelCheckpoint("{epoch:02d}-{loss:.1f}.safetensors", monitor="loss", save_best_only=True)
        >>> saving.set_model(SimpleNamespace(save=lambda path, overwrite: print(path)))
        >>> for epoch, loss in enumerate([0.9, 1.2, 0.4]):
        ...     saving.on_epoch_end(epoch, {"loss": loss})
        01-0.9.safetensors
        03-0.4.safetensors
    """

    filepath: str | os.PathLike[str] = field(converter=fields.path_text, validator=fields.path)
    monitor: str = field(default="val_loss", validator=fields.monitor)
    verbose: int = field(default=0, validator=fields.verbose)
    save_best_only: bool = field(default=False, validator=truth)
    save_weights_only: bool = field(default=False, validator=truth)
    mode: str = field(default="auto", validator=fields.mode)
    save_freq: str | int = field(default="epoch", validator=fields.save_freq)
    initial_value_threshold: float | None = field(default=None, validator=fields.optional_number)

    min_delta: float = field(default=0.0, init=False, repr=False)
    best: float | None = field(init=False, repr=False)
    _epoch: int = field(default=0, init=False, repr=False)
    _seen: int = field(default=0, init=False, repr=False)
    _mine: set[str] = field(factory=set[str], init=False, repr=False)

    _sentence = "callbacks.unknown_monitor_saves"

    def __attrs_post_init__(self) -> None:
        self.best = self.initial_value_threshold
        if self.save_freq != "epoch":  # only then, for whoever has this hook makes training call back after every step
            self.on_train_batch_end = self._after_batch

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """A name without fields that is taken already is refused now, not after the first epoch.

        Raises:
            FileError: the file was written by somebody else.
        """
        path = os.fspath(self.filepath)
        if "{" not in path and path not in self._mine and Path(path).exists():
            raise FileError("callbacks.already_there", path=path)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Note the epoch."""
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save, where epochs are what counts."""
        if self.save_freq == "epoch":
            self._consider(epoch, None, logs or {})

    def _after_batch(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._seen += 1
        if self._seen >= int(self.save_freq):
            self._seen = 0
            self._consider(self._epoch, batch, logs or {})

    def _consider(self, epoch: int, batch: int | None, logs: Mapping[str, Any]) -> None:
        """Save, unless only better states are wanted and this is none; say which."""
        value = self.watched(logs) if self.save_best_only else None
        before, path = self.best, self._path(epoch, batch, logs)
        if value is None:
            self._save(path)
            self._say("callbacks.saved", epoch, path=path)
        elif self.improves(value, before):
            self._save(path)
            self.best = value
            key = "callbacks.saved_first" if before is None else "callbacks.saved_better"
            self._say(key, epoch, path=path, best=before, value=value)
        else:
            self._say("callbacks.not_a_number" if before is None else "callbacks.not_better", epoch, best=before)

    def _say(self, key: str, epoch: int, **shown: object) -> None:
        if self.verbose:
            print(text(key, epoch=epoch + 1, monitor=self.monitor, **shown))

    def _path(self, epoch: int, batch: int | None, logs: Mapping[str, Any]) -> str:
        """The file name with its fields filled in."""
        pattern = str(self.filepath)
        known = {"epoch": epoch + 1, **({} if batch is None else {"batch": batch + 1}), **logs}
        try:
            return pattern.format(**known)
        except KeyError as error:
            listed = ", ".join(known)
            raise SettingError("callbacks.path_field", path=pattern, field=error.args[0], known=listed) from None
        except (ValueError, IndexError, AttributeError, TypeError) as error:
            raise SettingError("callbacks.path_pattern", path=pattern, reason=error) from None

    def _save(self, path: str) -> None:
        target = Path(path)
        if target.is_dir():
            raise FileError("callbacks.is_folder", path=path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError("files.cannot_write", path=path, reason=error.strerror) from error
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path, overwrite=path in self._mine)
        self._mine.add(path)
