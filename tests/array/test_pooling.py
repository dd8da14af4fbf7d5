"""Pooling: the course's arithmetic, the rule of ties, NaN and padding, XLA's and Keras's own as oracles."""

import math

import numpy as np
import pytest

from garasu.array import (
    NO_PADS,
    average_pool,
    average_pool_transpose,
    lp_pool,
    lp_pool_gradient,
    max_pool,
    max_pool_transpose,
    same_pads,
)


def image(rows):
    """One image of one channel."""
    return np.array(rows, dtype=np.float64)[None, :, :, None]


def maximum(xp, x, window=(2, 2), stride=(2, 2), pads=NO_PADS):
    return xp.call(lambda x: max_pool(x, window, stride, pads), x)


# --------------------------------------------------------------------------------------------- worked arithmetic


def test_b5_max_pooling_of_1_to_16(xp):
    y, place = maximum(xp, image(np.arange(1, 17).reshape(4, 4)))
    assert y[0, :, :, 0].tolist() == [[6, 8], [14, 16]]
    assert place[0, :, :, 0].tolist() == [[3, 3], [3, 3]]
    assert place.dtype == np.int32


B7 = [
    [22, 27, 26, 68, 64, 39, 38, 72],
    [16, 84, 29, 4, 10, 47, 25, 3],
    [37, 66, 7, 89, 49, 72, 81, 24],
    [83, 67, 61, 70, 95, 88, 43, 48],
    [54, 70, 0, 49, 54, 34, 29, 92],
    [10, 97, 25, 1, 67, 43, 10, 67],
    [61, 66, 59, 16, 54, 85, 58, 17],
    [29, 32, 87, 63, 37, 15, 8, 44],
]


def test_b7_max_pooling(xp):
    y, place = maximum(xp, image(B7))
    assert y[0, :, :, 0].tolist() == [[84, 68, 64, 72], [83, 89, 95, 81], [97, 49, 67, 92], [66, 87, 85, 58]]
    assert place[0, :, :, 0].tolist() == [[3, 1, 0, 1], [2, 1, 2, 0], [3, 1, 2, 1], [1, 2, 1, 0]]


# ---------------------------------------------------------------------------------------------- ties, NaN, padding


def marked(x):
    """Where the errors of 2x2 pooling go: 7 for each window."""
    y, place = max_pool(x, (2, 2), (2, 2), NO_PADS)
    return place, max_pool_transpose(y * 0 + 7, place, (4, 4), (2, 2), (2, 2), NO_PADS)


def test_the_first_maximum_in_row_major_order_gets_the_error(xp):
    place, dx = xp.call(marked, image([[5, 5, 1, 5], [5, 5, 5, 5], [1, 2, -0.0, 0], [5, 5, 0, 0]]))
    assert place[0, :, :, 0].tolist() == [[0, 1], [2, 0]]
    assert dx[0, :, :, 0].tolist() == [[7, 0, 0, 7], [0, 0, 0, 0], [0, 0, 7, 0], [7, 0, 0, 0]]


def test_a_flat_background_is_all_ties(xp):
    """Every window's error goes to its first place, none is lost and none is counted twice."""
    place, dx = xp.call(marked, np.full((1, 4, 4, 1), 0.1))
    assert not place.any()
    assert dx[0, :, :, 0].tolist() == [[7, 0, 7, 0], [0, 0, 0, 0]] * 2


def test_nan_is_not_hidden(xp):
    x = image(B7)
    x[0, 0, 1, 0] = x[0, 5, 5, 0] = math.nan
    y, _ = maximum(xp, x)
    hidden = np.isnan(y[0, :, :, 0])
    assert np.argwhere(hidden).tolist() == [[0, 0], [2, 2]]


def test_padding_never_wins(xp):
    """Minus infinity, not zero: below an all-negative image the maximum is the image's own."""
    x = -np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
    y, place = maximum(xp, x, (2, 2), (2, 2), ((1, 0), (1, 0)))
    assert y[0, :, :, 0].tolist() == [[-1, -2], [-4, -5]]
    assert place[0, :, :, 0].tolist() == [[3, 2], [1, 0]]


