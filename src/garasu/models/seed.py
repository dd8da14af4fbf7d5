"""The seed of models that were given none."""

import secrets
from numbers import Integral

from garasu.array import random
from garasu.messages import SettingError, text

_state: dict[str, int | None] = {"seed": None, "models": 0}


def check(seed: object, owner: str) -> int:
    """A seed as a whole number from 0 to 2**64 - 1.

    Raises:
        SettingError: it is none.

    Example:
        >>> check(7, "Sequential")
        7
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**64:
        expected = text("settings.seed")
        raise SettingError("settings.must_be", owner=owner, name="seed", expected=expected, value=repr(seed))
    return int(seed)


def set_random_seed(seed: int) -> None:
    """Every model made from now on draws from this seed: the first takes the seed itself, the next ones derived seeds.

    One seed decides initial values, validation splits, the order of rows and dropout; NumPy's own seed plays no part.

    Raises:
        SettingError: not a whole number from 0 to 2**64 - 1.

    Example:
        >>> set_random_seed(20190222)
        >>> next_seed()
        20190222
    """
    _state["seed"], _state["models"] = check(seed, "set_random_seed"), 0


def next_seed() -> int:
    """The seed of the next model: from ``set_random_seed``, or drawn by the system (and shown in the run's record)."""
    seed, number = _state["seed"], int(_state["models"] or 0)
    if seed is None:
        return secrets.randbits(32)
    _state["models"] = number + 1
    if number == 0:
        return seed
    return int(random.fold_in(random.fold_name(random.key(seed), "model"), number)[0])
