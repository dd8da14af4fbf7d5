"""A choice between two trees: the same in every form, and nothing wrong passes."""

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


def test_what_is_not_taken_is_not_worked_out_on_numpy():
    def go():
        raise AssertionError("worked out in vain")

    old = {"w": np.zeros(2)}
    assert unless_wrong(np.asarray(False), go, old) is old
    assert namespace(old["w"]) is np
