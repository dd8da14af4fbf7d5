"""A data set in memory: images and labels for training and for testing, read-only, with a hash of the content."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from garasu.array import Array
from garasu.messages import DataError, text
from garasu.pictures import DigitPreparation


def content_hash(arrays: Iterable[Array]) -> str:
    """SHA-256 over the type, shape and little-endian bytes of each array in turn, as 64 hexadecimal digits.

    Example:
        >>> content_hash([np.zeros((1, 2), "uint8")])[:12]
        '33e8f4e6c462'
    """
    digest = sha256()
    for array in arrays:
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        digest.update(f"{array.dtype.name}{array.shape};".encode())
        digest.update(little.data.cast("B") if little.size else b"")
    return digest.hexdigest()


def sealed(array: NDArray[Any]) -> NDArray[Any]:
    """The array itself if nobody can write to it, else a read-only copy: what was hashed stays what is trained on."""
    array = np.asarray(array)
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def _hash_of(data: "Dataset") -> str:
    return content_hash((data.train_images, data.train_labels, data.test_images, data.test_labels))


@attrs.frozen(eq=False)
class Dataset:
    """Images and labels, split into training and test rows.

    Shapes: images uint8 (N, height, width), 0 is background and 255 full ink; labels int64 (N,), positions in
    ``class_names``. Arrays are read-only; a writable one that is handed in is copied. ``sha256`` is worked out from the
    four arrays, so that two runs can be known to have seen the same numbers. ``picture`` says how pictures from outside
    are made like these; None where nobody knows.

    Raises:
        DataError: a type or shape does not fit, or a label stands for no class.

    Example:
        >>> x, y = np.zeros((2, 28, 28), "uint8"), np.array([0, 1])
        >>> tiny = Dataset("tiny", x, y, x[:1], y[:1], ("no", "yes"))
        >>> tiny.image_shape, tiny.train_labels.flags.writeable, len(tiny.sha256)
        ((28, 28), False, 64)
    """

    name: str
    train_images: NDArray[np.uint8] = attrs.field(converter=sealed, repr=False)
    train_labels: NDArray[np.int64] = attrs.field(converter=sealed, repr=False)
    test_images: NDArray[np.uint8] = attrs.field(converter=sealed, repr=False)
    test_labels: NDArray[np.int64] = attrs.field(converter=sealed, repr=False)
    class_names: tuple[str, ...] = attrs.field(converter=tuple)
    picture: DigitPreparation | None = None
    sha256: str = attrs.field(init=False, default=attrs.Factory(_hash_of, takes_self=True))

    def __attrs_post_init__(self) -> None:
        self._check("training", self.train_images, self.train_labels)
        self._check("test", self.test_images, self.test_labels)
        if self.train_images.shape[1:] != self.test_images.shape[1:]:
            train, test = self.train_images.shape[1:], self.test_images.shape[1:]
            raise DataError("data.image_sizes", name=self.name, train=train, test=test)

    def _check(self, part: str, images: Array, labels: Array) -> None:
        said = {"name": self.name, "part": text(f"data.part_{part}")}
        if images.dtype != np.uint8 or images.ndim != 3:
            raise DataError("data.images", **said, dtype=images.dtype, shape=images.shape)
        if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            raise DataError("data.labels", **said, expected=images.shape[:1], dtype=labels.dtype, shape=labels.shape)
        wrong = np.flatnonzero((labels < 0) | (labels >= len(self.class_names)))
        if wrong.size:
            row, last = int(wrong[0]), len(self.class_names) - 1
            raise DataError("data.label_range", **said, last=last, row=row, label=int(labels[row]))

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of one image, in pixels."""
        return self.train_images.shape[1:]
