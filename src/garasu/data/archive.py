"""Pictures in an archive: read in memory, one file after another. Nothing is ever unpacked onto the disk.

ZIP, and TAR plain or packed by gzip, bzip2 or xz, told by their content. Only plain files are taken, and only those
that were asked for by name. A name is a name: ``../x`` leads nowhere, for nothing is written; it is left out all the
same, as are links, devices, encrypted files and the second of two of one name. What a header declares is not believed:
a file is read up to a limit, and must have as many bytes as it declared.
"""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from attrs import define, field, frozen

from garasu.data.layout import without_common_folder
from garasu.data.sources import Item, Load, passed_over
from garasu.messages import DataError

LIMIT = 1 << 26
"""Bytes that one file in an archive may have: 64 MiB."""

MEMBERS = 1_000_000
"""Files that an archive may hold."""

_GROWTH = 200
_PIECE = 1 << 16
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
_XZ_MEMORY = 1 << 27
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    lzma.LZMAError,
    zlib.error,
    gzip.BadGzipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    UnicodeError,
    OverflowError,
)
"""What the standard library's readers raise at bytes that are no archive."""


@frozen
class Member:
    """A file in an archive: its name and how many bytes it declares."""

    name: str
    size: int


def kind(path: Path) -> str | None:
    """How an archive is packed: zip, tar, gzip, bzip2 or xz; None for what is no archive."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return None
    found = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    return found or ("tar" if head[257:262] == b"ustar" else None)


def is_archive(path: Path) -> bool:
    """Whether a file begins as an archive does."""
    return path.is_file() and kind(path) is not None


def members(path: Path) -> list[Member]:
    """The plain files of an archive that may be read, in its order; the first of those of one name.

    Raises:
        DataError: damaged, or no archive.
    """
    return [member for member, _ in _walk(path, None)]


def read(path: Path, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the wanted files, in the archive's order, one at a time.

    Raises:
        DataError: damaged, no archive, or a file that is not as long as it declared.
    """
    for member, load in _walk(path, wanted):
        yield member.name, load()


@contextmanager
def _named(path: Path) -> Generator[None, None, None]:
    """Whatever the readers raise becomes a sentence that names the archive."""
    try:
        yield
    except DataError:
        raise
    except _DAMAGED as error:
        raise DataError("archives.damaged", path=path, reason=str(error) or type(error).__name__) from error
    except MemoryError as error:
        raise DataError("archives.damaged", path=path, reason=type(error).__name__) from error


def _walk(path: Path, wanted: Collection[str] | None) -> Iterator[tuple[Member, Callable[[], bytes]]]:
    """Each file that may be read, once; its bytes must be asked for before the next."""
    packed = kind(path)
    if packed is None:
        raise DataError("archives.none", path=path)
    seen = set[str]()
    walker = _zip_members if packed == "zip" else _tar_members
    with _named(path):
        for number, (member, load) in enumerate(walker(path, packed)):
            if number >= MEMBERS:
                raise DataError("archives.members", path=path, limit=f"{MEMBERS:,}")
            if member.name in seen or not _harmless(member.name) or (wanted is not None and member.name not in wanted):
                continue
            seen.add(member.name)
            yield member, partial(_whole, path, member, load)


def _harmless(name: str) -> bool:
    """Whether a name stands for a file below the archive's own root, on every system."""
    parts = name.replace("\\", "/").split("/")
    return (
        bool(name) and "\0" not in name and ":" not in parts[0] and not any(part in ("", ".", "..") for part in parts)
    )


def _whole(path: Path, member: Member, load: Callable[[int], bytes]) -> bytes:
    """A file's bytes, if they are as many as declared and no more than ``LIMIT``."""
    if member.size > LIMIT:
        raise DataError("archives.large", path=path, name=member.name, limit=f"{LIMIT:,}")
    with _named(path):
        content = load(member.size + 1)
    if len(content) != member.size:
        raise DataError("archives.lies", path=path, name=member.name, declared=member.size)
    return content


def _zip_members(path: Path, packed: str) -> Iterator[tuple[Member, Callable[[int], bytes]]]:
    with zipfile.ZipFile(path) as file:
        _check_growth(path, sum(info.file_size for info in file.infolist()))
        for info in file.infolist():
            mode = info.external_attr >> 16
            plain = not info.is_dir() and not info.flag_bits & 1 and (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0)
            if plain:
                yield Member(_zip_name(info), info.file_size), partial(_from_zip, file, info)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A file's name. Without the mark for UTF-8 nobody says which letters its bytes are: UTF-8, or Windows in Japan."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        stored = info.filename.encode("cp437")  # as which zipfile has read it
    except UnicodeEncodeError:
        return info.filename
    for letters in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            return stored.decode(letters)
    return info.filename


