"""Rows by their numbers, in every form."""

import numpy as np
import pytest

from garasu.array import plain_forms, take_rows


@pytest.mark.parametrize("shape", [(6,), (6, 4), (6, 3, 2, 1)])
@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.float32])
def test_rows(xp, shape, kind):
    x = np.arange(np.prod(shape)).reshape(shape).astype(kind)
    index = np.array([5, 0, 0, 3], dtype=np.int32)
    found = xp.call(take_rows, x, index)
    assert found.dtype == kind
    np.testing.assert_array_equal(found, x[index])
    with plain_forms():
        np.testing.assert_array_equal(xp.call(take_rows, x, index), x[index])
