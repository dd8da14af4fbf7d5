"""The ladder for every optimizer: by hand, the audit kit, and 20 steps on the same gradients beside three libraries."""

import jax
import numpy as np
import optax
import pytest

from garasu.optimizers import Adam, Momentum
from garasu.testing import check_optimizer
from garasu.testing.subject import draw
from tests.contract.contract_oracles import close, torch_or_skip
from tests.contract.contract_rows import OPTIMIZER_ROWS

every_row = pytest.mark.parametrize("row", OPTIMIZER_ROWS, ids=lambda row: row.case)
STEPS = 20
SHAPE = (4, 3)
GRADIENTS = [draw(0, f"g{step}", SHAPE) * 10.0 ** draw(0, f"size{step}", SHAPE) for step in range(STEPS)]
START = draw(0, "w", SHAPE)


def walk(optimizer, start, gradients, rates=None):
    """The weights after each step."""
    w, state, hyper, path = start, optimizer.init(start), optimizer.hyper(), []
    for step, gradient in enumerate(gradients):
        if rates is not None:
            hyper = {**hyper, "learning_rate": rates[step]}
        w, state = optimizer.update(gradient, state, w, np.asarray(step, dtype=np.uint32), hyper)
        path.append(w)
    return np.stack(path)


@every_row
def test_by_hand(row):
    path = walk(row.by_hand, np.array([row.start]), [np.array([g]) for g in row.gradients])
    np.testing.assert_allclose(path[:, 0], row.weights, rtol=1e-12)


@every_row
def test_audit(row):
    assert check_optimizer(row.optimizer).complete


@every_row
def test_against_keras(row):
    """Keras works in float32 on JAX."""
    import keras

    variable = keras.Variable(START.astype(np.float32))
    optimizer = row.keras(keras)
    optimizer.build([variable])
    step = jax.jit(optimizer.stateless_apply)
    kept, trained, path = [v.value for v in optimizer.variables], [variable.value], []
    for gradient in GRADIENTS:
        trained, kept = step(kept, [gradient.astype(np.float32)], trained)
        path.append(np.asarray(trained[0]))
    close({"w": np.stack(path)}, {"w": walk(row.optimizer, START, GRADIENTS)}, 1e-5)


@every_row
def test_against_optax(row):
    with jax.enable_x64(True):
        w, path = jax.numpy.asarray(START), []
        state = row.optax(optax, 1).init(w)
        for t, gradient in enumerate(GRADIENTS, start=1):
            updates, state = row.optax(optax, t).update(jax.numpy.asarray(gradient), state, w)
            w = optax.apply_updates(w, updates)
            path.append(np.asarray(w))
    close({"w": np.stack(path)}, {"w": walk(row.optimizer, START, GRADIENTS)}, 1e-10)


@pytest.mark.oracles
@every_row
def test_against_pytorch(row):
    torch = torch_or_skip()
    w, path = torch.tensor(START, requires_grad=True), []
    optimizer = row.torch(torch, [w], 1)
    for t, gradient in enumerate(GRADIENTS, start=1):
        if "eps" in optimizer.param_groups[0]:
            optimizer.param_groups[0]["eps"] = row.torch(torch, [w], t).param_groups[0]["eps"]
        w.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(w.detach().numpy().copy())
    close({"w": np.stack(path)}, {"w": walk(row.optimizer, START, GRADIENTS)}, 1e-10)


def test_momentum_with_a_changing_rate_is_keras_s_not_pytorch_s():
    """v <- mu v - lr g remembers each step's own rate; lr (mu v + g) applies the new rate to all of them."""
    rates = [0.1] * 10 + [0.01] * 10
    ours = walk(Momentum(0.1, momentum=0.9), START, GRADIENTS, rates)
    v, w, keras_path, other, w2, other_path = 0.0, START, [], 0.0, START, []
    for rate, gradient in zip(rates, GRADIENTS, strict=True):
        v = 0.9 * v - rate * gradient
        w = w + v
        keras_path.append(w)
        other = 0.9 * other + gradient
        w2 = w2 - rate * other
        other_path.append(w2)
    np.testing.assert_allclose(ours, np.stack(keras_path), rtol=1e-12)
    assert np.max(np.abs(ours[:10] - np.stack(other_path)[:10])) < 1e-9
    assert np.max(np.abs(ours - np.stack(other_path))) > 1e-3


def test_adam_s_epsilon_stands_beside_the_uncorrected_root():
    """Optax's Adam with the same epsilon is another formula: after one step the difference shows."""
    ours = walk(Adam(0.1, epsilon=1e-2), START, GRADIENTS[:1])[0]
    with jax.enable_x64(True):
        adam = optax.adam(0.1, eps=1e-2)
        w = jax.numpy.asarray(START)
        updates, _ = adam.update(jax.numpy.asarray(GRADIENTS[0]), adam.init(w), w)
        theirs = np.asarray(optax.apply_updates(w, updates))
    assert np.max(np.abs(ours - theirs)) > 1e-4
