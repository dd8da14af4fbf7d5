"""1,797 real handwritten digits that come with scikit-learn, so that there is always something to train on.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI repository, 1998 (its test part):
8x8 pixels, each the number of set points (0-16) of a 4x4 block of a 32x32 scan. Two forms: as they are, and resized to
MNIST's 28x28, which the networks for MNIST take. Values 0-16 become 0-255 by rounding 255 v / 16, halves upward.

Resizing is Pillow's bicubic. Looked at side by side, bilinear and Hamming leave the blocks visible; bicubic and Lanczos
both give smooth strokes, but Lanczos swings about them and spreads a haze of faint values (1-25) over 25 % of all
pixels where bicubic has 13 %.

They are read from scikit-learn's data file and known by their hash; scikit-learn itself takes seconds to import.
"""

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image

from garasu.array import Array
from garasu.data.dataset import Dataset, content_hash
from garasu.messages import DataError
from garasu.pictures import DigitPreparation

SALT = "garasu/digits"
"""Fixed for ever: with a row's index it decides on which side of the split the row stands."""

SOURCE_SHA256 = "1a62f0290086ac982f78a956c812b322de2a6515e05bbf42fba1fa18e3baf95f"
"""``content_hash`` of all 1,797 images (uint8, 0-255, 8x8) and labels (int64) in scikit-learn's order."""

SIDE = 28


def load() -> Dataset:
    """The digits resized to 28x28: 1,438 training and 359 test images.

    Raises:
        DataError: scikit-learn's copy is not the one known.
    """
    images, labels = source()
    return _divided("digits", np.stack([_resized(image) for image in images]), labels)


def load_8x8() -> Dataset:
    """The digits as they are, 8x8, split into the same rows.

    Raises:
        DataError: scikit-learn's copy is not the one known.
    """
    return _divided("digits-8x8", *source())


def source() -> tuple[Array, Array]:
    """All images, uint8 (1797, 8, 8), and labels, int64 (1797,), in scikit-learn's order, their hash checked."""
    table = _table().astype(np.int64)
    images = ((table[:, :-1].reshape(-1, 8, 8) * 255 + 8) // 16).astype(np.uint8)
    labels = table[:, -1].copy()
    got = content_hash((images, labels))
    if got != SOURCE_SHA256:
        raise DataError("data.digits_changed", expected=SOURCE_SHA256, got=got)
    return images, labels


def locate() -> Path | None:
    """scikit-learn's data folder, found without importing scikit-learn."""
    spec = find_spec("sklearn")
    return Path(spec.origin).parent / "datasets" / "data" if spec and spec.origin else None


def _table() -> Array:
    """Rows of 64 pixels and the class: scikit-learn's file, or scikit-learn's answer where it keeps them otherwise."""
    path = (locate() or Path()) / "digits.csv.gz"
    if path.is_file():
        return np.loadtxt(path, delimiter=",")
    from sklearn.datasets import load_digits  # pyright: ignore[reportMissingTypeStubs]  # noqa: PLC0415 - slow

    bunch = cast(Any, load_digits())
    return np.column_stack([bunch.data, bunch.target])


def split(labels: Array) -> tuple[Array, Array]:
    """Row indices (training, test), ascending: a fifth of each class is for testing, the same rows for ever.

    The rows of a class stand in the order of SHA-256(salt:row), which no library's version can change; the first fifth,
    rounded to the nearest row, are test rows.

    Example:
        >>> train, test = split(np.repeat([0, 1], 10))
        >>> len(train), len(test), sorted(set(test // 10))
        (16, 4, [np.int64(0), np.int64(1)])
    """
    test = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = sorted(np.flatnonzero(labels == label).tolist(), key=_rank)
        test[rows[: (len(rows) + 2) // 5]] = True
    return np.flatnonzero(~test), np.flatnonzero(test)


def _rank(row: int) -> bytes:
    return sha256(f"{SALT}:{row}".encode()).digest()


def _resized(image: Array) -> Array:
    return np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _divided(name: str, images: Array, labels: Array) -> Dataset:
    train, test = split(labels)
    side = images.shape[1]
    # Their makers cut each digit out and filled the whole square with it.
    prepared = DigitPreparation(side=side, inner=side, mass=False)
    return Dataset(name, images[train], labels[train], images[test], labels[test], tuple("0123456789"), prepared)
