"""Where a loss bends, ends or would overflow, and what Keras makes of targets: beyond the contract table."""

import math

import numpy as np
import pytest

from garasu.losses import (
    CategoricalCrossentropy,
    CategoricalHinge,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    MeanAbsoluteError,
    MeanSquaredError,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
)

Y = np.array([[0.5, -2.0, 1.5], [0.25, 3.0, -0.5]])


@pytest.mark.parametrize(("ours", "name"), [(Hinge(), "Hinge"), (SquaredHinge(), "SquaredHinge")])
@pytest.mark.parametrize("t", [[[0, 1, 1], [1, 0, 0]], [[-1, 1, 1], [1, -1, -1]], [[1, 1, 1], [1, 1, 1]]])
def test_targets_of_hinges_are_turned_into_signs_as_keras_does(ours, name, t):
    import keras

    theirs = float(getattr(keras.losses, name)()(np.asarray(t, np.float32), Y.astype(np.float32)))
    assert np.mean(ours.value(Y, np.asarray(t, np.float64))) == pytest.approx(theirs, rel=1e-6)


def test_the_slope_at_a_kink_is_zero():
    y = np.array([[1.0, -1.0]])
    assert Hinge().backward(y, y).tolist() == [[0.0, 0.0]]  # t y = 1
    assert MeanAbsoluteError().backward(y, y).tolist() == [[0.0, 0.0]]
    leads_by_one = np.array([[2.0, 1.0]]), np.array([[1.0, 0.0]])
    assert CategoricalHinge().backward(*leads_by_one).tolist() == [[0.0, 0.0]]


def test_of_equal_rivals_the_first_is_pushed_down():
    y, t = np.array([[0.5, 0.5, 0.5]]), np.array([[0.0, 0.0, 1.0]])
    assert CategoricalHinge().backward(y, t).tolist() == [[1.0, 0.0, -1.0]]


def test_hubers_halves_meet():
    """At the distance itself value and slope are those of both branches."""
    for d in (0.5, 1.0, 3.0):
        below, above = (np.array([[d * (1 + side * 1e-9)]]) for side in (-1, 1))
        zero = np.zeros((1, 1))
        np.testing.assert_allclose(Huber(delta=d).value(below, zero), [d * d / 2], rtol=1e-8)
        np.testing.assert_allclose(Huber(delta=d).value(above, zero), [d * d / 2], rtol=1e-8)
        np.testing.assert_allclose(Huber(delta=d).backward(above, zero), [[d]], rtol=1e-8)


def test_huber_is_half_the_squared_error_near_and_the_absolute_error_far():
    y, t = np.array([[0.2, -0.3]]), np.zeros((1, 2))
    np.testing.assert_allclose(Huber().value(y, t), MeanSquaredError(half=True).value(y, t))
    np.testing.assert_allclose(Huber(delta=1e-9).backward(y, t) / 1e-9, MeanAbsoluteError().backward(y, t))


def test_the_divergence_of_a_distribution_from_itself_is_zero():
    t = np.array([[0.2, 0.8, 0.0], [1.0, 0.0, 0.0]])
    assert KLDivergence().value(t, t).tolist() == [0.0, 0.0]


def test_the_divergence_is_the_cross_entropy_less_the_entropy():
    y, t = np.array([[0.25, 0.75]]), np.array([[0.5, 0.5]])
    cross = CategoricalCrossentropy()
    np.testing.assert_allclose(KLDivergence().value(y, t), cross.value(y, t) - math.log(2))
    for rule in ("backward", "delta"):
        np.testing.assert_array_equal(getattr(KLDivergence(), rule)(y, t), getattr(cross, rule)(y, t))


def test_of_one_hot_rows_the_divergence_is_the_cross_entropy_and_nearly_keras():
    import keras

    y, t = np.array([[0.25, 0.5, 0.25]]), np.array([[0.0, 1.0, 0.0]])
    np.testing.assert_array_equal(KLDivergence().value(y, t), CategoricalCrossentropy().value(y, t))
    theirs = keras.losses.kl_divergence(t.astype(np.float32), y.astype(np.float32))
    np.testing.assert_allclose(KLDivergence().value(y, t), np.asarray(theirs), atol=4e-6)


def test_log_cosh_does_not_overflow():
    y = np.array([[1e30, -1e30]], dtype=np.float32)
    assert np.isfinite(LogCosh().value(y, np.zeros_like(y))).all()
    assert LogCosh().backward(y, np.zeros_like(y)).tolist() == [[0.5, -0.5]]


def test_no_count_expected_and_one_seen():
    y, t = np.array([[0.0]]), np.array([[1.0]])
    np.testing.assert_allclose(Poisson().value(y, t), [-math.log(1e-7)])
    np.testing.assert_allclose(Poisson().backward(y, t), [[1 - 1e7]])


def test_smoothed_class_numbers_are_smoothed_one_hot_rows():
    y, rows = np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1]]), np.eye(3)[[2, 0]]
    sparse, dense = SparseCategoricalCrossentropy(label_smoothing=0.1), CategoricalCrossentropy(label_smoothing=0.1)
    for rule in ("value", "backward", "delta"):
        np.testing.assert_array_equal(getattr(sparse, rule)(y, np.array([2, 0])), getattr(dense, rule)(y, rows))


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_a_row_at_its_smoothed_target_is_at_rest(smoothing):
    """At y = t (1 - s) + s / K the slope at u is 0: the least loss is there."""
    t = np.eye(4)[[1]]
    y = t * (1 - smoothing) + smoothing / 4
    np.testing.assert_allclose(CategoricalCrossentropy(label_smoothing=smoothing).delta(y, t), 0.0, atol=1e-15)
