"""Which picture belongs to which class: read off the names of folders.

    root/CLASS/...                 one folder a class; what is for testing is drawn
    root/train/CLASS/...           the split as someone made it; train may be called training, and test testing, val,
    root/test/CLASS/...            valid or validation (the first of these that is there; others stand outside)

Class names are the folders' own, in Unicode's composed form (macOS stores them in pieces), sorted.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from unicodedata import normalize

from attrs import frozen

from garasu.messages import DataError

_TRAIN = ("train", "training")
_TEST = ("test", "testing", "val", "valid", "validation")


@frozen
class Placed:
    """A file's name, the number of its class, and the part it stands in ("" where nobody has made a split)."""

    name: str
    label: int
    part: str


@frozen
class Layout:
    """Classes, the files in them, and the files that stand in no class."""

    classes: tuple[str, ...]
    placed: tuple[Placed, ...]
    outside: tuple[str, ...]


def layout(root: Path, names: Iterable[str]) -> Layout:
    """What the folders below ``root`` say.

    Raises:
        DataError: fewer than two classes, or a class that is for testing only.

    Example:
        >>> found = layout(Path("pets"), ["cat/1.jpg", "dog/1.jpg", "dog/young/2.jpg", "notes.txt"])
        >>> found.classes, [one.label for one in found.placed], found.outside
        (('cat', 'dog'), [0, 1, 1], ('notes.txt',))
        >>> [one.part for one in layout(Path("pets"), ["train/a/1", "train/b/1", "val/a/2"]).placed]
        ['train', 'train', 'test']
    """
    paths = [name.split("/") for name in names]
    parts = _parts(path[0] for path in paths if len(path) > 1)
    depth = 1 if parts else 0  # how many folders stand above a class's
    inside = [path for path in paths if len(path) > depth + 1 and (not parts or path[0] in parts)]
    known = {tuple(path) for path in inside}
    classes = sorted({_class(path[depth]) for path in inside})
    if classes == ["train"] and any(len(path) > 2 for path in inside):
        raise DataError("folders.only_train", path=root)
    if len(classes) < 2:
        raise DataError("folders.classes", path=root, got=len(classes))
    numbers = {name: number for number, name in enumerate(classes)}
    placed = [Placed("/".join(path), numbers[_class(path[depth])], parts[path[0]] if parts else "") for path in inside]
    for name in classes if parts else ():
        if not any(one.part == "train" and one.label == numbers[name] for one in placed):
            raise DataError("folders.only_test", path=root, name=name)
    outside = tuple("/".join(path) for path in paths if tuple(path) not in known)
    return Layout(tuple(classes), tuple(placed), outside)


def _parts(tops: Iterable[str]) -> dict[str, str]:
    """The folders that stand for training and for testing, where both are there."""
    found = {top.lower(): top for top in tops}
    train, test = (next((found[name] for name in names if name in found), None) for names in (_TRAIN, _TEST))
    return {train: "train", test: "test"} if train and test else {}


def _class(folder: str) -> str:
    """A class's name as people write it; bytes that are no letters are shown as numbers."""
    return normalize("NFC", folder.encode("utf-8", "backslashreplace").decode())


def without_common_folder(names: Sequence[str]) -> str:
    """The one folder that all folders stand in, as archives often have it, with its ``/``; "" where there is none.

    Example:
        >>> without_common_folder(["pets/cat/1.jpg", "pets/dog/1.jpg", "pets/readme.txt", "licence.txt"])
        'pets/'
        >>> without_common_folder(["cat/1.jpg", "dog/1.jpg"])
        ''
    """
    tops = {name.split("/")[0] for name in names if "/" in name}
    deep = any(name.count("/") >= 2 for name in names)
    return f"{tops.pop()}/" if len(tops) == 1 and deep else ""
