"""Trees of arrays: dicts of dicts with arrays at the leaves, walked in the order of their keys.

Parameters, states, gradients and caches are such trees. A path is the names on the way, joined by slashes.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from garasu.array.types import Array, Tree


def paths(tree: Tree, prefix: str = "") -> Iterator[tuple[str, Array]]:
    """Every leaf with its path, in the order the dicts were written.

    Example:
        >>> dict(paths({"dense": {"kernel": 1, "bias": 2}, "flatten": {}}))
        {'dense/kernel': 1, 'dense/bias': 2}
    """
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from paths(value, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", value


def leaves(tree: Tree) -> list[Array]:
    """The leaves alone, in the order of ``paths``.

    Example:
        >>> leaves({"dense": {"kernel": 1, "bias": 2}})
        [1, 2]
    """
    return [leaf for _, leaf in paths(tree)]


def map_leaves(function: Callable[..., Any], tree: Tree, *others: Tree) -> Tree:
    """The tree with ``function(leaf, *leaves of the others at the same place)`` at each leaf.

    Example:
        >>> map_leaves(lambda a, b: a + b, {"x": {"y": 1}}, {"x": {"y": 2}})
        {'x': {'y': 3}}
    """
    return {
        name: map_leaves(function, value, *(other[name] for other in others))
        if isinstance(value, Mapping)
        else function(value, *(other[name] for other in others))
        for name, value in tree.items()
    }


def merge_trees(below: Tree, above: Tree) -> Tree:
    """Both trees in one; where both have a leaf, that of ``above`` stands.

    Example:
        >>> merge_trees({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}, "b": {}})
        {'a': {'x': 1, 'y': 3}, 'b': {}}
    """
    result = dict(below)
    for name, value in above.items():
        mine = result.get(name)
        both = isinstance(value, Mapping) and isinstance(mine, Mapping)
        result[name] = merge_trees(mine, value) if both else value
    return result
