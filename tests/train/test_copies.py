"""Many copies of one task: together or one after another, each comes to what it comes to by itself."""

import signal

import numpy as np
import pytest

from garasu import layers, losses, optimizers
from garasu.array import map_leaves, paths
from garasu.layers import Dense
from garasu.metrics import sparse_categorical_accuracy
from garasu.networks import Network
from garasu.train import Plan, Task, copies
from garasu.train.copy_run import Copy
from garasu.train.engines import make_engine
from garasu.train.jit_copies import JitCopies

SEEDS = (11, 12, 13)


class Told:
    """Keeps what it is told."""

    def __init__(self, interrupt=False):
        self.begun, self.ended, self.moves, self.interrupt = [], [], 0, interrupt

    def epoch_begins(self, epoch, copy):
        self.begun.append((epoch, copy))

    def moved(self, done, steps, logs):
        self.moves += 1
        if self.interrupt:
            signal.raise_signal(signal.SIGINT)

    def epoch_ends(self, epoch, copy, logs):
        self.ended.append((epoch, copy, logs))


def task(chosen, optimizer=None, precision="float64", in_shape=(64,)):
    metrics = {"acc": sparse_categorical_accuracy}
    loss = losses.SparseCategoricalCrossentropy()
    return Task(Network(chosen, in_shape), loss, optimizer or optimizers.SGD(0.1), metrics, precision)


def everything():
    """State, noise, shares dropped and factors of penalties in one small network, with averages of weights."""
    chosen = [
        layers.GaussianNoise(0.1),
        layers.Dense(6, kernel_regularizer="l1_l2"),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("tanh"),
        layers.Dropout(0.3),
        layers.Dense(3, activation="softmax"),
    ]
    return task(chosen, optimizers.Momentum(0.05, use_ema=True, ema_momentum=0.9))


def numbers(task, number):
    """The numbers of a copy: all others than those of its neighbours."""
    hyper = map_leaves(lambda value: value, task.hyper())
    hyper["optimizer"] |= {"learning_rate": 0.02 * (number + 1), "momentum": 0.5 + 0.1 * number}
    for path in hyper["regularizers"].values():
        path |= {"l1": 0.001 * number, "l2": 0.01 * number}
    for layer in hyper["layers"].values():
        layer |= {name: value * (0.5 + 0.5 * number) for name, value in layer.items()}
    return hyper


def train(task, data, engine="jit", seeds=SEEDS, hypers=numbers, told=None, validation=None, epochs=4, **more):
    """The copies after ``epochs`` epochs of five steps."""
    data = {name: array if name == "t" else array.astype(task.precision) for name, array in data.items()}
    plan = Plan(epochs, 16, seeds[0])
    starts = [Copy(seed, *task.network.init(seed, task.precision), hypers(task, k)) for k, seed in enumerate(seeds)]
    runs = [copies.begun(one, plan) for one in starts]
    engine = make_engine(engine, task) if isinstance(engine, str) else engine
    validation = data if validation else None
    copies.train_copies(task, engine, runs, plan, data, told or Told(), validation, **more)
    return runs


@pytest.mark.parametrize("share", [False, True])
def test_together_is_one_after_another(small_data, share):
    """All numbers that vary, states, averages, means and validation: 20 steps in float64, against NumPy."""
    one = everything()
    alone = train(one, small_data, "eager", validation=True, share_batches=share)
    both = train(one, small_data, validation=True, together=True, share_batches=share)
    for mine, other in zip(both, alone, strict=True):
        found, wanted = dict(paths(mine.progress.carry)), dict(paths(other.progress.carry))
        assert found.keys() == wanted.keys() and any(path.startswith("averages") for path in found)
        for path, array in wanted.items():
            np.testing.assert_allclose(found[path], array, rtol=0, atol=1e-9, err_msg=path)
        assert [list(logs) for logs in mine.logs] == [["loss", "acc", "val_loss", "val_acc"]] * 4
        for first, second in zip(mine.logs, other.logs, strict=True):
            assert first == pytest.approx(second, abs=1e-9)
        for name in ("step", "epoch", "position", "epochs_trained", "finite"):
            assert getattr(mine.progress, name) == getattr(other.progress, name)
    assert len({run.logs[-1]["loss"] for run in both}) == 3


def test_a_copy_that_is_not_finite_stops_alone(small_data):
    """It keeps its last arrays; its neighbours are as if it were not there."""
    one = task([Dense(5, activation="tanh"), Dense(3, activation="softmax")])

    def hypers(task, number):
        return {**task.hyper(), "optimizer": {"learning_rate": (0.1, 1e308, 0.2)[number]}}

    told = Told()
    both = train(one, small_data, hypers=hypers, together=True, validation=True, told=told)
    alone = train(one, small_data, "eager", hypers=hypers, validation=True)
    assert [run.stopped for run in both] == [run.stopped for run in alone] == [None, 4, None]
    assert [run.progress.finite for run in both] == [True, False, True]
    for mine, other in zip(both, alone, strict=True):
        for path, array in paths(other.progress.carry):
            found = dict(paths(mine.progress.carry))[path]
            np.testing.assert_allclose(found, array, rtol=1e-9, atol=1e-9, err_msg=path)
        assert [list(logs) for logs in mine.logs] == [["loss", "acc", "val_loss", "val_acc"]] * 4
        np.testing.assert_allclose(
            [list(one.values()) for one in mine.logs], [list(one.values()) for one in other.logs]
        )
    assert all(np.isnan(list(logs.values())).all() for logs in both[1].logs)
    assert told.ended[-1][2]["loss"] == pytest.approx((both[0].logs[-1]["loss"] + both[2].logs[-1]["loss"]) / 2)


