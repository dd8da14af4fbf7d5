"""A choice between two trees: the same in every form, and nothing wrong passes."""

import jax
import numpy as np
import pytest

from garasu.array import namespace, plain_forms, unless_wrong


def choose(ok, w):
    """One step that doubles, unless something was wrong."""
    old = {"w": w, "more": {"step": w[:1]}}
    return unless_wrong(ok, lambda: {"w": w + w, "more": {"step": w[:1] / w[:1]}}, old)


@pytest.mark.parametrize("ok", [True, False])
@pytest.mark.parametrize("value", [1.5, 0.0, np.inf])
def test_takes_one_tree_whole(xp, ok, value):
    w = np.array([value, 2.0], np.float32)
    with np.errstate(all="ignore"):
        found = xp.call(choose, np.asarray(ok), w)
        with plain_forms():
            plain = xp.call(choose, np.asarray(ok), w)
    after = {"w": w + w, "step": np.array([np.nan if value in (0.0, np.inf) else 1.0], np.float32)}
    before = {"w": w, "step": w[:1]}
    for result in (found, plain):
        np.testing.assert_array_equal(result["w"], (after if ok else before)["w"])
        np.testing.assert_array_equal(result["more"]["step"], (after if ok else before)["step"])


@pytest.mark.parametrize("size", [3, 2**18 + 1])
@pytest.mark.parametrize("ok", [True, False])
def test_number_by_number(xp, ok, size):
    """Where that is allowed; large arrays go through a branch all the same."""
    w = np.full(size, 2.0, np.float32)

    def step(ok, w):
        return unless_wrong(ok, lambda: {"w": w / (w - 2)}, {"w": w}, by_number=True)

    with np.errstate(divide="ignore"):
        found = xp.call(step, np.asarray(ok), w)
    np.testing.assert_array_equal(found["w"], np.full(size, np.inf if ok else 2.0, np.float32))


@pytest.mark.parametrize(("by_number", "size", "branches"), [(True, 8, 0), (False, 8, 1), (True, 2**18 + 1, 1)])
def test_a_branch_is_left_out_only_of_small_arrays(by_number, size, branches):
    def step(ok, w):
        return unless_wrong(ok, lambda: {"w": w + w}, {"w": w}, by_number=by_number)

    traced = jax.make_jaxpr(step)(True, np.zeros(size, np.float32))
    assert str(traced).count("cond[") == branches


def test_what_is_not_taken_is_not_worked_out_on_numpy():
    def go():
        raise AssertionError("worked out in vain")

    old = {"w": np.zeros(2)}
    assert unless_wrong(np.asarray(False), go, old) is old
    assert namespace(old["w"]) is np
