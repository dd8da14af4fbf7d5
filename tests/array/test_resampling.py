"""Enlarging: as matrices, in every way, and undone by its transpose."""

import numpy as np
import pytest

from garasu.array import INTERPOLATIONS, crop, enlarge, enlarge_transpose, pad

CASES = [((3, 4), (2, 3)), ((1, 1), (3, 2)), ((2, 5), (4, 1))]


def matrix(size, factor, interpolation):
    """A (s n, n): the share of each old place in each new one, worked out place by place."""
    A = np.zeros((size * factor, size))
    for i in range(size * factor):
        middle = (i + 0.5) / factor - 0.5
        if interpolation == "nearest":
            A[i, i // factor] = 1
            continue
        first = int(np.floor(middle))
        for old, share in ((first, 1 - (middle - first)), (first + 1, middle - first)):
            A[i, min(max(old, 0), size - 1)] += share
    return A


@pytest.mark.parametrize(("size", "factor"), CASES)
def test_as_matrices(xp, size, factor):
    """y = A x B^T and dx = A^T dy B."""
    x = np.random.default_rng(0).normal(size=(2, *size, 3))
    dy = np.random.default_rng(1).normal(size=(2, *(n * s for n, s in zip(size, factor, strict=True)), 3))
    found = xp.call(
        lambda x, dy: [(enlarge(x, factor, one), enlarge_transpose(dy, factor, one)) for one in INTERPOLATIONS], x, dy
    )
    for interpolation, (y, dx) in zip(INTERPOLATIONS, found, strict=True):
        A, B = (matrix(n, s, interpolation) for n, s in zip(size, factor, strict=True))
        np.testing.assert_allclose(y, np.einsum("iy,jx,nyxc->nijc", A, B, x), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(dx, np.einsum("iy,jx,nijc->nyxc", A, B, dy), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", ["numpy", "array-api-strict", "jax-jit"])
def test_float32_stays_float32(ways, name):
    way, x = next(way for way in ways if way.name == name), np.ones((1, 2, 4, 1), dtype=np.float32)
    for y in way.call(lambda x: [f(x, (2, 2), "bilinear") for f in (enlarge, enlarge_transpose)], x):
        assert y.dtype == np.float32


def test_cropping_undoes_padding(xp):
    x, pads = np.arange(12.0).reshape(1, 3, 4, 1), ((1, 2), (0, 3))
    np.testing.assert_array_equal(xp.call(lambda x: crop(pad(x, pads), pads), x), x)
