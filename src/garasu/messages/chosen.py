"""What may stand where a rule is wanted: the rule itself, its class, or its name, in capitals or not."""

from collections.abc import Callable, Mapping
from inspect import isabstract
from types import ModuleType
from typing import Any, TypeVar

from garasu.messages.catalogue import text
from garasu.messages.errors import SettingError
from garasu.messages.nearest import nearest
from garasu.messages.shown import shown

T = TypeVar("T")


def alike(names: Mapping[str, T], name: str) -> T | None:
    """What stands under a name, whatever its capitals and underscores, or None.

    "adam" and "Adam" are one name, and so are "glorot_uniform" and Keras's class "GlorotUniform".

    Example:
        >>> alike({"sgd": 1, "he_normal": 2}, "SGD"), alike({"sgd": 1, "he_normal": 2}, "HeNormal"), alike({}, "sgd")
        (1, 2, None)
    """
    return names[name] if name in names else {_bare(known): one for known, one in names.items()}.get(_bare(name))


def _bare(name: str) -> str:
    return name.lower().replace("_", "")


def chosen(
    kind: str,
    given: Any,
    base: type[T],
    names: Mapping[str, Callable[[], T]],
    owner: str,
    setting: str,
) -> T:
    """The rule that was given as itself, as a class that needs no settings, or by its name.

    ``kind`` is a key of "kinds", and of "names" behind "wanted_"; ``owner`` and ``setting`` say where it was given.

    Raises:
        UnknownNameError: no rule has this name; the nearest one is offered.
        ArgumentError: a class that needs settings.
        SettingError: anything else.

    Example:
        >>> [chosen("loss", given, int, {"zero": int}, "compile", "loss") for given in (7, "Zero", int)]
        [7, 0, 0]
    """
    if isinstance(given, base):
        return given
    if isinstance(given, str):
        maker = alike(names, given)
        if maker is None:
            raise nearest(kind, given, names)
        return maker()
    if isinstance(given, type) and issubclass(given, base) and not isabstract(given):
        return given()
    for maker in names.values():
        if given is maker:  # a function that makes one, such as initializers.HeNormal
            return maker()
    raise refused(kind, given, names, owner, setting)


def refused(kind: str, given: Any, names: Mapping[str, object], owner: str, setting: str) -> SettingError:
    """The error for what is no rule; of a module, which has the name of what was probably meant, it offers that name.

    Example:
        >>> import math
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> print(refused("loss", math, {"math": int}, "compile", "loss"))
        compile: loss was given the module math. Write loss='math'.
        >>> print(refused("loss", 3, {}, "compile", "loss"))
        compile: loss must be a loss or its name, such as MeanSquaredError() or 'mse'. Got 3 instead.
        >>> set_language(None)
    """
    if isinstance(given, ModuleType):
        name = given.__name__.rpartition(".")[2]
        if name in names:
            return SettingError("names.module", owner=owner, name=setting, module=given.__name__, wanted=name)
    expected = text(f"names.wanted_{kind}")
    return SettingError("settings.must_be", owner=owner, name=setting, expected=expected, value=shown(given))
