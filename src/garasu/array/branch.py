"""A choice between two trees of arrays by one truth value, of which only one need be worked out."""

from collections.abc import Callable

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.tree import map_leaves
from garasu.array.types import Array, Tree


@Primitive
def unless_wrong(ok: Array, go: Callable[[], Tree], old: Tree, *, by_number: bool = False) -> Tree:
    """What ``go`` gives where ``ok`` (no axes) is true, else ``old``; both trees have the same places and types.

    ``by_number`` says that no new array is worked out from another new one: then a form may choose number by number.

    Example:
        >>> import numpy as np
        >>> unless_wrong(np.asarray(False), lambda: {"w": np.ones(1)}, {"w": np.zeros(1)})["w"].tolist()
        [0.0]
    """
    xp = namespace(ok)

    def choose(after: Array, before: Array) -> Array:
        return xp.where(ok, after, before)

    return map_leaves(choose, go(), old)


@unless_wrong.form("numpy")
def _unless_wrong_numpy(ok: Array, go: Callable[[], Tree], old: Tree, *, by_number: bool = False) -> Tree:
    return go() if bool(ok) else old
