"""Decoding many files at once: threads, in order, with a bound on what is in memory at any time.

What decodes is C, and lets other threads run. A file that cannot be read stops no other: its error comes in its place.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypedDict

from garasu.data.sources import Load, Source
from garasu.messages import DataError, FileError, GarasuError
from garasu.pictures import Picture, read_from

THREADS = min(32, os.cpu_count() or 1)

_WAITING = 1 << 25
"""Bytes of files that may wait to be decoded, or to be taken."""


def decoded(
    source: Source,
    sizes: dict[str, int],
    sides: tuple[int, int] | None,
    then: Callable[[Picture], Any],
    each: int = 0,
) -> Iterator[tuple[str, Any]]:
    """For each file of ``sizes`` (bytes by name) its name and what ``then`` makes of its picture, or its error.

    ``each``: the bytes of what ``then`` makes.
    """
    large = threading.Lock()  # one large picture in memory at a time, however many threads there are

    def one(name: str, load: Load) -> Any:
        path = source.root / name
        try:
            with load() as file:
                return then(read_from(file, path, sides, large))
        except (FileError, DataError) as error:
            return _bare(error)
        except OSError as error:
            return FileError("data.unreadable", path=path, reason=error.strerror or error)

    waiting: deque[tuple[str, Future[Any]]] = deque()
    held = 0
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for name, load in source.open(sizes):
                while waiting and (held + sizes[name] + each > _WAITING or len(waiting) >= 8 * THREADS):
                    first, future = waiting.popleft()
                    held -= sizes[first] + each
                    yield first, future.result()
                waiting.append((name, pool.submit(one, name, load)))
                held += sizes[name] + each
            while waiting:
                name, future = waiting.popleft()
                yield name, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _bare(error: GarasuError) -> GarasuError:
    """The same error without its traceback, which holds all that was in memory when it was raised."""
    return type(error)(error.key, **{name: str(value) for name, value in error.fields.items()})


class KeptError(TypedDict):
    """An error as JSON can hold it, in no language yet."""

    key: str
    fields: dict[str, str]


def kept_error(error: GarasuError) -> KeptError:
    """An error to be kept."""
    return {"key": error.key, "fields": {name: str(value) for name, value in error.fields.items()}}


def said(kept: KeptError) -> str:
    """The sentence of a kept error, in the language in use."""
    return str(GarasuError(kept["key"], **kept["fields"]))
