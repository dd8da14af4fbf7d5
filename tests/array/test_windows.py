"""Windows and their transposes: worked arithmetic of the course, the adjoint identity over a grid, counts by loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from garasu.array import NO_PADS, col2im, im2col, merge, output_size, pad, reach, same_pads, split


def image(rows):
    """One image of one channel."""
    return np.array(rows, dtype=np.float64)[None, :, :, None]


def whole_numbers(shape, seed=0):
    """Whole numbers as floats: sums of products of these are exact, so equality is."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float64)


# --------------------------------------------------------------------------------------------- worked arithmetic


def test_b5_im2col_of_1_to_16(xp):
    cols = xp.call(lambda x: im2col(x, (2, 2)), image(np.arange(1, 17).reshape(4, 4)))
    assert cols.shape == (1, 3, 3, 4)
    assert cols.reshape(9, 4).T.tolist() == [
        [1, 2, 3, 5, 6, 7, 9, 10, 11],
        [2, 3, 4, 6, 7, 8, 10, 11, 12],
        [5, 6, 7, 9, 10, 11, 13, 14, 15],
        [6, 7, 8, 10, 11, 12, 14, 15, 16],
    ]
    assert (cols @ np.array([1.0, 2, 3, 4])).tolist() == [[[44, 54, 64], [84, 94, 104], [124, 134, 144]]]


def test_b5_rows_of_pooling_windows(xp):
    cols = xp.call(lambda x: im2col(x, (2, 2), (2, 2)), image(np.arange(1, 17).reshape(4, 4)))
    assert cols.reshape(4, 4).tolist() == [[1, 2, 5, 6], [3, 4, 7, 8], [9, 10, 13, 14], [11, 12, 15, 16]]


def test_b6_size():
    assert output_size((6, 6), (2, 2), (1, 1), ((1, 1), (1, 1))) == (7, 7)


def test_b8_im2col_with_stride_2(xp):
    x = image([[70, 40, 12, 41], [1, 95, 98, 44], [71, 98, 53, 26], [60, 77, 8, 9]])
    cols = xp.call(lambda x: im2col(x, (3, 3), (2, 2)), x)
    assert cols.tolist() == [[[[70, 40, 12, 1, 95, 98, 71, 98, 53]]]]


def test_b9_col2im_after_im2col(xp):
    x = image([[11, 7, 35, 63], [45, 34, 18, 4], [4, 1, 96, 5], [42, 30, 61, 2]])
    back = xp.call(lambda x: col2im(im2col(x, (3, 3)), (4, 4), (3, 3)), x)
    times = np.array([[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]])
    assert back[0, :, :, 0].tolist() == [[11, 14, 70, 63], [90, 136, 72, 8], [8, 4, 384, 10], [42, 60, 122, 2]]
    np.testing.assert_array_equal(back, x * times[None, :, :, None])


# ------------------------------------------------------------------------------------------------------ sizes, pads


