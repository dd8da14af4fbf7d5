"""Pictures decoded once: all files of a folder, prepared alike, as bytes in one file of the user's cache folder.

A cache is known by everything it depends on: the folder, each file's name, size and time, and the preparation. It is
made beside its place and moved there whole; one that is not complete is never used. Where no cache can be kept, the
bytes lie in a temporary file until the program ends. An older cache of the same folder and preparation is removed.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import msgspec
import numpy as np
from platformdirs import user_cache_path

from garasu.array import Array
from garasu.data.decoding import decoded, kept_error
from garasu.data.sources import Item, Source
from garasu.data.stored import StoredPictures
from garasu.messages import FileError, GarasuError
from garasu.pictures import PhotoPreparation, Picture

VARIABLE = "GARASU_PICTURE_CACHE"
"""An environment variable: another folder for caches, or "off"."""

_FORMAT = 1
_PIXELS, _INDEX = "pictures.u8", "index.json"

TellPictures = Callable[[int, int], None]
"""Called with how many files have been decoded, and how many there are."""


@attrs.frozen(eq=False)
class Decoded:
    """Pictures in a file; ``place`` (items,) is each item's row there or -1; ``digests`` one hash a row.

    ``refused`` says of each item that could not be read, by name, what was wrong (``said`` makes a sentence of it).
    """

    pictures: StoredPictures
    place: Array
    digests: tuple[str, ...]
    refused: Mapping[str, dict[str, Any]]

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
        FileError: there is no room for them.
    """
    known = {"format": _FORMAT, "root": str(source.root.resolve()), "preparation": attrs.asdict(preparation)}
    listing = [[item.name, item.size, item.stamp] for item in items]
    key = hashlib.sha256(json.dumps([known, listing], sort_keys=True).encode()).hexdigest()[:32]
    caches = _usable(folder())
    if caches is not None:
        found = _opened(caches / key, preparation)
        if found is not None:
            return found
    _check_room(caches, len(items) * int(np.prod(preparation.shape)))
    if caches is None:
        with tempfile.TemporaryDirectory(prefix="garasu-") as place:  # open files outlive their names
            return _written(source, items, preparation, Path(place), known, tell)
    beside = Path(tempfile.mkdtemp(prefix=f".{key}.", suffix=".part", dir=caches))
    try:
        _written(source, items, preparation, beside, known, tell)
        with contextlib.suppress(OSError):  # another process has made the same one meanwhile
            beside.rename(caches / key)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _remove_older(caches, key, known)
    made = _opened(caches / key, preparation)
    if made is None:
        raise FileError("folders.cache_cut", path=caches / key)
    return made


def _usable(caches: Path | None) -> Path | None:
    """The folder of caches, made if need be; None where that cannot be done."""
    if caches is None:
        return None
    try:
        caches.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return caches if os.access(caches, os.W_OK | os.X_OK) else None


def _check_room(caches: Path | None, needed: int) -> None:
    place = caches or Path(tempfile.gettempdir())
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
    try:
        with (place / _PIXELS).open("wb") as pixels:
            found = _pour(source, items, preparation, pixels, tell)
            pixels.flush()
            os.fsync(pixels.fileno())
        (place / _INDEX).write_bytes(msgspec.json.encode({**known, **found}))
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError("files.cannot_write", path=place, reason=error.strerror or error) from error
    opened = _opened(place, preparation)
    if opened is None:
        raise FileError("folders.cache_cut", path=place)
    return opened


def _pour(
    source: Source, items: Sequence[Item], preparation: PhotoPreparation, pixels: BinaryIO, tell: TellPictures
) -> dict[str, Any]:
    """The prepared pictures one behind the other; answers with what the index says of them."""

    def prepared(picture: Picture) -> Array:
        return np.ascontiguousarray(preparation(picture.pixels))

    numbers = {item.name: number for number, item in enumerate(items)}
    place, digests, refused = [-1] * len(items), list[str](), dict[str, Any]()
    content = hashlib.sha256()
    sizes = {item.name: item.size for item in items}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders warn of what is odd in a file; what matters is an error
        for done, (name, found) in enumerate(decoded(source, sizes, preparation.sides, prepared), start=1):
            if isinstance(found, GarasuError):
                refused[name] = kept_error(found)
            else:
                place[numbers[name]] = len(digests)
                digests.append(hashlib.sha256(found.data).hexdigest()[:32])
                content.update(found.data)
                pixels.write(found.data)
            tell(done, len(items))
    return {"place": place, "digests": digests, "refused": refused, "content": content.hexdigest()}


def _opened(place: Path, preparation: PhotoPreparation) -> Decoded | None:
    """A cache as it stands on the disk; None where there is none, or not a whole one."""
    try:
        index: dict[str, Any] = msgspec.json.decode((place / _INDEX).read_bytes(), type=dict[str, Any])
        count = len(index["digests"])
        if (place / _PIXELS).stat().st_size != count * int(np.prod(preparation.shape)):
            return None
        pictures = StoredPictures.open(place / _PIXELS, preparation.shape, count, index["content"])
        rows = np.asarray(index["place"], dtype=np.int64)
        return Decoded(pictures, rows, tuple(index["digests"]), index["refused"])
    except (OSError, KeyError, msgspec.DecodeError):
        return None


def _remove_older(caches: Path, key: str, known: Mapping[str, Any]) -> None:
    """Remove the caches that this one stands for now. (Files that another process has open stay until it ends.)"""
    for other in caches.iterdir():
        if other.name == key or other.name.startswith("."):
            continue
        try:
            index: dict[str, Any] = msgspec.json.decode((other / _INDEX).read_bytes(), type=dict[str, Any])
        except (OSError, msgspec.DecodeError):
            continue
        if all(index.get(name) == value for name, value in known.items()):
            shutil.rmtree(other, ignore_errors=True)
