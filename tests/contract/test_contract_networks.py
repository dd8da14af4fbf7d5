"""Networks with their loss on the ladder: the whole backward pass, and the start at u where it is allowed."""

import jax
import numpy as np
import pytest

from garasu.array import leaves, map_leaves, namespace, paths
from garasu.layers import Run
from garasu.testing import check_rule
from garasu.testing.check_layer import drawn_inputs
from garasu.testing.subject import draw
from tests.contract.contract_network_rows import NETWORK_ROWS
from tests.contract.contract_oracles import close, float32, torch_or_skip

every_row = pytest.mark.parametrize("row", NETWORK_ROWS, ids=lambda row: row.case)


def rules(row):
    """The network and its loss as one rule: each row's loss out, every gradient back."""

    def forward(inputs, held):
        y, _, cache = row.layer.apply(inputs["params"], {}, inputs["x"], Run())
        return {"y": row.loss.value(y, held["t"])}, {"layers": cache, "y": y}

    def backward(inputs, held, cache, dl):
        slope = row.loss.delta if row.last == -1 else row.loss.backward
        dy = namespace(dl).reshape(dl, (-1, 1)) * slope(cache["y"], held["t"])
        dx, grads = row.layer.backward(inputs["params"], cache["layers"], dy, row.last)
        return {"x": dx, "params": grads}

    return forward, backward


def ours(row):
    inputs, _ = drawn_inputs(row.layer, row.in_shape)
    forward, backward = rules(row)
    outputs, cache = forward(inputs, {"t": row.t})
    dl = draw(0, "dl", outputs["y"].shape)
    return inputs, dl, {"y": outputs["y"], **backward(inputs, {"t": row.t}, cache, dl)}


@every_row
def test_audit(row):
    assert check_rule(row.case, *rules(row), drawn_inputs(row.layer, row.in_shape)[0], {"t": row.t}).complete


@every_row
def test_against_keras(row):
    import keras

    inputs, dl, expected = ours(row)
    model = row.keras()
    model.build((None, *row.in_shape))
    given = float32({**inputs, "dl": dl})
    t = row.t.astype(np.float32) if row.t.dtype == np.float64 else row.t

    def values(x, params):
        y, _ = model.stateless_call(params, [], x)
        return row.keras_loss(keras, t, y)

    def both(x, params, dl):
        value, pull = jax.vjp(values, x, params)
        return value, pull(dl)

    value, (dx, grads) = jax.jit(both)(given["x"], leaves(given["params"]), given["dl"])
    names = [name for name, _ in paths(inputs["params"])]
    expected["params"] = dict(paths(expected["params"]))
    close({"y": value, "x": dx, "params": dict(zip(names, grads, strict=True))}, expected, 1e-5)


@pytest.mark.oracles
@every_row
def test_against_pytorch(row):
    torch = torch_or_skip()
    inputs, dl, expected = ours(row)
    leaf = map_leaves(lambda array: torch.tensor(array, requires_grad=True), inputs)
    value = row.torch(torch.nn.functional, leaf["params"], leaf["x"], torch.tensor(row.t))
    grads = iter(torch.autograd.grad(value, leaves(leaf), torch.tensor(dl)))
    close({"y": value.detach().numpy(), **map_leaves(lambda _: next(grads).numpy(), leaf)}, expected, 1e-10)


@pytest.mark.parametrize("row", [row for row in NETWORK_ROWS if row.last == -1], ids=lambda row: row.case)
def test_the_start_at_u_is_the_start_at_z(row):
    """delta = the activation's backward rule on the loss's."""
    inputs, _ = drawn_inputs(row.layer, row.in_shape)
    y, _, cache = row.layer.apply(inputs["params"], {}, inputs["x"], Run())
    whole = row.layer.backward(inputs["params"], cache, row.loss.backward(y, row.t))
    short = row.layer.backward(inputs["params"], cache, row.loss.delta(y, row.t), -1)
    close({"x": short[0], "params": short[1]}, {"x": whole[0], "params": whole[1]})