@pytest.mark.parametrize(
    ("size", "window", "stride", "pads", "result"),
    [
        ((28, 28), (5, 5), (1, 1), NO_PADS, (24, 24)),
        ((28, 28), (5, 5), (1, 1), ((2, 2), (2, 2)), (28, 28)),
        ((28, 28), (2, 2), (2, 2), NO_PADS, (14, 14)),
        ((7, 7), (3, 3), (2, 2), NO_PADS, (3, 3)),
        ((5, 8), (2, 3), (2, 3), NO_PADS, (2, 2)),  # what does not divide is left over
        ((5, 8), (1, 2), (4, 3), ((0, 3), (1, 0)), (2, 3)),
        ((16, 16), (5, 5), (2, 2), ((1, 2), (2, 1)), (8, 8)),
    ],
)
def test_output_size_is_what_split_gives(size, window, stride, pads, result):
    assert output_size(size, window, stride, pads) == result
    parts = split(np.zeros((2, *size, 3)), window, stride, pads)
    assert len(parts) == window[0] * window[1]
    assert {part.shape for part in parts} == {(2, *result, 3)}


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
@pytest.mark.parametrize("window", [1, 2, 3, 4, 5])
def test_same_pads_as_xla_has_them(window, stride):
    from jax import lax

    for size in range(1, 12):
        ours = same_pads((size, size + 3), (window, 2), (stride, stride))
        theirs = lax.padtype_to_pads((size, size + 3), (window, 2), (stride, stride), "SAME")
        assert ours == tuple(theirs)
        result = output_size((size, size + 3), (window, 2), (stride, stride), ours)
        assert result == (-(-size // stride), -(-(size + 3) // stride))


@pytest.mark.parametrize("value", [0.0, 7.5, -np.inf])
def test_pad_puts_the_value_around(xp, value):
    x = whole_numbers((2, 2, 3, 2))
    result = xp.call(lambda x: pad(x, ((1, 0), (2, 3)), value), x)
    expected = np.full((2, 3, 8, 2), value)
    expected[:, 1:, 2:5] = x
    np.testing.assert_array_equal(result, expected)
    assert pad(x, NO_PADS) is x


def test_split_is_row_major_in_the_window(xp):
    x = whole_numbers((1, 4, 6, 1))
    parts = xp.call(lambda x: split(x, (2, 3), (1, 2), ((1, 0), (0, 1))), x)
    padded = np.pad(x, ((0, 0), (1, 0), (0, 1), (0, 0)))
    for k, (i, j) in enumerate((i, j) for i in range(2) for j in range(3)):
        for row in range(4):
            for column in range(3):
                assert parts[k][0, row, column, 0] == padded[0, row + i, 2 * column + j, 0]


@pytest.mark.parametrize(
    ("window", "dilation", "result"),
    [((3, 3), (1, 1), (3, 3)), ((3, 2), (2, 5), (5, 6)), ((1, 1), (9, 9), (1, 1)), ((5, 1), (3, 2), (13, 1))],
)
def test_reach_is_the_first_to_the_last_place(window, dilation, result):
    assert reach(window, dilation) == result


@pytest.mark.parametrize("window", [(1, 1), (2, 3)])
def test_a_stride_far_beyond_the_image_costs_nothing(window):
    """One window: what it saw comes back to its place, and no picture is spread over a million rows."""
    x, far = whole_numbers((2, 3, 4, 1)), (10**6, 10**7)
    parts = split(x, window, far)
    assert all(part.shape == (2, 1, 1, 1) for part in parts)
    back = merge(parts, (3, 4), window, far)
    seen = np.zeros_like(x)
    seen[:, : window[0], : window[1]] = x[:, : window[0], : window[1]]
    np.testing.assert_array_equal(back, seen)


def test_split_with_dilation_steps_over_rows_and_columns(xp):
    """And merge puts back where it read, on every way."""
    x, stride, pads, dilation = whole_numbers((2, 6, 7, 2)), (2, 1), ((1, 0), (0, 2)), (3, 2)
    given = (stride, pads)

    def both(x):
        parts = split(x, (2, 3), *given, dilation=dilation)
        return parts, merge(parts, (6, 7), (2, 3), *given, dilation=dilation)

    parts, back = xp.call(both, x)
    padded, expected = np.pad(x, ((0, 0), *pads, (0, 0))), np.zeros((2, 7, 9, 2))
    for k, (i, j) in enumerate((i, j) for i in (0, 3) for j in (0, 2, 4)):
        for row in range(2):
            for column in range(5):
                np.testing.assert_array_equal(parts[k][:, row, column], padded[:, 2 * row + i, column + j])
                expected[:, 2 * row + i, column + j] += parts[k][:, row, column]
    np.testing.assert_array_equal(back, expected[:, 1:, :7])


def test_a_dilated_window_does_not_deal_out_cards():
    """Windows as far apart as they are wide touch only where they have no gaps."""
    parts = split(np.ones((1, 6, 6, 1)), (2, 2), (2, 2), dilation=(2, 2))
    counts = merge(parts, (6, 6), (2, 2), (2, 2), dilation=(2, 2))[0, :, :, 0]
    assert counts[:, 0].tolist() == [1, 0, 2, 0, 1, 0]
    assert counts.sum() == sum(part.size for part in parts)


# ------------------------------------------------------------------------------------------------------- transposes

# (size, window, stride, pads): overlapping, touching, leaving gaps; left-over rows; uneven pads
CASES = [
    ((5, 7), (2, 3), (2, 3), NO_PADS),
    ((4, 4), (2, 2), (1, 1), ((1, 1), (0, 1))),
    ((6, 9), (2, 2), (3, 5), ((1, 2), (0, 3))),
]
MORE_CASES = [
    *CASES,
    ((5, 4), (2, 2), (2, 2), ((0, 1), (1, 1))),
    ((4, 4), (2, 2), (2, 2), NO_PADS),
    ((6, 5), (3, 2), (2, 1), ((0, 1), (2, 0))),
    ((7, 8), (2, 1), (3, 4), NO_PADS),
    ((3, 3), (3, 3), (2, 2), ((2, 2), (1, 0))),
    ((1, 1), (1, 1), (1, 1), NO_PADS),
]


def brute_merge(parts, size, window, stride, pads):
    """The transpose by loops: every number added where split would have read it, what falls into the pads left out."""
    (above, _), (left, _) = pads
    n, rows, columns, channels = parts[0].shape
    whole = np.zeros((n, *size, channels))
    for k, part in enumerate(parts):
        for row in range(rows):
            for column in range(columns):
                y, x = row * stride[0] + k // window[1] - above, column * stride[1] + k % window[1] - left
                if 0 <= y < size[0] and 0 <= x < size[1]:
                    whole[:, y, x] += part[:, row, column]
    return whole


def inner(a, b):
    return float(np.sum(np.asarray(a) * np.asarray(b)))


@pytest.mark.parametrize("case", CASES)
def test_merge_adds_back_where_split_read(xp, case):
    size, window, stride, pads = case
    parts = [whole_numbers((2, *output_size(*case), 2), seed) for seed in range(window[0] * window[1])]

    def both(parts):
        return merge(parts, size, window, stride, pads), col2im(side_by_side(parts), size, window, stride, pads)

    right = brute_merge(parts, *case)
    for result in xp.call(both, parts):
        np.testing.assert_array_equal(result, right)


def side_by_side(parts):
    """The parts side by side, in their own library."""
    return parts[0].__array_namespace__().concat(parts, axis=-1)


@pytest.mark.parametrize("case", MORE_CASES)
def test_im2col_and_col2im_are_transposes(case):
    size, window, stride, pads = case
    x, p = whole_numbers((2, *size, 3)), whole_numbers((2, *output_size(*case), window[0] * window[1] * 3), 1)
    assert inner(im2col(x, window, stride, pads), p) == inner(x, col2im(p, size, window, stride, pads))


@st.composite
def cases(draw):
    """Sizes, windows, strides and pads for which at least one window fits."""
    pads = tuple((draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in range(2))
    window = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(st.one_of(st.just(window), st.tuples(st.integers(1, 5), st.integers(1, 5))))
    size = tuple(draw(st.integers(max(1, window[axis] - sum(pads[axis])), 9)) for axis in range(2))
    return size, window, stride, pads


@given(cases(), st.integers(1, 2), st.integers(1, 3))
def test_the_adjoint_identity(case, number, channels):
    """<split(x), p> = <x, merge(p)>, exactly."""
    size, window, stride, pads = case
    x = whole_numbers((number, *size, channels))
    parts = split(x, window, stride, pads)
    p = [whole_numbers(part.shape, seed) for seed, part in enumerate(parts)]
    back = merge(p, size, window, stride, pads)
    assert back.shape == x.shape
    assert sum(map(inner, parts, p)) == inner(x, back)


@given(cases())
def test_merge_of_split_counts_the_windows_over_a_place(case):
    size, window, stride, pads = case
    counts = merge(split(np.ones((1, *size, 1)), window, stride, pads), size, window, stride, pads)
    rows, columns = output_size(*case)
    expected = np.zeros((size[0] + sum(pads[0]), size[1] + sum(pads[1])))
    for row in range(rows):
        for column in range(columns):
            y, x = row * stride[0], column * stride[1]
            expected[y : y + window[0], x : x + window[1]] += 1
    inside = expected[pads[0][0] : pads[0][0] + size[0], pads[1][0] : pads[1][0] + size[1]]
    np.testing.assert_array_equal(counts[0, :, :, 0], inside)


@pytest.mark.parametrize("name", ["numpy", "array-api-strict", "jax-jit"])
def test_float32_stays_float32(ways, name):
    way = next(way for way in ways if way.name == name)
    x = whole_numbers((1, 5, 5, 2)).astype(np.float32)
    sizes = (2, 2), (1, 2), ((1, 1), (0, 2))
    result = way.call(lambda x: col2im(im2col(x, *sizes), (5, 5), *sizes), x)
    assert result.dtype == np.float32
