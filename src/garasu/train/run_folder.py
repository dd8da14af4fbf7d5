"""Run folders: plain files that say what was trained, on what, how, and what came out.

runs/NAME/run.json                     settings, seed, splits, versions, device, data hash; carries its own hash
runs/NAME/split.csv                    of pictures of one's own: which file was for training, which for testing
runs/NAME/metrics.csv                  the means of every epoch; can be made again from the checkpoint
runs/NAME/checkpoints/last.safetensors, best.safetensors
runs/NAME/figures/
"""

import csv
import errno
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from garasu.messages import FileError, RunError, nearest

RECORD = "run.json"
METRICS = "metrics.csv"
SPLIT = "split.csv"
LAST = Path("checkpoints") / "last.safetensors"
BEST = Path("checkpoints") / "best.safetensors"


def create(out: Path, stem: str, name: str | None = None) -> Path:
    """A new folder below ``out``: ``name``, or ``stem`` with the first free number.

    Raises:
        FileError: a run of that name exists already, or the folder cannot be made.
    """
    try:
        _folder(out)
        if name is not None:
            return _made(out / name)
        number = 1
        while True:
            try:
                return _made(out / f"{stem}-{number}")
            except FileExistsError:
                number += 1
    except FileExistsError as error:
        raise FileError("runs.exists", path=out / str(name)) from error
    except OSError as error:
        raise FileError("files.cannot_write", path=out, reason=error.strerror or str(error)) from error


def _folder(out: Path) -> None:
    """Make the folder of runs; a file in its place is no run of that name."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(error.errno, os.strerror(errno.ENOTDIR)) from error


def _made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "checkpoints").mkdir()
    (folder / "figures").mkdir()
    return folder


def now() -> str:
    """This moment in UTC, to the microsecond, as ISO 8601: run records sort by it."""
    return datetime.now(UTC).isoformat()


def _hash(record: Mapping[str, Any]) -> str:
    """SHA-256 over the record as Python's ``json`` writes it, keys sorted, no spaces: anyone can work it out again."""
    plain = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write run.json with its own SHA-256, in one step.

    Raises:
        FileError: the folder cannot be written to.
    """
    plain = {name: value for name, value in record.items() if name != "sha256"}
    sealed = {**plain, "sha256": _hash(plain)}
    text = msgspec.json.format(msgspec.json.encode(sealed), indent=2)
    write_file(folder / RECORD, text + b"\n")


def write_file(path: Path, content: bytes) -> None:
    """Write a file of a run folder, in one step.

    Raises:
        FileError: the folder cannot be written to.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise FileError("files.cannot_write", path=path, reason=error.strerror or str(error)) from error


def read_record(folder: Path) -> dict[str, Any]:
    """What run.json says.

    Raises:
        FileError: missing, not JSON, or changed since it was written.
    """
    path = folder / RECORD
    if not os.path.isfile(path):  # noqa: PTH113
        raise FileError("files.missing", path=path)
    try:
        record: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError) as error:
        raise FileError("runs.bad_record", path=path, reason=str(error)) from error
    found = record.pop("sha256", None)
    if found != _hash(record):
        raise FileError("runs.changed_record", path=path)
    return record


def write_metrics(folder: Path, epochs: Sequence[int], history: Mapping[str, Sequence[float]]) -> None:
    """Write metrics.csv anew from the history, in one step."""
    lines = [["epoch", *history]]
    lines += [[str(epoch + 1), *(repr(values[row]) for values in history.values())] for row, epoch in enumerate(epochs)]
    out = _Lines()
    csv.writer(out).writerows(lines)
    write_file(folder / METRICS, "".join(out.lines).encode())


def epochs_written(folder: Path) -> int:
    """How many epochs metrics.csv holds: those that a run has behind it, whatever became of it."""
    try:
        with (folder / METRICS).open(newline="", encoding="utf-8") as file:
            return max(sum(1 for _ in csv.reader(file)) - 1, 0)
    except (OSError, UnicodeDecodeError, csv.Error):  # cut before its first epoch was written down; or damaged
        return 0


class _Lines:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)


def names(out: Path) -> list[str]:
    """The runs below ``out``, oldest first.

    Raises:
        FileError: the folder cannot be read.
    """
    # os.path: of what may not be entered it says no, where Path.is_file and is_dir raise.
    if not os.path.isdir(out):  # noqa: PTH112
        return []
    try:
        found = [folder for folder in out.iterdir() if os.path.isfile(folder / RECORD)]  # noqa: PTH113
    except OSError as error:
        raise FileError("runs.unreadable", out=out, reason=error.strerror or str(error)) from error
    return [folder.name for folder in sorted(found, key=_created)]


def _created(folder: Path) -> tuple[str, str]:
    try:
        return str(read_record(folder).get("created", "")), folder.name
    except FileError:
        return "", folder.name


def find(out: Path, run: str | None = None) -> Path:
    """The folder of a run: by name below ``out``, by path, or the latest.

    Raises:
        RunError: there are no runs at all.
        UnknownNameError: none of this name; the nearest one is offered.
    """
    known = names(out)
    if run is None:
        if not known:
            raise RunError("runs.none", out=out)
        return out / known[-1]
    if run in known:
        return out / run
    if os.path.isfile(Path(run) / RECORD):  # noqa: PTH113
        return Path(run)
    if not known:
        raise RunError("runs.none", out=out)
    raise nearest("run", run, known)
