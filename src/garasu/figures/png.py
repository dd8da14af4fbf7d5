"""A figure as a PNG file, whole or not at all."""

import os
from pathlib import Path

from matplotlib.figure import Figure

from garasu.figures import style
from garasu.messages import FileError, SettingError


def save(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write a figure as PNG: beside its place, then moved there in one step. Folders on the way are made.

    Raises:
        SettingError: the path does not end in ``.png``.
        FileError: the file cannot be written; what was there before still is.

    Example:
        >>> import tempfile
        >>> save(style.figure(1, 1), tempfile.mkdtemp() + "/new/empty.png").name
        'empty.png'
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise SettingError("figures.not_png", path=target)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            figure.savefig(file, format="png", dpi=style.DPI)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        raise FileError("files.cannot_write", path=target, reason=error.strerror or error) from error
    finally:
        _remove(beside)
    return target


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # a folder that cannot be written to holds no half file either
        return
