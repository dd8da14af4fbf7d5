"""Pictures decoded once: all files of a folder, prepared alike, as bytes in one file of the user's cache folder.

A cache is known by everything it depends on: the folder, each file's name, size and time, and the preparation. It is
made beside its place and moved there whole; one that is not complete is never used, and made again. Where no cache can
be kept, the bytes lie in a temporary file until the program ends. An older cache of the same folder and preparation is
removed, and so is what a program that was killed has left behind for a day.
"""

import contextlib
import hashlib
import json
import math
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import msgspec
import numpy as np
from platformdirs import user_cache_path

from garasu.array import Array
from garasu.data.decoding import KeptError, decoded, kept_error
from garasu.data.sources import Item, Source
from garasu.data.stored import StoredPictures, digest_of
from garasu.messages import FileError, GarasuError
from garasu.pictures import PhotoPreparation, Picture

VARIABLE = "GARASU_PICTURE_CACHE"
"""An environment variable: another folder for caches, or "off"."""

_FORMAT = 2
_PIXELS, _INDEX, _PART = "pictures.u8", "index.json", ".part"

_SECONDS_UNTIL_ABANDONED = 86_400.0

_PIECE = 1 << 23  # bytes of pictures that are looked through at a time

TellPictures = Callable[[int, int], None]
"""Called with how many files have been decoded, and how many there are."""


class _Index(msgspec.Struct):
    """What stands beside the pixels: see ``Decoded``."""

    place: list[int]
    digests: list[str]
    refused: dict[str, KeptError]

    def fits(self, items: int) -> bool:
        """Whether it speaks of so many files, and of every row once."""
        rows = sorted(row for row in self.place if row >= 0)
        return len(self.place) == items and rows == list(range(len(self.digests)))


@attrs.frozen(eq=False)
class Decoded:
    """Pictures in a file; ``place`` (items,) is each item's row there or -1; ``digests`` one hash a row.

    ``refused`` says of each item that could not be read, by name, what was wrong (``said`` makes a sentence of it).
    """

    pictures: StoredPictures
    place: Array
    digests: tuple[str, ...]
    refused: Mapping[str, KeptError]

    def digest(self, item: int) -> str:
        """The hash of an item's picture, once prepared; copies have one and the same."""
        return self.digests[int(self.place[item])]


def folder() -> Path | None:
    """Where caches are kept, or None where the user has switched this off."""
    chosen = os.environ.get(VARIABLE)
    if chosen == "off":
        return None
    return Path(chosen).expanduser() if chosen else user_cache_path("garasu", appauthor=False) / "pictures"


def decode_once(
    source: Source, items: Sequence[Item], preparation: PhotoPreparation, tell: TellPictures = lambda done, count: None
) -> Decoded:
    """The pictures of these files, from the cache, or decoded into it now.

    Raises:
        FileError: there is no room for them, or they cannot be written.
    """
    known = {"format": _FORMAT, "root": str(source.root.resolve()), "preparation": attrs.asdict(preparation)}
    listing = [[item.name, item.size, item.stamp] for item in items]
    key = hashlib.sha256(json.dumps([known, listing], sort_keys=True).encode()).hexdigest()[:32]
    caches = _usable(folder())
    found = None if caches is None else _opened(caches / key, preparation, len(items))
    if found is not None and not _can_be_opened_now(source, found.refused):
        return found
    place = caches or Path(tempfile.gettempdir())
    try:
        _check_room(place, len(items) * math.prod(preparation.shape))
        if caches is not None:
            return _kept(source, items, preparation, caches, key, known, tell)
        with tempfile.TemporaryDirectory(prefix="garasu-") as passing:  # open files outlive their names
            return _written(source, items, preparation, Path(passing), known, tell)
    except FileError:
        raise
    except OSError as error:
        raise FileError("folders.cache_write", path=place, reason=error.strerror or error) from error


def _can_be_opened_now(source: Source, refused: Mapping[str, KeptError]) -> bool:
    """Whether a file that could not be opened can be now: rights may change without a file's size and time."""
    closed = [name for name, error in refused.items() if error["key"] == "data.unreadable"]
    for _, load in source.open(closed):
        with contextlib.suppress(OSError), load():
            return True
    return False


def _kept(
    source: Source,
    items: Sequence[Item],
    preparation: PhotoPreparation,
    caches: Path,
    key: str,
    known: Mapping[str, Any],
    tell: TellPictures,
) -> Decoded:
    """A new cache, beside its place first."""
    _sweep(caches)
    beside = Path(tempfile.mkdtemp(prefix=f".{key}.", suffix=_PART, dir=caches))
    try:
        made = _written(source, items, preparation, beside, known, tell)
        shutil.rmtree(caches / key, ignore_errors=True)  # one that is not whole, or as whole as this one
        with contextlib.suppress(OSError):  # another process has made the same one meanwhile
            beside.rename(caches / key)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _remove_older(caches, key, known)
    return _opened(caches / key, preparation, len(items)) or made  # which stays open, whoever has removed it


