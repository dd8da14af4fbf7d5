"""Fashion-MNIST: 60,000 training and 10,000 test pictures of clothes, 28x28, in MNIST's files and format.

Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
algorithms" (2017); MIT licence. The files are looked for in the folders ``fashion_mnist`` and ``fashion-mnist`` of the
folder of data sets (see ``garasu.data.quartet``), as published (``.gz``): by the hash of that form they are known.
"""

from pathlib import Path

import numpy as np

from garasu.array import Array
from garasu.data import idx, quartet
from garasu.data.dataset import Dataset
from garasu.data.download import Remote, Remotes, is_whole
from garasu.messages import DataError

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

REMOTES = Remotes(
    mirrors=(
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    files=(
        Remote(
            "train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
        ),
        Remote(
            "train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
        ),
        Remote(
            "t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
        ),
        Remote("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ),
)
"""The files as published, and public places that keep them."""


_NAMES = tuple(file.name for file in REMOTES.files)  # packed, for only so their hashes are known


def load() -> Dataset:
    """Fashion-MNIST as a data set, every file checked against its hash.

    Raises:
        DataError: files are missing, damaged, or not Fashion-MNIST's.
        FileError: a file cannot be read.
    """
    where = locate()
    if where is None:
        raise DataError("data.fashion_missing", folders=", ".join(map(str, candidates())))
    train_images, train_labels, test_images, test_labels = (_verified(where, file) for file in REMOTES.files)
    labels = (train_labels.astype(np.int64), test_labels.astype(np.int64))
    return Dataset("fashion_mnist", train_images, labels[0], test_images, labels[1], CLASS_NAMES)


def candidates() -> tuple[Path, ...]:
    """The folders looked in, in order; the last is where a download goes."""
    root = quartet.root()
    return root / "fashion-mnist", root / "fashion_mnist"


def locate() -> Path | None:
    """The folder with the most of the four files, or None where there is not one of them."""
    return quartet.locate(candidates(), _NAMES)


def missing() -> tuple[str, ...]:
    """The files that are not there, where some of the four are; nothing where none is, or all are."""
    return quartet.lacking(locate(), _NAMES)


def _verified(folder: Path, file: Remote) -> Array:
    """One file's array, if it is exactly the published one."""
    path = folder / file.name
    if not path.is_file():
        raise DataError("data.fashion_file_missing", folder=folder, file=file.name)
    if not is_whole(path, file):
        raise DataError("data.not_as_published", path=path, expected=file.sha256)
    array = idx.read(path, quartet.LIMIT)
    array.flags.writeable = False
    return array
