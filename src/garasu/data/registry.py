"""Data sets by name. A new one is a file beside this one and an entry in ``SOURCES``."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import attrs

from garasu.data import mnist
from garasu.data.dataset import Dataset
from garasu.messages import nearest


@attrs.frozen
class Source:
    """How to get a data set, and where its files lie (None if they are not on this machine)."""

    load: Callable[[], Dataset]
    locate: Callable[[], Path | None]


def _digits() -> Dataset:
    # Here and not above: it brings in scikit-learn, and who only asks for the names shall not wait for that.
    from garasu.data import digits  # noqa: PLC0415

    return digits.load()


def _digits_8x8() -> Dataset:
    from garasu.data import digits  # noqa: PLC0415 (as above)

    return digits.load_8x8()


def _bundled() -> Path | None:
    """scikit-learn's data folder, found without importing scikit-learn."""
    spec = find_spec("sklearn")
    return Path(spec.origin).parent / "datasets" / "data" if spec and spec.origin else None


SOURCES = {
    "digits": Source(_digits, _bundled),
    "digits-8x8": Source(_digits_8x8, _bundled),
    "mnist": Source(mnist.load, mnist.locate),
}


def names() -> tuple[str, ...]:
    """The names ``load`` knows, sorted.

    Example:
        >>> names()
        ('digits', 'digits-8x8', 'mnist')
    """
    return tuple(sorted(SOURCES))


def load(name: str) -> Dataset:
    """The data set of this name.

    Raises:
        UnknownNameError: there is none; the sentence offers the nearest name.
        DataError: its files are missing or damaged.
        FileError: a file of it cannot be read.

    Example:
        >>> digits = load("digits")
        >>> digits.train_images.shape, digits.test_images.shape
        ((1438, 28, 28), (359, 28, 28))
    """
    return _source(name).load()


def locate(name: str) -> Path | None:
    """The folder that holds the data set's files, or None if this machine has none of them; nothing is read.

    Raises:
        UnknownNameError: there is no data set of this name.

    Example:
        >>> locate("digits").is_dir()
        True
    """
    return _source(name).locate()


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise nearest("data_set", name, SOURCES)
    return SOURCES[name]
