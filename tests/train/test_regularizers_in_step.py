"""Regularisers in the step: the whole gradient, the loss reported, frozen and borrowed arrays; decoupled decay."""

import numpy as np
import pytest
from attrs import evolve

from garasu import layers, losses, models, optimizers
from garasu.array import paths, random
from garasu.layers import Run
from garasu.networks import Network
from garasu.regularizers import L1, L1L2, L2, Lp
from garasu.train import Task, averages, penalties
from garasu.train import step as steps
from garasu.train.eager import EagerEngine
from garasu.train.task import numbers

DRAW = np.random.default_rng(4)
X, T = DRAW.normal(size=(12, 5)), DRAW.integers(0, 3, 12)
DATA = {"x": X, "t": T.astype(np.int32), "weight": np.ones(12)}
ALL, ONES = np.arange(12, dtype=np.int32), np.ones(12)
KEY = random.key(0)


def network(frozen=False):
    """A plain layer, a composite with two regularised layers inside, and a tied pair whose owner pays once."""
    inside = [
        layers.Dense(6, activation="tanh", kernel_regularizer=L1(0.03), name="in"),
        layers.Dense(5, kernel_regularizer=Lp(3, 0.05), name="out"),
    ]
    return Network(
        [
            layers.Residual(inside, name="around"),
            layers.Dense(4, activation="sigmoid", kernel_regularizer=L2(0.1), name="encode", trainable=not frozen),
            layers.TiedDense("encode", name="decode"),
            layers.Dense(
                3,
                activation="softmax",
                kernel_regularizer="l1_l2",
                bias_regularizer=L2(0.2),
                use_bias=True,
                name="last",
            ),
        ],
        (5,),
    )


def task(reduction="mean", optimizer=None, **settings):
    loss = losses.SparseCategoricalCrossentropy(reduction=reduction)
    return Task(network(**settings), loss, optimizer or optimizers.SGD(1.0), {}, "float64")


def start(one):
    params, state = one.network.init(3, "float64")
    params["last"]["bias"] = np.array([0.3, -0.2, 0.1])
    return steps.first_carry(one, params, state, np)


def after(one, carry, hyper=None):
    varying = numbers(hyper or one.hyper(), "float64")
    return steps.train_step(one, carry, DATA, ALL, ONES, varying, KEY)


def total(one, params, factor=1.0, x=X, t=DATA["t"]):
    """L + P, written out apart from the step."""
    y, _, _ = one.network.apply(params, {}, x, Run())
    rows = one.loss.value(y, t)
    L = rows.mean() if one.loss.reduction == "mean" else rows.sum()
    found = dict(paths(params))
    P = 0.03 * abs(found["around/in/kernel"]).sum() + 0.05 * (abs(found["around/out/kernel"]) ** 3).sum()
    P = P + 0.01 * (abs(found["last/kernel"]).sum() + (found["last/kernel"] ** 2).sum())
    P = P + 0.2 * (found["last/bias"] ** 2).sum() + factor * 0.1 * (found["encode/kernel"] ** 2).sum()
    return L + P, P


class TestGradient:
    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    def test_against_central_differences(self, reduction):
        """Plain descent at rate 1 moves every weight by exactly its gradient."""
        one = task(reduction)
        carry = start(one)
        new, old = dict(paths(after(one, carry)["params"])), dict(paths(carry["params"]))
        for path, w in old.items():
            grad = w - new[path]
            for at in np.random.default_rng(1).choice(w.size, min(w.size, 5), replace=False):
                ends = []
                for sign in (1, -1):
                    moved = w.copy()
                    moved.flat[at] += sign * 1e-6
                    *names, last = path.split("/")
                    changed = {k: {**v} for k, v in carry["params"].items()}
                    place = changed
                    for name in names:
                        place[name] = dict(place[name])
                        place = place[name]
                    place[last] = moved
                    ends.append(total(one, changed)[0])
                assert grad.flat[at] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6, abs=1e-8), path

    def test_against_jax(self):
        import jax

        one = task()
        carry = start(one)
        with jax.enable_x64(True):
            rows = jax.numpy.asarray(X), jax.numpy.asarray(DATA["t"])
            found = jax.jit(jax.grad(lambda params: total(one, params, 1.0, *rows)[0]))(carry["params"])
        new, old = dict(paths(after(one, carry)["params"])), dict(paths(carry["params"]))
        for path, grad in paths(found):
            np.testing.assert_allclose(old[path] - new[path], grad, rtol=1e-9, atol=1e-12, err_msg=path)

    def test_factors_are_numbers_that_may_vary(self):
        one = task()
        carry, hyper = start(one), one.hyper()
        assert hyper["regularizers"]["encode/kernel"] == {"l1": 0.0, "l2": 0.1}
        assert hyper["regularizers"]["around/out/kernel"] == {"factor": 0.05}
        hyper["regularizers"]["encode/kernel"] = {"l1": 0.0, "l2": 0.3}
        new = after(one, carry, hyper)
        w = carry["params"]["encode"]["kernel"]
        more = after(one, carry)["params"]["encode"]["kernel"] - new["params"]["encode"]["kernel"]
        np.testing.assert_allclose(more, 2 * 0.2 * w, rtol=1e-9)
        np.testing.assert_allclose(new["sums"]["loss"] / 12, total(one, carry["params"], factor=3.0)[0])


