"""One-hot rows: the type and the axes, and against NumPy's rows of the identity."""

import numpy as np
import pytest

from garasu.array import one_hot


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(4,), (2, 3), (0,)])
def test_rows_of_the_identity(precision, shape):
    t = np.random.default_rng(0).integers(0, 5, shape).astype(np.int32)
    rows = one_hot(t, np.zeros((*shape, 5), precision))
    assert rows.dtype == precision
    np.testing.assert_array_equal(rows, np.eye(5)[t])
