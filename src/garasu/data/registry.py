"""Data sets by name. A new one is a file beside this one and an entry in ``SOURCES``."""

from collections.abc import Callable
from pathlib import Path

import attrs

from garasu.data import digits, mnist
from garasu.data.dataset import Dataset
from garasu.messages import nearest


@attrs.frozen
class Source:
    """How to get a data set, where its files lie (None if they are not on this machine), and which of them lack."""

    load: Callable[[], Dataset]
    locate: Callable[[], Path | None]
    missing: Callable[[], tuple[str, ...]] = tuple


SOURCES = {
    "digits": Source(digits.load, digits.locate),
    "digits-8x8": Source(digits.load_8x8, digits.locate),
    "mnist": Source(mnist.load, mnist.locate, mnist.missing),
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


def missing(name: str) -> tuple[str, ...]:
    """The files that a data set lacks, where this machine has some of them; their contents are not looked at.

    Raises:
        UnknownNameError: there is no data set of this name.

    Example:
        >>> missing("digits")
        ()
    """
    return _source(name).missing()


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise nearest("data_set", name, SOURCES)
    return SOURCES[name]