class TestReportedLoss:
    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    def test_the_mean_of_the_rows_and_the_penalty_once(self, reduction):
        """Under "sum" too: the number does not depend on how the rows are cut."""
        one = task(reduction)
        carry = start(one)
        mean, (_, P) = task(), total(one, carry["params"])
        wanted = total(mean, carry["params"])[0]
        np.testing.assert_allclose(after(one, carry)["sums"]["loss"] / 12, wanted)
        factors = one.hyper()["regularizers"]
        assert EagerEngine(one).evaluate(carry["params"], {}, DATA, factors)["loss"] / 12 == pytest.approx(wanted)
        assert penalties.penalty(one.regularizers, carry["params"], factors) == pytest.approx(P)

    def test_frozen_arrays_pay_nothing(self):
        """As in Keras. What borrows a frozen array does not train it either."""
        one = task(frozen=True)
        carry = start(one)
        new = after(one, carry)
        np.testing.assert_array_equal(new["params"]["encode"]["kernel"], carry["params"]["encode"]["kernel"])
        np.testing.assert_allclose(new["sums"]["loss"] / 12, total(one, carry["params"], factor=0.0)[0])
        assert "encode/kernel" not in one.regularizers and "encode/kernel" in one.hyper()["regularizers"]

    def test_a_penalty_that_is_not_finite_stops_the_step(self):
        one = task()
        carry, hyper = start(one), one.hyper()
        hyper["regularizers"]["last/kernel"]["l2"] = np.inf
        assert not after(one, carry, hyper)["ok"]


@pytest.fixture(scope="module")
def both():
    """Keras's model and ours with the same weights and regularisers."""
    import keras

    theirs = keras.Sequential(
        [
            keras.layers.Input((5,)),
            keras.layers.Dense(6, "tanh", kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02)),
            keras.layers.Dense(4, "relu", kernel_regularizer="l2", trainable=False),
            keras.layers.Dense(3, "softmax", bias_regularizer=keras.regularizers.L2(0.3)),
        ]
    )
    theirs.layers[2].bias.assign([0.1, -0.2, 0.3])
    theirs.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    return theirs


def arrays(theirs):
    return [np.array(one.value) for one in theirs.weights]


