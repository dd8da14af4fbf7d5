"""Looking through a folder of pictures before training on it: what is there, what cannot be read, what is there twice.

Every file is decoded, so that one cut off in its middle is found too. Copies are files whose pictures are the same,
whatever they are called and, where nothing was lost in storing, whatever format they are in. (JPEGs larger than they
need be are compared as they are decoded smaller.)
"""

import hashlib
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import frozen

from garasu.data.decoding import decoded
from garasu.data.folder import open_source
from garasu.data.layout import Placed, layout
from garasu.messages import GarasuError
from garasu.pictures import Picture

_SIDES = (256, 256)
"""Rows and columns that are enough to compare pictures."""


@frozen
class Look:
    """One readable picture: rows and columns as stored, format, mode, and a hash of its pixels."""

    size: tuple[int, int]
    format: str
    mode: str
    digest: str


@frozen
class Copies:
    """Files that hold one and the same picture, and whether they are told to be of different parts or classes."""

    files: tuple[str, ...]
    across_split: bool
    across_classes: bool


@frozen
class Audit:
    """What a folder holds.

    ``counts``: readable pictures by part ("" where the folder makes no split) and class; ``sizes``: least, median and
    greatest (rows, columns), by area; ``formats`` and ``modes``: how many of each; ``unreadable``: why, by name;
    ``copies``: sets of equal pictures; ``outside``: files in no class's folder.
    """

    root: Path
    classes: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    sizes: tuple[tuple[int, int], ...]
    formats: Mapping[str, int]
    modes: Mapping[str, int]
    unreadable: Mapping[str, str]
    copies: tuple[Copies, ...]
    outside: tuple[str, ...]

    @property
    def pictures(self) -> int:
        """How many can be read."""
        return sum(sum(classes.values()) for classes in self.counts.values())


def audit(path: str | Path, tell: Callable[[int, int], None] = lambda done, count: None) -> Audit:
    """Look through the folder or archive at ``path``; nothing is written.

    Raises:
        FileError: it cannot be read.
        DataError: it has fewer than two classes.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> root = Path(tempfile.mkdtemp())
        >>> for name in ("cat/1.png", "dog/1.png"):  # one picture, called a cat and a dog
        ...     (root / name).parent.mkdir()
        ...     Image.new("L", (9, 8)).save(root / name)
        >>> found = audit(root)
        >>> found.counts, [copies.across_classes for copies in found.copies]
        ({'': {'cat': 1, 'dog': 1}}, [True])
    """
    source = open_source(Path(path))
    items = {item.name: item for item in source.items()}
    found = layout(source.root, items)
    sizes = {one.name: items[one.name].size for one in found.placed}
    looks, unreadable = dict[str, Look](), dict[str, str]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders warn of what is odd in a file; what matters is an error
        for done, (name, look) in enumerate(decoded(source, sizes, _SIDES, _looked_at), start=1):
            if isinstance(look, GarasuError):
                unreadable[name] = str(look)
            else:
                looks[name] = look
            tell(done, len(sizes))
    return Audit(
        root=source.root,
        classes=found.classes,
        counts=_counts(found.classes, found.placed, looks),
        sizes=_sizes([look.size for look in looks.values()]),
        formats=dict(Counter(look.format for look in looks.values()).most_common()),
        modes=dict(Counter(look.mode for look in looks.values()).most_common()),
        unreadable=dict(sorted(unreadable.items())),
        copies=_copies(found.placed, looks),
        outside=found.outside,
    )


def _looked_at(picture: Picture) -> Look:
    pixels = np.ascontiguousarray(picture.pixels)
    digest = hashlib.sha256(f"{pixels.shape}".encode() + pixels.data).hexdigest()
    return Look(picture.stored, picture.format, picture.mode, digest)


def _counts(classes: Sequence[str], placed: Sequence[Placed], looks: Mapping[str, Look]) -> dict[str, dict[str, int]]:
    """Readable pictures by part and class; a class without one has 0."""
    found = {part: dict.fromkeys(classes, 0) for part in sorted({one.part for one in placed}, reverse=True)}
    for one in placed:
        found[one.part][classes[one.label]] += one.name in looks
    return found


def _sizes(sizes: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The least, the median and the greatest, by area."""
    ordered = sorted(sizes, key=lambda size: (size[0] * size[1], size))
    return tuple(ordered[at] for at in (0, len(ordered) // 2, -1)) if ordered else ()


def _copies(placed: Sequence[Placed], looks: Mapping[str, Look]) -> tuple[Copies, ...]:
    """Sets of equal pictures: those across the split first, then those of two classes."""
    same = defaultdict[str, list[Placed]](list)
    for one in placed:
        if one.name in looks:
            same[looks[one.name].digest].append(one)
    found = [
        Copies(
            tuple(one.name for one in ones), len({one.part for one in ones}) > 1, len({one.label for one in ones}) > 1
        )
        for ones in same.values()
        if len(ones) > 1
    ]
    return tuple(sorted(found, key=lambda one: (not one.across_split, not one.across_classes, one.files)))
