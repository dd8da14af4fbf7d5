"""Four IDX files that make a data set of MNIST's kind: where they lie, and which are there.

They are looked for in the folder that the environment variable ``GARASU_DATA`` names, or else in the user's data
folder; each as published (``.gz``) or unpacked.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import platformdirs

VARIABLE = "GARASU_DATA"
"""The environment variable that names the folder of data sets."""

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""What the four are called, here and everywhere: training images and labels, test images and labels."""

LIMIT = 1 << 26
"""Bytes one file may unpack to: 64 MiB; the largest has 47 million."""


def root() -> Path:
    """The folder of data sets: the one of ``GARASU_DATA`` if it is set, else the user's data folder."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("garasu", appauthor=False)


def locate(folders: Iterable[Path], names: Sequence[str] = FILES) -> Path | None:
    """The folder with the most of the files, or None where there is not one of them."""
    counts = {folder: sum(find(folder, name) is not None for name in names) for folder in folders}
    best = max(counts, key=lambda folder: counts[folder])  # the first of equals
    return best if counts[best] else None


def lacking(folder: Path | None, names: Sequence[str] = FILES) -> tuple[str, ...]:
    """The files that a folder does not have; nothing where there is no folder."""
    return () if folder is None else tuple(name for name in names if find(folder, name) is None)


def find(folder: Path, name: str) -> Path | None:
    """The file as it is or as ``.gz``, whichever is there; the unpacked one first, it is quicker to read."""
    forms = (folder / name, folder / f"{name}.gz")
    # os.path: of a folder that may not be entered it says no, where Path.is_file raises.
    return next((path for path in forms if os.path.isfile(path)), None)  # noqa: PTH113