# ------------------------------------------------------------------------------------------------------------ oracles

# (size, window, stride, pads)
CASES = {
    "overlapping": ((5, 4), (3, 2), (2, 1), NO_PADS),
    "touching, same": ((5, 3), (2, 2), (2, 2), same_pads((5, 3), (2, 2), (2, 2))),
    "left over": ((5, 7), (2, 3), (2, 3), NO_PADS),
    "touching": ((6, 4), (2, 2), (2, 2), NO_PADS),
    "overlapping, same": ((5, 6), (3, 2), (1, 1), same_pads((5, 6), (3, 2), (1, 1))),
    "gaps, explicit": ((8, 8), (2, 2), (3, 4), ((1, 0), (0, 1))),
}


FLAT = ((2, 2), (2, 2), NO_PADS)


def with_ties(size, seed=0):
    """Few different values, so that most windows hold their maximum several times."""
    return np.random.default_rng(seed).integers(-2, 2, (2, *size, 3)).astype(np.float64)


def errors_for(case, seed=1):
    size, window, stride, pads = case
    rows, columns = ((size[a] - window[a] + sum(pads[a])) // stride[a] + 1 for a in (0, 1))
    return np.random.default_rng(seed).integers(1, 99, (2, rows, columns, 3)).astype(np.float64)


def maximum_and_back(case):
    """Max pooling and its transpose as one function."""

    def run(x, dy):
        y, place = max_pool(x, *case[1:])
        return y, max_pool_transpose(dy, place, *case)

    return run


def by_xla(case, x, dy):
    """reduce_window and its derivative, select_and_scatter, which gives the error to the first maximum too."""
    import jax

    _, window, stride, pads = case
    shape, steps, around = (1, *window, 1), (1, *stride, 1), ((0, 0), *pads, (0, 0))
    with jax.enable_x64(True):
        y, back = jax.vjp(lambda x: jax.lax.reduce_window(x, -np.inf, jax.lax.max, shape, steps, around), x)
        return np.asarray(y), np.asarray(back(jax.numpy.asarray(dy))[0])


@pytest.mark.parametrize("name", CASES)
def test_max_pooling_against_xla(name):
    case = CASES[name]
    x, dy = with_ties(case[0]), errors_for(case)
    for result, right in zip(maximum_and_back(case)(x, dy), by_xla(case, x, dy), strict=True):
        np.testing.assert_array_equal(result, right)


def test_max_pooling_is_the_same_in_every_way(xp):
    case = CASES["overlapping"]
    x, dy = with_ties(case[0]), errors_for(case)
    for result, right in zip(xp.call(maximum_and_back(case), x, dy), maximum_and_back(case)(x, dy), strict=True):
        np.testing.assert_array_equal(result, right)


@pytest.mark.parametrize("name", CASES)
def test_the_faster_transpose_is_the_plain_one(ways, name):
    """Compiled: errors repeated in place where the windows tile the picture, and wherever they do not."""
    case = CASES[name]
    x, dy = with_ties(case[0]), errors_for(case)
    for result, right in zip(ways[-1].call(maximum_and_back(case), x, dy), maximum_and_back(case)(x, dy), strict=True):
        assert result.dtype == right.dtype
        np.testing.assert_array_equal(result, right)


def average_and_back(case):
    """Average pooling and its transpose as one function."""
    return lambda x, dy: (average_pool(x, *case[1:]), average_pool_transpose(dy, *case))


def brute_average(x, case):
    """Means over the places inside the image, by loops."""
    _, window, stride, pads = case
    y = np.zeros_like(errors_for(case))
    for row in range(y.shape[1]):
        for column in range(y.shape[2]):
            top, left = row * stride[0] - pads[0][0], column * stride[1] - pads[1][0]
            rows, columns = slice(max(top, 0), top + window[0]), slice(max(left, 0), left + window[1])
            y[:, row, column] = x[:, rows, columns].mean(axis=(1, 2))
    return y


@pytest.mark.parametrize("name", CASES)
def test_average_pooling_counts_only_places_inside(name):
    case = CASES[name]
    x, dy = with_ties(case[0]), errors_for(case)
    y, dx = average_and_back(case)(x, dy)
    np.testing.assert_allclose(y, brute_average(x, case), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(np.sum(y * dy), np.sum(x * dx), rtol=1e-12)  # the transpose
    assert dx.shape == x.shape


def test_average_pooling_is_the_same_in_every_way(xp):
    case = CASES["touching, same"]
    x, dy = with_ties(case[0]), errors_for(case)
    for result, right in zip(xp.call(average_and_back(case), x, dy), average_and_back(case)(x, dy), strict=True):
        np.testing.assert_allclose(result, right, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("p", [1, 2.5])
def test_lp_pooling_is_the_same_in_every_way(xp, p):
    """Ties, zeros and padding among them; its value is the mean of powers, its slope that of central differences."""
    case = CASES["touching, same"]
    x, dy = with_ties(case[0]), errors_for(case)

    def both(x, dy):
        return lp_pool(x, p, *case[1:]), lp_pool_gradient(dy, x, p, *case[1:])

    (y, dx), (right, slope) = xp.call(both, x, dy), both(x, dy)
    np.testing.assert_allclose(y, brute_average(np.abs(x) ** p, case) ** (1 / p), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(y, right, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(dx, slope, rtol=1e-12, atol=1e-13)
    assert not dx[x == 0].any()


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_no_power_overflows_or_vanishes_on_the_way_back(scale):
    x = np.array([[1.0, 3.0], [2.0, 4.0]], dtype=np.float32).reshape(1, 2, 2, 1)
    dy = np.ones((1, 1, 1, 1), dtype=np.float32)
    slope, scaled = (lp_pool_gradient(dy, factor * x, 8, *FLAT) for factor in (np.float32(1), np.float32(scale)))
    np.testing.assert_allclose(scaled, slope, rtol=1e-5)


def test_a_flat_background_of_zeros_has_no_slope(xp):
    """A root has none at 0; what is handed back is 0, never NaN."""
    y, dx = xp.call(
        lambda x: (lp_pool(x, 2, *FLAT), lp_pool_gradient(x[:, :2, :2, :] + 1, x, 2, *FLAT)),
        np.zeros((1, 4, 4, 1)),
    )
    assert not y.any() and not dx.any()


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("window", "stride"), [((2, 2), (2, 2)), ((3, 3), (2, 2)), ((3, 2), (1, 3))])
def test_against_keras(window, stride, padding):
    from keras import layers

    x = with_ties((7, 6)).astype(np.float32)
    pads = same_pads((7, 6), window, stride) if padding == "same" else NO_PADS
    mean = layers.AveragePooling2D(window, stride, padding)(x)
    np.testing.assert_allclose(average_pool(x, window, stride, pads), np.asarray(mean), rtol=1e-6, atol=1e-7)
    most = layers.MaxPooling2D(window, stride, padding)(x)
    np.testing.assert_array_equal(max_pool(x, window, stride, pads)[0], np.asarray(most))


def test_overlapping_windows_add_their_errors(xp):
    """The 9 in the middle is the maximum of all four windows."""
    x = image([[1, 2, 3], [4, 9, 5], [6, 7, 8]])

    def both(x):
        y, place = max_pool(x, (2, 2), (1, 1), NO_PADS)
        return place, max_pool_transpose(y / 9, place, (3, 3), (2, 2), (1, 1), NO_PADS)

    place, dx = xp.call(both, x)
    assert place.ravel().tolist() == [3, 2, 1, 0]
    assert dx[0, :, :, 0].tolist() == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]


@pytest.mark.parametrize("name", ["numpy", "array-api-strict", "jax-jit"])
def test_float32_stays_float32(ways, name):
    way = next(way for way in ways if way.name == name)
    case = ((3, 3), (2, 2), (2, 2), ((1, 0), (0, 1)))
    x, dy = np.ones((1, 3, 3, 2), dtype=np.float32), np.ones((1, 2, 2, 2), dtype=np.float32)
    results = way.call(lambda x, dy: (*maximum_and_back(case)(x, dy), *average_and_back(case)(x, dy)), x, dy)
    assert {result.dtype for result in results} == {np.dtype(np.float32)}
