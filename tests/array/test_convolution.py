"""Convolution and its two transposes: the course's arithmetic, SciPy, jax.vjp of XLA's own, and plain = faster form."""

import numpy as np
import pytest
from scipy.signal import correlate

from garasu.array import (
    NO_PADS,
    convolve,
    convolve_input_gradient,
    convolve_kernel_gradient,
    output_size,
    plain_forms,
    reach,
    same_pads,
)

SMOOTH = np.ones((3, 3)) / 9


def filtered(xp, picture, kernel, stride=1, border=0):
    """One picture through one filter."""
    x, W = np.array(picture, dtype=np.float64)[None, :, :, None], np.array(kernel, dtype=np.float64)[:, :, None, None]
    pads = ((border, border), (border, border))
    return xp.call(lambda x, W: convolve(x, W, (stride, stride), pads), x, W)[0, :, :, 0]


# --------------------------------------------------------------------------------------------- worked arithmetic


def test_b1_vertical_edges(xp):
    picture = [[3, 0, 2, 2], [1, 0, 3, 1], [3, 2, 2, 0], [1, 2, 2, 1]]
    assert filtered(xp, picture, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]).tolist() == [[2, 2], [1, -4]]


def test_b2_sharpening(xp):
    picture = [[40, 60, 40], [80, 110, 80], [100, 100, 100]]
    assert filtered(xp, picture, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]).tolist() == [[230]]


FIVE = [[2, 4, 1, 3, 5], [3, 2, 6, 2, 8], [1, 0, 3, 4, 2], [6, 2, 1, 7, 5], [5, 3, 2, 5, 6]]
SEVEN = [
    [2, 4, 1, 3, 5, 2, 1],
    [3, 2, 6, 2, 8, 3, 4],
    [1, 0, 3, 4, 2, 1, 2],
    [6, 2, 1, 7, 5, 2, 4],
    [5, 3, 2, 5, 6, 1, 7],
    [3, 4, 1, 6, 7, 0, 3],
    [1, 4, 0, 8, 5, 2, 8],
]


def test_b3_smoothing(xp):
    assert filtered(xp, FIVE, SMOOTH).round(3).tolist() == [
        [2.444, 2.778, 3.778],
        [2.667, 3, 4.222],
        [2.556, 3, 3.889],
    ]
    assert filtered(xp, FIVE, SMOOTH, border=1).round(3).tolist() == [
        [1.222, 2, 2, 2.778, 2],
        [1.333, 2.444, 2.778, 3.778, 2.667],
        [1.556, 2.667, 3, 4.222, 3.111],
        [1.889, 2.556, 3, 3.889, 3.222],
        [1.778, 2.111, 2.222, 2.889, 2.556],
    ]


def test_b4_stride(xp):
    assert filtered(xp, SEVEN, SMOOTH).round(3).tolist() == [
        [2.444, 2.778, 3.778, 3.333, 3.111],
        [2.667, 3, 4.222, 3.778, 3.444],
        [2.556, 3, 3.889, 3.667, 3.333],
        [3, 3.444, 4.444, 4.333, 3.889],
        [2.556, 3.667, 4.444, 4.444, 4.333],
    ]
    assert filtered(xp, SEVEN, SMOOTH, stride=2).round(3).tolist() == [
        [2.444, 3.778, 3.111],
        [2.556, 3.889, 3.333],
        [2.556, 4.444, 4.333],
    ]


def test_b10_similarity(xp):
    picture = [[0, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 0]]
    assert filtered(xp, picture, [[1, 0, 1], [0, 1, 0], [1, 0, 1]]).tolist() == [[0, 3, 1], [2, 3, 2], [2, 2, 2]]


# ---------------------------------------------------------------------------------------------------------- oracles

# (size, window, stride, pads, channels in, filters)
CASES = {
    "one channel, same": ((5, 6), (3, 3), (1, 1), same_pads((5, 6), (3, 3), (1, 1)), 1, 3),
    "several, valid, left over": ((6, 7), (3, 3), (2, 2), NO_PADS, 3, 4),
    "several, same, uneven": ((5, 6), (2, 3), (1, 1), same_pads((5, 6), (2, 3), (1, 1)), 2, 3),
}
MORE_CASES = CASES | {
    "one channel, stride": ((8, 7), (3, 2), (2, 3), ((1, 0), (2, 1)), 1, 2),
    "one channel, valid": ((7, 6), (3, 3), (1, 1), NO_PADS, 1, 2),
    "several, explicit": ((5, 5), (3, 2), (2, 1), ((0, 2), (3, 1)), 3, 2),
    "stride beyond the window": ((9, 9), (2, 2), (4, 3), NO_PADS, 2, 2),
    "a window of one": ((4, 4), (1, 1), (1, 1), NO_PADS, 3, 5),
}