@pytest.mark.parametrize("optimizer", [optimizers.SGD(0.1), optimizers.Adam(use_ema=True)], ids=["sgd", "adam"])
@pytest.mark.parametrize("trainable", [True, False])
def test_shared_rows_times_weights_that_lie_beside_each_other(small_data, optimizer, trainable):
    """The copies of the first layer's weights have their axis in the middle; what comes of them is the same."""
    first = Dense(5, activation="tanh", kernel_regularizer="l2", trainable=trainable)
    one = task([first, Dense(3, activation="softmax")], optimizer)

    def hypers(task, number):
        hyper = map_leaves(lambda value: value, task.hyper())
        hyper["optimizer"] |= {"learning_rate": (0.1, 1e308, 0.2)[number]}
        return hyper

    both = train(one, small_data, hypers=hypers, together=True, share_batches=True, validation=True)
    alone = train(one, small_data, "eager", hypers=hypers, share_batches=True, validation=True)
    assert [run.stopped for run in both] == [run.stopped for run in alone]
    assert both[1].stopped is not None and both[0].stopped is None
    for mine, other in zip(both, alone, strict=True):
        found = dict(paths(mine.progress.carry))
        for path, array in paths(other.progress.carry):
            np.testing.assert_allclose(found[path], array, rtol=1e-9, atol=1e-9, err_msg=path)


def test_where_all_stop_nothing_is_left_to_do(small_data):
    def hypers(task, number):
        return {**task.hyper(), "optimizer": {"learning_rate": 1e308}}

    one, told = task([Dense(3, activation="softmax")]), Told()
    runs = train(one, small_data, hypers=hypers, together=True, told=told)
    assert None not in [run.stopped for run in runs] and told.begun == [(0, None)]
    assert [len(run.logs) for run in runs] == [4, 4, 4]


def test_one_after_another_nothing_is_compiled_twice(small_data, bench):
    one = bench("channels", "float32").task
    engine = make_engine("jit", one)
    runs = train(one, small_data, engine, validation=True, epochs=1)
    assert sorted(name[0] for name in engine._programs) == ["evaluate", "train"]
    assert len({run.logs[0]["loss"] for run in runs}) == 3


class TestWhatSuits:
    def suits(self, network, shared=False, batch_size=16, in_shape=(64,), **settings):
        one = task(network, precision="float32", in_shape=in_shape, **settings)
        start = Copy(0, *one.network.init(0), one.hyper())
        rows = {"x": np.zeros((70, *in_shape), "float32"), "t": np.zeros(70, "int32"), "weight": np.ones(70, "float32")}
        return JitCopies(one).suits([start], rows, batch_size, shared=shared)

    def test_a_small_dense_network_together(self):
        assert self.suits([Dense(8, activation="tanh"), layers.Dropout(0.5), Dense(3, activation="softmax")])

    def test_a_large_one_by_itself_on_a_cpu(self):
        wide = [Dense(128, activation="tanh"), Dense(3, activation="softmax")]  # 8,707 weights
        for optimizer, own in ((optimizers.SGD(0.1), True), (optimizers.Adam(), False)):
            assert [self.suits(wide, shared, 2048, optimizer=optimizer) for shared in (False, True)] == [False, False]
            assert [self.suits(wide, shared, 1024, optimizer=optimizer) for shared in (False, True)] == [own, True]

    @pytest.mark.parametrize("channels", [1, 2])
    def test_a_convolution_by_itself(self, channels):
        """Of several channels XLA's own; of one a branch, which would be run on both sides."""
        network = [layers.Conv2D(2, 3), layers.Flatten(), Dense(3, activation="softmax")]
        assert not self.suits(network, in_shape=(5, 5, channels))


def test_the_eager_engine_trains_one_after_another(small_data):
    told = Told()
    train(task([Dense(3, activation="softmax")]), small_data, "eager", told=told, epochs=2)
    assert told.begun == [(epoch, copy) for copy in range(3) for epoch in range(2)]


@pytest.mark.parametrize("engine", ["eager", "jit"])
def test_interrupted_all_copies_are_whole(small_data, engine, language):
    one, told = task([Dense(3, activation="softmax")]), Told(interrupt=True)
    data = {name: array if name == "t" else array.astype("float64") for name, array in small_data.items()}
    plan = Plan(3, 16, 0)
    runs = [copies.begun(Copy(seed, *one.network.init(seed, "float64"), one.hyper()), plan) for seed in (0, 1)]
    with pytest.raises(KeyboardInterrupt, match=r"2 copies was stopped|2 個のコピー"):
        copies.train_copies(one, make_engine(engine, one), runs, plan, data, told, together=engine == "jit")
    assert told.moves == 1 and runs[0].progress.step == 1
    assert all(np.isfinite(array).all() for run in runs for _, array in paths(run.progress.carry))
