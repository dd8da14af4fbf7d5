"""Where pictures of one's own come from: a folder, walked through once; each file known by its name, size and time."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from attrs import frozen

from garasu.messages import FileError

Load = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens one file; called by whichever thread decodes it."""

_PASSED_OVER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
"""What systems leave behind in folders, beside everything whose name begins with a dot."""


@frozen
class Item:
    """One file: its name below the root with ``/`` between folders, its bytes, and what changes when it does."""

    name: str
    size: int
    stamp: str


class Source(Protocol):
    """A place that holds files by name."""

    @property
    def root(self) -> Path:
        """What the user named."""
        ...

    def items(self) -> list[Item]:
        """All files but those that systems leave behind, sorted by name."""
        ...

    def open(self, names: Iterable[str]) -> Iterator[tuple[str, Load]]:
        """Each of the named files, in an order that is quick to read them in."""
        ...

    def few(self, names: list[str], count: int) -> list[str]:
        """A few of these names that are quick to read."""
        ...


def passed_over(name: str) -> bool:
    """Whether a path is one that no person put there.

    Example:
        >>> passed_over("cats/.DS_Store"), passed_over("__MACOSX/cats/1.jpg"), passed_over("cats/1.jpg")
        (True, True, False)
    """
    return any(part.startswith(".") or part.lower() in _PASSED_OVER for part in name.split("/"))


@frozen
class Folder:
    """The files below a folder, links followed, no folder twice.

    Raises:
        FileError: a folder that cannot be read.
    """

    root: Path

    def items(self) -> list[Item]:
        """All files but those that systems leave behind, sorted by name."""
        return sorted(self._below(self.root, "", set()), key=lambda item: item.name)

    def _below(self, folder: Path, prefix: str, seen: set[tuple[int, int]]) -> Iterator[Item]:
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in seen:  # a link that leads back
                return
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError as error:
            raise FileError("data.unreadable", path=folder, reason=error.strerror or error) from error
        for entry in found:
            name = prefix + entry.name
            if passed_over(name):
                continue
            if _is(entry.is_dir):
                yield from self._below(folder / entry.name, f"{name}/", seen)
            elif _is(entry.is_file):
                status = entry.stat()
                yield Item(name, status.st_size, str(status.st_mtime_ns))

    def open(self, names: Iterable[str]) -> Iterator[tuple[str, Load]]:
        """Each of the named files, in the order given."""
        for name in names:
            yield name, self._load(name)

    def _load(self, name: str) -> Load:
        return lambda: (self.root / name).open("rb")

    def few(self, names: list[str], count: int) -> list[str]:
        """Some from everywhere."""
        return names[:: max(1, len(names) // count)][:count]


def _is(kind: Callable[[], bool]) -> bool:
    """Whether an entry is of a kind; a link that leads nowhere or in a ring is of none."""
    try:
        return kind()
    except OSError:
        return False
