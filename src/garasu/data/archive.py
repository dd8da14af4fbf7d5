"""Pictures in an archive: read in memory, one file after another. Nothing is ever unpacked onto the disk.

ZIP, and TAR plain or packed by gzip, bzip2 or xz, told by their content. Only plain files are taken, and only those
that were asked for by name. A name is a name: ``../x`` leads nowhere, for nothing is written; it is left out all the
same, as are links, devices and the second of two of one name. What a header declares is not believed: a file is read up
to a limit, and must have as many bytes as it declared; so are the headers themselves. A TAR whose headers or packing
are damaged anywhere is damaged as a whole, for nobody knows what else it held; in a ZIP a damaged file is left out.
"""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
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

_HEADERS = 1 << 20
"""Bytes that the headers of one file in a TAR may take: long names, and what a tool that packs likes to note."""

_LIST = 1 << 27
"""Bytes that a ZIP's list of its files may take."""

_ENTRY = b"PK\x01\x02"  # how each line of that list begins
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others zipfile unpacks as much as there is, at once
_GROWTH = 200
_PIECE = 1 << 16
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
_XZ_MEMORY = 1 << 27


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
    # os.path: of what may not be looked at it says no, where Path.is_file raises.
    return os.path.isfile(path) and kind(path) is not None  # noqa: PTH113


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
    except Exception as error:  # readers meet hostile bytes with exceptions of every kind
        raise DataError("archives.damaged", path=path, reason=str(error) or type(error).__name__) from error


def _walk(path: Path, wanted: Collection[str] | None) -> Iterator[tuple[Member, Callable[[], bytes]]]:
    """Each file that may be read, once; its bytes must be asked for before the next."""
    packed = kind(path)
    if packed is None:
        raise DataError("archives.none", path=path)
    seen = set[str]()
    walker = _zip_members if packed == "zip" else _tar_members
    with _named(path):
        for number, (stored, size, load) in enumerate(walker(path, packed)):
            if number >= MEMBERS:
                raise _too_many(path)
            name = _below_root(stored)
            if name is None or name in seen or (wanted is not None and name not in wanted):
                continue
            seen.add(name)
            member = Member(name, size)
            yield member, partial(_whole, path, member, load)


def _too_many(path: Path) -> DataError:
    return DataError("archives.members", path=path, limit=f"{MEMBERS:,}")


def _below_root(name: str) -> str | None:
    """A name without its ``./``; None for one that stands for no file below the archive's own root, on any system."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    elsewhere = name.replace("\\", "/")
    outside = elsewhere.startswith("/") or elsewhere[1:2] == ":" or ".." in elsewhere.split("/")
    return None if outside or not parts or "\0" in name else "/".join(parts)


def _whole(path: Path, member: Member, load: Callable[[int], bytes]) -> bytes:
    """A file's bytes, if they are as many as declared and no more than ``LIMIT``."""
    if member.size > LIMIT:
        raise DataError("archives.large", path=path, name=member.name, limit=f"{LIMIT:,}")
    with _named(path):
        content = load(member.size + 1) if member.size >= 0 else b""
    if len(content) != member.size:
        raise DataError("archives.lies", path=path, name=member.name, declared=member.size)
    return content


_Found = tuple[str, int, Callable[[int], bytes]]
"""A plain file: its name as stored, the bytes it declares, and what reads so many of them."""


def _zip_members(path: Path, packed: str) -> Iterator[_Found]:
    with path.open("rb") as stream, zipfile.ZipFile(cast(Any, _Listed(stream, path))) as file:
        most = _most(path)
        if sum(info.file_size for info in file.infolist()) > most:
            raise _grows(path)
        for info in file.infolist():
            mode = info.external_attr >> 16
            if info.filename.endswith("/") or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                continue
            name = _zip_name(info)
            if info.flag_bits & 1:
                raise DataError("archives.encrypted", path=path, name=name)
            if info.compress_type not in _METHODS:
                raise DataError("archives.method", path=path, name=name, method=info.compress_type)
            yield name, info.file_size, partial(_from_zip, file, info)


class _Listed:
    """What ``zipfile`` needs of a file. It reads the list of files at once and keeps all of it: not a list too long."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self.seek, self.tell, self.seekable, self.close = stream.seek, stream.tell, stream.seekable, stream.close

    def read(self, size: int = -1) -> bytes:
        if size > _LIST:
            raise _too_many(self._path)
        found = self._stream.read(size if size >= 0 else _LIST)
        if found.count(_ENTRY) > MEMBERS:
            raise _too_many(self._path)
        return found


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A file's name, with ``/`` between folders also where old tools of Windows wrote a backslash."""
    return _decoded_name(info).replace("\\", "/")