# the same, and dilation, groups
GENERAL = {
    "dilation": ((7, 6), (3, 2), (1, 1), ((1, 0), (2, 1)), 2, 3, (2, 3), 1),
    "dilation, one channel": ((6, 7), (3, 3), (1, 1), ((2, 2), (2, 2)), 1, 2, (2, 2), 1),
    "groups": ((5, 6), (3, 3), (1, 1), ((1, 1), (1, 1)), 4, 6, (1, 1), 2),
    "one channel a group, stride": ((6, 5), (2, 2), (2, 2), NO_PADS, 3, 3, (1, 1), 3),
    "stride, dilation and groups": ((8, 9), (2, 3), (3, 2), ((1, 2), (0, 3)), 4, 2, (3, 2), 2),
}


def arrays(case, dtype=np.float64):
    """x, W and dy for a case."""
    size, window, stride, pads, channels, filters, *kind = case
    dilation, groups = kind or ((1, 1), 1)
    rng = np.random.default_rng(7)
    rows, columns = output_size(size, reach(window, dilation), stride, pads)
    shapes = (2, *size, channels), (*window, channels // groups, filters), (2, rows, columns, filters)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def all_three(case):
    """convolve and its two gradients as one function of x, W and dy."""
    size, window, stride, pads, _, _, *kind = case

    def run(x, W, dy):
        return (
            convolve(x, W, stride, pads, *kind),
            convolve_input_gradient(dy, W, size, stride, pads, *kind),
            convolve_kernel_gradient(x, dy, window, stride, pads, *kind),
        )

    return run


def by_scipy(case, x, W, dy):
    """The same three from scipy.signal.correlate, image by image and channel by channel."""
    size, window, (down, right), pads, channels, filters = case
    padded = np.pad(x, ((0, 0), *pads, (0, 0)))
    apart = np.zeros((2, *(padded.shape[a] - window[a - 1] + 1 for a in (1, 2)), filters))
    apart[:, ::down, ::right] = dy  # the error spread by the stride, as large as a result of stride 1
    y, dx, dW = np.zeros_like(dy), np.zeros_like(padded), np.zeros_like(W)
    for n in range(2):
        for c in range(channels):
            for k in range(filters):
                y[n, :, :, k] += correlate(padded[n, :, :, c], W[:, :, c, k], "valid")[::down, ::right]
                dx[n, :, :, c] += correlate(apart[n, :, :, k], W[::-1, ::-1, c, k], "full")
                dW[:, :, c, k] += correlate(padded[n, :, :, c], apart[n, :, :, k], "valid")
    (above, _), (left, _) = pads
    return y, dx[:, above : above + size[0], left : left + size[1]], dW


def by_xla(case, x, W, dy):
    """The same three from jax.vjp of XLA's own convolution."""
    import jax

    stride, pads, _, _, *kind = case[2:]
    dilation, groups = kind or (None, 1)
    layout = ("NHWC", "HWIO", "NHWC")
    with jax.enable_x64(True):
        y, back = jax.vjp(
            lambda x, W: jax.lax.conv_general_dilated(
                x, W, stride, pads, None, dilation, dimension_numbers=layout, feature_group_count=groups
            ),
            *map(jax.numpy.asarray, (x, W)),
        )
        dx, dW = back(jax.numpy.asarray(dy))
        return tuple(map(np.asarray, (y, dx, dW)))


def assert_close(results, expected, tolerance):
    for result, right in zip(results, expected, strict=True):
        assert (result.shape, result.dtype) == (right.shape, right.dtype)
        assert np.max(np.abs(result - right)) <= tolerance * np.max(np.abs(right))


@pytest.mark.parametrize("name", CASES)
def test_against_scipy(xp, name):
    case = CASES[name]
    given = arrays(case)
    assert_close(xp.call(all_three(case), *given), by_scipy(case, *given), 1e-13)


@pytest.mark.parametrize("name", MORE_CASES)
def test_against_the_vjp_of_xla(name):
    case = MORE_CASES[name]
    given = arrays(case)
    assert_close(all_three(case)(*given), by_xla(case, *given), 1e-13)


@pytest.mark.parametrize("name", GENERAL)
def test_dilation_and_groups_against_the_vjp_of_xla(ways, name):
    """On every way, in one test: what is expected is worked out once."""
    case = GENERAL[name]
    given = arrays(case)
    expected = by_xla(case, *given)
    for way in ways:
        if way.name != "jax":  # its forms are those of jax-jit, one operation at a time
            assert_close(way.call(all_three(case), *given), expected, 1e-13)


@pytest.mark.parametrize("name", ["one channel, stride", "several, same, uneven", "stride, dilation and groups"])
def test_the_plain_form_on_jax(ways, name):
    """JAX runs the faster forms above; here the definitions, compiled."""
    case = {**MORE_CASES, **GENERAL}[name]
    given = arrays(case)
    with plain_forms():
        plain = ways[-1].call(all_three(case), *given)
    assert_close(plain, all_three(case)(*given), 1e-13)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_faster_forms_in_float32(ways, channels):
    """To 1e-5 of the largest value, at a size that a network has (in float64, above: 1e-13)."""
    case = ((14, 14), (3, 3), (1, 1), ((1, 1), (1, 1)), channels, 8)
    given = arrays(case, np.float32)
    assert_close(ways[-1].call(all_three(case), *given), all_three(case)(*given), 1e-5)


# one channel, stride 1: two blocks of eight columns, three of three, seven by itself, a prime that has no blocks
BANDS = {
    16: ((6, 16), (5, 5), (1, 1), ((2, 2), (2, 2)), 1, 3),
    9: ((5, 9), (2, 3), (1, 1), ((1, 0), (0, 2)), 1, 2),
    7: ((6, 9), (3, 3), (1, 1), NO_PADS, 1, 2),
    11: ((4, 11), (3, 3), (1, 1), ((1, 1), (1, 1)), 1, 2),
}


@pytest.mark.parametrize("columns", BANDS)
def test_the_kernel_gradient_by_bands(ways, columns):
    case = BANDS[columns]
    given = [np.round(3 * array) for array in arrays(case)]
    assert given[2].shape[2] == columns
    for result, right in zip(ways[-1].call(all_three(case), *given), all_three(case)(*given), strict=True):
        np.testing.assert_array_equal(result, right)


@pytest.mark.parametrize("at", [(0, 0, 0, 0), (1, 2, 0, 1)])
def test_a_weight_that_is_nan_spoils_its_own_filter_only(ways, at):
    case = BANDS[9]
    x, W, _ = arrays(case)
    W[at] = np.nan
    result = ways[-1].call(lambda x, W: convolve(x, W, *case[2:4]), x, W)
    np.testing.assert_allclose(result, convolve(x, W, *case[2:4]), rtol=1e-12, equal_nan=True)
    assert np.isnan(result).all(axis=(0, 1, 2)).tolist() == [k == at[3] for k in range(2)]


@pytest.mark.parametrize(("name", "own"), [("one channel, valid", False), ("dilation, one channel", True)])
def test_which_forms_are_xla_s_own(ways, name, own):
    """One channel has forms that stay fast in a loop of steps; a dilated one is a convolution to XLA."""
    import jax

    case = {**MORE_CASES, **GENERAL}[name]
    x, W, dy = map(jax.numpy.asarray, arrays(case, np.float32))
    kind = case[6:]
    forward = jax.make_jaxpr(lambda x, W: convolve(x, W, *case[2:4], *kind))(x, W)
    kernel = jax.make_jaxpr(lambda x, dy: convolve_kernel_gradient(x, dy, *case[1:4], *kind))(x, dy)
    assert ["conv_general_dilated" in str(program) for program in (forward, kernel)] == [own, own]


@pytest.mark.parametrize("name", MORE_CASES)
def test_the_gradients_are_the_transposes(name):
    """<convolve(x, W), dy> = <x, dx> = <W, dW>, exactly: each is linear in what it transposes."""
    case = MORE_CASES[name]
    x, W, dy = given = [np.round(3 * array) for array in arrays(case)]
    y, dx, dW = all_three(case)(*given)
    assert np.sum(y * dy) == np.sum(x * dx) == np.sum(W * dW)
