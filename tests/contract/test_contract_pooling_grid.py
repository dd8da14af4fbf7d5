"""All layers that pool, over a grid: PyTorch in float64, ONNX's reference, and what holds for any numbers.

Keras stands beside what it takes of the grid in test_contract_keras_grids.py.
"""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, strategies

from garasu.layers import (
    AveragePooling2D,
    Cropping2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LpPooling2D,
    MaxPooling2D,
    UpSampling2D,
    ZeroPadding2D,
)
from garasu.testing.subject import draw
from tests.contract.contract_onnx import channels_first, channels_last, onnx
from tests.contract.contract_oracles import torch_or_skip

SIZES = [(1, 1), (1, 4), (5, 1), (4, 6), (5, 7), (8, 5)]
WINDOWS = [(1, 1), (2, 2), (3, 3), (2, 3), (3, 1)]
STRIDES = [None, (1, 1), (2, 3), (3, 2)]
PADDINGS = ["valid", "same", ((1, 0), (0, 0)), ((0, 1), (2, 1))]
BATCHES = itertools.cycle([1, 2])


def grid(kind, **settings):
    """Every layer of a kind that can be, with an image size it fits."""
    for size, window, strides, padding in itertools.product(SIZES, WINDOWS, STRIDES, PADDINGS):
        if not isinstance(padding, str) and any(max(p) >= w for p, w in zip(padding, window, strict=True)):
            continue
        layer = kind(window, strides=strides, padding=padding, **settings)
        pads = padding if not isinstance(padding, str) else ((0, 0), (0, 0))
        if padding == "same" or all(i + sum(p) >= w for i, p, w in zip(size, pads, window, strict=True)):
            yield layer, (next(BATCHES), *size, 2)


def images(shape, levels):
    """Pictures of few grey levels: 1 is flat, all ties; 3 has many; 0 is as many as there are numbers."""
    x = draw(0, "x", shape)
    return x if levels == 0 else np.floor(levels * (0.5 + 0.49 * np.tanh(x)))


def ours(layer, x):
    """y, an error for it, and what comes back."""
    y, cache = layer.forward({}, x)
    assert y.shape[1:] == layer.spec(x.shape[1:]).out_shape, layer
    dy = draw(1, "dy", y.shape)
    dx, grads = layer.backward({}, cache, dy)
    assert grads == {} and dx.shape == x.shape, layer
    return y, dy, dx


def agree(layer, x, theirs):
    """Ours and PyTorch's ``theirs(functions, x)``, channels first, forward and back."""
    torch = torch_or_skip()
    y, dy, dx = ours(layer, x)
    leaf = torch.tensor(x, requires_grad=True)
    expected = theirs(torch.nn.functional, leaf.permute(0, 3, 1, 2))
    expected = expected.permute(0, 2, 3, 1) if expected.ndim == 4 else expected
    np.testing.assert_allclose(y, expected.detach().numpy(), rtol=1e-12, atol=1e-12, err_msg=str((layer, x.shape)))
    expected.backward(torch.tensor(dy))
    np.testing.assert_allclose(dx, leaf.grad.numpy(), rtol=1e-11, atol=1e-12, err_msg=str((layer, x.shape)))


