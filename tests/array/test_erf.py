"""The error function: against SciPy's in both precisions, its plain form against XLA's, its ends."""

import numpy as np
import pytest
from scipy import special

from garasu.array import erf, plain_forms

FINE = np.concatenate([np.linspace(-7, 7, 4001), np.linspace(1.9, 2.1, 401), np.logspace(-37, 0, 200), [0.0]])
LIMITS = {"float64": 2e-15, "float32": 1e-6}
JUMP = np.array([np.nextafter(2.0, 0.0), 2.0])
"""Where the two formulas meet."""


@pytest.mark.parametrize("precision", LIMITS)
def test_against_scipy(xp, precision):
    x = FINE.astype(precision)
    found = xp.call(erf, x)
    assert found.dtype == precision
    np.testing.assert_allclose(found, special.erf(x), rtol=LIMITS[precision], atol=0)


@pytest.mark.parametrize("precision", LIMITS)
def test_the_plain_form_under_xla_is_xla_s_own(ways, precision):
    x = FINE.astype(precision)
    with plain_forms():
        plain = ways[-1].call(lambda x: erf(x), x)
    np.testing.assert_allclose(plain, ways[-1].call(erf, x), rtol=LIMITS[precision], atol=0)


def test_far_out_it_is_one_and_it_is_odd(xp):
    x = np.array([6.0, 27.0, 1e308, np.inf])
    np.testing.assert_array_equal(xp.call(erf, x), 1.0)
    np.testing.assert_array_equal(xp.call(erf, -x), -1.0)
    np.testing.assert_array_equal(xp.call(erf, -FINE), -xp.call(erf, FINE))


def test_the_two_formulas_meet():
    below, above = erf(JUMP)
    assert abs(above - below) < 1e-15


def test_not_a_number_stays_one(xp):
    assert np.all(np.isnan(xp.call(erf, np.array([np.nan]))))
