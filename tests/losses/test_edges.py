"""Where a loss bends, ends or would overflow, and what Keras makes of targets: beyond the contract table."""

import math

import numpy as np
import pytest

from garasu.losses import (
    CLASSES,
    BinaryCrossentropy,
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
    SumOfSquares,
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


PLACES = [CategoricalCrossentropy(), CategoricalCrossentropy(label_smoothing=0.2), KLDivergence(), CategoricalHinge()]


@pytest.mark.parametrize("ours", PLACES, ids=repr)
def test_with_more_axes_the_mean_over_places_as_keras(ours):
    import keras

    draw = np.random.default_rng(0)
    y, t = draw.dirichlet(np.ones(4), (3, 2, 5)), np.eye(4)[draw.integers(0, 4, (3, 2, 5))]
    settings = {"label_smoothing": ours.label_smoothing} if hasattr(ours, "label_smoothing") else {}
    theirs = getattr(keras.losses, type(ours).__name__)(**settings)(t.astype(np.float32), y.astype(np.float32))
    assert np.mean(ours.value(y, t)) == pytest.approx(float(theirs), rel=1e-5)
    one_by_one = [ours.value(y[:, i, j], t[:, i, j]) for i in range(2) for j in range(5)]
    np.testing.assert_allclose(ours.value(y, t), np.mean(one_by_one, axis=0), rtol=1e-13)
    for rule in ("backward", "delta") if ours.partner else ("backward",):
        whole = getattr(ours, rule)(y, t)
        np.testing.assert_allclose(10 * whole[:, 1, 3], getattr(ours, rule)(y[:, 1, 3], t[:, 1, 3]), rtol=1e-13)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_slope_ends_where_the_logarithm_is_held(precision):
    """At the floor itself it is 0, one number above it the slope is there."""
    floor = np.asarray(1e-7, dtype=precision)
    y = np.array([[floor, np.nextafter(floor, floor + 1)]])
    t = np.ones((1, 2), dtype=precision)
    np.testing.assert_allclose(CategoricalCrossentropy().backward(y, t), [[0, -1 / y[0, 1]]])
    np.testing.assert_allclose(BinaryCrossentropy(outputs="sum").backward(y, t), [[0, -1 / y[0, 1]]])
    upper = np.asarray(1.0 - 1e-7, dtype=precision)
    y = np.array([[upper, np.nextafter(upper, upper - 1)]])
    found = BinaryCrossentropy(outputs="sum").backward(y, np.zeros_like(t))
    np.testing.assert_allclose(found, [[0, 1 / (1 - y[0, 1])]], rtol=1e-6)


@pytest.mark.parametrize("loss", [kind() for kind in CLASSES], ids=lambda loss: type(loss).__name__)
def test_no_rows_one_output_and_one_row(loss):
    t = np.zeros(0, np.int32) if loss.target == "index" else np.zeros((0, 4))
    assert loss.value(np.zeros((0, 4)), t).shape == (0,) and loss.backward(np.zeros((0, 4)), t).shape == (0, 4)
    y, t = np.full((1, 1), 0.3), np.array([0], np.int32) if loss.target == "index" else np.ones((1, 1))
    assert np.isfinite(loss.value(y, t)).all() and loss.backward(y, t).shape == (1, 1)


TINY = [kind() for kind in CLASSES if kind not in (MeanSquaredError, SquaredHinge, SumOfSquares)]


@pytest.mark.parametrize("size", [1e-30, 1e30])
@pytest.mark.parametrize("loss", TINY, ids=lambda loss: type(loss).__name__)
def test_very_small_and_very_large_outputs_stay_finite(loss, size):
    """The squares of 1e30 are the ones that float32 does not hold."""
    y = np.full((2, 3), size, dtype=np.float32)
    t = np.array([0, 1], np.int32) if loss.target == "index" else np.eye(3, dtype=np.float32)[:2]
    assert np.isfinite(loss.value(y, t)).all() and np.isfinite(loss.backward(y, t)).all()


def test_a_slope_that_is_held_is_never_divided_by_zero():
    """Both branches of a choice are worked out: the one that is not taken must be a number too."""
    y, t = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    with np.errstate(divide="raise", invalid="raise"):
        for loss in (BinaryCrossentropy(), CategoricalCrossentropy(), KLDivergence()):
            assert not loss.backward(y, t).any()


def test_targets_of_hinges_between_the_signs_are_taken_as_they_are():
    y, t = np.array([[0.0]]), np.array([[0.5]])
    assert Hinge().backward(y, t).tolist() == [[-0.5]] and SquaredHinge().backward(y, t).tolist() == [[-1.0]]
