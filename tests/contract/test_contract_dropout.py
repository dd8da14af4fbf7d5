"""Dropout's masks: the same bits on both engines, the right share, the mean kept, the rate taken from the run."""

import jax
import numpy as np
import pytest

from garasu.array import random
from garasu.layers import Dense, Dropout, Residual, Run, chain, named
from garasu.testing import check_layer
from garasu.testing.arrays import on_jax

SHAPE = (400, 500)
RATES = pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 0.9])


def dropped(rate, x, training=True, seed=0, settings=0.5):
    """y and the mask; the layer's own setting is another than the rate of the run."""
    hyper = {"rate": np.asarray(rate, dtype=x.dtype)}
    y, _, cache = Dropout(settings).apply({}, {}, x, Run(training, random.key(seed), hyper))
    return y, cache["m"]


@RATES
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_masks_are_the_same_to_the_bit_under_xla(rate, precision):
    x = np.ones((64, 33), dtype=precision)
    eager, _ = dropped(rate, x)

    @jax.jit
    def compiled(x, key, rate):
        return Dropout(0.5).apply({}, {}, x, Run(True, key, {"rate": rate}))[0]

    with jax.enable_x64(precision == "float64"):
        given = on_jax({"x": x, "key": random.key(0), "rate": np.asarray(rate, dtype=precision)})
        y = np.asarray(compiled(given["x"], given["key"], given["rate"]))
    np.testing.assert_array_equal(y == 0, eager == 0)
    np.testing.assert_allclose(y, eager, rtol=1e-6 if precision == "float32" else 1e-15)


@RATES
def test_the_rate_of_the_run_decides_and_the_mean_is_kept(rate):
    y, m = dropped(rate, np.ones(SHAPE))
    count = y.size
    share, spread = np.mean(y == 0), np.sqrt(rate * (1 - rate) / count)
    assert abs(share - rate) < 4 * spread
    assert abs(np.mean(y) - 1) < 4 * spread / (1 - rate)
    np.testing.assert_allclose(np.unique(y), [0, 1 / (1 - rate)], rtol=1e-12)
    np.testing.assert_array_equal(y, m)


@RATES
def test_values_are_those_of_keras_and_pytorch(rate):
    """The masks differ, what they hold does not."""
    import keras

    layer = keras.layers.Dropout(rate, seed=1)
    theirs = np.asarray(layer(np.ones((40, 50), dtype=np.float32), training=True))
    ours, _ = dropped(rate, np.ones((40, 50), dtype=np.float32))
    np.testing.assert_allclose(np.unique(ours), np.unique(theirs), rtol=1e-6)


def test_another_key_is_another_mask_and_the_same_key_the_same():
    x = np.ones((20, 20))
    np.testing.assert_array_equal(dropped(0.5, x)[0], dropped(0.5, x)[0])
    assert np.any(dropped(0.5, x)[0] != dropped(0.5, x, seed=1)[0])


def test_more_rows_do_not_change_the_masks_of_the_first_ones():
    np.testing.assert_array_equal(dropped(0.5, np.ones((9, 7)))[0][:4], dropped(0.5, np.ones((4, 7)))[0])


def test_inference_is_the_identity():
    x = np.ones((3, 3))
    assert dropped(0.9, x, training=False)[0] is x


def test_two_dropouts_of_one_network_draw_apart():
    """Each sees a key made of the run's and its own name."""
    layers = chain(named([Dropout(0.5), Dropout(0.5)]), (50,))
    hyper = {"dropout": {"rate": np.asarray(0.5)}, "dropout_1": {"rate": np.asarray(0.5)}}
    _, _, cache = layers.apply({}, {}, np.ones((20, 50)), Run(True, random.key(0), hyper))
    assert np.any(cache["dropout"]["m"] != cache["dropout_1"]["m"])


def test_audit_within_residual_in_training():
    """Under one fixed key the mask is a constant, and the rule can be differentiated."""
    report = check_layer(Residual([Dense(3, activation="tanh"), Dropout(0.4)]), (3,))
    assert report.complete
    assert {rung.mode for rung in report.rungs} == {"inference", "training"}
