"""Inputs times weights: by hand, and the form for one row and many weights beside the plain one."""

import jax
import numpy as np
import pytest

from garasu.array import plain_forms, weigh
from garasu.array.xla import weigh_xla


def test_by_hand(xp):
    x, W = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[3.0, 0.0, 1.0], [0.0, 5.0, 1.0]])
    assert xp.call(weigh, x, W).tolist() == [[3.0, 10.0, 3.0], [0.0, -5.0, -1.0]]


def test_more_axes_in_front(xp):
    x, W = np.arange(24.0).reshape(2, 3, 4), np.arange(8.0).reshape(4, 2)
    assert xp.call(weigh, x, W).tolist() == (x @ W).tolist()


@pytest.mark.parametrize("rows", [1, 7, 128, 129])
def test_many_weights(xp, rows):
    """Whole numbers small enough that no order of adding rounds: the two forms agree to the bit."""
    rng = np.random.default_rng(rows)
    x = rng.integers(-8, 9, (rows, 2048)).astype(np.float32)
    W = rng.integers(-8, 9, (2048, 1024)).astype(np.float32)
    found = xp.call(weigh, x, W)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, x @ W)
    with plain_forms():
        np.testing.assert_array_equal(xp.call(weigh, x, W), x @ W)


def test_the_form_in_parts_is_taken_only_where_it_is_quicker():
    """The traced program multiplies in 16 parts, and only one row with many weights."""

    def in_parts(rows: int, n: int) -> bool:
        shapes = jax.ShapeDtypeStruct((rows, n), np.float32), jax.ShapeDtypeStruct((n, 1024), np.float32)
        return f"f32[16,{n // 16},1024]" in str(jax.make_jaxpr(lambda x, W: weigh_xla(x, W))(*shapes))

    assert [in_parts(1, 2048), in_parts(2, 2048), in_parts(1, 1024), in_parts(1, 2056)] == [True, False, False, False]


def test_what_is_not_a_number_stays_in_its_row(xp):
    x = np.zeros((2, 2048), dtype=np.float32)
    x[1, 5] = np.nan
    found = xp.call(weigh, x, np.ones((2048, 1024), dtype=np.float32))
    assert np.all(found[0] == 0) and np.all(np.isnan(found[1]))
