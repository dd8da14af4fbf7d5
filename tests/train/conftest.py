"""What the tests of training share: tasks of every kind, pictures, and a bench to run steps on either engine."""

import numpy as np
import pytest
from attrs import define, evolve, field

from garasu import data, layers, losses, optimizers
from garasu.array import map_leaves, paths, random
from garasu.metrics import sparse_categorical_accuracy
from garasu.networks import Network, zoo
from garasu.train import Task, batches
from garasu.train.engines import make_engine

SEED = 11


def c9_like():
    """Six layers as C9's, on 8 x 8 pictures."""
    return [
        layers.Reshape((8, 8, 1)),
        layers.Conv2D(4, (5, 5), padding="same", activation="relu", kernel_initializer="truncated_normal"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ]


def channels():
    """A convolution of several channels: its gradient must not stand in a loop on a CPU."""
    return [
        layers.Reshape((8, 8, 1)),
        layers.Conv2D(3, 3, activation="relu"),
        layers.Conv2D(4, 3, strides=2, padding="same", activation="tanh"),
        layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ]


def normalised():
    """No bias before a normalisation: its gradient is zero but for rounding, which Adam then magnifies."""
    return [
        layers.Dense(12, use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
        layers.Dense(3, activation="softmax"),
    ]


def dropped():
    return [layers.Dense(20, activation="relu"), layers.Dropout(0.5), layers.Dense(3, activation="softmax")]


def tied():
    return [
        layers.Dense(10, activation="sigmoid", name="encode"),
        layers.TiedDense("encode", activation="tanh"),
        layers.Dense(3, activation="softmax"),
    ]


def residual():
    inside = [layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.Activation("relu"), layers.Dense(12)]
    return [layers.Dense(12), layers.Residual(inside), layers.Dropout(0.2), layers.Dense(3, activation="softmax")]


KINDS = {
    "c9-like": c9_like,
    "channels": channels,
    "batch-normalization": normalised,
    "dropout": dropped,
    "tied": tied,
    "residual": residual,
}


@define
class Bench:
    """A task with its data. ``run`` makes steps from the start, ``train`` from a carry."""

    task: Task
    data: dict
    batch_size: int
    engines: dict = field(factory=dict)

    def engine(self, name):
        return make_engine(name, self.task)

    def start(self, engine):
        return engine.start(*self.task.network.init(SEED, self.task.precision))

    def order(self, epoch=0):
        return batches.draw(len(self.data["x"]), self.batch_size, seed=SEED, epoch=epoch)

    def train(self, engine, carry, start, stop):
        """The carry after these steps, kept where the engine works."""
        key = random.fold_name(random.key(SEED), "steps")
        placed, order = engine.place(dict(self.data)), engine.place_order(self.order())
        return engine.train(carry, placed, order, start, stop, self.task.hyper(), key)

    def run(self, engine, steps, cuts=()):
        """The carry as NumPy after ``steps`` steps, made in calls that end at ``cuts``; an engine, or its name."""
        engine = self.engine(engine) if isinstance(engine, str) else engine
        carry, done = self.start(engine), 0
        for stop in (*cuts, steps):
            carry, done = self.train(engine, carry, done, stop), stop
        return engine.fetch(carry)

    def step(self, name, stored, at):
        """The carry as NumPy after step ``at`` from a stored one (NumPy), in the precision of the task."""
        engine = self.engines.setdefault(name, self.engine(name))
        precision = self.task.precision

        def cast(array):  # a copy, for an engine may use the memory again
            return np.array(array, precision if array.dtype.kind == "f" else array.dtype)

        return engine.fetch(self.train(engine, engine.place(map_leaves(cast, stored)), at, at + 1))

    def in_float64(self):
        """The same bench in double precision."""
        cast = {name: a.astype("float64") if a.dtype.kind == "f" else a for name, a in self.data.items()}
        return Bench(evolve(self.task, precision="float64"), cast, self.batch_size)


@pytest.fixture(scope="session")
def small_data():
    """70 pictures of 8 x 8 in three classes."""
    draw = np.random.default_rng(2)
    t = draw.integers(0, 3, 70).astype(np.int32)
    x = draw.random((70, 8, 8))
    x[np.arange(70), 2 * t] += 1
    return {"x": x.reshape(70, 64), "t": t, "weight": np.ones(70)}


@pytest.fixture
def bench(small_data):
    """A maker of benches over small networks: bench("dropout", "float64")."""

    def make(kind, precision="float32", optimizer=None, batch_size=16):
        network = Network(KINDS[kind](), (64,))
        metrics = {"acc": sparse_categorical_accuracy}
        loss = losses.SparseCategoricalCrossentropy()
        task = Task(network, loss, optimizer or optimizers.Adam(0.01), metrics, precision)
        cast = {name: a if name == "t" else a.astype(precision) for name, a in small_data.items()}
        return Bench(task, cast, batch_size)

    return make


@pytest.fixture(scope="session")
def zoo_bench():
    """A maker of benches over the course's networks at their real sizes, on digits: zoo_bench("c14", "float64")."""
    digits = data.load("digits")

    def make(name, precision="float32", rows=1024, batch_size=None):
        entry = zoo.get(name)
        t = digits.train_labels[:rows].astype(np.int32)
        if entry.loss.target == "values":
            t = np.eye(10, dtype=precision)[t]
        given = {"x": digits.train_images[:rows], "t": t, "weight": np.ones(rows, precision)}
        return Bench(
            Task(entry.build(), entry.loss, entry.optimizer, {}, precision), given, batch_size or entry.batch_size
        )

    return make


@pytest.fixture
def agree():
    """Every array of two trees within ``tolerance`` of the array's largest absolute value (of 1 where that is less)."""

    def compare(first, second, tolerance, floor=1.0):
        mine, other = dict(paths(first)), dict(paths(second))
        assert mine.keys() == other.keys()
        for path, array in mine.items():
            assert array.dtype == other[path].dtype, path
            largest = max(float(np.max(np.abs(array), initial=0)), floor)
            np.testing.assert_allclose(array, other[path], rtol=0, atol=tolerance * largest, err_msg=path)

    return compare


@pytest.fixture
def identical():
    """Every array of two trees bit by bit."""

    def compare(first, second):
        mine, other = dict(paths(first)), dict(paths(second))
        assert mine.keys() == other.keys()
        for path, array in mine.items():
            np.testing.assert_array_equal(array, other[path], err_msg=path)

    return compare
