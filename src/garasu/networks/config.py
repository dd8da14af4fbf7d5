"""Settings as plain data and back: what a model file says about architecture. Only data, never code.

An object becomes {"class": its class's name, "settings": {...}}; tuples become lists. Reading looks the name up among the
classes it was given: Garasu's own, and those of the user's own that the caller passes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from garasu import initializers, layers, losses, optimizers
from garasu.messages import FileError, nearest
from garasu.networks.preparation import Preparation

CLASSES: tuple[type[Any], ...] = (
    *layers.CLASSES,
    *initializers.CLASSES,
    *losses.CLASSES,
    *optimizers.CLASSES,
    Preparation,
)


def describe(value: Any) -> Any:
    """Settings as JSON can hold them.

    Example:
        >>> describe(layers.Flatten(name="flat"))
        {'class': 'Flatten', 'settings': {'name': 'flat'}}
    """
    if attrs.has(type(value)):
        settings = {
            one.name: describe(getattr(value, one.name))
            for one in attrs.fields(type(value))
            if not _is_default(one, getattr(value, one.name))
        }
        return {"class": type(value).__name__, "settings": settings}
    if isinstance(value, list | tuple):
        return [describe(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _is_default(attribute: Any, value: Any) -> bool:
    return isinstance(value, str | int | float | bool | None) and value == attribute.default


def rebuild(document: Any, own: Iterable[type[Any]] = ()) -> Any:
    """The object a description stands for.

    Raises:
        UnknownNameError: a class that is neither Garasu's nor among ``own``; pass a layer of yours as layers=[...].
        FileError: a description that is damaged.

    Example:
        >>> rebuild({"class": "Flatten", "settings": {"name": "flat"}}).name
        'flat'
    """
    if isinstance(document, list):
        return [rebuild(item, own) for item in document]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(document, Mapping):
        return document
    known = {kind.__name__: kind for kind in (*CLASSES, *own)}
    try:
        name, settings = document["class"], document["settings"]  # pyright: ignore[reportUnknownVariableType]
        values = {key: rebuild(value, own) for key, value in settings.items()}  # pyright: ignore
    except (KeyError, AttributeError) as error:
        raise FileError("files.bad_architecture", detail=repr(error)) from error
    if name not in known:
        raise nearest("layer", name, known)
    try:
        return known[name](**values)
    except TypeError as error:
        raise FileError("files.bad_architecture", detail=str(error)) from error
