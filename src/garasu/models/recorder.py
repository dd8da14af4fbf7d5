"""Keeps a run folder while a model trains: checkpoints and metrics."""

import time
from pathlib import Path
from typing import Any

from garasu.array import Tree
from garasu.callbacks import Callback
from garasu.models import storage
from garasu.networks.model_file import write
from garasu.train import averages, run_folder

_SECONDS_BETWEEN = 5.0
_SECONDS_WITHIN_EPOCH = 60.0


class RunRecorder(Callback):
    """Writes ``last`` and ``best``, each by one rename: after an epoch, at most every five seconds, and at the end.

    An epoch of more than a minute is written down in its middle too, once a minute.

    ``last`` holds all that training needs to go on; ``best`` the weights of the epoch whose ``monitor`` was lowest.
    """

    def __init__(self, folder: Path, monitor: str = "val_loss") -> None:
        self.folder = folder
        self.monitor = monitor
        self._best: tuple[Tree, dict[str, Any]] | None = None
        self._written = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Note the epoch; write if it is time."""
        values = self.model.history.history.get(self.monitor, [])
        if values and values[-1] == min(values):
            trees = storage.arrays_of(self.model)
            weights = {"params": averages.in_use(trees), "state": trees.get("state", {})}
            self._best = weights, storage.document_of(self.model)
        if time.monotonic() - self._written > _SECONDS_BETWEEN:
            self.flush()

    def on_progress(self, epoch: int, done: int, steps: int, logs: Any) -> None:
        """In a long epoch write in its middle too."""
        if time.monotonic() - self._written > _SECONDS_WITHIN_EPOCH:
            self.flush()

    def on_train_end(self, logs: Any = None) -> None:
        """Write the end."""
        self.flush()

    def flush(self) -> None:
        """Write everything as it stands, in the middle of an epoch too."""
        # The best first: a process killed in between trains the epochs since then again, and finds it once more.
        if self._best is not None:
            write(self.folder / run_folder.BEST, *self._best)
            self._best = None
        storage.save(self.model, self.folder / run_folder.LAST, overwrite=True)
        record = self.model.history
        run_folder.write_metrics(self.folder, record.epoch, record.history)
        self._written = time.monotonic()
