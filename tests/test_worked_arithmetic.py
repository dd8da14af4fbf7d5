"""The course's worked arithmetic, B1 to B11, to the digit, through the layers as a user calls them.

docs/arithmetic.md shows the same step by step; tests/docs runs that page.
"""

import numpy as np
import pytest

from garasu import filters
from garasu.array import col2im, im2col, random
from garasu.layers import Conv2D, Dense, MaxPooling2D

FOUR = [[3, 0, 2, 2], [1, 0, 3, 1], [3, 2, 2, 0], [1, 2, 2, 1]]
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


def image(rows):
    """One picture of one channel."""
    return np.array(rows, dtype=np.float64)[None, :, :, None]


def filtered(picture, one, **settings):
    """What a layer of one given filter makes of a picture."""
    layer, x = Conv2D.given([one], **settings), image(picture)
    spec = layer.spec(x.shape[1:])
    kernel = spec.params["kernel"]
    y, _ = layer.forward({"kernel": kernel.initializer.draw(random.key(0), kernel.shape)}, x)
    assert y.shape == (1, *spec.out_shape)
    return y[0, :, :, 0]


def pooled(picture):
    """2 x 2 max pooling and, with an error of 1 for each result, the places that take it."""
    layer, x = MaxPooling2D(2), image(picture)
    y, cache = layer.forward({}, x)
    taken, _ = layer.backward({}, cache, np.ones_like(y))
    np.testing.assert_array_equal(np.sum(taken), y.size)
    assert set(x[taken == 1]) == set(y.ravel())
    return y[0, :, :, 0]


def test_b1_vertical_edges():
    result = filtered(FOUR, filters.sobel())
    assert result.tolist() == [[2, 2], [1, -4]]
    assert np.abs(result).tolist() == [[2, 2], [1, 4]]


def test_b2_sharpening():
    assert filtered([[40, 60, 40], [80, 110, 80], [100, 100, 100]], filters.sharpening()).tolist() == [[230]]


def test_b3_smoothing():
    assert filtered(FIVE, filters.smoothing()).round(3).tolist() == [
        [2.444, 2.778, 3.778],
        [2.667, 3, 4.222],
        [2.556, 3, 3.889],
    ]


@pytest.mark.parametrize("padding", ["same", ((1, 1), (1, 1))])
def test_b3_smoothing_with_a_frame_of_zeros(padding):
    assert filtered(FIVE, filters.smoothing(), padding=padding).round(3).tolist() == [
        [1.222, 2, 2, 2.778, 2],
        [1.333, 2.444, 2.778, 3.778, 2.667],
        [1.556, 2.667, 3, 4.222, 3.111],
        [1.889, 2.556, 3, 3.889, 3.222],
        [1.778, 2.111, 2.222, 2.889, 2.556],
    ]


def test_b4_stride_1_and_2():
    every = filtered(SEVEN, filters.smoothing())
    assert every.round(3).tolist() == [
        [2.444, 2.778, 3.778, 3.333, 3.111],
        [2.667, 3, 4.222, 3.778, 3.444],
        [2.556, 3, 3.889, 3.667, 3.333],
        [3, 3.444, 4.444, 4.333, 3.889],
        [2.556, 3.667, 4.444, 4.444, 4.333],
    ]
    second = filtered(SEVEN, filters.smoothing(), strides=2)
    assert second.round(3).tolist() == [[2.444, 3.778, 3.111], [2.556, 3.889, 3.333], [2.556, 4.444, 4.333]]
    np.testing.assert_allclose(second, every[::2, ::2], rtol=1e-14)


ONE_TO_16 = np.arange(1, 17).reshape(4, 4)


def test_b5_convolution_as_a_matrix_product():
    """X' has one column for each window; our im2col has one row, so that channels and images follow on."""
    X = im2col(image(ONE_TO_16), (2, 2))[0].reshape(9, 4).T
    assert X.tolist() == [
        [1, 2, 3, 5, 6, 7, 9, 10, 11],
        [2, 3, 4, 6, 7, 8, 10, 11, 12],
        [5, 6, 7, 9, 10, 11, 13, 14, 15],
        [6, 7, 8, 10, 11, 12, 14, 15, 16],
    ]
    F = np.array([1.0, 2, 3, 4])
    product = (F @ X).reshape(3, 3)
    assert product.tolist() == [[44, 54, 64], [84, 94, 104], [124, 134, 144]]
    np.testing.assert_array_equal(filtered(ONE_TO_16, F.reshape(2, 2)), product)