@pytest.mark.parametrize("eager", [True, False])
def test_fit_and_evaluate_as_keras(both, eager):
    ours = models.Sequential(
        [
            layers.Dense(6, "tanh", kernel_regularizer=L1L2(0.01, 0.02), input_shape=(5,)),
            layers.Dense(4, "relu", kernel_regularizer="l2", trainable=False),
            layers.Dense(3, "softmax", bias_regularizer=L2(0.3)),
        ],
        seed=0,
    )
    ours.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy", run_eagerly=eager)
    first = arrays(both)
    ours.set_weights(first)
    x = X.astype("float32")
    settings = {"batch_size": 5, "epochs": 3, "shuffle": False, "verbose": 0, "validation_data": (x, T)}
    np.testing.assert_allclose(ours.evaluate(x, T), both.evaluate(x, T, verbose=0), rtol=1e-5)
    mine, theirs = ours.fit(x, T, **settings).history, both.fit(x, T, **settings).history
    for name in ("loss", "val_loss"):
        np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-5, err_msg=name)
    for a, b in zip(ours.get_weights(), arrays(both), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    both.set_weights(first)


def test_factors_stay_with_a_saved_model(tmp_path):
    def make(strength):
        one = models.Sequential([layers.Dense(3, kernel_regularizer=L2(strength), input_shape=(5,))], seed=0)
        one.compile("sgd", "mse", run_eagerly=True)
        return one

    model, y = make(0.1), np.zeros((12, 3))
    model.hyper["regularizers"]["dense/kernel"]["l2"] = 0.5
    again = models.load_model(model.save(tmp_path / "m"), engine="eager")
    assert again.evaluate(X, y) == model.evaluate(X, y) == pytest.approx(make(0.5).evaluate(X, y))


class _Decaying(optimizers.SGD):
    """w <- w - lr g - lr d w: decoupled decay in its plainest form."""

    def hyper(self):
        return {**super().hyper(), "weight_decay": 0.5}

    def update(self, grad, state, param, step, hyper):
        rate = hyper["learning_rate"]
        return param - rate * grad - rate * hyper["weight_decay"] * param, state


class TestDecay:
    def kernels(self, optimizer, regularizer=None):
        net = Network([layers.Dense(4, kernel_regularizer=regularizer, name="a"), layers.BatchNormalization()], (5,))
        one = Task(net, losses.MeanSquaredError(), optimizer, {}, "float64")
        params, state = net.init(1, "float64")
        params = {path: {k: v + 0.5 for k, v in tree.items()} for path, tree in params.items()}
        data = {"x": X, "t": np.zeros((12, 4)), "weight": np.ones(12)}
        carry = steps.first_carry(one, params, state, np)
        return params, steps.train_step(one, carry, data, ALL, ONES, numbers(one.hyper(), "float64"), KEY)["params"]

    def test_for_kernels_alone(self):
        before, plain = self.kernels(optimizers.SGD(0.1))
        _, decayed = self.kernels(_Decaying(0.1))
        before, plain, decayed = (dict(paths(tree)) for tree in (before, plain, decayed))
        for path, w in before.items():
            share = 0.1 * 0.5 * w if path == "a/kernel" else 0.0
            np.testing.assert_allclose(decayed[path], plain[path] - share, rtol=1e-12, err_msg=path)

    def test_L2_through_sgd_is_decay_and_through_adam_it_is_not(self):
        """Loshchilov and Hutter's point: l2 = d / 2 gives the same step, unless the optimizer scales the gradient."""
        _, decayed = self.kernels(_Decaying(0.1))
        _, penalised = self.kernels(optimizers.SGD(0.1), L2(0.25))
        np.testing.assert_allclose(penalised["a"]["kernel"], decayed["a"]["kernel"], rtol=1e-12)
        before, plain = self.kernels(optimizers.Adam(0.1))
        _, penalised = self.kernels(optimizers.Adam(0.1), L2(0.25))
        apart = plain["a"]["kernel"] - 0.1 * 0.5 * before["a"]["kernel"] - penalised["a"]["kernel"]
        assert np.abs(apart).max() > 0.01


def test_what_is_not_asked_for_adds_nothing(monkeypatch, bench):
    """The traced step is, to the letter, one in which penalties, clipping and averages do not exist."""
    import jax

    def traced(one):
        params, state = one.task.network.init(0)
        carry = steps.first_carry(one.task, params, state, np)
        hyper, order = numbers(one.task.hyper(), "float32"), one.order()
        arguments = carry, one.data, order.index[0], order.mask[0], hyper, np.asarray(KEY)
        return str(jax.make_jaxpr(lambda *given: steps.train_step(one.task, *given))(*arguments))

    one = bench("residual")
    found = traced(one)
    asked = [
        evolve(one.task, optimizer=optimizers.Adam(clipnorm=1.0)),
        evolve(one.task, optimizer=optimizers.Adam(use_ema=True)),
        evolve(one.task, network=Network([*one.task.network.layers, layers.Dense(3, kernel_regularizer="l2")], (64,))),
    ]
    assert all(len(traced(evolve(one, task=task))) > len(found) for task in asked)
    monkeypatch.setattr(steps, "clip", lambda optimizer, grads: grads)
    monkeypatch.setattr(penalties, "with_slopes", lambda regularizers, grads, params, factors: grads)
    monkeypatch.setattr(penalties, "penalty", lambda regularizers, params, factors: None)
    monkeypatch.setattr(penalties, "reported", lambda sums, extra, mask: sums)
    monkeypatch.setattr(averages, "step_on", None)
    monkeypatch.setattr(steps, "_by_role", lambda hyper, role: hyper)
    assert traced(one) == found
