"""The data of a run: a data set by name, or pictures of one's own with the split that the run keeps."""

import os
from pathlib import Path
from typing import Any

from garasu import data
from garasu.data import folder
from garasu.data.folder import FolderSettings, Split
from garasu.data.picture_cache import TellPictures
from garasu.messages import FileError, SettingError
from garasu.models.run_settings import RunSettings
from garasu.pictures import PhotoPreparation
from garasu.train import run_folder

_SMALL = 32
"""Rows or columns: grey pictures up to this size go to the network that digits go to."""

_OF_FOLDERS = {"image_size": "size", "image_fit": "fit", "color": "color", "test_share": "test_share"}
"""What a run calls the settings of a folder, and what the folder does."""


def load(
    settings: RunSettings, split: Split | None = None, tell: TellPictures = lambda done, count: None
) -> data.Dataset:
    """The data set that the settings name, or the pictures in the folder or archive that they name.

    Raises:
        UnknownNameError: it is neither.
        SettingError: settings of a folder for a data set that has a name.
        FileError: a name that is no text.
    """
    values = {theirs: getattr(settings, ours) for ours, theirs in _OF_FOLDERS.items()}
    given = {name: value for name, value in values.items() if value is not None}
    if settings.data not in data.names() and _is_path(settings.data):
        _check_name(settings.data)
        return folder.load(settings.data, FolderSettings(seed=settings.seed, **given), split, tell)
    if given:
        setting = next(ours for ours, theirs in _OF_FOLDERS.items() if theirs in given)
        raise SettingError("runs.folder_only", setting=f"--{setting.replace('_', '-')}", data=settings.data)
    return data.load(settings.data)


def _check_name(name: str) -> None:
    """A run writes down where its pictures lie: that must be text."""
    try:
        str(Path(name).resolve()).encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        raise FileError("folders.no_text", path=shown) from error


def _is_path(name: str) -> bool:
    """Whether someone means a folder or a file by this name: it is there, or is written as one."""
    there = os.path.exists(name)  # noqa: PTH110 - Path.exists raises at names too long
    return there or "/" in name or "\\" in name or name.startswith((".", "~"))


def network_for(dataset: data.Dataset) -> str:
    """The network that suits pictures when none is named."""
    rows, columns, *color = dataset.image_shape
    return "photos" if color or max(rows, columns) > _SMALL else "c9"


def settled(dataset: data.Dataset) -> dict[str, Any]:
    """The settings of a folder that were left open, as they turned out; nothing for a data set that has a name."""
    if dataset.files is None or not isinstance(dataset.picture, PhotoPreparation):
        return {}
    made = dataset.picture
    return {
        "data": str(dataset.files.root.resolve()),
        "image_size": made.sides,
        "image_fit": made.fit,
        "color": "rgb" if made.color else "grey",
    }


def describe(dataset: data.Dataset) -> dict[str, Any]:
    """What run.json says of the data."""
    found: dict[str, Any] = {
        "name": dataset.name,
        "sha256": dataset.sha256,
        "split": "fixed" if dataset.files is None else run_folder.SPLIT,
        "classes": list(dataset.class_names),
        "train_rows": len(dataset.train_labels),
        "test_rows": len(dataset.test_labels),
    }
    if dataset.files is not None:
        counts = {"skipped": len(dataset.files.reasons), "copies": dataset.files.copies, "leaked": dataset.files.leaked}
        found["files"] = counts
    return found


def keep_split(dataset: data.Dataset, place: Path) -> None:
    """Write down which file went where, for pictures of one's own."""
    if dataset.files is not None:
        run_folder.write_file(place / run_folder.SPLIT, folder.write_split(dataset.files.split))


def kept_split(place: Path) -> Split | None:
    """The split that a run has kept; None for a data set that has a name.

    Raises:
        FileError: it is damaged.
    """
    path = place / run_folder.SPLIT
    if not path.is_file():
        return None
    try:
        return folder.read_split(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FileError("folders.no_split", path=path, reason=error) from error
