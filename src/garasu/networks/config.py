"""Settings as plain data and back: what a model file says about architecture. Only data, never code.

An object becomes {"class": its class's name, "settings": {...}}; tuples become lists. Reading looks the name up among
the classes it was given: Garasu's own, and those of the user's own that the caller passes.
"""

from collections.abc import Iterable
from typing import Any

import attrs

from garasu import initializers, layers, losses, optimizers, regularizers, schedules
from garasu.messages import FileError, UnknownNameError
from garasu.networks.preparation import Preparation
from garasu.pictures import DigitPreparation, PhotoPreparation, steps
from garasu.settings import is_list, is_mapping, is_tuple, plain

CLASSES: tuple[type[Any], ...] = (
    *layers.CLASSES,
    *initializers.CLASSES,
    *regularizers.CLASSES,
    *losses.CLASSES,
    *optimizers.CLASSES,
    *schedules.CLASSES,
    Preparation,
    DigitPreparation,
    PhotoPreparation,
    *steps.CLASSES,
)


def describe(value: Any) -> Any:
    """Settings as JSON can hold them: all of them, for a default may change while the file stays.

    Example:
        >>> describe(layers.Flatten(name="flat"))
        {'class': 'Flatten', 'settings': {'name': 'flat', 'input_shape': None, 'trainable': True}}
    """
    kind = value.__class__
    if attrs.has(kind):
        settings = {one.alias: describe(getattr(value, one.name)) for one in attrs.fields(kind)}
        return {"class": kind.__name__, "settings": settings}
    if is_list(value) or is_tuple(value):
        return [describe(item) for item in value]
    return plain(value)


def rebuild(document: Any, own: Iterable[type[Any]] = ()) -> Any:
    """The object a description stands for.

    Raises:
        UnknownNameError: a class that is neither Garasu's nor among ``own``; pass a layer of yours as layers=[...].
        FileError: a description that is damaged.

    Example:
        >>> rebuild({"class": "Flatten", "settings": {"name": "flat"}}).name
        'flat'
    """
    if is_list(document):
        return [rebuild(item, own) for item in document]
    if not is_mapping(document):
        return document
    known = {kind.__name__: kind for kind in (*CLASSES, *own)}
    try:
        name, settings = document["class"], document["settings"]
        values = {key: rebuild(value, own) for key, value in settings.items()}
    except (KeyError, AttributeError) as error:
        raise FileError("files.bad_architecture", detail=repr(error)) from error
    if name not in known:
        raise UnknownNameError("files.own_class", name=name)
    try:
        return known[name](**values)
    except TypeError as error:
        raise FileError("files.bad_architecture", detail=str(error)) from error
