"""Layers that draw: the same bits on both engines, the right share or spread, the number taken from the run."""

import jax
import numpy as np
import pytest
from attrs import evolve

from garasu.array import random
from garasu.layers import Dense, Dropout, GaussianNoise, MaskingNoise, Residual, Run, chain
from garasu.testing import check_layer
from garasu.testing.arrays import on_jax

SHAPE = (400, 500)
RATES = pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 0.9])
MASKS = pytest.mark.parametrize("kind", [Dropout, MaskingNoise])
PRECISIONS = pytest.mark.parametrize("precision", ["float32", "float64"])
DRAWING = [Dropout(0.5), MaskingNoise(0.5), GaussianNoise(0.5)]
every_drawing = pytest.mark.parametrize("layer", DRAWING, ids=lambda layer: type(layer).__name__)


def passed(layer, x, number, training=True, seed=0):
    """y; the number of the run is another than the layer's own setting."""
    hyper = {name: np.asarray(number, dtype=x.dtype) for name in layer.spec(x.shape[1:]).hyper}
    return layer.apply({}, {}, x, Run(training, random.key(seed), hyper))[0]


def compiled(layer, x, number):
    """The same as one compiled program."""
    name = next(iter(layer.spec(x.shape[1:]).hyper))

    @jax.jit
    def program(x, key, number):
        return layer.apply({}, {}, x, Run(True, key, {name: number}))[0]

    with jax.enable_x64(x.dtype == np.float64):
        given = on_jax({"x": x, "key": random.key(0), "number": np.asarray(number, dtype=x.dtype)})
        return np.asarray(program(given["x"], given["key"], given["number"]))


@RATES
@MASKS
@PRECISIONS
def test_masks_are_the_same_to_the_bit_under_xla(rate, kind, precision):
    x = np.ones((64, 33), dtype=precision)
    eager, y = passed(kind(0.5), x, rate), compiled(kind(0.5), x, rate)
    np.testing.assert_array_equal(y == 0, eager == 0)
    np.testing.assert_allclose(y, eager, rtol=1e-6 if precision == "float32" else 1e-15)


@PRECISIONS
def test_normal_noise_is_the_same_to_a_few_roundings_under_xla(precision):
    x = np.zeros((64, 33), dtype=precision)
    eager, y = passed(GaussianNoise(1.0), x, 0.5), compiled(GaussianNoise(1.0), x, 0.5)
    assert eager.dtype == y.dtype == precision
    np.testing.assert_array_max_ulp(y, eager, maxulp=2)


@RATES
@MASKS
def test_the_rate_of_the_run_decides(rate, kind):
    y = passed(kind(0.5), np.ones(SHAPE), rate)
    spread = np.sqrt(rate * (1 - rate) / y.size)
    assert abs(np.mean(y == 0) - rate) < 4 * spread
    kept = 1 / (1 - rate) if kind is Dropout else 1.0
    np.testing.assert_allclose(np.unique(y), [0, kept], rtol=1e-12)


@MASKS
def test_a_number_drawn_at_the_rate_itself_is_kept(kind):
    """m = [r >= rate]: of the numbers in [0, 1) that may be drawn, exactly the share ``rate`` lies below it."""
    x = np.ones((1, 6))
    for place, drawn in enumerate(random.uniform(random.key(0), x.shape)[0]):
        assert passed(kind(0.5), x, drawn)[0, place] > 0
        assert passed(kind(0.5), x, np.nextafter(drawn, np.float32(1)))[0, place] == 0


@RATES
def test_dropout_keeps_the_mean_and_masking_noise_what_is_left(rate):
    x = np.ones(SHAPE)
    y, masked = passed(Dropout(0.5), x, rate), passed(MaskingNoise(0.5), x, rate)
    assert abs(np.mean(y) - 1) < 4 * np.sqrt(rate * (1 - rate) / y.size) / (1 - rate)
    np.testing.assert_array_equal(masked == 0, y == 0)  # one key, one mask


def test_normal_noise_has_the_spread_of_the_run_and_no_mean():
    y = passed(GaussianNoise(7.0), np.full(SHAPE, 3.0), 0.5) - 3.0
    assert abs(np.mean(y)) < 4 * 0.5 / np.sqrt(y.size)
    assert abs(np.std(y) - 0.5) < 4 * 0.5 / np.sqrt(2 * y.size)
    assert abs(np.mean(np.abs(y) < 0.5) - 0.682689) < 0.005


@RATES
def test_values_of_dropout_are_those_of_keras(rate):
    """The masks differ, what they hold does not."""
    import keras

    layer = keras.layers.Dropout(rate, seed=1)
    theirs = np.asarray(layer(np.ones((40, 50), dtype=np.float32), training=True))
    ours = passed(Dropout(0.5), np.ones((40, 50), dtype=np.float32), rate)
    np.testing.assert_allclose(np.unique(ours), np.unique(theirs), rtol=1e-6)


@every_drawing
def test_another_key_is_another_draw_and_the_same_key_the_same(layer):
    x = np.ones((20, 20))
    np.testing.assert_array_equal(passed(layer, x, 0.5), passed(layer, x, 0.5))
    assert np.any(passed(layer, x, 0.5) != passed(layer, x, 0.5, seed=1))


@every_drawing
def test_more_rows_do_not_change_the_draws_of_the_first_ones(layer):
    more, few = passed(layer, np.ones((9, 7)), 0.5), passed(layer, np.ones((4, 7)), 0.5)
    np.testing.assert_array_equal(more[:4], few)


@every_drawing
def test_inference_is_the_identity(layer):
    x = np.ones((3, 3))
    assert passed(layer, x, 0.9, training=False) is x


@every_drawing
def test_two_of_one_network_draw_apart(layer):
    """Each sees a key made of the run's and its own name."""

    def drawn(name):
        one = chain([evolve(layer, name=name)], (50,))
        return one.apply({}, {}, np.ones((20, 50)), Run(True, random.key(0), one.spec((50,)).hyper))[0]

    assert np.any(drawn("low") != drawn("high"))


@every_drawing
def test_audit_within_residual_in_training(layer):
    """Under one fixed key the draw is a constant, and the rule can be differentiated."""
    report = check_layer(Residual([Dense(3, activation="tanh"), layer]), (3,))
    assert report.complete
    assert {rung.mode for rung in report.rungs} == {"inference", "training"}
