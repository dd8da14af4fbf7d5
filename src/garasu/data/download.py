"""Fetching a data set's files: only when someone asks, from public mirrors, each file known by its size and SHA-256.

A file is written beside its place while it comes in, and moved there only when it is whole and its hash is right: one
that was cut off or changed on its way is never used, and is not left behind. A mirror that fails is followed by the
next.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from ssl import SSLError
from urllib.error import URLError
from urllib.request import Request, urlopen

from attrs import frozen

from garasu.messages import DataError, FileError, text

Tell = Callable[[str, int, int], None]
"""Called with a file's name, how many bytes have come, and how many it has."""

SECONDS = 30.0
"""How long a mirror may stay silent."""

_PIECE = 1 << 18


@frozen
class Remote:
    """A file as it is published: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@frozen
class Remotes:
    """The files of a data set, and the addresses below which each mirror keeps all of them."""

    mirrors: tuple[str, ...]
    files: tuple[Remote, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def fetch(remotes: Remotes, folder: Path, tell: Tell = lambda name, done, size: None) -> list[Path]:
    """Fetch the files that ``folder`` does not hold whole; answers with the paths of all.

    Raises:
        DataError: no mirror gave a file whole; the sentence says why, and how to go on without a network.
        FileError: the folder cannot be written to.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "there").write_bytes(b"abc")
        >>> kept = Remote("there", 3, sha256(b"abc").hexdigest())
        >>> [path.name for path in fetch(Remotes((), (kept,)), folder)]
        ['there']
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_fetched(remotes.mirrors, file, folder / file.name, tell) for file in remotes.files]
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError("files.cannot_write", path=folder, reason=error.strerror or str(error)) from error


def is_whole(path: Path, file: Remote) -> bool:
    """Whether a file on this machine is exactly the published one."""
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as opened:
        digest = sha256()
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest() == file.sha256


def _fetched(mirrors: tuple[str, ...], file: Remote, path: Path, tell: Tell) -> Path:
    """The file in its place, from the first mirror that gives it whole."""
    if is_whole(path, file):
        return path
    reasons: list[str] = []
    for mirror in mirrors:
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            reason = _received(mirror + file.name, file, part, tell)
            if reason is None:
                part.replace(path)
                return path
            reasons.append(f"{mirror}: {reason}")
        finally:
            part.unlink(missing_ok=True)
    raise DataError("data.download_failed", file=file.name, reasons="; ".join(reasons))


def _received(address: str, file: Remote, part: Path, tell: Tell) -> str | None:
    """Write what a mirror sends into ``part``; None if it was the file, else what was wrong with it."""
    digest, done = sha256(), 0
    request = Request(address, headers={"User-Agent": "garasu"})  # noqa: S310 - the addresses are ours
    with part.open("wb") as out:
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                while done <= file.size and (piece := answer.read(_PIECE)):
                    done += len(piece)
                    digest.update(piece)
                    out.write(piece)
                    tell(file.name, done, file.size)
        except (URLError, HTTPException, TimeoutError, ConnectionError, SSLError, ValueError) as error:
            return str(getattr(error, "reason", None) or error or type(error).__name__)
        out.flush()
        os.fsync(out.fileno())
    if done != file.size:
        return text("data.wrong_size", expected=file.size, got=done)
    return None if digest.hexdigest() == file.sha256 else text("data.changed_on_the_way")
