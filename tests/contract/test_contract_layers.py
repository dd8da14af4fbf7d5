"""The ladder for every layer: by hand, the audit kit (differences, jax.vjp, engines), Keras on JAX, PyTorch."""

import numpy as np
import pytest

from garasu.array import map_leaves, paths, random
from garasu.layers import Run
from garasu.testing import check_layer
from garasu.testing.check_layer import drawn_inputs
from garasu.testing.subject import draw
from tests.contract.contract_oracles import arrays, close, keras_pass, torch_pass
from tests.contract.contract_rows import LAYER_ROWS

every_row = pytest.mark.parametrize("row", LAYER_ROWS, ids=lambda row: row.case)
every_mode = pytest.mark.parametrize(
    ("row", "training"),
    [
        pytest.param(row, mode, id=f"{row.case}{', training' if mode else ''}")
        for row in LAYER_ROWS
        for mode in row.modes
    ],
)


@pytest.mark.parametrize(
    ("row", "hand"),
    [
        pytest.param(row, hand, id=f"{row.case}{', case ' + str(number) if number else ''}")
        for row in LAYER_ROWS
        for number, hand in enumerate([row.hand, *row.also])
    ],
)
def test_by_hand(row, hand):
    layer = hand.layer or row.layer
    x, params, state = np.asarray(hand.x, dtype=np.float64), arrays(hand.params), arrays(hand.state)
    spec = layer.spec(x.shape[1:])
    hyper = map_leaves(np.asarray, spec.hyper)
    weight = None if hand.weight is None else np.asarray(hand.weight, dtype=np.float64)
    y, new, cache = layer.apply(params, state, x, Run(hand.training, random.key(0), hyper, weight))
    dx, grads = layer.backward(params, cache, np.asarray(hand.dy, dtype=np.float64))
    close({"y": y, "x": dx, "params": grads}, arrays({"y": hand.y, "x": hand.dx, "params": hand.grads}))
    close(new, arrays(hand.state if hand.new_state is None else hand.new_state))
    assert spec.out_shape == y.shape[1:]


@every_row
def test_audit(row):
    report = check_layer(row.layer, row.in_shape, batch=row.batch, skip=row.skip)
    assert {rung.name for rung in report.rungs if rung.skipped} == set(row.skip)
    assert bool(row.skip) == bool(row.why)
    assert {"differences", "vjp", "float64", "float32", "purity"} <= {rung.name for rung in report.rungs}


def given(row, training):
    """The arrays of a row, and what ours makes of them."""
    inputs, held = drawn_inputs(row.layer, row.in_shape, row.batch, seed=1)
    run = Run(training, held["key"], held["hyper"])
    y, state, cache = row.layer.apply(inputs["params"], held["state"], inputs["x"], run)
    dy = draw(1, "dy", y.shape)
    dx, grads = row.layer.backward(inputs["params"], cache, dy)
    ours = {"y": y, "x": dx, "params": dict(paths(grads)), "state": dict(paths(state))}
    return inputs, held["state"], dy, ours


@every_mode
def test_against_keras(row, training):
    inputs, state, dy, ours = given(row, training)
    close(keras_pass(row.keras, inputs, state, dy, training), ours, 1e-5)


@pytest.mark.oracles
@every_mode
def test_against_pytorch(row, training):
    inputs, state, dy, ours = given(row, training)
    theirs = torch_pass(row.torch, inputs, state, dy, training)
    theirs["params"] = dict(paths(theirs["params"]))
    close(theirs, {name: ours[name] for name in ("y", "x", "params")}, 1e-10)
