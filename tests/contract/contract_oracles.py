"""Rung 4: how the outside libraries are called: Keras in float32, PyTorch and Optax in float64."""

import os

import jax
import numpy as np
import pytest

from garasu.array import leaves, map_leaves, paths

QUICK = {"xla_backend_optimization_level": 0}
"""How XLA compiles an oracle: plainly, for its numbers are asked for once. Our own rules are compiled as ever."""


def arrays(tree):
    """Nested lists as float64 arrays."""
    return map_leaves(lambda leaf: np.asarray(leaf, dtype=np.float64), tree)


def close(got, expected, tolerance=1e-12):
    """Two trees agree to a share of each array's largest value; answers with the largest share they differ by."""
    wanted, found, largest = dict(paths(expected)), dict(paths(got)), 0.0
    assert set(found) == set(wanted)
    for name, array in wanted.items():
        array = np.asarray(array)
        assert np.shape(found[name]) == array.shape, name
        scale = max(float(np.max(np.abs(array), initial=0.0)), 1e-6)
        ours, theirs = array / scale, np.asarray(found[name]) / scale
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=tolerance, err_msg=name)
        largest = max(largest, float(np.max(np.abs(theirs - ours), initial=0.0)))
    return largest


def float32(tree):
    """A tree for Keras, which on JAX works in float32 (its type promotion turns float64 into it on the way)."""
    return map_leaves(lambda leaf: np.asarray(leaf, dtype=np.float32), tree)


def keras_pass(make, inputs, state, dy, training):
    """Outputs, new state and gradients of a Keras layer, its variables in the order of ours."""
    import keras

    layer = keras.Sequential([make()])  # takes training=, whatever is inside
    layer.build((None, *inputs["x"].shape[1:]))
    x, params, state, dy = (float32({"": tree})[""] for tree in (inputs["x"], inputs["params"], state, dy))
    values, moving = leaves(params), iter(leaves(state))
    others = [next(moving) if "moving" in v.path else v.value for v in layer.non_trainable_variables if not _frozen(v)]
    frozen = not layer.trainable_variables  # then Keras counts gamma and beta among the others, ahead of them
    variables = layer.non_trainable_variables[: len(values)] if frozen else layer.trainable_variables
    assert [tuple(v.shape) for v in variables] == [value.shape for value in values]

    def forward(x, values):
        trained, kept = ([], [*values, *others]) if frozen else (values, others)
        y, new = layer.stateless_call(trained, kept, x, training=training)
        return y, new[len(kept) - len(others) :]

    def both(x, values, dy):
        y, pull, new = jax.vjp(forward, x, values, has_aux=True)
        return y, new, pull(dy)

    y, new, (dx, grads) = jax.jit(both, compiler_options=QUICK)(x, values, dy)
    kept = [v for v in layer.non_trainable_variables if not _frozen(v)]
    moved = [value for value, v in zip(new, kept, strict=True) if "moving" in v.path]
    return {
        "y": y,
        "state": dict(zip([name for name, _ in paths(state)], moved, strict=True)),
        "x": dx,
        "params": dict(zip([name for name, _ in paths(params)], grads, strict=True)),
    }


def _frozen(variable):
    return "gamma" in variable.path or "beta" in variable.path


def torch_or_skip():
    """PyTorch, or a named skip; in CI its absence is a failure."""
    try:
        import torch
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is not installed: CI installs the extra 'oracles'")
        pytest.skip("PyTorch is not installed (the extra 'oracles'); CI has it")
    return torch


def torch_pass(call, inputs, state, dy, training):
    """Output and gradients by PyTorch's functions."""
    torch = torch_or_skip()
    leaf = map_leaves(lambda array: torch.tensor(array, dtype=torch.float64, requires_grad=True), inputs)
    kept = map_leaves(lambda array: torch.tensor(array, dtype=torch.float64), state)
    y = call(torch.nn.functional, leaf["params"], kept, leaf["x"], training)
    tensors = [tensor for _, tensor in paths(leaf)]
    grads = torch.autograd.grad(y, tensors, torch.tensor(dy), allow_unused=False)
    found = iter(grads)
    return {"y": y.detach().numpy(), **map_leaves(lambda tensor: next(found).numpy(), leaf)}
