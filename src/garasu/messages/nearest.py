"""What the user probably meant: the known name nearest to a mistyped one."""

from collections.abc import Iterable
from difflib import get_close_matches

from garasu.messages.catalogue import text
from garasu.messages.errors import UnknownNameError


def nearest(kind: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """The error for an unknown ``name`` of a ``kind`` (a key of "kinds"), offering the closest of the ``known`` ones.

    Example:
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> print(nearest("optimizer", "adm", ["adam", "sgd"]))
        There is no optimizer named 'adm'. Did you mean 'adam'? Known: adam, sgd.
        >>> set_language(None)
    """
    kind = text(f"kinds.{kind}")
    names = sorted(known)
    close = get_close_matches(str(name).lower(), names, n=1, cutoff=0.5)
    listed = ", ".join(names)
    if close:
        return UnknownNameError("names.unknown_near", kind=kind, name=name, near=close[0], known=listed)
    return UnknownNameError("names.unknown", kind=kind, name=name, known=listed)