def _check_growth(path: Path, size: int) -> None:
    """Pictures are packed already: what grows so far is made to fill a memory, or a day."""
    if size > _GROWTH * path.stat().st_size + LIMIT:
        raise DataError("archives.grows", path=path, times=_GROWTH)


def _from_zip(file: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    with file.open(info) as content:
        return content.read(most)


def _tar_members(path: Path, packed: str) -> Iterator[tuple[Member, Callable[[int], bytes]]]:
    with _unpacked(path, packed) as stream, tarfile.open(fileobj=cast(Any, _Forward(stream, path)), mode="r:") as file:
        while (info := file.next()) is not None:
            cast(Any, file).members = []  # else it keeps every header
            if info.isreg() and not info.issparse():
                yield Member(info.name, info.size), partial(_from_tar, file, info)


def _from_tar(file: tarfile.TarFile, info: tarfile.TarInfo, most: int) -> bytes:
    content = file.extractfile(info)
    return b"" if content is None else content.read(most)


@contextmanager
def _unpacked(path: Path, packed: str) -> Generator[BinaryIO, None, None]:
    """The bytes of a tar file, unpacked piece by piece."""
    with path.open("rb") as file:
        if packed == "gzip":
            yield cast(BinaryIO, gzip.GzipFile(fileobj=file))
        elif packed == "bzip2":
            yield cast(BinaryIO, bz2.BZ2File(file))
        elif packed == "xz":
            yield cast(BinaryIO, io.BufferedReader(_Xz(file)))
        else:
            yield file


class _Xz(io.RawIOBase):
    """Unpacks xz with a bound on the memory that its header may ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decompressor = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._decompressor.eof:
            piece = self._file.read(_PIECE) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not piece:
                raise EOFError("xz")
            found = self._decompressor.decompress(piece, len(buffer))
            if found:
                buffer[: len(found)] = found
                return len(found)
        return 0


class _Forward:
    """What ``tarfile`` needs of a file, over a stream that only goes forward; no read is larger than ``LIMIT``.

    Its headers can declare any length, and it would read as much into memory.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self._at = 0
        self._last = self._again = b""  # tarfile looks one byte back

    def tell(self) -> int:
        return self._at

    def seek(self, target: int, whence: int = os.SEEK_SET) -> int:
        back = self._at - target
        if back > 0:
            if back > len(self._last):
                raise tarfile.ReadError("seek")
            self._again = self._last[-back:] + self._again
            self._at = target
        while self._at < target:
            if not self.read(min(target - self._at, _PIECE)):
                break
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LIMIT + 1:
            raise DataError("archives.large", path=self._path, name="?", limit=f"{LIMIT:,}")
        piece = self._again[:size]
        self._again = self._again[len(piece) :]
        if len(piece) < size:
            piece += self._stream.read(size - len(piece))
            _check_growth(self._path, self._at + len(piece))
        self._at += len(piece)
        self._last = piece
        return piece


@define(eq=False)
class Archive:
    """The files in an archive as a source of pictures; a folder that holds everything is left out of the names.

    Raises:
        DataError: damaged, or no archive.
    """

    root: Path
    _top: str = field(init=False, default="")
    _order: list[str] = field(init=False, factory=list[str])

    def items(self) -> list[Item]:
        """All files but those that systems leave behind, sorted by name."""
        status = self.root.stat()
        found = [one for one in members(self.root) if not passed_over(one.name)]
        self._top = without_common_folder([one.name for one in found])
        self._order = [one.name[len(self._top) :] for one in found]
        stamp = f"{status.st_size} {status.st_mtime_ns} {self._top}"
        named = zip(self._order, found, strict=True)
        return sorted((Item(name, one.size, stamp) for name, one in named), key=lambda item: item.name)

    def open(self, names: Iterable[str]) -> Iterator[tuple[str, Load]]:
        """Each of the named files, in the archive's order; none of what follows the last is unpacked."""
        wanted = {self._top + name for name in names}
        for member, load in _walk(self.root, frozenset(wanted)):
            yield member.name[len(self._top) :], _loaded(load)
            wanted.discard(member.name)
            if not wanted:
                return

    def few(self, names: list[str], count: int) -> list[str]:
        """The first ones: what lies behind need not be unpacked."""
        known = set(names)
        return [name for name in self._order if name in known][:count]


def _loaded(load: Callable[[], bytes]) -> Load:
    """The bytes, read now, while the archive stands at them; what is wrong with them is said when they are opened."""
    try:
        content = load()
    except DataError as error:
        return partial(_refuse, error)
    return lambda: io.BytesIO(content)


def _refuse(error: DataError) -> BinaryIO:
    raise error
