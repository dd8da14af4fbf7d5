"""The ladder for every optimizer: by hand, the audit kit, and 20 steps on the same gradients beside three libraries."""

import jax
import numpy as np
import optax
import pytest

from garasu.optimizers import Adam, Momentum, Muon, Nesterov, RMSprop
from garasu.testing import check_optimizer
from garasu.testing.subject import draw
from tests.contract.contract_oracles import close, torch_or_skip
from tests.contract.contract_rows import OPTIMIZER_ROWS

LIBRARIES = ("keras", "optax", "torch")
STEPS = 20
SHAPE = (4, 3)


def rows(library=None):
    """A test of every row, or of every row that asks one library."""
    chosen = [row for row in OPTIMIZER_ROWS if library is None or getattr(row, library)]
    return pytest.mark.parametrize("row", chosen, ids=lambda row: row.case)


def path_of(shape):
    """The start and the gradients, some of them a thousand times as large as others."""
    gradients = [draw(0, f"g{step}", shape) * 10.0 ** draw(0, f"size{step}", shape) for step in range(STEPS)]
    return draw(0, "w", shape), gradients


START, GRADIENTS = path_of(SHAPE)


def walk(optimizer, start, gradients, rates=None):
    """The weights after each step."""
    w, state, hyper, path = start, optimizer.init(start), optimizer.hyper(), []
    for step, gradient in enumerate(gradients):
        if rates is not None:
            hyper = {**hyper, "learning_rate": rates[step]}
        w, state = optimizer.update(gradient, state, w, np.asarray(step, dtype=np.uint32), hyper)
        path.append(w)
    return np.stack(path)


def same(row, path, tolerance):
    """The weights after each step are those of the row's optimizer."""
    close({"w": np.stack(path)}, {"w": walk(row.optimizer, *path_of(row.shape))}, tolerance)


@rows()
def test_by_hand(row):
    start, *gradients = (np.array(one, ndmin=1) for one in (row.start, *row.gradients))
    weights = [np.array(one, ndmin=1) for one in row.weights]
    np.testing.assert_allclose(walk(row.by_hand, start, gradients), weights, rtol=1e-12, atol=1e-15)


@rows()
def test_audit(row):
    assert check_optimizer(row.optimizer, row.shape).complete


@rows("keras")
def test_against_keras(row):
    """Keras works in float32 on JAX."""
    import keras

    start, gradients = path_of(row.shape)
    variable = keras.Variable(start.astype(np.float32))
    optimizer = row.keras(keras)
    optimizer.build([variable])
    step = jax.jit(optimizer.stateless_apply)
    kept, trained, path = [v.value for v in optimizer.variables], [variable.value], []
    for gradient in gradients:
        trained, kept = step(kept, [gradient.astype(np.float32)], trained)
        path.append(np.asarray(trained[0]))
    same(row, path, 1e-5)


@rows("optax")
def test_against_optax(row):
    start, gradients = path_of(row.shape)
    with jax.enable_x64(True):
        w, path = jax.numpy.asarray(start), []
        state = row.optax(optax, 1).init(w)
        update = jax.jit(lambda t, gradient, state, w: row.optax(optax, t).update(gradient, state, w))
        for t, gradient in enumerate(gradients, start=1):
            updates, state = update(float(t), gradient, state, w)
            w = optax.apply_updates(w, updates)
            path.append(np.asarray(w))
    same(row, path, 1e-10)


def torch_path(torch, shape, make):
    """The weights after each step; ``make(params, t)`` gives the optimizer, whose epsilon may be another at every t."""
    start, gradients = path_of(shape)
    w, path = torch.tensor(start, requires_grad=True), []
    optimizer = make([w], 1)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # NAdam's product of momenta has the default type, not that of the weights
    try:
        for t, gradient in enumerate(gradients, start=1):
            if "eps" in optimizer.param_groups[0]:
                optimizer.param_groups[0]["eps"] = make([w], t).param_groups[0]["eps"]
            w.grad = torch.tensor(gradient)
            optimizer.step()
            path.append(w.detach().numpy().copy())
    finally:
        torch.set_default_dtype(before)
    return path


