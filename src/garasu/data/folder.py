"""Pictures of one's own as a data set: a folder (or an archive) with a folder for each class.

What is for testing is a share of each class, drawn from the seed, unless the folders say it. Copies of one picture
stay on one side. A run keeps its split and asks for the same one later, whatever has come into the folder since.
"""

import csv
import io
import os
import warnings
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from garasu.array import Array
from garasu.data import archive
from garasu.data.dataset import Dataset, Files
from garasu.data.decoding import decoded, said
from garasu.data.layout import Placed, layout
from garasu.data.picture_cache import Decoded, TellPictures, decode_once
from garasu.data.sources import Folder, Item, Source
from garasu.data.splits import validation_rows
from garasu.messages import DataError, FileError, GarasuError, SettingError
from garasu.pictures import PhotoPreparation, Picture
from garasu.settings import as_tuple, fraction, must_be, one_of, pair_of_counts

COLORS = ("auto", "grey", "rgb")

_LOOKED_AT = 32
"""Files that are looked at to choose a size and whether there is colour."""

_KEPT_SIDE, _USUAL_SIDE = 128, 64
"""Pictures of one size up to the first stay as they are; else all are brought to the second."""

_SHARE = 0.2  # of each class, for testing

_SPREAD = 8  # channels that lie no further apart are grey that was stored as colour


@attrs.frozen
class FolderSettings:
    """How a folder becomes a data set. ``size``: (rows, columns), or None for one that fits; ``color``: "auto", ...

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> FolderSettings(size=(48, 64), color="grey").fit
        'stretch'
    """

    size: tuple[int, int] | None = attrs.field(
        default=None, converter=as_tuple, validator=attrs.validators.optional(pair_of_counts)
    )
    color: str = attrs.field(default="auto", validator=one_of(*COLORS))
    fit: str = attrs.field(default="stretch", validator=one_of("stretch", "crop", "pad"))
    test_share: float | None = attrs.field(
        default=None, validator=attrs.validators.optional([fraction, must_be("settings.positive", lambda v: v > 0)])
    )
    seed: int = 0


Split = Sequence[tuple[str, str, str]]
"""(part, class, file) of every file: part is train, test or skipped."""


def load(
    path: str | Path,
    settings: FolderSettings | None = None,
    split: Split | None = None,
    tell: TellPictures = lambda done, count: None,
) -> Dataset:
    """The pictures below ``path`` as a data set; ``split`` is one that was kept.

    Raises:
        DataError: fewer than two classes, a class without a readable picture, or pictures of the split that are gone.
        SettingError: a share for testing where the folder makes its own split.
        FileError: the folder cannot be read.

    Example:
        >>> import os, tempfile
        >>> from PIL import Image
        >>> os.environ["GARASU_PICTURE_CACHE"] = "off"  # no cache for a moment's pictures
        >>> root = Path(tempfile.mkdtemp())
        >>> for shade, name in enumerate(("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")):
        ...     (root / name).parent.mkdir(exist_ok=True)
        ...     Image.new("L", (9, 8), shade).save(root / name)
        >>> found = load(root)
        >>> found.class_names, found.image_shape, len(found.train_labels), len(found.test_labels)
        (('cat', 'dog'), (8, 9), 2, 2)
        >>> del os.environ["GARASU_PICTURE_CACHE"]
    """
    settings = settings or FolderSettings()
    source = open_source(Path(path))
    items = {item.name: item for item in source.items()}
    if split is None:
        found = layout(source.root, items)
        classes, placed = found.classes, found.placed
        if settings.test_share is not None and any(one.part for one in placed):
            raise SettingError("folders.share_given", path=source.root)
    else:
        classes, placed = _as_kept(source.root, items, split)
    preparation = chosen(source, {one.name: items[one.name].size for one in placed}, settings)
    images = decode_once(source, [items[one.name] for one in placed], preparation, tell)
    if split is not None:
        _check_there(source.root, {one.name for row, one in enumerate(placed) if images.place[row] >= 0}, split)
    rows = [row for row, one in enumerate(placed) if images.place[row] >= 0 and one.part != "skipped"]
    labels = np.asarray([placed[row].label for row in rows], dtype=np.int64)
    _check_classes(source.root, classes, labels, "folders.empty_class")
    digests = [images.digest(row) for row in rows]
    test = _for_testing([placed[row] for row in rows], digests, settings)
    if not test.all():  # else there is a sentence for that
        _check_classes(source.root, classes, labels[~test], "folders.only_test")
    return _dataset(source, classes, placed, rows, test, images, preparation)


def open_source(path: Path) -> Source:
    """The folder or archive at ``path``.

    Raises:
        FileError: it is neither.
    """
    path = Path(os.path.expanduser(path))  # noqa: PTH111 - leaves a ~ that is nobody's as it is
    if archive.is_archive(path):
        return archive.Archive(path)
    if not os.path.isdir(path):  # noqa: PTH112 - says no of what may not be looked at, where Path.is_dir raises
        raise FileError("folders.missing", path=path)
    return Folder(path)


def chosen(source: Source, sizes: Mapping[str, int], settings: FolderSettings) -> PhotoPreparation:
    """The preparation: as the settings say, and where they leave it open as a few of the pictures are.

    ``sizes``: the bytes of each file by name.
    """
    size, color = settings.size, settings.color
    if size is None or color == "auto":
        seen = _looks(source, {name: sizes[name] for name in source.few(list(sizes), _LOOKED_AT)})
        size = size or _common_size({one[0] for one in seen}) or (_USUAL_SIDE, _USUAL_SIDE)
        color = ("rgb" if any(one[1] for one in seen) else "grey") if color == "auto" else color
    return PhotoPreparation(size[0], size[1], color == "rgb", settings.fit)


