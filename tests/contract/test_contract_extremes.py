"""Activations where an exponential would overflow or vanish, on both engines; frozen batch normalisation; padding."""

import jax
import numpy as np
import pytest

from garasu import activations
from garasu.layers import Activation, BatchNormalization, Run
from garasu.testing.arrays import on_jax, on_numpy

SOFTMAX = {"softmax", "softmax_straight_through"}
"""They look at whole rows: see below."""
SIGMOIDS = {"sigmoid", "hard_sigmoid", "tanh", "step"}
FAR = {"float32": [0.0, 1e-30, 80.0, 104.0, 1e4, 3e38], "float64": [0.0, 1e-300, 700.0, 746.0, 1e10, 1e308]}


def both(rule, array, precision):
    """Eager and compiled; NumPy's own warnings on the way would be errors."""
    with jax.enable_x64(precision == "float64"):
        compiled = on_numpy({"z": jax.jit(rule)(on_jax({"u": array})["u"])})["z"]
    return rule(array), compiled


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(set(activations.RULES) - SOFTMAX))
def test_far_out_values(name, precision):
    u = np.array([sign * value for value in FAR[precision] for sign in (1, -1)], dtype=precision)
    eager, compiled = both(activations.RULES[name].forward, u, precision)
    assert eager.dtype == precision
    assert np.all(np.isfinite(eager))
    np.testing.assert_allclose(compiled, eager, rtol=1e-5, atol=1e-30)
    assert np.all(np.abs(eager) <= (1 if name in SIGMOIDS else np.maximum(np.abs(u), 1)))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(set(activations.RULES) - SOFTMAX))
def test_far_out_slopes(name, precision):
    """Neither an overflow nor a NaN, and the slopes that the curve has far out."""
    u = np.array([sign * value for value in FAR[precision] for sign in (1, -1)], dtype=precision)
    rule = activations.RULES[name]
    eager, compiled = both(lambda u: rule.backward(u, rule.forward(u), u * 0 + 1), u, precision)
    assert eager.dtype == precision
    np.testing.assert_allclose(compiled, eager, rtol=1e-5, atol=1e-30)
    rises = name not in SIGMOIDS
    below = {"linear": 1.0, "leaky_relu": 0.2}.get(name, 0.0)
    np.testing.assert_allclose(eager[-2:], [1.0 if rises else 0.0, below], rtol=1e-6)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_softmax_rows_at_the_extremes(precision):
    big = 3e38 if precision == "float32" else 1e308
    u = np.array(
        [[0, 0, 0, 0], [big, 0, 0, 0], [-big, 0, 0, 0], [big, big, 0, -big], [-big] * 4, [1e4, 1e4 + 1, 0, -1e4]],
        dtype=precision,
    )
    with np.errstate(over="ignore"):  # big - (-big) is beyond the type: e^-inf is 0, as it should be
        eager, compiled = both(activations.softmax.forward, u, precision)
    e = 1 / (1 + np.exp(1.0))
    expected = [[0.25] * 4, [1, 0, 0, 0], [0] + [1 / 3] * 3, [0.5, 0.5, 0, 0], [0.25] * 4, [e, 1 - e, 0, 0]]
    for z in (eager, compiled):
        np.testing.assert_allclose(z, expected, rtol=1e-3 if precision == "float32" else 1e-12, atol=1e-30)
        np.testing.assert_allclose(z.sum(axis=-1), 1, rtol=1e-6)


def test_softmax_of_minus_infinity_is_a_class_ruled_out():
    z = activations.softmax.forward(np.array([[-np.inf, 0.0, 0.0]]))
    assert z.tolist() == [[0, 0.5, 0.5]]


def test_saturated_slopes_are_zero_not_nan():
    for name in ("sigmoid", "tanh", "softmax"):
        layer = Activation(name)
        _, cache = layer.forward({}, np.array([[1e4, -1e4]]))
        dx, _ = layer.backward({}, cache, np.ones((1, 2)))
        assert np.all(np.isfinite(dx)), name
        np.testing.assert_allclose(dx, 0, atol=1e-12)


def test_batch_normalisation_of_equal_rows_divides_by_epsilon_not_by_zero():
    layer, run = BatchNormalization(), Run(training=True)
    params = {"gamma": np.ones(2), "beta": np.zeros(2)}
    state = {"moving_mean": np.zeros(2), "moving_variance": np.ones(2)}
    y, new, cache = layer.apply(params, state, np.full((4, 2), 7.0), run)
    dx, _ = layer.backward(params, cache, np.ones((4, 2)))
    assert np.all(y == 0)
    assert np.all(np.isfinite(dx))
    np.testing.assert_allclose(new["moving_variance"], 0.99)


@pytest.mark.parametrize("padding", [1, 3])
def test_batch_normalisation_and_rows_of_padding(padding):
    """Whatever a row of padding holds: outputs, averages and gradients of the others stay."""
    layer, rng = BatchNormalization(), np.random.default_rng(0)
    params = {"gamma": rng.normal(size=3), "beta": rng.normal(size=3)}
    state = {"moving_mean": rng.normal(size=3), "moving_variance": rng.uniform(1, 2, size=3)}
    x, dy = rng.normal(size=(4, 5, 3)), rng.normal(size=(4, 5, 3))
    y, new, cache = layer.apply(params, state, x, Run(training=True))
    dx, grads = layer.backward(params, cache, dy)
    for content in (0.0, 1e3):
        longer = np.concatenate([x, np.full((padding, 5, 3), content)])
        errors = np.concatenate([dy, np.zeros((padding, 5, 3))])
        weight = np.array([1.0] * 4 + [0.0] * padding)
        y2, new2, cache2 = layer.apply(params, state, longer, Run(training=True, weight=weight))
        dx2, grads2 = layer.backward(params, cache2, errors)
        np.testing.assert_allclose(y2[:4], y, rtol=1e-12)
        np.testing.assert_allclose(dx2[:4], dx, rtol=1e-10, atol=1e-13)
        for name in state:
            np.testing.assert_allclose(new2[name], new[name], rtol=1e-12)
        for name in grads:
            np.testing.assert_allclose(grads2[name], grads[name], rtol=1e-12)


def test_frozen_batch_normalisation_keeps_its_averages_in_training():
    layer = BatchNormalization(trainable=False)
    state = {"moving_mean": np.array([2.0]), "moving_variance": np.array([3.0])}
    params = {"gamma": np.ones(1), "beta": np.zeros(1)}
    x = np.array([[1.0], [5.0]])
    trained, kept, _ = layer.apply(params, state, x, Run(training=True))
    asked, _, _ = layer.apply(params, state, x, Run())
    assert kept is state
    np.testing.assert_array_equal(trained, asked)
