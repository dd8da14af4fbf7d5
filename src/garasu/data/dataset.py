"""A data set in memory: images and labels for training and for testing, read-only, with a hash of the content."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from garasu.array import Array
from garasu.data.stored import StoredPictures
from garasu.messages import DataError, text
from garasu.pictures import PicturePreparation


def content_hash(arrays: Iterable[Array | StoredPictures]) -> str:
    """SHA-256 over the type, shape and little-endian bytes of each array in turn, as 64 hexadecimal digits.

    For stored pictures a hash stands that was taken of their bytes when they were stored.

    Example:
        >>> content_hash([np.zeros((1, 2), "uint8")])[:12]
        '33e8f4e6c462'
    """
    digest = sha256()
    for array in arrays:
        if isinstance(array, StoredPictures):
            digest.update(array.identity())
            continue
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        digest.update(f"{array.dtype.name}{array.shape};".encode())
        digest.update(little.data.cast("B") if little.size else b"")
    return digest.hexdigest()


def sealed(array: Any) -> Any:
    """The array itself if nobody can write to it, else a read-only copy: what was hashed stays what is trained on."""
    if isinstance(array, StoredPictures):
        return array
    array = np.asarray(array)
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def _hash_of(data: "Dataset") -> str:
    return content_hash((data.train_images, data.train_labels, data.test_images, data.test_labels))


@attrs.frozen(eq=False)
class Files:
    """The files below ``root`` that a data set was made of.

    ``split``: (part, class, name) of each, sorted by name; part is "train", "test" or "skipped". ``reasons``: by name
    why a file was skipped. ``copies``: how many pictures are the same as an earlier one, once prepared; ``leaked``: how
    many for testing are the same as one for training.
    """

    root: Path
    split: tuple[tuple[str, str, str], ...] = attrs.field(repr=False)
    reasons: Mapping[str, str] = attrs.field(factory=dict[str, str])
    copies: int = 0
    leaked: int = 0

    def names(self, part: str) -> list[str]:
        """The names of the files in a part, in the order of the data set's rows."""
        return [name for found, _, name in self.split if found == part]


@attrs.frozen(eq=False)
class Dataset:
    """Images and labels, split into training and test rows.

    Shapes: images uint8, grey (N, height, width), 0 is background and 255 full ink, or in colour (N, height, width, 3);
    arrays, or ``StoredPictures`` where memory should not hold them all; labels int64 (N,), positions in
    ``class_names``. Arrays are read-only; a writable one that is handed in is copied. ``sha256`` is worked out from the
    four arrays, so that two runs can be known to have seen the same numbers. ``picture`` says how pictures from outside
    are made like these; None where nobody knows. ``files`` are those that the pictures came from, where there are any.

    Raises:
        DataError: a type or shape does not fit, or a label stands for no class.

    Example:
        >>> x, y = np.zeros((2, 28, 28), "uint8"), np.array([0, 1])
        >>> tiny = Dataset("tiny", x, y, x[:1], y[:1], ("no", "yes"))
        >>> tiny.image_shape, tiny.train_labels.flags.writeable, len(tiny.sha256)
        ((28, 28), False, 64)
    """

    name: str
    train_images: NDArray[np.uint8] | StoredPictures = attrs.field(converter=sealed, repr=False)
    train_labels: NDArray[np.int64] = attrs.field(converter=sealed, repr=False)
    test_images: NDArray[np.uint8] | StoredPictures = attrs.field(converter=sealed, repr=False)
    test_labels: NDArray[np.int64] = attrs.field(converter=sealed, repr=False)
    class_names: tuple[str, ...] = attrs.field(converter=tuple)
    picture: PicturePreparation | None = None
    files: Files | None = attrs.field(default=None, repr=False)
    sha256: str = attrs.field(init=False, default=attrs.Factory(_hash_of, takes_self=True))

    def __attrs_post_init__(self) -> None:
        self._check("training", self.train_images, self.train_labels)
        self._check("test", self.test_images, self.test_labels)
        if self.train_images.shape[1:] != self.test_images.shape[1:]:
            train, test = self.train_images.shape[1:], self.test_images.shape[1:]
            raise DataError("data.image_sizes", name=self.name, train=train, test=test)

    def _check(self, part: str, images: Array | StoredPictures, labels: Array) -> None:
        said = {"name": self.name, "part": text(f"data.part_{part}")}
        if images.dtype != np.uint8 or not (images.ndim == 3 or images.shape[3:] == (3,)):
            raise DataError("data.images", **said, dtype=images.dtype, shape=images.shape)
        if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            raise DataError("data.labels", **said, expected=images.shape[:1], dtype=labels.dtype, shape=labels.shape)
        wrong = np.flatnonzero((labels < 0) | (labels >= len(self.class_names)))
        if wrong.size:
            row, last = int(wrong[0]), len(self.class_names) - 1
            raise DataError("data.label_range", **said, last=last, row=row, label=int(labels[row]))

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Height and width of one image in pixels, and 3 where it is in colour."""
        return self.train_images.shape[1:]