def _looks(source: Source, sizes: dict[str, int]) -> list[tuple[tuple[int, int], bool]]:
    """What is to be known of those of these files that can be read."""
    with warnings.catch_warnings(action="ignore"):  # of what is odd in a file; what matters is an error
        looks = list(decoded(source, sizes, (_USUAL_SIDE, _USUAL_SIDE), _looked_at))
    return [found for _, found in looks if not isinstance(found, GarasuError)]


def _looked_at(picture: Picture) -> tuple[tuple[int, int], bool]:
    """A picture's rows and columns as stored, and whether there is colour in it."""
    pixels = picture.pixels
    colored = pixels.ndim == 3 and bool(np.ptp(pixels.astype(np.int16), axis=-1).max(initial=0) > _SPREAD)
    return picture.stored, colored


def _common_size(sizes: set[tuple[int, int]]) -> tuple[int, int] | None:
    """The one size that all have, where it is small enough to be kept."""
    if len(sizes) != 1:
        return None
    size = next(iter(sizes))
    return size if max(size) <= _KEPT_SIDE else None


def _as_kept(root: Path, items: Mapping[str, Item], split: Split) -> tuple[tuple[str, ...], tuple[Placed, ...]]:
    """Classes and files as a run kept them."""
    _check_there(root, items, split)
    classes = tuple(sorted({name for _, name, _ in split}))
    numbers = {name: number for number, name in enumerate(classes)}
    placed = [Placed(name, numbers[label], part) for part, label, name in split if name in items]
    return classes, tuple(sorted(placed, key=lambda one: one.name))


def _check_there(root: Path, names: Container[str], split: Split) -> None:
    gone = [name for part, _, name in split if name not in names and part != "skipped"]
    if gone:
        raise DataError("folders.gone", path=root, count=len(gone), name=gone[0])


def _check_classes(root: Path, classes: Sequence[str], labels: Array, key: str) -> None:
    counts = np.bincount(labels, minlength=len(classes))
    if counts.min(initial=1) == 0:
        raise DataError(key, path=root, name=classes[int(np.argmin(counts))])


def _for_testing(kept: Sequence[Placed], digests: Sequence[str], settings: FolderSettings) -> Array:
    """Whether each picture is for testing.                                                         -> bool (N,)"""
    if any(one.part for one in kept):
        return np.asarray([one.part == "test" for one in kept])
    labels = np.asarray([one.label for one in kept], dtype=np.int64)
    first = {digest: row for row, digest in reversed(list(enumerate(digests)))}
    leaders = np.asarray(sorted(first.values()))  # one of each set of copies; the others go where it goes
    held = validation_rows(labels[leaders], settings.test_share or _SHARE, settings.seed)
    test = {digests[row] for row in leaders[held]}
    return np.asarray([digest in test for digest in digests])


def _dataset(
    source: Source,
    classes: tuple[str, ...],
    placed: Sequence[Placed],
    rows: Sequence[int],
    test: Array,
    images: Decoded,
    preparation: PhotoPreparation,
) -> Dataset:
    """The data set of the placed files at ``rows``; ``test`` says of each whether it is for testing."""
    labels = np.asarray([placed[row].label for row in rows], dtype=np.int64)
    train_rows, test_rows = np.flatnonzero(~test), np.flatnonzero(test)
    for part, found in (("training", train_rows), ("test", test_rows)):
        if not len(found):
            raise DataError(f"folders.no_{part}", path=source.root)
    in_file = images.place[np.asarray(rows)]
    return Dataset(
        source.root.resolve().name or str(source.root),
        images.pictures.take(in_file[train_rows]),
        labels[train_rows],
        images.pictures.take(in_file[test_rows]),
        labels[test_rows],
        classes,
        preparation,
        _files(source.root, classes, placed, rows, test, images),
    )


def _files(
    root: Path, classes: Sequence[str], placed: Sequence[Placed], rows: Sequence[int], test: Array, images: Decoded
) -> Files:
    """Which file went where, and what is to be known of them."""
    parts = ["skipped"] * len(placed)
    for row, is_test in zip(rows, test, strict=True):
        parts[row] = "test" if is_test else "train"
    digests = {row: images.digest(row) for row in rows}
    seen = {digests[row] for row in rows if parts[row] == "train"}
    return Files(
        root=root,
        split=tuple((part, classes[one.label], one.name) for part, one in zip(parts, placed, strict=True)),
        reasons={name: said(error) for name, error in images.refused.items()},
        copies=len(digests) - len(set(digests.values())),
        leaked=sum(parts[row] == "test" and digests[row] in seen for row in rows),
    )


def write_split(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """A split as CSV: part, class, file; names that are no text keep their bytes.

    Example:
        >>> read_split(write_split([("train", "cat", "cat/1, 2.jpg")]))
        [('train', 'cat', 'cat/1, 2.jpg')]
    """
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("part", "class", "file"), *rows])
    return out.getvalue().encode("utf-8", "surrogateescape")


def read_split(content: bytes) -> list[tuple[str, str, str]]:
    """A split that ``write_split`` wrote.

    Raises:
        ValueError: it is none.
    """
    lines: list[Any] = list(csv.reader(io.StringIO(content.decode("utf-8", "surrogateescape"), newline="")))
    if not lines or any(len(line) != 3 for line in lines):
        raise ValueError("part, class, file")
    return [(part, label, name) for part, label, name in lines[1:]]
