"""The IDX format of MNIST's files, read strictly: every byte must be accounted for.

Format (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"): two zero bytes, one byte for the
type, one for the number of axes, then the axes as big-endian uint32, then the numbers, big-endian, last axis fastest.

Nothing is allocated on the word of the header: what it declares is held against a limit and, for a plain file, against
the file's size; a gzip stream is unpacked in pieces and never further than one byte past the declared end.
"""

import gzip
import math
import os
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from garasu.array import Array
from garasu.messages import DataError, FileError

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""NumPy's name of each type code."""

LIMIT = 1 << 30
"""Bytes that one array may take if the caller names no other limit: 1 GiB."""

MAX_AXES = 64
"""NumPy holds no more axes than this; the format could declare 255."""

PIECE = 1 << 20
"""Bytes read at a time."""

GZIP_MAGIC = b"\x1f\x8b"


def read(path: str | os.PathLike[str], limit: int = LIMIT) -> Array:
    """The array of an IDX file, gzip-compressed or not (told by its first bytes, not by its name).

    Args:
        path: the file.
        limit: bytes the array may take at most.

    Raises:
        DataError: the file is not exactly one IDX array, or a larger one than ``limit``.
        FileError: the file cannot be opened or read.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "two").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]))
        ...     read(Path(folder, "two"))
        array([7, 9], dtype=uint8)
    """
    return read_hashed(path, limit)[0]


def read_hashed(path: str | os.PathLike[str], limit: int = LIMIT) -> tuple[Array, str]:
    """The array as ``read`` gives it, and the SHA-256 of the uncompressed file as hexadecimal digits."""
    path = Path(path)
    with _opened(path) as (stream, size):
        header, dtype, shape = _header(stream, path)
        expected = _checked_size(path, shape, dtype, limit)
        if size is not None:
            _compare(path, expected, size - len(header))
        content = _content(stream, expected)
    _compare(path, expected, len(content))
    digest = sha256(header)
    digest.update(content)
    numbers = np.frombuffer(content, dtype).reshape(shape)
    return numbers.astype(dtype.newbyteorder("="), copy=False), digest.hexdigest()


@contextmanager
def _opened(path: Path) -> Generator[tuple[BinaryIO, int | None]]:
    """The uncompressed bytes as a stream, with their number where it is known before reading (plain files)."""
    try:
        with path.open("rb") as file:
            zipped = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            if zipped:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield cast(BinaryIO, unpacked), None
            else:
                yield file, os.fstat(file.fileno()).st_size
    except EOFError as error:
        raise DataError("data.gzip_truncated", path=path) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError("data.gzip_damaged", path=path, reason=error) from error
    except OSError as error:
        raise FileError("data.unreadable", path=path, reason=error.strerror or error) from error


def _header(stream: BinaryIO, path: Path) -> tuple[bytes, np.dtype, tuple[int, ...]]:
    """The header's bytes, the type and the shape that they declare."""
    magic = stream.read(4)
    if len(magic) < 4:
        raise DataError("data.idx_short_header", path=path, expected=4, got=len(magic))
    if magic[:2] != b"\0\0":
        raise DataError("data.idx_magic", path=path, got=magic.hex(" "))
    code, axes = magic[2], magic[3]
    if code not in TYPES:
        known = ", ".join(f"0x{known:02x}" for known in TYPES)
        raise DataError("data.idx_type", path=path, known=known, got=f"0x{code:02x}")
    if not 1 <= axes <= MAX_AXES:
        raise DataError("data.idx_axes", path=path, most=MAX_AXES, got=axes)
    sizes = stream.read(4 * axes)
    if len(sizes) < 4 * axes:
        raise DataError("data.idx_short_header", path=path, expected=4 + 4 * axes, got=4 + len(sizes))
    return magic + sizes, np.dtype(TYPES[code]), tuple(np.frombuffer(sizes, ">u4").tolist())


def _checked_size(path: Path, shape: tuple[int, ...], dtype: np.dtype, limit: int) -> int:
    """Bytes that the header declares, after holding them against the limit (an axis of 0 hides no huge neighbour)."""
    if dtype.itemsize * math.prod(max(1, size) for size in shape) > limit:
        declared = " x ".join(map(str, shape))
        raise DataError("data.idx_too_large", path=path, shape=declared, bytes=dtype.itemsize, limit=limit)
    return dtype.itemsize * math.prod(shape)


def _content(stream: BinaryIO, expected: int) -> bytearray:
    """All bytes after the header, but no more than one too many; asking for that one also checks gzip's own sum."""
    content = bytearray()
    while piece := stream.read(min(PIECE, expected + 1 - len(content))):
        content += piece
    return content


def _compare(path: Path, expected: int, got: int) -> None:
    """Fewer bytes than declared are a truncated file, more are a file that holds something else too."""
    if got < expected:
        raise DataError("data.idx_truncated", path=path, expected=expected, got=got)
    if got > expected:
        raise DataError("data.idx_trailing", path=path, expected=expected)
