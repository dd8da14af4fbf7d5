"""Data sets by name. A new one is a file beside this one and an entry in ``SOURCES``."""

from collections.abc import Callable
from pathlib import Path

import attrs

from garasu.data import digits, download, fashion_mnist, mnist
from garasu.data.dataset import Dataset
from garasu.data.download import Remotes, Tell
from garasu.messages import GarasuError, nearest


@attrs.frozen
class Source:
    """How to load a data set, where its files lie (None: nowhere here), which of them lack, where to fetch them."""

    load: Callable[[], Dataset]
    locate: Callable[[], Path | None]
    missing: Callable[[], tuple[str, ...]] = tuple
    remotes: Remotes | None = None
    folders: Callable[[], tuple[Path, ...]] = tuple


SOURCES = {
    "digits": Source(digits.load, digits.locate),
    "digits-8x8": Source(digits.load_8x8, digits.locate),
    "fashion_mnist": Source(
        fashion_mnist.load,
        fashion_mnist.locate,
        fashion_mnist.missing,
        fashion_mnist.REMOTES,
        fashion_mnist.candidates,
    ),
    "mnist": Source(mnist.load, mnist.locate, mnist.missing, mnist.REMOTES, mnist.candidates),
}


def names() -> tuple[str, ...]:
    """The names ``load`` knows, sorted.

    Example:
        >>> names()
        ('digits', 'digits-8x8', 'fashion_mnist', 'mnist')
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


def remotes(name: str) -> Remotes | None:
    """The files of a data set as they are published, and the mirrors that keep them; None for one that is always here.

    Raises:
        UnknownNameError: there is no data set of this name.

    Example:
        >>> remotes("digits") is None, len(remotes("mnist").files), remotes("mnist").size
        (True, 4, 11594722)
    """
    return _source(name).remotes


def get(name: str, tell: Tell = lambda name, done, size: None) -> Path | None:
    """Fetch what lacks of a data set, or is damaged, from its mirrors into its folder; answers with the folder.

    Nothing is fetched where the data set is whole already, or always here.

    Raises:
        UnknownNameError: there is no data set of this name.
        DataError: no mirror gave a file whole.
        FileError: the folder cannot be written to.
    """
    source = _source(name)
    if source.remotes is not None and not _is_whole(source):
        download.fetch(source.remotes, source.locate() or source.folders()[-1], tell)
    return source.locate()


def _is_whole(source: Source) -> bool:
    """Whether all files of a data set are here and are what they should be."""
    if source.locate() is None or source.missing():
        return False
    try:
        source.load()
    except GarasuError:
        return False
    return True


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise nearest("data_set", name, SOURCES)
    return SOURCES[name]
