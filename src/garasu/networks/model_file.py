"""The model file: one ``.safetensors`` holding arrays and one JSON document, with a SHA-256 over both.

Written beside its place, flushed to disk, read back and compared, then moved into place in one step: a reader sees the
old file or the new one, whole, whatever happens meanwhile. No pickle, no code.
"""

# safetensors is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import glob
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from garasu.array import Array, Tree, paths
from garasu.messages import FileError, text

FORMAT = 1
_KEY = "garasu"
_SECONDS_UNTIL_ABANDONED = 3600.0


def digest(arrays: Mapping[str, Array], document: Mapping[str, Any]) -> str:
    """SHA-256 over the document (keys sorted) and every array's name, type, shape and bytes (names sorted).

    Example:
        >>> digest({}, {"a": 1})[:8]
        'f9d86028'
    """
    total = hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode())
    for name in sorted(arrays):
        array = np.asarray(arrays[name], order="C")
        total.update(f"{name} {array.dtype.str} {array.shape}".encode())
        total.update(array.data)
    return total.hexdigest()


def write(path: str | os.PathLike[str], tree: Tree, document: Mapping[str, Any]) -> Path:
    """Write a tree of arrays and a document; returns the path.

    Raises:
        FileError: the folder cannot be written to, or what was written does not read back.
    """
    target = Path(path)
    # Not ascontiguousarray, which makes (1,) of a number's shape ().
    arrays = {name: np.asarray(leaf, order="C") for name, leaf in paths(tree)}
    content = {"format": FORMAT, **document}
    sealed = {**content, "sha256": digest(arrays, content)}

    def fill(beside: Path) -> None:
        save_file(arrays, beside, metadata={_KEY: json.dumps(sealed, ensure_ascii=False)})

    return put(target, fill, lambda beside: _check_copy(beside, arrays, sealed))


def put(target: Path, fill: Callable[[Path], Any], check: Callable[[Path], Any]) -> Path:
    """A file whole or not at all: ``fill`` writes one beside it, ``check`` reads that back, then it takes its place.

    Raises:
        FileError: the folder cannot be written to, or ``check`` found something else than was written.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = _usual_mode(beside)
        fill(beside)
        beside.chmod(mode)  # safetensors makes files that only their owner can read
        _to_disk(beside)
        check(beside)
        beside.replace(target)
        _to_disk(target.parent)
    except FileError:
        beside.unlink(missing_ok=True)
        raise
    except (OSError, SafetensorError) as error:
        _remove(beside)
        raise FileError("files.cannot_write", path=target, reason=_reason(error)) from error
    _sweep(target)
    return target


def _usual_mode(path: Path) -> int:
    """The permissions this process gives to a new file; the file is left behind, empty."""
    path.touch()
    return stat.S_IMODE(path.stat().st_mode)


def _sweep(target: Path) -> None:
    """Remove what a killed process left beside ``target``; what is younger may be another process at work."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        try:
            if time.time() - left.stat().st_mtime > _SECONDS_UNTIL_ABANDONED:
                left.unlink()
        except OSError:  # someone else was quicker
            continue


def _check_copy(path: Path, arrays: Mapping[str, Array], sealed: Mapping[str, Any]) -> None:
    """Compare what stands on the disk with what was to be written."""
    found, document = _parts(path)
    # As text: NaN, which a history may hold, is not equal to itself.
    same = json.dumps(document, sort_keys=True) == json.dumps(sealed, sort_keys=True) and found.keys() == arrays.keys()
    if not same or any(found[name].tobytes() != arrays[name].tobytes() for name in arrays):
        raise FileError("files.changed", path=path)


def _parts(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Arrays and document of a file, not yet checked.

    Raises:
        FileError: it is not a whole model file.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        return arrays, dict(json.loads(metadata[_KEY]))
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise FileError("files.not_a_model", path=path, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # the folder itself may be what cannot be written to
        return


def _to_disk(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: str | os.PathLike[str]) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays by path and the document of a model file, checked against its hash.

    Raises:
        FileError: missing, unreadable, cut short, changed since it was written, or not a model file.
    """
    source = Path(path)
    if not source.is_file():
        raise FileError("files.missing", path=source)
    arrays, sealed = _parts(source)
    found, version = sealed.pop("sha256", None), sealed.get("format")
    if not isinstance(version, int):
        raise FileError("files.not_a_model", path=source, reason=text("files.no_format"))
    if version > FORMAT:
        raise FileError("files.newer", path=source, found=version, known=FORMAT)
    if found != digest(arrays, sealed):
        raise FileError("files.changed", path=source)
    return arrays, sealed


def tree_of(arrays: Mapping[str, Array], branch: str) -> Tree:
    """The arrays whose path begins with ``branch``, as a tree.

    Example:
        >>> tree_of({"params/dense/bias": 1, "state/x/y": 2}, "params")
        {'dense': {'bias': 1}}
    """
    tree: dict[str, Any] = {}
    for path, array in arrays.items():
        first, *between, last = path.split("/")
        if first == branch:
            place = tree
            for name in between:
                place = place.setdefault(name, {})
            place[last] = array
    return tree