def test_b5_the_slope_of_the_filter_is_x_times_the_error():
    """dF = X' D and dX = col2im(F^T D), as the layer's backward rule has them."""
    layer, x, W = Conv2D(1, 2, use_bias=False), image(ONE_TO_16), np.array([1.0, 2, 3, 4]).reshape(2, 2, 1, 1)
    _, cache = layer.forward({"kernel": W}, x)
    D = np.arange(9.0)
    dx, grads = layer.backward({"kernel": W}, cache, image(D.reshape(3, 3)))
    X = im2col(x, (2, 2))[0].reshape(9, 4).T
    np.testing.assert_array_equal(grads["kernel"].ravel(), X @ D)
    spread = np.outer(D, W.ravel()).reshape(1, 3, 3, 4)
    np.testing.assert_array_equal(dx, col2im(spread, (4, 4), (2, 2)))


def test_b5_max_pooling():
    windows = im2col(image(ONE_TO_16), (2, 2), (2, 2)).reshape(4, 4)
    assert windows.tolist() == [[1, 2, 5, 6], [3, 4, 7, 8], [9, 10, 13, 14], [11, 12, 15, 16]]
    assert windows.max(axis=1).reshape(2, 2).tolist() == pooled(ONE_TO_16).tolist() == [[6, 8], [14, 16]]


def test_b6_size():
    assert Conv2D(1, 2, padding=((1, 1), (1, 1))).spec((6, 6, 1)).out_shape == (7, 7, 1)


def test_b7_max_pooling():
    table = [
        [22, 27, 26, 68, 64, 39, 38, 72],
        [16, 84, 29, 4, 10, 47, 25, 3],
        [37, 66, 7, 89, 49, 72, 81, 24],
        [83, 67, 61, 70, 95, 88, 43, 48],
        [54, 70, 0, 49, 54, 34, 29, 92],
        [10, 97, 25, 1, 67, 43, 10, 67],
        [61, 66, 59, 16, 54, 85, 58, 17],
        [29, 32, 87, 63, 37, 15, 8, 44],
    ]
    assert pooled(table).tolist() == [[84, 68, 64, 72], [83, 89, 95, 81], [97, 49, 67, 92], [66, 87, 85, 58]]


def test_b8_im2col_with_stride_2():
    x = image([[70, 40, 12, 41], [1, 95, 98, 44], [71, 98, 53, 26], [60, 77, 8, 9]])
    assert im2col(x, (3, 3), (2, 2)).tolist() == [[[[70, 40, 12, 1, 95, 98, 71, 98, 53]]]]


def test_b9_col2im_after_im2col():
    x = image([[11, 7, 35, 63], [45, 34, 18, 4], [4, 1, 96, 5], [42, 30, 61, 2]])
    back = col2im(im2col(x, (3, 3)), (4, 4), (3, 3))
    assert back[0, :, :, 0].tolist() == [[11, 14, 70, 63], [90, 136, 72, 8], [8, 4, 384, 10], [42, 60, 122, 2]]
    times = [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]
    np.testing.assert_array_equal(back, x * image(times))


def test_b10_a_filter_finds_its_own_shape():
    picture = [[0, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 0]]
    assert filtered(picture, [[1, 0, 1], [0, 1, 0], [1, 0, 1]]).tolist() == [[0, 3, 1], [2, 3, 2], [2, 2, 2]]


def test_b11_a_linear_unit_measures_likeness():
    """Weights (w - mean) / sd: the pattern itself gives the number of its pixels, inverted exactly the negative."""
    pattern = np.array([0.0, 1, 0, 0, 1, 0, 0, 1, 0])
    standard = (pattern - pattern.mean()) / pattern.std()

    def likeness(x):
        return float(Dense(1, use_bias=False).forward({"kernel": standard[:, None]}, x[None])[0][0, 0])

    assert likeness(standard) == -likeness(-standard) == pytest.approx(9.0, rel=1e-14)
    assert likeness(np.full(9, 0.5)) == pytest.approx(0.0, abs=1e-14)
    itself, inverted = likeness(pattern), likeness(1.0 - pattern)
    assert itself == pytest.approx(-inverted, rel=1e-14) and itself == pytest.approx(9 * pattern.std(), rel=1e-14)
