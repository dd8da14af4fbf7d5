"""Weights as a plain ``.npz``: one array for each path, "dense/kernel", and nothing else. Read without pickle.

NumPy's own format, so that weights made anywhere else come in by ``np.savez("w.npz", **{"dense/kernel": W, ...})`` and
go out by ``np.load("w.npz")``. It has no hash and no architecture: the model file (``.safetensors``) has both.

Nothing in the file is believed: a name must be one that the model has, and its header must say the shape that the model
has there, before a single number is read; what unpacks to more than that is never unpacked.
"""

import io
import lzma
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from garasu.array import Array, Shape
from garasu.messages import FileError
from garasu.networks.model_file import put

SUFFIX = ".npz"
_MEMBER = ".npy"
_HEADER = 1 << 14
"""Bytes of a member that are read before its size is known; NumPy's own limit of a header is 10,000."""

_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    MemoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    SyntaxError,
    TokenError,
    TypeError,
    ValueError,
    struct.error,
)
"""What the readers of zip archives and of headers raise where a file is not what it should be."""


def names(paths: Sequence[str]) -> dict[str, str]:
    """The name in the file of each array by its path in the model: the path without the branch it stands in.

    Where a layer trains and keeps something of one name, both keep their whole path.

    Example:
        >>> names(["params/dense/kernel", "state/norm/mean"])
        {'dense/kernel': 'params/dense/kernel', 'norm/mean': 'state/norm/mean'}
    """
    counts = Counter(path.partition("/")[2] for path in paths)
    return {path if counts[bare := path.partition("/")[2]] > 1 else bare: path for path in paths}


def write(path: Path, arrays: Mapping[str, Array]) -> Path:
    """Write arrays under their names, whole or not at all.

    Raises:
        FileError: the folder cannot be written to, or what was written does not read back.
    """

    def fill(beside: Path) -> None:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            for name, array in arrays.items():
                info = zipfile.ZipInfo(name + _MEMBER)  # dated 1980: the same weights are the same file
                with archive.open(info, "w", force_zip64=True) as member:
                    npy.write_array(member, np.asarray(array, order="C"), allow_pickle=False)

    def check(beside: Path) -> None:
        found = read(beside, {name: array.shape for name, array in arrays.items()}, "-")
        if any(found[name].tobytes() != array.tobytes() for name, array in arrays.items()):
            raise FileError("files.changed", path=path)

    return put(path, fill, check)


def read(path: str | os.PathLike[str], wanted: Mapping[str, Shape], model: str) -> dict[str, Array]:
    """The arrays of a file, by name: exactly the ``wanted`` ones, each of its shape.

    Args:
        path: the file.
        wanted: the shape of each array by its name.
        model: whose weights are wanted, for sentences.

    Raises:
        FileError: missing, damaged, with objects in it, or with other names, shapes or kinds of numbers.
    """
    source = Path(path)
    if not source.is_file():
        raise FileError("files.missing", path=source)
    try:
        with zipfile.ZipFile(source) as archive:
            members = _members(archive)
            _check_names(source, members, wanted, model)
            return {name: _array(source, archive, members[name], name, shape) for name, shape in wanted.items()}
    except FileError:
        raise
    except _DAMAGE as error:
        raise FileError("weights.damaged", path=source, reason=_first_line(error)) from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What the archive holds, by the name of the array."""
    found = {info.filename.removesuffix(_MEMBER): info for info in archive.infolist()}
    if len(found) != len(archive.infolist()):
        twice = Counter(info.filename for info in archive.infolist()).most_common(1)[0][0]
        raise zipfile.BadZipFile(repr(twice))
    return found


def _check_names(path: Path, found: Mapping[str, Any], wanted: Mapping[str, Any], model: str) -> None:
    """Every name there, and no other."""
    missing, extra = [name for name in wanted if name not in found], [name for name in found if name not in wanted]
    if not missing and not extra:
        return
    fields = {"path": path, "model": model, "missing": _listed(missing), "extra": _listed(extra)}
    for name in missing:
        near = get_close_matches(name, extra, n=1, cutoff=0.6)
        if near:
            raise FileError("weights.names_near", name=name, near=near[0], **fields)
    raise FileError("weights.names", **fields)


def _listed(names: Sequence[str], shown: int = 8) -> str:
    """Names in one line: the first of many."""
    more = [f"... (+{len(names) - shown})"] if len(names) > shown else []
    return ", ".join([*names[:shown], *more]) or "-"


def _array(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, shape: Shape) -> Array:
    """One array, its header looked at before its numbers are."""
    with archive.open(info) as member:
        found, columns, dtype, rest = _header(member)
        if dtype.hasobject:
            raise FileError("weights.objects", path=path, name=name)
        if dtype.kind not in "iuf":
            raise FileError("weights.not_numbers", path=path, name=name, got=dtype)
        if found != tuple(shape):
            raise FileError("weights.shape", path=path, name=name, expected=tuple(shape), got=found)
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        content = rest + member.read(max(0, size - len(rest)))
        if len(content) != size or member.read(1):  # the last read also has the archive's checksum looked at
            raise EOFError(name)
    return np.frombuffer(content, dtype).reshape(shape, order="F" if columns else "C")


def _header(member: IO[bytes]) -> tuple[Shape, bool, np.dtype[Any], bytes]:
    """Shape, whether columns come first, type, and the bytes of numbers that were read along with them."""
    start = io.BytesIO(member.read(_HEADER))
    readers: dict[Any, Any] = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    version = npy.read_magic(start)
    shape, columns, dtype = readers.get(version, npy.read_array_header_2_0)(start)
    return shape, columns, dtype, start.read()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
