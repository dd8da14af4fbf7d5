"""Where pictures of one's own come from: a folder, walked through once; each file known by its name, size and time."""

import os
from collections import deque
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
    """The files below a folder, links followed, no folder twice: one that is linked to counts where it really stands.

    Raises:
        FileError: a folder that cannot be read.
    """

    root: Path

    def items(self) -> list[Item]:
        """All files but those that systems leave behind, sorted by name."""
        return sorted(self._below(), key=lambda item: item.name)

    def _below(self) -> Iterator[Item]:
        """The files of one folder after the other; links to folders last."""
        seen = set[tuple[int, int]]()
        folders, links = deque([""]), deque[str]()
        while folders or links:
            prefix = (folders or links).popleft()
            for entry in _entries(self.root / prefix, seen):
                name = prefix + entry.name
                if passed_over(entry.name):
                    continue
                if _is(entry.is_dir):
                    (links if entry.is_symlink() else folders).append(f"{name}/")
                elif (status := _file(entry)) is not None:
                    yield Item(name, status.st_size, str(status.st_mtime_ns))

    def open(self, names: Iterable[str]) -> Iterator[tuple[str, Load]]:
        """Each of the named files, in the order given."""
        for name in names:
            yield name, self._load(name)

    def _load(self, name: str) -> Load:
        return lambda: (self.root / name).open("rb")

    def few(self, names: list[str], count: int) -> list[str]:
        """Some from everywhere."""
        count = min(count, len(names))
        return [names[number * len(names) // count] for number in range(count)]


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    """What stands in a folder, sorted; nothing of one that was seen before (a link leads back)."""
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise FileError("data.unreadable", path=folder, reason=error.strerror or error) from error


def _file(entry: os.DirEntry[str]) -> os.stat_result | None:
    """A plain file's size and time; None for what is none, or has just gone."""
    try:
        return entry.stat() if entry.is_file() else None
    except OSError:
        return None


def _is(kind: Callable[[], bool]) -> bool:
    """Whether an entry is of a kind; a link that leads nowhere or in a ring is of none."""
    try:
        return kind()
    except OSError:
        return False