@pytest.mark.oracles
@rows("torch")
def test_against_pytorch(row):
    torch = torch_or_skip()
    same(row, torch_path(torch, row.shape, lambda params, t: row.torch(torch, params, t)), 1e-10)


@pytest.mark.oracles
@pytest.mark.parametrize("nesterov", [True, False])
def test_muon_is_pytorch_s_where_that_is_kept_from_rounding_to_bfloat16(monkeypatch, nesterov):
    torch = torch_or_skip()
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda tensor: tensor.clone())
    settings = {"weight_decay": 0.1, "momentum": 0.9, "nesterov": nesterov, "eps": 1e-30}

    def make(params, t):
        return torch.optim.Muon(params, 0.05, adjust_lr_fn="match_rms_adamw", **settings)

    ours = Muon(0.05, momentum=0.9, weight_decay=0.1, nesterov=nesterov, epsilon=1e-30)
    close({"w": np.stack(torch_path(torch, SHAPE, make))}, {"w": walk(ours, START, GRADIENTS)}, 1e-10)


def test_every_row_asks_a_library_and_says_why_it_does_not_ask_the_others():
    for row in OPTIMIZER_ROWS:
        assert {name for name in LIBRARIES if getattr(row, name) is None} == set(row.without), row.case
        assert len(row.without) < len(LIBRARIES) and all(row.without.values()), row.case


def test_every_library_is_asked_about_every_optimizer_it_has():
    asked = {name: {row.covers.__name__ for row in OPTIMIZER_ROWS if getattr(row, name)} for name in LIBRARIES}
    everything = {row.covers.__name__ for row in OPTIMIZER_ROWS}
    assert asked["keras"] == asked["optax"] == everything
    assert everything - asked["torch"] == {"Lion", "Muon"}  # it has no Lion; Muon is compared above


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


def test_nesterov_with_a_changing_rate_is_keras_s():
    rates = [0.1] * 10 + [0.01] * 10
    v, w, path = 0.0, START, []
    for rate, gradient in zip(rates, GRADIENTS, strict=True):
        v = 0.9 * v - rate * gradient
        w = w + 0.9 * v - rate * gradient
        path.append(w)
    np.testing.assert_allclose(walk(Nesterov(0.1, momentum=0.9), START, GRADIENTS, rates), np.stack(path), rtol=1e-12)


@pytest.mark.parametrize("inside", [True, False])
def test_centred_rmsprop_stays_finite_where_the_variance_is_nothing_but_rounding(inside):
    """After many equal gradients h and a^2 are one number: the difference may round below -epsilon."""
    optimizer = RMSprop(0.01, epsilon=1e-7, centered=True, epsilon_inside=inside)
    w = np.array([1.0, 1.0], dtype=np.float32)
    state = optimizer.init(w)
    hyper = {name: np.float32(value) for name, value in optimizer.hyper().items()}
    smallest = 0.0
    for step in range(400):
        gradient = np.array([9144.311, 0.7], dtype=np.float32)
        w, state = optimizer.update(gradient, state, w, np.asarray(step, dtype=np.uint32), hyper)
        smallest = min(smallest, float(np.min(state["h"] - state["a"] * state["a"])))
    assert smallest < -1e-7  # so it did happen
    assert np.all(np.isfinite(w))


def test_adam_s_epsilon_stands_beside_the_uncorrected_root():
    """Optax's Adam with the same epsilon is another formula: after one step the difference shows."""
    ours = walk(Adam(0.1, epsilon=1e-2), START, GRADIENTS[:1])[0]
    with jax.enable_x64(True):
        adam = optax.adam(0.1, eps=1e-2)
        w = jax.numpy.asarray(START)
        updates, _ = adam.update(jax.numpy.asarray(GRADIENTS[0]), adam.init(w), w)
        theirs = np.asarray(optax.apply_updates(w, updates))
    assert np.max(np.abs(ours - theirs)) > 1e-4
