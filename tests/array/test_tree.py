"""Trees of arrays: paths, leaves, maps and merges."""

import numpy as np
import pytest

from garasu.array import leaves, map_leaves, merge_trees, paths

TREE = {"conv": {"kernel": 1, "bias": 2}, "flat": {}, "block": {"dense": {"kernel": 3}}, "scale": 4}


def test_paths_in_the_order_written():
    assert list(paths(TREE)) == [("conv/kernel", 1), ("conv/bias", 2), ("block/dense/kernel", 3), ("scale", 4)]
    assert next(iter(paths(TREE, "adam/"))) == ("adam/conv/kernel", 1)
    assert leaves(TREE) == [1, 2, 3, 4]


def test_nothing_in_an_empty_tree():
    assert list(paths({})) == leaves({}) == []
    assert map_leaves(abs, {}) == {}
    assert merge_trees({}, {}) == {}


def test_map_keeps_the_form():
    assert map_leaves(lambda a: 10 * a, TREE) == {
        "conv": {"kernel": 10, "bias": 20},
        "flat": {},
        "block": {"dense": {"kernel": 30}},
        "scale": 40,
    }


def test_map_over_several_trees():
    others = {"a": {"b": 10}}, {"a": {"b": 100, "not asked for": 7}}
    assert map_leaves(lambda *leaf: sum(leaf), {"a": {"b": 1}}, *others) == {"a": {"b": 111}}


def test_map_over_a_tree_that_lacks_a_leaf():
    with pytest.raises(KeyError, match="bias"):
        map_leaves(lambda a, b: a + b, {"dense": {"bias": 1}}, {"dense": {"kernel": 1}})


def test_merge_puts_the_second_above():
    merged = merge_trees(TREE, {"conv": {"bias": 9}, "flat": {"x": 5}, "new": {"y": 6}})
    assert merged["conv"] == {"kernel": 1, "bias": 9}
    assert merged["flat"] == {"x": 5} and merged["new"] == {"y": 6} and merged["scale"] == 4


def test_merge_of_a_leaf_and_a_branch():
    assert merge_trees({"a": 1}, {"a": {"b": 2}}) == {"a": {"b": 2}}
    assert merge_trees({"a": {"b": 2}}, {"a": 1}) == {"a": 1}


def test_nothing_is_written_in_place():
    below, above = {"a": {"x": 1}}, {"a": {"y": 2}, "b": {"z": 3}}
    merged = merge_trees(below, above)
    mapped = map_leaves(lambda leaf: leaf, below)
    merged["a"]["x"] = mapped["a"]["x"] = 99
    assert below == {"a": {"x": 1}} and above == {"a": {"y": 2}, "b": {"z": 3}}


def test_arrays_at_the_leaves(xp):
    tree = {"dense": {"kernel": np.ones((2, 3)), "bias": np.arange(3.0)}}
    result = xp.call(lambda tree: map_leaves(lambda a, b: a + b, tree, tree), tree)
    assert result["dense"]["bias"].tolist() == [0, 2, 4] and np.all(result["dense"]["kernel"] == 2)