def _usable(caches: Path | None) -> Path | None:
    """The folder of caches, made if need be; None where that cannot be done."""
    if caches is None:
        return None
    try:
        caches.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return caches if os.access(caches, os.W_OK | os.X_OK) else None


def _check_room(place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free
    if needed > free:
        raise FileError("folders.cache_room", path=place, needed=f"{needed / 1e9:.1f}", free=f"{free / 1e9:.1f}")


def _written(
    source: Source,
    items: Sequence[Item],
    preparation: PhotoPreparation,
    place: Path,
    known: Mapping[str, Any],
    tell: TellPictures,
) -> Decoded:
    """Decode everything into ``place``: the pixels, then the index."""
    with (place / _PIXELS).open("wb") as pixels:
        found = _pour(source, items, preparation, pixels, tell)
        pixels.flush()
        os.fsync(pixels.fileno())
    # Not msgspec, which writes no names that are no text.
    (place / _INDEX).write_text(json.dumps({**known, **msgspec.structs.asdict(found)}), "ascii")
    opened = _opened(place, preparation, len(items))
    if opened is None:
        raise FileError("folders.cache_cut", path=place)
    return opened


def _pour(
    source: Source, items: Sequence[Item], preparation: PhotoPreparation, pixels: BinaryIO, tell: TellPictures
) -> _Index:
    """The prepared pictures one behind the other; answers with what the index says of them."""

    def prepared(picture: Picture) -> Array:
        return np.ascontiguousarray(preparation(picture.pixels))

    numbers = {item.name: number for number, item in enumerate(items)}
    index = _Index([-1] * len(items), [], {})
    sizes = {item.name: item.size for item in items}
    each = math.prod(preparation.shape)
    with warnings.catch_warnings(action="ignore"):  # decoders warn of what is odd in a file; what matters is an error
        for done, (name, found) in enumerate(decoded(source, sizes, preparation.sides, prepared, each), start=1):
            if isinstance(found, GarasuError):
                index.refused[name] = kept_error(found)
            else:
                index.place[numbers[name]] = len(index.digests)
                index.digests.append(digest_of(found))
                pixels.write(found.data)
            tell(done, len(items))
    return index


def _opened(place: Path, preparation: PhotoPreparation, items: int) -> Decoded | None:
    """A cache of so many files as it stands on the disk; None where there is none, or not a whole one."""
    try:
        index = msgspec.convert(_document(place), _Index)
        count = len(index.digests)
        if not index.fits(items) or (place / _PIXELS).stat().st_size != count * math.prod(preparation.shape):
            return None
        pictures = StoredPictures.open(place / _PIXELS, preparation.shape, count, index.digests)
        if not _as_written(pictures, index.digests):
            return None
    except (OSError, msgspec.ValidationError):
        return None
    return Decoded(pictures, np.asarray(index.place, dtype=np.int64), tuple(index.digests), index.refused)


def _as_written(pictures: StoredPictures, digests: Sequence[str]) -> bool:
    """Whether every picture still is what was written: a run must not train on other pictures than it says."""
    at_once = max(1, _PIECE // max(1, pictures.each))
    for start in range(0, len(pictures), at_once):
        for picture, digest in zip(pictures[start : start + at_once], digests[start:], strict=False):
            if digest_of(picture) != digest:
                return False
    return True


def _document(place: Path) -> dict[str, Any]:
    """What stands in a cache's index, as it stands there; nothing where it cannot be read."""
    try:
        return msgspec.convert(json.loads((place / _INDEX).read_bytes()), dict[str, Any])
    except (OSError, ValueError, RecursionError):
        return {}


def _remove_older(caches: Path, key: str, known: Mapping[str, Any]) -> None:
    """Remove the caches that this one stands for now. (Files that another process has open stay until it ends.)"""
    for other in caches.iterdir():
        if other.name == key or other.name.startswith("."):
            continue
        index = _document(other)
        if all(index.get(name) == value for name, value in known.items()):
            shutil.rmtree(other, ignore_errors=True)


def _sweep(caches: Path) -> None:
    """Remove what killed programs left; what was written to lately may be one at work."""
    for left in caches.glob(f".*{_PART}"):
        with contextlib.suppress(OSError):  # someone else was quicker
            pixels = left / _PIXELS
            written = max(one.stat().st_mtime for one in (left, pixels) if one.exists())
            if time.time() - written > _SECONDS_UNTIL_ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
