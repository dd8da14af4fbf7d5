"""The zoo: the course's networks, one for photos and a fast one, one file each, each answering to its id and a name."""

from garasu.messages import nearest
from garasu.networks.zoo.c4 import C4
from garasu.networks.zoo.c5 import C5
from garasu.networks.zoo.c9 import C9
from garasu.networks.zoo.c14 import C14
from garasu.networks.zoo.entry import Entry
from garasu.networks.zoo.fast import FAST
from garasu.networks.zoo.photos import PHOTOS

ENTRIES = (C4, C5, C9, C14, PHOTOS, FAST)


def get(name: str) -> Entry:
    """The network called by its id or its name.

    Raises:
        UnknownNameError: there is none; the nearest name is offered.

    Example:
        >>> get("c9").name, get("keras-cnn").id
        ('keras-cnn', 'c9')
    """
    for entry in ENTRIES:
        if name.lower() in (entry.id, entry.name):
            return entry
    raise nearest("network", name, [word for entry in ENTRIES for word in (entry.id, entry.name)])


__all__ = ["C4", "C5", "C9", "C14", "ENTRIES", "FAST", "PHOTOS", "Entry", "get"]
