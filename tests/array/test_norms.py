"""The square of an array's length: by hand, in every form, and what is not a number is noticed."""

import numpy as np
import pytest

from garasu.array import plain_forms, squared_norm

LARGE = (1024, 300)  # beyond the size up to which the form for columns is taken


@pytest.mark.parametrize("shape", [(), (7,), (5, 3), (3, 3, 2, 4), (1, 1), (512, 512), LARGE])
def test_whole_numbers(xp, shape):
    """Small whole numbers: no order of adding rounds, so all forms agree to the bit."""
    g = np.random.default_rng(0).integers(-3, 4, shape).astype(np.float32)
    right = float(np.sum(g.astype(np.float64) ** 2))
    assert float(xp.call(squared_norm, g)) == right
    with plain_forms():
        assert float(xp.call(squared_norm, g)) == right


@pytest.mark.parametrize("shape", [(6,), (5, 3), LARGE])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 3e38])
def test_what_is_not_finite_stays_so(xp, shape, wrong):
    g = np.zeros(shape, dtype=np.float32)
    g[(-1,) * g.ndim] = wrong
    with np.errstate(over="ignore"):
        assert not np.isfinite(xp.call(squared_norm, g))
