"""MNIST: 60,000 training and 10,000 test images of handwritten digits, 28x28, from four IDX files on this machine.

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". The files are looked for in the
folder that the environment variable ``GARASU_DATA`` names, or else in the user's data folder; in both, directly or in
its ``mnist`` subfolder; each as published (``.gz``) or unpacked. Each is known by the SHA-256 of its unpacked bytes.
"""

import os
from pathlib import Path

import numpy as np
import platformdirs

from garasu.array import Array
from garasu.data import idx
from garasu.data.dataset import Dataset
from garasu.messages import DataError
from garasu.pictures import DigitPreparation

VARIABLE = "GARASU_DATA"
"""The environment variable that names the folder of data sets."""

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""The four files and the SHA-256 of each, unpacked."""

LIMIT = 1 << 26
"""Bytes one file may unpack to: 64 MiB; the largest has 47 million."""


def load() -> Dataset:
    """MNIST as a data set, every file checked against its hash.

    Raises:
        DataError: files are missing, damaged, or not MNIST's.
        FileError: a file cannot be read.
    """
    where = locate()
    if where is None:
        raise DataError("data.mnist_missing", folders=", ".join(map(str, candidates())))
    train_images, train_labels, test_images, test_labels = (_verified(where, name) for name in SHA256)
    return Dataset(
        "mnist",
        train_images,
        train_labels.astype(np.int64),
        test_images,
        test_labels.astype(np.int64),
        tuple("0123456789"),
        DigitPreparation(),
    )


def candidates() -> tuple[Path, ...]:
    """The folders looked in, in order: those of ``GARASU_DATA`` if it is set, else those of the user's data folder."""
    chosen = os.environ.get(VARIABLE)
    root = Path(chosen).expanduser() if chosen else platformdirs.user_data_path("garasu", appauthor=False)
    return root, root / "mnist"


def locate() -> Path | None:
    """The folder with the most of the four files, or None where there is not one of them."""
    counts = {folder: sum(_file(folder, name) is not None for name in SHA256) for folder in candidates()}
    best = max(counts, key=lambda folder: counts[folder])  # the first of equals
    return best if counts[best] else None


def missing() -> tuple[str, ...]:
    """The files that are not there, where some of the four are; nothing where none is, or all are."""
    where = locate()
    return () if where is None else tuple(name for name in SHA256 if _file(where, name) is None)


def _file(folder: Path, name: str) -> Path | None:
    """The file as it is or as ``.gz``, whichever is there; the unpacked one first, it is quicker to read."""
    forms = (folder / name, folder / f"{name}.gz")
    # os.path: of a folder that may not be entered it says no, where Path.is_file raises.
    return next((path for path in forms if os.path.isfile(path)), None)  # noqa: PTH113


def _verified(folder: Path, name: str) -> Array:
    """One file's array, if its unpacked bytes are exactly the published ones."""
    path = _file(folder, name)
    if path is None:
        raise DataError("data.mnist_file_missing", folder=folder, file=name)
    array, got = idx.read_hashed(path, LIMIT)
    if got != SHA256[name]:
        raise DataError("data.wrong_hash", path=path, expected=SHA256[name], got=got)
    array.flags.writeable = False
    return array
