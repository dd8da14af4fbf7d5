"""What must hold of every loss, whatever the numbers: the order of rows and of classes, weights, what cancels at u."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from garasu import activations
from garasu.losses import (
    CLASSES,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Huber,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from garasu.testing.check_loss import drawn_outputs
from garasu.testing.subject import draw
from garasu.train.task import row_weights

LOSSES = [
    *(kind() for kind in CLASSES),
    MeanSquaredError(half=True),
    Huber(delta=0.3),
    BinaryCrossentropy(label_smoothing=0.2),
    CategoricalCrossentropy(label_smoothing=0.2),
    SparseCategoricalCrossentropy(label_smoothing=0.2),
]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
at_softmax = pytest.mark.parametrize("loss", [one for one in LOSSES if one.partner == "softmax"], ids=repr)
few = settings(max_examples=12)

seeds = st.integers(0, 999)
classes = st.integers(2, 5)
reductions = st.sampled_from(["mean", "sum"])


@st.composite
def weighed(draw_one, least=1):
    """So many rows, a weight for each, and another order of them."""
    weights = draw_one(st.lists(st.floats(0, 8, width=16), min_size=least, max_size=6))
    return np.array(weights), np.array(draw_one(st.permutations(range(len(weights)))))


def total(loss, y, t, weight):
    """L = sum_i r_i l_i, and its slope at y."""
    r = row_weights(loss, weight, np.ones(len(y)))
    return np.sum(r * loss.value(y, t)), r[:, None] * loss.backward(y, t)


def near(found, expected, tolerance=1e-12):
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@few
@every_loss
@given(rows=weighed(), count=classes, seed=seeds, reduction=reductions)
def test_the_order_of_rows_does_not_matter(loss, rows, count, seed, reduction):
    loss, (weight, order) = evolve(loss, reduction=reduction), rows
    y, t = drawn_outputs(loss, (count,), len(weight), seed)
    value, slope = total(loss, y, t, weight)
    moved, moved_slope = total(loss, y[order], t[order], weight[order])
    near(moved, value)
    np.testing.assert_array_equal(moved_slope, slope[order])


@few
@every_loss
@given(rows=weighed(), factor=st.floats(0, 64, width=16), count=classes, seed=seeds, reduction=reductions)
def test_the_loss_is_linear_in_the_weights(loss, rows, factor, count, seed, reduction):
    """And so additive: what two sets of weights make together is what they make one by one."""
    loss, (weight, order) = evolve(loss, reduction=reduction), rows
    y, t = drawn_outputs(loss, (count,), len(weight), seed)
    (one, slope), (other, other_slope) = total(loss, y, t, weight), total(loss, y, t, weight[order])
    both, both_slope = total(loss, y, t, factor * weight + weight[order])
    near(both, factor * one + other)
    near(both_slope, factor * slope + other_slope)


@few
@every_loss
@given(rows=weighed(least=2), count=classes, seed=seeds)
def test_a_batch_is_its_rows_one_by_one(loss, rows, count, seed):
    y, t = drawn_outputs(loss, (count,), len(rows[0]), seed)
    singles = [slice(row, row + 1) for row in range(len(y))]
    np.testing.assert_array_equal(np.concatenate([loss.value(y[one], t[one]) for one in singles]), loss.value(y, t))
    np.testing.assert_array_equal(
        np.concatenate([loss.backward(y[one], t[one]) for one in singles]), loss.backward(y, t)
    )


@few
@every_loss
@given(order=classes.flatmap(lambda count: st.permutations(range(count))), seed=seeds)
def test_the_names_of_classes_do_not_matter(loss, order, seed):
    """Outputs and targets in another order of classes: the same loss, its slopes in that order."""
    order = np.array(order)
    y, t = drawn_outputs(loss, (len(order),), 3, seed)
    moved = np.argsort(order)[t].astype(t.dtype) if loss.target == "index" else t[:, order]
    near(loss.value(y[:, order], moved), loss.value(y, t))
    near(loss.backward(y[:, order], moved), loss.backward(y, t)[:, order])


@few
@at_softmax
@given(constant=st.floats(-300, 300, width=16), count=classes, seed=seeds)
def test_a_constant_added_to_u_cancels_in_softmax(loss, constant, count, seed):
    u, (_, t) = 3.0 * draw(seed, "u", (3, count)), drawn_outputs(loss, (count,), 3, seed)
    y, shifted = activations.softmax.forward(u), activations.softmax.forward(u + constant)
    near(loss.value(shifted, t), loss.value(y, t), 1e-10)
    near(loss.delta(shifted, t), loss.delta(y, t), 1e-10)
    near(np.sum(loss.delta(y, t), axis=-1), 0.0)  # so along that constant there is no slope


@few
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@given(count=classes, seed=seeds)
def test_no_is_yes_turned_round(smoothing, count, seed):
    """Sigmoid: 1 - y belongs to -u, so outputs and targets may both be turned."""
    loss = BinaryCrossentropy(label_smoothing=smoothing)
    u, (_, t) = 3.0 * draw(seed, "u", (3, count)), drawn_outputs(loss, (count,), 3, seed)
    y, turned = activations.sigmoid.forward(u), activations.sigmoid.forward(-u)
    near(loss.value(turned, 1.0 - t), loss.value(y, t), 1e-10)
    near(loss.delta(turned, 1.0 - t), -loss.delta(y, t))
