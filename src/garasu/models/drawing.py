"""How ``fit`` draws rows: its arguments checked, and what they come to for the rows there are."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from garasu.messages import SettingError, text
from garasu.settings import is_count, is_truth
from garasu.train import Plan
from garasu.train.batches import steps_of

BATCH_SIZE = 32
"""Rows in a mini-batch unless something else is said: Keras's."""

ALL = "all"
"""The word for mini-batches of all rows."""


def is_batch_size(value: object) -> bool:
    """A whole number above 0, "all", or None for the usual one.

    Example:
        >>> is_batch_size(16), is_batch_size("all"), is_batch_size(None), is_batch_size(0)
        (True, True, True, False)
    """
    return value is None or (isinstance(value, str) and value == ALL) or is_count(value)


@frozen
class Drawing:
    """What ``fit`` and ``RunSettings`` take, as it was given; see ``Sequential.fit``.

    Raises:
        SettingError: a value that a setting cannot have, or two settings that say different things.
    """

    batch_size: int | str | None = None
    epochs: int | None = None
    steps: int | None = None
    steps_per_epoch: int | None = None
    shuffle: bool = True
    replacement: bool = False

    def __attrs_post_init__(self) -> None:
        """Check every setting, and that they do not contradict each other."""
        if not is_batch_size(self.batch_size):
            raise _must_be("batch_size", self.batch_size, "draws.batch_size")
        for name in ("epochs", "steps", "steps_per_epoch"):
            value = getattr(self, name)
            if value is not None and not is_count(value):
                raise _must_be(name, value, "settings.count")
        for name in ("shuffle", "replacement"):
            if not is_truth(getattr(self, name)):
                raise _must_be(name, getattr(self, name), "settings.truth")
        if self.epochs is not None and self.steps is not None:
            raise SettingError("draws.epochs_or_steps", epochs=self.epochs, steps=self.steps)
        if self.replacement and not self.shuffle:
            raise SettingError("draws.in_turn_with_replacement")

    def settled(self, rows: int) -> "Settled":
        """What it comes to for so many rows.

        Example:
            >>> Drawing(batch_size=100, steps=2_000).settled(60_000)
            Settled(batch_size=100, steps_per_epoch=600, epochs=4, rows=60000, shuffle=True, replacement=False,
                    last_step=2000)
            >>> found = Drawing(batch_size="all", epochs=3).settled(90)
            >>> found.batch_size, found.steps_per_epoch, found.epochs
            (90, 1, 3)
        """
        size = rows if self.batch_size == ALL else int(self.batch_size or BATCH_SIZE)
        each = int(self.steps_per_epoch or steps_of(rows, size))
        last = None if self.steps is None else int(self.steps)
        epochs = int(self.epochs or 1) if last is None else steps_of(last, each)
        return Settled(size, each, epochs, rows, bool(self.shuffle), bool(self.replacement), last)


@frozen
class Settled:
    """How many rows, mini-batches and epochs; ``last_step`` where training ends with a step, not with an epoch."""

    batch_size: int
    steps_per_epoch: int
    epochs: int
    rows: int
    shuffle: bool
    replacement: bool
    last_step: int | None

    def plan(self, seed: int, initial_epoch: int) -> Plan:
        """What the loop is to do."""
        return Plan(
            epochs=self.epochs,
            batch_size=self.batch_size,
            seed=seed,
            initial_epoch=initial_epoch,
            shuffle=self.shuffle,
            replacement=self.replacement,
            steps_per_epoch=self.steps_per_epoch,
            last_step=self.last_step,
        )

    def params(self) -> dict[str, Any]:
        """What a history keeps of it; "steps" are those of one epoch, as in Keras."""
        found = {"epochs": self.epochs, **self._order()}
        return found if self.last_step is None else {**found, "last_step": self.last_step}

    def _order(self) -> dict[str, Any]:
        """What decides which row comes when."""
        return {
            "batch_size": self.batch_size,
            "steps": self.steps_per_epoch,
            "rows": self.rows,
            "shuffle": self.shuffle,
            "replacement": self.replacement,
        }

    def check_same_order(self, began: Mapping[str, Any], position: int) -> None:
        """In the middle of an epoch the order of the rows must be the one it began with.

        Args:
            began: the ``params`` it began with; what older files do not say is not compared.
            position: how many mini-batches of the epoch are done.

        Raises:
            SettingError: it is another.
        """
        before = {"replacement": False, **began} if began else {}
        for name, value in self._order().items():
            if name in before and before[name] != value:
                said = "steps_per_epoch" if name == "steps" else name
                raise SettingError("models.resume_order", name=said, began=before[name], got=value, position=position)


def _must_be(name: str, value: object, expected: str) -> SettingError:
    return SettingError("settings.must_be", owner="fit", name=name, expected=text(expected), value=repr(value))
