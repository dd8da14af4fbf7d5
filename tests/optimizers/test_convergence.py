"""Every optimizer reaches the bottom of a bowl and of Rosenbrock's valley, at the rates that stand here."""

import jax
import numpy as np
import pytest
from jax import numpy as jnp

from garasu.optimizers import (
    CLASSES,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    Momentum,
    Muon,
    Nadam,
    Nesterov,
    RMSprop,
)
from garasu.schedules import PolynomialDecay


def down(rate, steps):
    """A rate that falls to 0: what moves by the rate itself, however small the gradient, comes to rest only so."""
    return PolynomialDecay(rate, steps, end_learning_rate=0.0)


def bowl(w):
    """An elongated bowl, twenty times as steep along one axis as along another; 0 at 0."""
    return jnp.sum(jnp.reshape(jnp.linspace(1.0, 20.0, w.size), w.shape) * w * w) / 2


def rosenbrock(w):
    """(1 - x)^2 + 100 (y - x^2)^2: a bent valley, steep across and nearly flat along; 0 at (1, 1)."""
    x, y = w[0, 0], w[0, 1]
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def walk(optimizer, loss, start, steps):
    """Where ``steps`` steps lead, in float64."""

    @jax.jit
    def run(w, state, hyper):
        def one(step, place):
            w, state = place
            step = step.astype(jnp.uint32)
            return optimizer.update(jax.grad(loss)(w), state, w, step, optimizer.numbers_at(step, hyper))

        return jax.lax.fori_loop(0, steps, one, (w, state))[0]

    with jax.enable_x64(True):
        w = jnp.asarray(start)
        return np.asarray(run(w, optimizer.init(w), {name: jnp.asarray(n) for name, n in optimizer.hyper().items()}))


BOWL = [
    SGD(0.05),
    Momentum(0.05),
    Nesterov(0.05),
    Adagrad(1.0),
    Adadelta(down(1.0, 2000), epsilon=1e-4),
    RMSprop(down(0.05, 2000)),
    Adam(0.05),
    AdamW(0.05, weight_decay=0.0),
    Nadam(0.05),
    Lion(down(0.05, 2000)),
    Muon(down(0.05, 2000), weight_decay=0.0),
]
ROSENBROCK = [
    (SGD(0.001), 20_000),
    (Momentum(0.001), 5000),
    (Nesterov(0.001), 5000),
    (Adagrad(1.0), 5000),
    (Adadelta(down(1.0, 20_000), epsilon=1e-5), 20_000),
    (RMSprop(down(0.01, 5000)), 5000),
    (Adam(0.02), 5000),
    (AdamW(0.02, weight_decay=0.0), 5000),
    (Nadam(0.02), 5000),
    (Lion(down(0.01, 5000)), 5000),
    (Muon(down(0.02, 5000), weight_decay=0.0), 5000),
]


def name(value):
    return type(value).__name__ if isinstance(value, tuple(CLASSES)) else None


@pytest.mark.parametrize("optimizer", BOWL, ids=name)
def test_a_bowl(optimizer):
    assert np.max(np.abs(walk(optimizer, bowl, np.ones((3, 2)), 2000))) < 0.02


@pytest.mark.parametrize(("optimizer", "steps"), ROSENBROCK, ids=name)
def test_rosenbrock_s_valley(optimizer, steps):
    found = walk(optimizer, rosenbrock, np.array([[-1.2, 1.0]]), steps)
    np.testing.assert_allclose(found, [[1.0, 1.0]], rtol=0, atol=0.02)


def test_every_optimizer_walks_both():
    assert [type(one) for one in BOWL] == [type(one) for one, _ in ROSENBROCK]
    assert {type(one) for one in BOWL} == set(CLASSES)


def test_a_rate_too_large_goes_up_and_one_too_small_crawls():
    start, steps = np.ones((3, 2)), 100
    sizes = {rate: np.max(np.abs(walk(SGD(rate), bowl, start, steps))) for rate in (0.11, 0.09, 0.0001)}
    assert sizes[0.11] > 1e7  # |1 - 0.11 * 20| = 1.2 at every step, along the steepest axis
    assert sizes[0.09] < 1e-4
    assert sizes[0.0001] > 0.98