def _decoded_name(info: zipfile.ZipInfo) -> str:
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


def _most(path: Path) -> int:
    """The bytes an archive may grow to. Pictures are packed already: more is made to fill a memory, or a day."""
    return _GROWTH * path.stat().st_size + LIMIT


def _grows(path: Path) -> DataError:
    return DataError("archives.grows", path=path, times=_GROWTH)


def _from_zip(file: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    out = io.BytesIO()
    with file.open(info) as content:  # piece by piece: read at once, it stands in memory twice
        while piece := content.read(min(_PIECE, most - out.tell())):
            out.write(piece)
    return out.getvalue()


def _tar_members(path: Path, packed: str) -> Iterator[_Found]:
    with _unpacked(path, packed) as stream:
        forward = _Forward(stream, path)
        with tarfile.open(fileobj=cast(Any, forward), mode="r:") as file:
            while (info := file.next()) is not None:
                cast(Any, file).members, file.pax_headers = [], {}  # else it keeps every header
                if info.isreg() and not info.issparse():
                    yield info.name, info.size, partial(_from_tar, forward, info)
                forward.allow(_HEADERS)
        forward.finish()


def _from_tar(forward: "_Forward", info: tarfile.TarInfo, most: int) -> bytes:
    forward.seek(info.offset_data)
    forward.allow(most)
    return forward.read(min(most, info.size))


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
        while (piece := self._piece()) is not None:
            found = self._decompressor.decompress(piece, len(buffer))
            if found:
                buffer[: len(found)] = found
                return len(found)
        return 0

    def _piece(self) -> bytes | None:
        """What the decompressor is to be given next; None behind the last stream.

        (Tools that pack in parallel write several, one behind the other, with zeros between.)
        """
        if not self._decompressor.eof:
            piece = self._file.read(_PIECE) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not piece:
                raise EOFError
            return piece
        piece = self._decompressor.unused_data.lstrip(b"\0")
        while not piece:
            padded = self._file.read(_PIECE)
            if not padded:
                return None
            piece = padded.lstrip(b"\0")
        self._decompressor = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        return piece


class _Forward:
    """What ``tarfile`` needs of a file, over a stream that only goes forward; no more is read than is allowed.

    Its headers can declare any length, one may follow the other, and it would read and keep all of them.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self._at, self._most = 0, _most(path)
        self._last = self._again = b""  # tarfile looks one byte back
        self._allowed = _HEADERS

    def allow(self, size: int) -> None:
        """So many bytes may be read; what is skipped does not count."""
        self._allowed = size

    def finish(self) -> None:
        """Where tarfile saw the end there must be one; what follows is read, for the packing's check stands behind it.

        (tarfile takes a header that is cut or damaged for the end.)
        """
        if len(self._last) != tarfile.BLOCKSIZE or any(self._last):
            raise tarfile.ReadError
        while self._taken(_PIECE):
            pass

    def tell(self) -> int:
        return self._at

    def seek(self, target: int, whence: int = os.SEEK_SET) -> int:
        back = self._at - target
        if back > 0:
            if back > len(self._last):
                raise tarfile.ReadError
            self._again = self._last[-back:] + self._again
            self._at = target
        while self._at < target:
            if not self._taken(min(target - self._at, _PIECE)):
                break
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._allowed:
            raise DataError("archives.headers", path=self._path, limit=f"{_HEADERS:,}")
        self._allowed -= size
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        piece = self._again[:size]
        self._again = self._again[len(piece) :]
        if len(piece) < size:
            piece += self._stream.read(size - len(piece))
        self._at += len(piece)
        if self._at > self._most:
            raise _grows(self._path)
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
        self._order = [one.name.removeprefix(self._top) for one in found]
        stamp = f"{status.st_size} {status.st_mtime_ns} {self._top}"
        named = zip(self._order, found, strict=True)
        return sorted((Item(name, one.size, stamp) for name, one in named), key=lambda item: item.name)

    def open(self, names: Iterable[str]) -> Iterator[tuple[str, Load]]:
        """Each of the named files, in the archive's order; none of what follows the last is unpacked."""
        wanted = {self._top + name for name in names}
        if not wanted:
            return
        for member, load in _walk(self.root, frozenset(wanted)):
            yield member.name.removeprefix(self._top), _loaded(load)
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
        return partial(_refuse, DataError(error.key, **error.fields))  # a new one: its traceback would hold the bytes
    return lambda: io.BytesIO(content)


def _refuse(error: DataError) -> BinaryIO:
    raise error
