"""Sample and class weights, padding and both reductions, as the step puts rows together: for every loss.

L = sum_i r_i l_i and dy_i = r_i dl_i / dy_i, r from ``row_weights``. What holds of any numbers: test_invariance.py.
"""

import numpy as np
import pytest
from attrs import evolve

from garasu import layers, models
from garasu.losses import CLASSES, Huber, MeanSquaredError, SparseCategoricalCrossentropy
from garasu.messages import SettingError
from garasu.testing.check_loss import drawn_outputs
from garasu.train.task import row_weights

ROWS = 6
LOSSES = [
    *(kind() for kind in CLASSES),
    MeanSquaredError(half=True),
    Huber(delta=0.3),
    SparseCategoricalCrossentropy(label_smoothing=0.2),
]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
both = pytest.mark.parametrize("reduction", ["mean", "sum"])
WEIGHT = np.array([1.0, 2.0, 0.0, 0.5, 1.0, 3.0])


def total(loss, y, t, weight, mask=None):
    """L, and its slope at y."""
    r = row_weights(loss, weight, np.ones(len(y)) if mask is None else mask)
    return float(np.sum(r * loss.value(y, t))), r[:, None] * loss.backward(y, t)


def given(loss):
    return drawn_outputs(loss, (4,), ROWS, seed=3)


@both
@every_loss
def test_a_row_twice_is_a_row_of_weight_two(loss, reduction):
    """The mean divides by the number of rows, not by the sum of weights, as Keras's."""
    loss, (y, t) = evolve(loss, reduction=reduction), given(loss)
    twice, heavy = np.append(np.arange(ROWS), 1), np.ones(ROWS)
    heavy[1] = 2.0
    rows = ROWS if reduction == "mean" else 1
    more = ROWS + 1 if reduction == "mean" else 1
    value, slope = total(loss, y, t, heavy)
    repeated, parts = total(loss, y[twice], t[twice], np.ones(ROWS + 1))
    assert more * repeated == pytest.approx(rows * value, rel=1e-14)
    np.testing.assert_allclose(more * (parts[1] + parts[-1]), rows * slope[1], rtol=1e-13, atol=1e-15)


@every_loss
def test_the_loss_is_linear_in_the_weights(loss):
    y, t = given(loss)
    value, slope = total(loss, y, t, WEIGHT)
    scaled, scaled_slope = total(loss, y, t, 5.0 * WEIGHT)
    assert scaled == pytest.approx(5.0 * value, rel=1e-14)
    np.testing.assert_allclose(scaled_slope, 5.0 * slope, rtol=1e-14)
    assert not np.any(slope[2])  # a weight of 0


@every_loss
def test_the_sum_is_n_times_the_mean(loss):
    y, t = given(loss)
    mean, slope = total(evolve(loss, reduction="mean"), y, t, WEIGHT)
    added, added_slope = total(evolve(loss, reduction="sum"), y, t, WEIGHT)
    assert added == pytest.approx(ROWS * mean, rel=1e-14)
    np.testing.assert_allclose(added_slope, ROWS * slope, rtol=1e-14)


@both
@every_loss
def test_rows_of_padding_count_nothing(loss, reduction):
    loss, (y, t) = evolve(loss, reduction=reduction), given(loss)
    padded = np.append(np.arange(ROWS), [0, 0])
    mask = np.append(np.ones(ROWS), [0.0, 0.0])
    value, slope = total(loss, y, t, WEIGHT)
    found, parts = total(loss, y[padded], t[padded], WEIGHT[padded], mask)
    assert found == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(parts[:ROWS], slope, rtol=1e-14)
    assert not np.any(parts[ROWS:])


# ----------------------------------------------------------------------------------------------- class weights in fit


def trained(loss, t, units, activation, **weights):
    """The weights of a small model after an epoch."""
    x = np.random.default_rng(4).normal(size=(12, 3)).astype(np.float32)
    model = models.Sequential([layers.Dense(units, activation=activation, input_shape=(3,))], seed=2)
    model.compile("sgd", loss, run_eagerly=True)
    model.fit(x, t, batch_size=5, verbose=0, **weights)
    return model.get_weights()


LABELS = np.array([0, 1, 2, 1, 0, 2, 2, 1, 0, 0, 1, 2])
HEADS = [
    ("sparse_categorical_crossentropy", "softmax", LABELS),
    ("categorical_crossentropy", "softmax", np.eye(3)[LABELS]),
    ("kl_divergence", "softmax", np.eye(3)[LABELS]),
    ("categorical_hinge", None, np.eye(3)[LABELS]),
    ("mse", "sigmoid", np.eye(3)[LABELS]),
    ("binary_crossentropy", "sigmoid", LABELS % 2),
    ("hinge", "tanh", LABELS % 2),
    ("squared_hinge", None, 2.0 * (LABELS % 2) - 1.0),
]


@pytest.mark.parametrize(("loss", "activation", "t"), HEADS, ids=[head[0] for head in HEADS])
def test_class_weights_are_sample_weights_by_class(loss, activation, t):
    one = np.ndim(t) == 1 and not loss.startswith("sparse")
    classes, units = (LABELS % 2, 1) if one else (LABELS, 3)
    by_class = trained(loss, t, units, activation, class_weight={0: 2.0, 1: 0.25})
    by_row = trained(loss, t, units, activation, sample_weight=np.array([2.0, 0.25, 1.0])[classes])
    plain = trained(loss, t, units, activation)
    for first, second, other in zip(by_class, by_row, plain, strict=True):
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, other)


@pytest.mark.parametrize("wrong", [[1.0, 2.0], {"0": 2.0}, {0: float("nan")}, {-1: 1.0}, {0: "2"}, {0.5: 1.0}])
def test_class_weights_are_a_dict_of_numbers(wrong, language):
    with pytest.raises(SettingError, match="class_weight") as caught:
        trained("sparse_categorical_crossentropy", LABELS, 3, "softmax", class_weight=wrong)
    assert repr(wrong) in str(caught.value)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_sample_weights_are_finite(wrong, language):
    with pytest.raises(SettingError, match=f"sample_weight.*{wrong}"):
        trained("sparse_categorical_crossentropy", LABELS, 3, "softmax", sample_weight=np.full(12, wrong))


@pytest.mark.parametrize("weights", [{"class_weight": {0: 0, 1: 0, 2: 0}}, {"sample_weight": np.zeros(12)}])
def test_weights_of_zero_change_nothing(weights):
    before = models.Sequential([layers.Dense(3, activation="softmax", input_shape=(3,))], seed=2).get_weights()
    after = trained("sparse_categorical_crossentropy", LABELS, 3, "softmax", **weights)
    for first, second in zip(before, after, strict=True):
        np.testing.assert_array_equal(first, second)
