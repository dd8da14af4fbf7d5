"""MNIST: 60,000 training and 10,000 test images of handwritten digits, 28x28, from four IDX files on this machine.

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". The files are looked for as
``garasu.data.quartet`` says, directly in the folder of data sets or in its ``mnist`` subfolder. Each is known by the
SHA-256 of its unpacked bytes, and as published by that of its compressed ones.
"""

from pathlib import Path

import numpy as np

from garasu.array import Array
from garasu.data import idx, quartet
from garasu.data.dataset import Dataset
from garasu.data.download import Remote, Remotes
from garasu.messages import DataError
from garasu.pictures import DigitPreparation

VARIABLE = quartet.VARIABLE

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""The four files and the SHA-256 of each, unpacked."""

REMOTES = Remotes(
    mirrors=("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
    files=(
        Remote(
            "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
        ),
        Remote(
            "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
        ),
        Remote(
            "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
        ),
        Remote("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ),
)
"""The files as published, and public places that keep them."""


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
    """The folders looked in, in order; the last is where a download goes."""
    root = quartet.root()
    return root, root / "mnist"


def locate() -> Path | None:
    """The folder with the most of the four files, or None where there is not one of them."""
    return quartet.locate(candidates(), tuple(SHA256))


def missing() -> tuple[str, ...]:
    """The files that are not there, where some of the four are; nothing where none is, or all are."""
    return quartet.lacking(locate(), tuple(SHA256))


def _verified(folder: Path, name: str) -> Array:
    """One file's array, if its unpacked bytes are exactly the published ones."""
    path = quartet.find(folder, name)
    if path is None:
        raise DataError("data.mnist_file_missing", folder=folder, file=name)
    array, got = idx.read_hashed(path, quartet.LIMIT)
    if got != SHA256[name]:
        raise DataError("data.wrong_hash", path=path, expected=SHA256[name], got=got)
    array.flags.writeable = False
    return array
