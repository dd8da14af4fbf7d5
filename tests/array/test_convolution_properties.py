"""What must hold of every convolution: linearity, adjoint identities, counts, and what batch, groups and dilation mean.

Whole numbers as floats: sums of products of these are exact, so equality is, whatever the order of adding.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from garasu.array import (
    NO_GAPS,
    col2im,
    convolve,
    convolve_input_gradient,
    convolve_kernel_gradient,
    im2col,
    output_size,
    reach,
)

small = st.integers(1, 3)
pairs = st.tuples(small, small)


@st.composite
def cases(draw, dilated=True, grouped=True):
    """Settings for which at least one window fits: (size, window, stride, pads, dilation, groups), and sizes around."""
    pads = tuple((draw(st.integers(0, 2)), draw(st.integers(0, 2))) for _ in range(2))
    window, stride = draw(pairs), draw(pairs)
    dilation = draw(pairs) if dilated else NO_GAPS
    seen = reach(window, dilation)
    size = tuple(draw(st.integers(max(1, seen[axis] - sum(pads[axis])), 8)) for axis in range(2))
    groups = draw(small) if grouped else 1
    kind = {"stride": stride, "pads": pads, "dilation": dilation, "groups": groups}
    return size, window, kind, draw(small), draw(small), draw(small)


def whole_numbers(shape, seed):
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float64)


def arrays(case):
    """x, W and dy; channels and filters are counted by group."""
    size, window, kind, number, channels, filters = case
    groups = kind["groups"]
    rows, columns = output_size(size, reach(window, kind["dilation"]), kind["stride"], kind["pads"])
    shapes = (
        (number, *size, channels * groups),
        (*window, channels, filters * groups),
        (number, rows, columns, filters * groups),
    )
    return [whole_numbers(shape, seed) for seed, shape in enumerate(shapes)]


def inner(a, b):
    assert a.shape == b.shape
    return float(np.sum(a * b))


# ------------------------------------------------------------------------------------------ linear, and its transposes


@given(cases(), st.integers(-5, 5), st.integers(-5, 5))
def test_convolution_is_linear_in_the_image_and_in_the_kernel(case, a, b):
    kind = case[2]
    (x, W, _), other_x, other_W = arrays(case), *(whole_numbers(array.shape, 9) for array in arrays(case)[:2])
    y = convolve(x, W, **kind)
    np.testing.assert_array_equal(convolve(a * x + b * other_x, W, **kind), a * y + b * convolve(other_x, W, **kind))
    np.testing.assert_array_equal(convolve(x, a * W + b * other_W, **kind), a * y + b * convolve(x, other_W, **kind))


@given(cases())
def test_the_gradients_are_the_transposes(case):
    """<convolve(x, W), dy> = <x, dx> = <W, dW>."""
    size, window, kind, *_ = case
    x, W, dy = arrays(case)
    dx = convolve_input_gradient(dy, W, size, **kind)
    dW = convolve_kernel_gradient(x, dy, window, **kind)
    assert inner(convolve(x, W, **kind), dy) == inner(x, dx) == inner(W, dW)


@given(cases(grouped=False))
def test_im2col_and_col2im_are_transposes(case):
    size, window, kind, *_ = case
    where = (window, kind["stride"], kind["pads"], kind["dilation"])
    cols = im2col(arrays(case)[0], *where)
    p = whole_numbers(cols.shape, 5)
    assert inner(cols, p) == inner(arrays(case)[0], col2im(p, size, *where))


# ---------------------------------------------------------------------------------------------------------- counts


@given(cases(grouped=False))
def test_im2col_and_col2im_count_how_often_a_pixel_is_seen(case):
    """Along each axis: the windows p and places i with s p + d i at the pixel; an image's pixel, their product."""
    size, window, kind, *_ = case
    where = (window, kind["stride"], kind["pads"], kind["dilation"])
    cols = im2col(np.ones((1, *size, 1)), *where)
    rows, columns = cols.shape[1:3]
    counts = []
    for axis, results in enumerate((rows, columns)):
        step, gap, (before, _) = kind["stride"][axis], kind["dilation"][axis], kind["pads"][axis]
        seen = [step * p + gap * i - before for p in range(results) for i in range(window[axis])]
        counts.append([seen.count(place) for place in range(size[axis])])
    np.testing.assert_array_equal(col2im(cols, size, *where)[0, :, :, 0], np.outer(*counts))
    assert np.sum(cols) == np.sum(np.outer(*counts))


# ------------------------------------------------------------------------------------ batch, groups, dilation, channels


@given(cases())
def test_a_batch_is_its_images_one_by_one(case):
    size, window, kind, *_ = case
    x, W, dy = arrays(case)
    singles = range(len(x))
    apart = [convolve(x[n : n + 1], W, **kind) for n in singles]
    np.testing.assert_array_equal(convolve(x, W, **kind), np.concatenate(apart))
    apart = [convolve_input_gradient(dy[n : n + 1], W, size, **kind) for n in singles]
    np.testing.assert_array_equal(convolve_input_gradient(dy, W, size, **kind), np.concatenate(apart))
    apart = [convolve_kernel_gradient(x[n : n + 1], dy[n : n + 1], window, **kind) for n in singles]
    np.testing.assert_array_equal(convolve_kernel_gradient(x, dy, window, **kind), sum(apart))


@given(cases())
def test_groups_are_convolutions_side_by_side(case):
    """The same as one convolution whose kernel is 0 wherever a filter and a channel belong to different groups."""
    size, window, kind, _, channels, filters = case
    x, W, dy = arrays(case)
    whole, alone = np.zeros((*window, x.shape[-1], W.shape[-1])), {**kind, "groups": 1}
    blocks = [
        (slice(g * channels, (g + 1) * channels), slice(g * filters, (g + 1) * filters)) for g in range(kind["groups"])
    ]
    for seen, own in blocks:
        whole[:, :, seen, own] = W[..., own]
    np.testing.assert_array_equal(convolve(x, W, **kind), convolve(x, whole, **alone))
    dx = convolve_input_gradient(dy, whole, size, **alone)
    np.testing.assert_array_equal(convolve_input_gradient(dy, W, size, **kind), dx)
    dW = convolve_kernel_gradient(x, dy, window, **alone)
    own_blocks = [dW[:, :, seen, own] for seen, own in blocks]
    np.testing.assert_array_equal(convolve_kernel_gradient(x, dy, window, **kind), np.concatenate(own_blocks, axis=-1))


@given(cases())
def test_dilation_is_a_kernel_with_zeros_inserted(case):
    size, window, kind, *_ = case
    x, W, dy = arrays(case)
    (down, right), seen = kind["dilation"], reach(window, kind["dilation"])
    wide, dense = np.zeros((*seen, *W.shape[2:])), {**kind, "dilation": NO_GAPS}
    wide[::down, ::right] = W
    np.testing.assert_array_equal(convolve(x, W, **kind), convolve(x, wide, **dense))
    dx = convolve_input_gradient(dy, wide, size, **dense)
    np.testing.assert_array_equal(convolve_input_gradient(dy, W, size, **kind), dx)
    dW = convolve_kernel_gradient(x, dy, seen, **dense)
    np.testing.assert_array_equal(convolve_kernel_gradient(x, dy, window, **kind), dW[::down, ::right])


@given(cases(grouped=False))
def test_maps_are_summed_over_the_channels(case):
    kind = case[2]
    x, W, _ = arrays(case)
    apart = [convolve(x[..., c : c + 1], W[:, :, c : c + 1], **kind) for c in range(x.shape[-1])]
    np.testing.assert_array_equal(convolve(x, W, **kind), sum(apart))
