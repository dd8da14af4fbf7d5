"""The ladder for every loss: by hand, the audit kit, Keras on JAX, PyTorch; and the ends, where a logarithm is held."""

import math

import jax
import numpy as np
import pytest

from garasu import activations
from garasu.array import Array
from garasu.losses import (
    CLASSES,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    SumOfSquares,
    one_hot,
)
from garasu.testing import check_loss
from garasu.testing.arrays import on_jax, on_numpy
from garasu.testing.check_loss import _by_row, drawn_outputs
from garasu.testing.subject import draw
from tests.contract.contract_oracles import close, torch_or_skip
from tests.contract.contract_rows import LOSS_ROWS

every_row = pytest.mark.parametrize("row", LOSS_ROWS, ids=lambda row: row.case)
PRECISIONS = pytest.mark.parametrize("precision", ["float32", "float64"])
FLOOR = 1e-7


def batched(t):
    """One row's target as a batch of one."""
    return np.asarray([t], dtype=np.int32 if isinstance(t, int) else np.float64)


@every_row
def test_by_hand(row):
    y, t = np.asarray([row.y], dtype=np.float64), batched(row.t)
    close({"l": row.loss.value(y, t), "dy": row.loss.backward(y, t)}, {"l": [row.value], "dy": [row.dy]})
    if row.loss.partner is None:
        assert row.du is None
    else:
        close({"du": row.loss.delta(y, t)}, {"du": [row.du]})


@every_row
def test_audit(row):
    y, t, _ = given(row)
    assert check_loss(row.loss, y=y, t=t).complete


PICTURES = [BinaryCrossentropy(), CategoricalCrossentropy(), CategoricalHinge(), MeanSquaredError(), SumOfSquares()]


@pytest.mark.parametrize("loss", PICTURES, ids=repr)
def test_audit_of_pictures(loss):
    """Outputs of several axes; compiling was seen above."""
    report = check_loss(loss, (2, 3), skip=["vjp", "float64", "float32"])
    assert {"differences", "purity", "rows"} <= {rung.name for rung in report.rungs if not rung.skipped}


@every_row
def test_against_keras(row):
    """Values and slopes. Keras divides a row of probabilities by its sum: that adds sum(t) / sum(y) to each slope."""
    import keras

    y, t, dl = (array.astype(np.float32) if array.dtype.kind == "f" else array for array in given(row))

    def both(y, t, dl):
        value, pull = jax.vjp(lambda y: row.keras(keras, t, y), y)
        return value, pull(dl)[0]

    value, slope = map(np.asarray, jax.jit(both)(y, t, dl))
    if row.keras_normalises:
        sums = np.sum(t, axis=-1, keepdims=True) if t.ndim == y.ndim else 1.0  # those of the rows of y are 1
        slope = slope - _by_row(dl, np.broadcast_to(sums / np.prod(y.shape[1:-1]), y.shape))
    ours = {"l": row.loss.value(y, t), "dy": _by_row(dl, row.loss.backward(y, t))}
    close({"l": value, "dy": slope}, ours, 1e-5)


@pytest.mark.oracles
@every_row
def test_against_pytorch(row):
    torch = torch_or_skip()
    y, t, dl = given(row)
    output = torch.tensor(y, requires_grad=True)
    value = row.torch(torch.nn.functional, output, torch.tensor(t))
    (slope,) = torch.autograd.grad(value, output, torch.tensor(dl))
    ours = {"l": row.loss.value(y, t), "dy": _by_row(dl, row.loss.backward(y, t))}
    close({"l": value.detach().numpy(), "dy": slope.numpy()}, ours, 1e-10)


def given(row) -> tuple[Array, Array, Array]:
    """Outputs, targets and an error for each row."""
    y, t = drawn_outputs(row.loss, (*np.shape(row.y)[:-1], 4), 3, seed=1)
    if "sum to 1" in row.case:
        t = activations.softmax.forward(draw(2, "t", t.shape))
    if "of any sum" in row.case:
        t = activations.sigmoid.forward(draw(2, "t", t.shape))
    return y, t, draw(1, "dl", (3,))


def test_sparse_is_categorical_of_one_hot():
    y, t = drawn_outputs(SparseCategoricalCrossentropy(), (5,), 4)
    sparse, dense, rows = SparseCategoricalCrossentropy(), CategoricalCrossentropy(), one_hot(t, y)
    for rule in ("value", "backward", "delta"):
        np.testing.assert_array_equal(getattr(sparse, rule)(y, t), getattr(dense, rule)(y, rows))


@PRECISIONS
def test_categorical_at_the_ends(precision):
    """y = 0 at the true class: the logarithm is held at 1e-7, its slope is 0; at u the error is y - t all the same."""
    y, t = np.array([[0, 1], [1, 0]], dtype=precision), np.array([[1, 0], [1, 0]], dtype=precision)
    loss = CategoricalCrossentropy()
    np.testing.assert_allclose(loss.value(y, t), [-math.log(FLOOR), 0], rtol=1e-6)
    np.testing.assert_array_equal(loss.backward(y, t), [[0, 0], [-1, 0]])
    np.testing.assert_array_equal(loss.delta(y, t), [[-1, 1], [0, 0]])
    index = SparseCategoricalCrossentropy()
    np.testing.assert_array_equal(index.value(y, np.array([0, 0])), loss.value(y, t))


@PRECISIONS
def test_binary_at_the_ends(precision):
    """y = 0 and 1, right and wrong. In float32 1 - 1e-7 is 1 - 1.19e-7, so a wrong 1 costs a little less there."""
    y, t = np.array([[[0], [1], [0], [1]], [[0], [1], [1], [0]]], dtype=precision)
    loss = BinaryCrossentropy()
    worst = -math.log(FLOOR)
    np.testing.assert_allclose(loss.value(y, t), [0, 0, worst, worst], rtol=0.012, atol=2e-7)
    np.testing.assert_array_equal(loss.backward(y, t), np.zeros((4, 1)))
    np.testing.assert_array_equal(loss.delta(y, t), [[0], [0], [-1], [1]])


@PRECISIONS
@pytest.mark.parametrize("loss", [one() for one in CLASSES], ids=lambda loss: type(loss).__name__)
def test_ends_are_finite_on_both_engines(loss, precision):
    y = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [1.0, 1.0]], dtype=precision)
    t = np.array([0, 0, 1, 1], dtype=np.int32) if loss.target == "index" else y[::-1].copy()
    eager = {"value": loss.value(y, t), "backward": loss.backward(y, t)}
    if loss.partner is not None:
        eager["delta"] = loss.delta(y, t)
    with jax.enable_x64(precision == "float64"):
        given = on_jax({"y": y, "t": t})
        compiled = {name: jax.jit(getattr(loss, name))(given["y"], given["t"]) for name in eager}
        compiled = on_numpy(compiled)
    assert all(np.all(np.isfinite(array)) and array.dtype == precision for array in eager.values())
    close(compiled, eager, 1e-5 if precision == "float32" else 1e-9)
