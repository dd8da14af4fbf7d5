"""Pictures in a file: all of one size, read row by row when they are asked for, so that memory holds a batch of them.

It answers as an array does where rows are taken: ``len``, ``shape``, ``dtype``, ``x[3]``, ``x[10:20]``, ``x[[4, 1]]``.
"""

import hashlib
import io
import math
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from garasu.array import Array, Shape
from garasu.messages import FileError


@frozen(eq=False)
class _File:
    """An open file; a place in it and what is read from there belong together, whatever thread asks."""

    path: Path
    stream: io.FileIO
    lock: Any = field(factory=threading.Lock)

    def read_into(self, target: memoryview, offset: int) -> None:
        try:
            with self.lock:
                self.stream.seek(offset)
                while len(target) and (got := self.stream.readinto(target)):  # one read ends at two gigabytes
                    target = target[got:]
        except OSError as error:
            raise FileError("data.unreadable", path=self.path, reason=error.strerror or error) from error
        if len(target):
            raise FileError("folders.cache_cut", path=self.path)


@frozen(eq=False)
class StoredPictures:
    """uint8 pictures (N, Y, X) or (N, Y, X, 3) in a file; ``rows`` are the numbers of those in the file that it shows.

    ``digests``: ``digest_of`` each picture in the file; where there are none, they are worked out when asked for.

    Raises:
        FileError: the file cannot be read, or ends early.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "pictures.u8"
        >>> _ = path.write_bytes(bytes(range(12)))
        >>> stored = StoredPictures.open(path, (2, 2), count=3)
        >>> stored.shape, stored[[2, 0]].tolist(), stored.take([1])[0].tolist()
        ((3, 2, 2), [[[8, 9], [10, 11]], [[0, 1], [2, 3]]], [[4, 5], [6, 7]])
    """

    _file: _File
    picture_shape: Shape
    rows: Array
    digests: Sequence[str] = ()

    @classmethod
    def open(
        cls, path: str | os.PathLike[str], shape: Shape, count: int, digests: Sequence[str] = ()
    ) -> "StoredPictures":
        """The first ``count`` pictures of ``shape`` in a file.

        Raises:
            FileError: the file cannot be read.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise FileError("data.unreadable", path=path, reason=error.strerror or error) from error
        # Unbuffered: rows lie anywhere, and a read reads just what was asked for. Open as long as someone has pictures.
        file = _File(Path(path), io.FileIO(descriptor, closefd=False))
        weakref.finalize(file, os.close, descriptor)
        return cls(file, tuple(shape), np.arange(count), digests)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> Shape:
        """As an array's: the number of pictures, rows, columns and, in colour, 3."""
        return (len(self.rows), *self.picture_shape)

    @property
    def ndim(self) -> int:
        """As an array's."""
        return 1 + len(self.picture_shape)

    @property
    def dtype(self) -> np.dtype[np.uint8]:
        """As an array's: bytes."""
        return np.dtype(np.uint8)

    @property
    def each(self) -> int:
        """The bytes of one picture."""
        return math.prod(self.picture_shape)

    def take(self, rows: Sequence[int] | Array) -> "StoredPictures":
        """Some of these pictures, still in the file."""
        wanted = np.asarray(rows)
        wanted = wanted if wanted.size else wanted.astype(np.int64)  # an empty list is one of floats to NumPy
        return StoredPictures(self._file, self.picture_shape, self.rows[wanted], self.digests)

    def __getitem__(self, index: Any) -> Array:
        """The pictures at ``index``, read now: a number, a slice, numbers or a mask."""
        wanted = np.asarray(self.rows[index], dtype=np.int64)
        return self._read(wanted.ravel()).reshape(*wanted.shape, *self.picture_shape)

    def _read(self, rows: Array) -> Array:
        out = np.empty((len(rows), *self.picture_shape), dtype=np.uint8)
        if not out.size:
            return out
        flat: Any = memoryview(out.reshape(len(rows), -1))  # pyright: ignore[reportArgumentType] - arrays are buffers
        # Neighbours in the file are read at once.
        starts = np.flatnonzero(np.diff(rows, prepend=rows[0] - 2) != 1)
        for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
            self._file.read_into(flat[start:stop].cast("B"), int(rows[start]) * self.each)
        return out

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """All of them in memory, where someone insists on an array."""
        found = self[:]
        return found if dtype is None else found.astype(dtype, copy=False)

    def identity(self) -> bytes:
        """32 bytes that stand for these pictures in this order, wherever in the file they lie."""
        total = hashlib.sha256(f"{self.shape};".encode())
        for row in range(len(self)):
            digest = self.digests[int(self.rows[row])] if self.digests else digest_of(self[row])
            total.update(digest.encode())
        return total.digest()


def digest_of(picture: Array) -> str:
    """A hash that stands for a picture's bytes: 32 hexadecimal digits.

    Example:
        >>> digest_of(np.zeros((2, 2), dtype=np.uint8))
        'df3f619804a92fdb4057192dc43dd748'
    """
    return hashlib.sha256(np.ascontiguousarray(picture).data).hexdigest()[:32]


def rows_of(array: Array | StoredPictures, rows: Array) -> Array | StoredPictures:
    """Some rows: of an array now, of stored pictures when they are asked for."""
    return array.take(rows) if isinstance(array, StoredPictures) else array[rows]