def same_by_hand(size, window, stride):
    """Keras's "same" in loops: as much padding as brings ceil(size / stride) windows, the odd one at the end."""
    found = []
    for i, w, s in zip(size, window, stride, strict=True):
        missing = max((int(np.ceil(i / s)) - 1) * s + w - i, 0)
        found.append((missing // 2, missing - missing // 2))
    return found


def around(layer, x):
    """What PyTorch is to add left, right, above, below."""
    stride = layer.strides or layer.pool_size
    if layer.padding == "valid":
        return 0, 0, 0, 0
    rows, columns = same_by_hand(x.shape[2:], layer.pool_size, stride) if layer.padding == "same" else layer.padding
    return (*columns, *rows)


def of_maximum(layer):
    return lambda F, x: F.max_pool2d(F.pad(x, around(layer, x), value=-np.inf), layer.pool_size, layer.strides)


def of_mean(layer, power=None):
    """The mean of what lies inside: PyTorch counts padding, so by what it makes of ones."""

    def call(F, x):
        pads, how = around(layer, x), (layer.pool_size, layer.strides)
        values = x if power is None else x.abs() ** power
        mean = F.avg_pool2d(F.pad(values, pads), *how) / F.avg_pool2d(F.pad(x.detach() * 0 + 1, pads), *how)
        return mean if power is None else mean ** (1 / power)

    return call


def of_whole(F, x):
    """The maximum by pooling, which gives a tie to the first; ``amax`` would share it."""
    return F.max_pool2d(x, x.shape[2:])


@pytest.mark.oracles
@pytest.mark.parametrize("levels", [0, 1, 3])
def test_max_pooling_as_pytorch(levels):
    """PyTorch too gives a tie to the first in row-major order."""
    for layer, shape in grid(MaxPooling2D):
        agree(layer, images(shape, levels), of_maximum(layer))


@pytest.mark.oracles
def test_average_pooling_as_pytorch():
    for layer, shape in grid(AveragePooling2D):
        agree(layer, images(shape, 0), of_mean(layer))


@pytest.mark.oracles
@pytest.mark.parametrize("p", [1, 2, 3.5])
def test_lp_pooling_as_pytorch(p):
    for layer, shape in grid(LpPooling2D, p=p):
        agree(layer, images(shape, 0), of_mean(layer, p))


@pytest.mark.oracles
@pytest.mark.parametrize("keepdims", [False, True])
def test_global_pooling_as_pytorch(keepdims):
    for size in SIZES:
        x = draw(0, "x", (2, *size, 3))
        agree(GlobalAveragePooling2D(keepdims), x, lambda F, x: x.mean(dim=(2, 3), keepdim=keepdims))
        flat = images((2, *size, 3), 2)
        agree(GlobalMaxPooling2D(keepdims), flat, of_whole if keepdims else lambda F, x: of_whole(F, x)[..., 0, 0])


@pytest.mark.oracles
@pytest.mark.parametrize("factor", [(1, 1), (2, 2), (3, 1), (2, 5), (4, 3)])
def test_up_sampling_as_pytorch(factor):
    for size in SIZES:
        x = draw(0, "x", (2, *size, 2))
        nearest = lambda F, x: F.interpolate(x, scale_factor=factor, mode="nearest")  # noqa: E731
        agree(UpSampling2D(factor), x, nearest)
        linear = lambda F, x: F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)  # noqa: E731
        agree(UpSampling2D(factor, "bilinear"), x, linear)


@pytest.mark.oracles
@pytest.mark.parametrize("pads", [((0, 0), (0, 0)), ((1, 2), (0, 3)), ((0, 2), (1, 0))])
def test_frames_as_pytorch(pads):
    (above, below), (left, right) = pads
    for size in SIZES:
        x = draw(0, "x", (1, *size, 2))
        agree(ZeroPadding2D(pads), x, lambda F, x: F.pad(x, (left, right, above, below)))
        larger = draw(0, "x", (2, size[0] + above + below, size[1] + left + right, 2))
        agree(Cropping2D(pads), larger, lambda F, x: F.pad(x, (-left, -right, -above, -below)))


# --------------------------------------------------------------------------------------------------------------- ONNX


def onnx_run(operator, x, *more, **attributes):
    """One operator by ONNX's reference evaluator, channels last in and out."""
    return channels_last(onnx(operator, channels_first(x), *more, **attributes))


def windows(layer, pads):
    """A pooling layer's windows in ONNX's words."""
    (above, below), (left, right) = pads
    strides = layer.strides or layer.pool_size
    return {"kernel_shape": layer.pool_size, "strides": strides, "pads": (above, left, below, right)}


NO_FRAME = ((0, 0), (0, 0))


@pytest.mark.parametrize(
    ("window", "strides", "padding"),
    [
        ((2, 2), None, NO_FRAME),
        ((3, 2), (2, 1), NO_FRAME),
        ((3, 3), (2, 2), ((1, 1), (1, 1))),
        ((2, 3), (1, 2), ((1, 0), (0, 2))),
        ((3, 2), None, ((2, 2), (1, 0))),
    ],
)
@pytest.mark.parametrize(("batch", "size"), [(2, (6, 5)), (1, (3, 4)), (1, (1, 1))])
def test_pooling_as_onnx(batch, size, window, strides, padding):
    if any(side + sum(pads) < wide for side, pads, wide in zip(size, padding, window, strict=True)):
        return  # no window fits
    x = draw(0, "x", (batch, *size, 3))
    for kind, operator in ((MaxPooling2D, "MaxPool"), (AveragePooling2D, "AveragePool")):
        layer = kind(window, strides=strides, padding=padding)
        np.testing.assert_allclose(
            ours(layer, x)[0], onnx_run(operator, x, **windows(layer, padding)), rtol=1e-12, atol=1e-12
        )


def test_lp_pooling_as_onnx():
    """ONNX adds up where the course takes the mean."""
    x = draw(0, "x", (2, 6, 4, 3))
    layer = LpPooling2D((3, 2), p=3)
    expected = onnx_run("LpPool", x, p=3, **windows(layer, NO_FRAME))
    np.testing.assert_allclose(ours(layer, x)[0] * 6 ** (1 / 3), expected, rtol=1e-5)


def test_global_pooling_as_onnx():
    x = draw(0, "x", (2, 3, 5, 4))
    for kind, operator in ((GlobalAveragePooling2D, "GlobalAveragePool"), (GlobalMaxPooling2D, "GlobalMaxPool")):
        np.testing.assert_allclose(ours(kind(keepdims=True), x)[0], onnx_run(operator, x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("interpolation", "mode"), [("nearest", "nearest"), ("bilinear", "linear")])
def test_up_sampling_as_onnx(interpolation, mode):
    x, scales = draw(0, "x", (2, 3, 2, 2)), np.array([1, 1, 2, 3], dtype=np.float32)
    how = {"coordinate_transformation_mode": "half_pixel"}
    if mode == "nearest":
        how = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    expected = onnx_run("Resize", x, None, scales, mode=mode, **how)
    np.testing.assert_allclose(ours(UpSampling2D((2, 3), interpolation), x)[0], expected, rtol=1e-5, atol=1e-6)


# --------------------------------------------------------------------------------------------------------- properties

counts = strategies.integers(1, 3)
sides = strategies.tuples(strategies.integers(1, 6), strategies.integers(1, 6))
seeds = strategies.integers(0, 99)


@strategies.composite
def pools(draw_one, kind, **settings):
    """A pooling layer with pictures it fits."""
    window, strides = draw_one(strategies.tuples(counts, counts)), draw_one(strategies.tuples(counts, counts))
    padding, size = draw_one(strategies.sampled_from(["same", "valid"])), draw_one(sides)
    assume(padding == "same" or all(i >= w for i, w in zip(size, window, strict=True)))
    return kind(window, strides=strides, padding=padding, **settings), draw(draw_one(seeds), "x", (2, *size, 2))


@given(pools(MaxPooling2D), strategies.floats(-8, 8, width=16))
def test_max_pooling_is_monotone_and_moves_with_a_constant(case, constant):
    layer, x = case
    y, _ = layer.forward({}, x)
    more, _ = layer.forward({}, x + np.abs(draw(1, "more", x.shape)))
    assert np.all(more >= y)
    np.testing.assert_array_equal(layer.forward({}, x + constant)[0], y + constant)  # adding is monotone, rounded too
    assert np.all(y <= x.max(axis=(1, 2), keepdims=True))


@given(pools(AveragePooling2D), strategies.floats(-8, 8, width=16))
def test_average_pooling_is_linear_and_its_backward_is_its_transpose(case, factor):
    layer, x = case
    other = draw(2, "other", x.shape)
    y, dy, dx = ours(layer, x)
    mixed, _ = layer.forward({}, factor * x + other)
    np.testing.assert_allclose(mixed, factor * y + layer.forward({}, other)[0], atol=1e-13 * (1 + abs(factor)))
    np.testing.assert_allclose(np.sum(y * dy), np.sum(x * dx), rtol=1e-10, atol=1e-12)


@given(pools(LpPooling2D, p=3))
def test_lp_pooling_lies_between_the_mean_and_the_maximum(case):
    layer, x = case
    y, dy, dx = ours(layer, x)
    lower, upper = (
        kind(layer.pool_size, layer.strides, layer.padding).forward({}, np.abs(x))[0]
        for kind in (AveragePooling2D, MaxPooling2D)
    )
    assert np.all(lower <= y * (1 + 1e-12)) and np.all(y <= upper * (1 + 1e-12))
    np.testing.assert_allclose(np.sum(y * dy), np.sum(x * dx), rtol=1e-9, atol=1e-12)  # Euler: y has degree one


@given(strategies.sampled_from([MaxPooling2D, AveragePooling2D, LpPooling2D]), sides, seeds)
def test_a_batch_is_its_pictures_one_by_one(kind, size, seed):
    layer, x = kind(2, padding="same"), draw(seed, "x", (3, *size, 2))
    np.testing.assert_array_equal(
        ours(layer, x)[0], np.concatenate([layer.forward({}, x[k : k + 1])[0] for k in range(3)])
    )


@given(strategies.tuples(counts, counts), sides, seeds)
def test_up_sampling_and_then_average_pooling_changes_nothing(factor, size, seed):
    x = draw(seed, "x", (2, *size, 2))
    large, dy, dx = ours(UpSampling2D(factor), x)
    np.testing.assert_allclose(AveragePooling2D(factor).forward({}, large)[0], x, rtol=1e-14)
    np.testing.assert_allclose(np.sum(large * dy), np.sum(x * dx), rtol=1e-10, atol=1e-12)


@given(strategies.tuples(counts, counts), sides, seeds)
def test_bilinear_up_sampling_keeps_flat_pictures_and_is_undone_by_its_transpose(factor, size, seed):
    layer, x = UpSampling2D(factor, "bilinear"), draw(seed, "x", (1, *size, 1))
    large, dy, dx = ours(layer, x)
    np.testing.assert_allclose(layer.forward({}, np.full_like(x, 0.3))[0], 0.3, rtol=1e-15)
    assert large.min() >= x.min() - 1e-15 and large.max() <= x.max() + 1e-15
    np.testing.assert_allclose(np.sum(large * dy), np.sum(x * dx), rtol=1e-10, atol=1e-12)


def test_lp_pooling_neither_overflows_nor_vanishes():
    """The powers themselves would: in float32, 1e-30 to the 8th is 0 and 1e30 to the 8th is infinite."""
    x = np.array([[1.0, 3.0], [2.0, 4.0]], dtype=np.float32).reshape(1, 2, 2, 1)
    middle, _, slope = ours(LpPooling2D(2, p=8), x)
    for scale in (np.float32(1e-30), np.float32(1e30)):
        y, _, dx = ours(LpPooling2D(2, p=8), scale * x)
        np.testing.assert_allclose(y / scale, middle, rtol=1e-6)
        np.testing.assert_allclose(dx, slope, rtol=1e-5)
    nearly, _ = LpPooling2D(2, p=500).forward({}, x)
    np.testing.assert_allclose(nearly, 4 * 0.25 ** (1 / 500), rtol=1e-6)


@pytest.mark.parametrize("p", [50, 1e4, 1e8])
def test_with_a_large_exponent_the_largest_gets_all_of_the_error(p):
    """In float32 too, where the p-th power of a rounded y would be far off."""
    x = np.array([1.0, 2.0, 3.0, 0.0], dtype=np.float32).reshape(1, 2, 2, 1)
    _, _, dx = ours(LpPooling2D(2, p=p), x)
    _, _, exact = ours(LpPooling2D(2, p=p), x.astype(np.float64))
    dy = draw(1, "dy", (1, 1, 1, 1)).ravel()[0]
    np.testing.assert_allclose(dx, exact, rtol=1e-5, atol=1e-30)
    np.testing.assert_allclose(exact.ravel()[2] / dy, 4.0 ** (-1 / p), rtol=1e-8)
