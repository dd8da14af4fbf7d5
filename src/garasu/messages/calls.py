"""Calls that do not fit what is called: Python's TypeError, said as a sentence that helps."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar

from garasu.messages.catalogue import text
from garasu.messages.errors import ArgumentError
from garasu.messages.shown import shown

P = ParamSpec("P")
R = TypeVar("R")

_BY_PLACE = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_OPEN = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def in_words(function: Callable[P, R], elsewhere: Mapping[str, str] | None = None) -> Callable[P, R]:
    """The function, which answers a call with wrong arguments in a sentence. Where the call fits, nothing is added.

    ``elsewhere`` says of arguments that other libraries have what to do here, {name: a text key}; for an ``__init__``
    and for methods they stand in the class, as the attribute ``elsewhere``.

    Raises:
        ArgumentError: an argument that there is not, one that is missing, one too many, or one given twice.

    Example:
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> @in_words
        ... def fit(x, *, epochs=1):
        ...     return epochs
        >>> fit([], epochs=3)
        3
        >>> try:
        ...     fit([], epoch=3)
        ... except TypeError as error:
        ...     print(error)
        fit has no argument 'epoch'. Did you mean 'epochs'? It takes: x, epochs.
        >>> set_language(None)
    """

    @wraps(function)
    def answering(*args: P.args, **settings: P.kwargs) -> R:
        try:
            return function(*args, **settings)
        except TypeError:
            wrong = _misfit(function, args, settings, elsewhere)
            if wrong is None:  # the call fits: what failed lies deeper
                raise
        raise wrong

    return answering


def _misfit(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    settings: Mapping[str, Any],
    elsewhere: Mapping[str, str] | None,
) -> ArgumentError | None:
    """What is wrong with a call; None where nothing is."""
    plan = signature(function)
    try:
        plan.bind(*args, **settings)
    except TypeError:
        known, owner = dict(plan.parameters), function.__name__
    else:
        return None
    first = next(iter(known), "")
    if first in ("self", "cls") and args:
        kind = args[0] if isinstance(args[0], type) else type(args[0])
        owner = kind.__name__ if owner == "__init__" else owner
        elsewhere, args = elsewhere or getattr(kind, "elsewhere", None), args[1:]
        del known[first]
    return _wrong_name(owner, known, settings, elsewhere or {}) or _wrong_count(owner, known, args, settings)


def _wrong_name(
    owner: str, known: Mapping[str, Parameter], settings: Mapping[str, Any], elsewhere: Mapping[str, str]
) -> ArgumentError | None:
    """The first argument that there is not."""
    if _takes(known, Parameter.VAR_KEYWORD):
        return None
    names = [name for name, one in known.items() if one.kind not in _OPEN]
    return next((_no_such(owner, name, names, elsewhere.get(name)) for name in settings if name not in names), None)


def _takes(known: Mapping[str, Parameter], kind: Any) -> bool:
    return any(one.kind is kind for one in known.values())


def _no_such(owner: str, name: str, names: list[str], key: str | None) -> ArgumentError:
    """The error for an argument that there is not: what there is in its stead, or the nearest name."""
    if not names and key:
        return ArgumentError("calls.takes_none_elsewhere", owner=owner, name=name, instead=text(key))
    if not names:
        return ArgumentError("calls.takes_none", owner=owner, given=repr(name))
    known, near = ", ".join(names), _near(name, names)
    if key:
        return ArgumentError("calls.unknown_elsewhere", owner=owner, name=name, instead=text(key), known=known)
    if near:
        return ArgumentError("calls.unknown_near", owner=owner, name=name, near=near, known=known)
    return ArgumentError("calls.unknown", owner=owner, name=name, known=known)


def _near(name: str, known: list[str]) -> str | None:
    """The nearest name: of nearly the same letters, or of these initials."""
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    initials = [one for one in known if "".join(word[0] for word in one.split("_") if word) == name.lower()]
    return next(iter([*close, *initials]), None)


def _wrong_count(
    owner: str, known: Mapping[str, Parameter], args: tuple[Any, ...], settings: Mapping[str, Any]
) -> ArgumentError:
    """Too many arguments, one given twice, or some that are missing."""
    by_place = [name for name, one in known.items() if one.kind in _BY_PLACE]
    if len(args) > len(by_place) and not _takes(known, Parameter.VAR_POSITIONAL):
        return _too_many(owner, known, by_place, args)
    twice = [name for name in by_place[: len(args)] if name in settings]
    if twice:
        return ArgumentError("calls.twice", owner=owner, name=twice[0])
    given = {*by_place[: len(args)], *settings}
    needed = [name for name, one in known.items() if one.default is Parameter.empty and one.kind not in _OPEN]
    missing = [name for name in needed if name not in given]
    example = ", ".join([*(["..."] if given else []), *(f"{name}=..." for name in missing)])
    return ArgumentError("calls.missing", owner=owner, missing=", ".join(missing), example=f"{owner}({example})")


def _too_many(owner: str, known: Mapping[str, Parameter], by_place: list[str], args: tuple[Any, ...]) -> ArgumentError:
    """The error for more values than may stand without a name."""
    if not known:
        return ArgumentError("calls.takes_none", owner=owner, given=shown(args[0]))
    if not by_place:
        return ArgumentError("calls.by_name", owner=owner, known=", ".join(known))
    fields = {"most": len(by_place), "known": ", ".join(by_place), "found": len(args)}
    return ArgumentError("calls.too_many", owner=owner, **fields)
