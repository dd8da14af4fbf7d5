"""Max pooling's ties: the first maximum in row-major order takes the error, as XLA's reduce_window has it."""

from functools import cache

import jax
import numpy as np
import pytest
from jax import lax

import garasu.array.xla  # noqa: F401 - registers the forms that XLA runs
from garasu.layers import Conv2D, MaxPooling2D, Run, chain, named
from garasu.testing.arrays import on_jax
from garasu.testing.subject import draw

CASES = [
    ((2, 2), (2, 2), ((0, 0), (0, 0))),
    ((2, 2), (2, 2), ((0, 1), (0, 1))),
    ((3, 3), (2, 2), ((1, 1), (1, 1))),
    ((3, 2), (1, 1), ((1, 1), (0, 1))),
    ((2, 3), (3, 2), ((0, 0), (1, 1))),
]


def tied(levels, shape=(2, 7, 7, 3)):
    """Images of few grey levels: nearly every window is a tie."""
    return np.floor(levels * (0.5 + 0.49 * np.tanh(draw(0, "x", shape))))


@cache
def of_xla(window, stride, pads):
    """Forward and gradient of XLA's own pooling, one program for all images."""

    def pool(x):
        return lax.reduce_window(x, -np.inf, lax.max, (1, *window, 1), (1, *stride, 1), ((0, 0), *pads, (0, 0)))

    @jax.jit
    def both(x, dy):
        y, pull = jax.vjp(pool, x)
        return y, pull(dy)[0]

    return both


@pytest.mark.parametrize("levels", [1, 2, 4])
@pytest.mark.parametrize(("window", "stride", "pads"), CASES)
def test_as_reduce_window(window, stride, pads, levels):
    x, layer = tied(levels), MaxPooling2D(window, stride, pads)
    y, cache = layer.forward({}, x)
    dy = draw(1, "dy", y.shape)
    dx, _ = layer.backward({}, cache, dy)
    with jax.enable_x64(True):
        given = on_jax({"x": x, "dy": dy})
        expected_y, expected_dx = map(np.asarray, of_xla(window, stride, pads)(given["x"], given["dy"]))
    np.testing.assert_array_equal(y, expected_y)
    np.testing.assert_allclose(dx, expected_dx, atol=1e-14)


@pytest.mark.parametrize(("window", "stride", "pads"), CASES)
def test_xla_runs_our_rule_on_ties_to_the_same_places(window, stride, pads):
    x, layer = tied(2).astype(np.float32), MaxPooling2D(window, stride, pads)
    y, cache = layer.forward({}, x)
    dy = draw(1, "dy", y.shape).astype(np.float32)
    dx, _ = layer.backward({}, cache, dy)
    compiled_y, compiled_cache = jax.jit(layer.forward)({}, x)
    compiled_dx, _ = jax.jit(layer.backward)({}, compiled_cache, dy)
    np.testing.assert_array_equal(np.asarray(compiled_cache["place"]), cache["place"])
    np.testing.assert_array_equal(np.asarray(compiled_y), y)
    np.testing.assert_allclose(np.asarray(compiled_dx), dx, atol=1e-6)


def test_a_flat_image_with_a_positive_bias_is_all_ties():
    """Nothing of the error is lost or counted twice on a flat background: the bias gets all of it."""
    network = chain(named([Conv2D(1, 3, padding="same", activation="relu"), MaxPooling2D()]), (4, 4, 1))
    params = {"conv2d": {"kernel": np.ones((3, 3, 1, 1)), "bias": np.array([0.1])}}
    y, _, cache = network.apply(params, {}, np.zeros((1, 4, 4, 1)), Run())
    dy = np.arange(1.0, 5.0).reshape(1, 2, 2, 1)
    pooled = MaxPooling2D().backward({}, cache["max_pooling2d"], dy)[0]
    assert y.ravel().tolist() == [0.1] * 4
    assert pooled[0, :, :, 0].tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]
    assert network.backward(params, cache, dy)[1]["conv2d"]["bias"].tolist() == [10]


def test_the_largest_may_be_minus_infinity():
    y, cache = MaxPooling2D().forward({}, np.full((1, 2, 2, 1), -np.inf))
    assert y.ravel().tolist() == [-np.inf]
    assert MaxPooling2D().backward({}, cache, np.ones((1, 1, 1, 1)))[0].ravel().tolist() == [1, 0, 0, 0]
