"""Adding rows at given places: a place that is named more than once receives every row, in every form."""

import numpy as np
import pytest

from garasu.array import plain_forms, scatter_add

INDEX = np.array([1, 1, 0, 3, 1, 3, 0, 1], dtype=np.int32)
VALUES = np.arange(16.0).reshape(8, 2)
RIGHT = [[2 * 2 + 6 * 2, 5 + 13], [0 + 2 + 8 + 14, 1 + 3 + 9 + 15], [0, 0], [6 + 10, 7 + 11], [0, 0]]


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_repeated_places(xp, kind):
    assert xp.call(lambda v, i: scatter_add(v, i, 5), VALUES, INDEX.astype(kind)).tolist() == RIGHT


@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64])
def test_the_plain_form(xp, kind):
    with plain_forms():
        assert xp.call(lambda v, i: scatter_add(v, i, 5), VALUES, INDEX.astype(kind)).tolist() == RIGHT


def test_all_rows_at_one_place(xp):
    values = np.ones((100, 3), dtype=np.float32)
    result = xp.call(lambda v, i: scatter_add(v, i, 2), values, np.ones(100, dtype=np.int32))
    assert result.dtype == np.float32
    assert result.tolist() == [[0, 0, 0], [100, 100, 100]]


def test_no_rows_at_all(xp):
    result = xp.call(lambda v, i: scatter_add(v, i, 2), np.ones((0, 3)), np.zeros(0, dtype=np.int32))
    assert result.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_the_transpose_of_gathering(xp):
    """<values, table[index]> = <scatter_add(values), table>."""
    table = np.random.default_rng(0).integers(-9, 9, (5, 2)).astype(np.float64)
    result = xp.call(lambda v, i: scatter_add(v, i, 5), VALUES, INDEX)
    assert np.sum(VALUES * table[INDEX]) == np.sum(result * table)
