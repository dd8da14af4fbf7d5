"""Training on pictures in a file is training on arrays, to the last bit; however it ends, nothing is left behind."""

import os
import signal
import threading
from contextlib import suppress

import numpy as np
import pytest

from garasu import layers, models
from garasu.callbacks import Callback, LambdaCallback
from garasu.data.stored import StoredPictures
from garasu.messages import FileError, NonFiniteError
from garasu.networks import Preparation
from garasu.train import batches, feed
from garasu.train.feed import Resident, Windows

ROWS, BATCH = 70, 16  # five mini-batches, the last not full
EACH = 8 * 8
WINDOWS = {
    "less than a picture": 1,
    "less than a mini-batch": EACH * 5,
    "one mini-batch": EACH * BATCH,
    "two, the last partial": 2 * EACH * BATCH + 9,
    "three, the last partial": 3 * EACH * BATCH,
    "all but one": 4 * EACH * BATCH,
    "all": 1 << 25,
}


@pytest.fixture
def left():
    """The threads that are there now and were not before."""
    before = set(threading.enumerate())
    return lambda: set(threading.enumerate()) - before


@pytest.fixture(scope="module")
def data():
    """70 pictures of 8 x 8 bytes in three classes."""
    draw = np.random.default_rng(8)
    t = draw.integers(0, 3, ROWS)
    x = draw.integers(0, 60, (ROWS, 8, 8))
    x[np.arange(ROWS), t * 2] += 150
    return x.astype(np.uint8), t


@pytest.fixture
def stored(data, tmp_path):
    """The same pictures in a file, in another order, with others between."""
    x, _ = data
    order = np.random.default_rng(1).permutation(ROWS)
    mixed = np.zeros((2 * ROWS, 8, 8), np.uint8)
    mixed[2 * order] = x
    (tmp_path / "pictures.u8").write_bytes(mixed.tobytes())
    return StoredPictures.open(tmp_path / "pictures.u8", (8, 8), 2 * ROWS).take(2 * order)


def model(eager=False, rate=None):
    """A model with everything that a step carries: Adam's memory, moving averages, dropout's keys."""
    inner = [
        layers.Dense(12, input_shape=(64,)),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
        layers.Dropout(0.3),
        layers.Dense(3, activation="softmax"),
    ]
    made = models.Sequential(inner, seed=4, preparation=Preparation("unit", image_shape=(8, 8)))
    made.compile("adam", "sparse_categorical_crossentropy", ["acc"], run_eagerly=eager)
    if rate is not None:
        made.optimizer.learning_rate = rate
    return made


def convolutions(filters):
    inner = [layers.Reshape((8, 8, 1), input_shape=(64,))]
    inner += [layers.Conv2D(count, 3, activation="relu", padding="same") for count in filters]
    inner += [layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(3, activation="softmax")]
    made = models.Sequential(inner, seed=4, preparation=Preparation("unit", image_shape=(8, 8)))
    made.compile("adam", "sparse_categorical_crossentropy", ["acc"])
    return made


def train(one, x, t, **settings):
    return one.fit(x, t, **{"batch_size": BATCH, "epochs": 3, "verbose": 0, **settings})


def assert_same(first, second):
    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))
    assert first.history.history == second.history.history and first.history.params == second.history.params


SETTINGS = {
    "plain": {},
    "not shuffled": {"shuffle": False},
    "class weights": {"class_weight": {0: 3.0, 2: 0.25}},
    "sample weights": {"sample_weight": np.linspace(0, 2, ROWS)},
    "validation split": {"validation_split": 0.3},
    "one row at a time": {"batch_size": 1, "epochs": 1},
    "more than there are": {"batch_size": 500},
    "a number that does not divide": {"batch_size": 9},
}


CASES = [("plain", size) for size in WINDOWS] + [
    (name, size) for name in list(SETTINGS)[1:] for size in ("less than a mini-batch", "two, the last partial")
]


@pytest.fixture(scope="module")
def whole(data):
    """What a model trained on arrays came to, by its settings; each trained once."""
    found = {}

    def trained(name):
        if name not in found:
            found[name] = model()
            train(found[name], *data, **SETTINGS[name])
        return found[name]

    return trained


@pytest.fixture
def window(monkeypatch):
    """Chooses the bytes of a window."""

    def choose(size):
        monkeypatch.undo()
        real = Windows.__init__
        monkeypatch.setattr(Windows, "__init__", lambda self, engine, data: real(self, engine, data, size))

    return choose


class TestToTheLastBit:
    @pytest.mark.parametrize(("name", "size"), CASES)
    def test_whatever_the_window_and_the_settings(self, whole, stored, data, window, name, size):
        window(WINDOWS[size])
        made = model()
        train(made, stored, data[1], **SETTINGS[name])
        assert_same(made, whole(name))

    @pytest.mark.parametrize("size", ["less than a mini-batch", "two, the last partial"])
    @pytest.mark.parametrize("filters", [[4], [3, 4]])
    def test_with_convolutions(self, stored, data, window, filters, size):
        """Of one channel, in a loop; and of several, step by step."""
        expected, made = convolutions(filters), convolutions(filters)
        train(expected, *data, epochs=2)
        window(WINDOWS[size])
        train(made, stored, data[1], epochs=2)
        assert_same(made, expected)

    def test_on_the_eager_engine(self, stored, data, window):
        expected, made = model(True), model(True)
        train(expected, *data)
        window(2 * EACH * BATCH)
        train(made, stored, data[1])
        assert_same(made, expected)

    def test_with_hooks_for_every_mini_batch(self, stored, data, window):
        expected, made = model(), model()
        seen = [], []
        for one, x, found in ((expected, data[0], seen[0]), (made, stored, seen[1])):
            window(2 * EACH * BATCH)
            hook = LambdaCallback(on_train_batch_end=lambda batch, logs, found=found: found.append((batch, logs)))
            train(one, x, data[1], callbacks=[hook])
        assert_same(made, expected)
        assert seen[0] == seen[1] and len(seen[0]) == 15

    def test_with_validation_pictures_in_a_file_too(self, stored, data, window):
        x, t = data
        expected, made = model(), model()
        train(expected, x[:50], t[:50], validation_data=(x[50:], t[50:]))
        window(EACH * BATCH)
        train(made, stored.take(range(50)), t[:50], validation_data=(stored.take(range(50, ROWS)), t[50:]))
        assert_same(made, expected)

    def test_evaluated_and_predicted(self, stored, data):
        made = model()
        assert made.evaluate(stored, data[1]) == made.evaluate(*data)
        np.testing.assert_array_equal(made.predict(stored), made.predict(data[0]))


class _StopAt(Callback):
    """Ctrl-C, as it were, once so many steps of an epoch are done."""

    def __init__(self, epoch, position, send=False):
        self.place, self.send = (epoch, position), send

    def on_train_batch_end(self, batch, logs=None):
        """Makes every program one step, so that the place is exact."""

    def on_progress(self, epoch, done, steps, logs):
        if (epoch, done) == self.place:
            if not self.send:
                raise KeyboardInterrupt
            os.kill(os.getpid(), signal.SIGINT)


class TestStopped:
    @pytest.mark.parametrize("send", [False, True], ids=["raised", "sent"])
    @pytest.mark.parametrize("place", [(0, 1), (1, 3), (1, 5)])
    def test_in_the_middle_of_a_window_and_gone_on_with(self, stored, data, window, place, send):
        expected, made = model(), model()
        train(expected, *data)
        window(2 * EACH * BATCH)
        with pytest.raises(KeyboardInterrupt):
            train(made, stored, data[1], callbacks=[_StopAt(*place, send)])
        assert (made.epoch, made.position) == place
        window(3 * EACH * BATCH)  # the window may be another
        train(made, stored, data[1], resume=True)
        assert_same(made, expected)

    def test_from_a_file_and_from_arrays(self, stored, data, window, tmp_path):
        """What was begun on pictures in a file goes on with arrays, and the other way round."""
        expected, made = model(), model()
        train(expected, *data)
        window(2 * EACH * BATCH)
        with pytest.raises(KeyboardInterrupt):
            train(made, stored, data[1], callbacks=[_StopAt(0, 3)])
        made = models.load_model(made.save(tmp_path / "cut"))
        with pytest.raises(KeyboardInterrupt):
            train(made, *data, callbacks=[_StopAt(1, 3)], resume=True)
        train(made, stored, data[1], resume=True)
        assert_same(made, expected)


class TestWhatGoesWrong:
    @pytest.mark.parametrize("eager", [False, True])
    def test_a_number_that_is_not_finite_is_found_as_on_arrays(self, stored, data, window, eager):
        said, left = [], []
        for x in (data[0], stored):
            window(2 * EACH * BATCH)
            one = model(eager, rate=1e38)
            with pytest.raises(NonFiniteError) as caught:
                train(one, x, data[1])
            said.append(str(caught.value))
            left.append(one.get_weights())
        assert said[0] == said[1] and "batch" in said[0]
        assert all(map(np.array_equal, *left)) and all(np.isfinite(one).all() for one in left[1])

    @pytest.mark.parametrize("ahead", [False, True], ids=["read when needed", "read ahead"])
    def test_a_file_that_is_cut_is_named_and_the_weights_stay(self, stored, data, window, ahead, left):
        """Read ahead by the other thread, the error comes where its window is needed."""
        made, kept = model(), []

        class Cut(Callback):
            def on_train_batch_end(self, batch, logs=None):
                """One step a program."""

            def on_progress(self, epoch, done, steps, logs):
                kept.append(self.model.get_weights())
                if done == (1 if ahead else 5):
                    os.truncate(stored._file.path, 9)

        window(EACH * BATCH * (2 if ahead else 5))
        with pytest.raises(FileError) as caught:
            train(made, stored, data[1], callbacks=[Cut()])
        assert caught.value.key == "folders.cache_cut" and "pictures.u8" in str(caught.value)
        assert made.step == len(kept) and all(map(np.array_equal, made.get_weights(), kept[-1]))
        assert not left()

    def test_no_thread_is_left_however_it_ends(self, stored, data, window, left):
        def boom(*words):
            raise RuntimeError("boom")

        window(EACH * BATCH)
        for one in ({}, {"callbacks": [LambdaCallback(on_epoch_end=boom)]}, {"callbacks": [_StopAt(0, 2)]}):
            with suppress(RuntimeError, KeyboardInterrupt):
                train(model(True), stored, data[1], **one)
            assert not left()


class TestWindows:
    """The feed itself, with an engine that only notes what is brought to it."""

    class Engine:
        def place(self, tree):
            return dict(tree)

        def place_order(self, order):
            return order

    def rows(self, found, position):
        """The pictures and targets of a mini-batch, without its padding."""
        rows, order, start = found.at(position)
        index = order.index[start][order.mask[start] > 0]
        return rows["x"][index], rows["t"][index]

    @pytest.mark.parametrize("size", WINDOWS)
    @pytest.mark.parametrize("positions", [range(5), [3, 4], [0, 4, 1, 1, 2], [4]])
    def test_every_mini_batch_holds_its_own_rows(self, stored, data, size, positions, left):
        x, t = data
        found = Windows(self.Engine(), {"x": stored, "t": t}, WINDOWS[size])
        for epoch in range(2):
            order = batches.draw(ROWS, BATCH, seed=3, epoch=epoch)
            found.begin(order)
            for position in positions:
                wanted = order.index[position][order.mask[position] > 0]
                for mine, whole in zip(self.rows(found, position), (x, t), strict=True):
                    np.testing.assert_array_equal(mine, whole[wanted])
                assert 1 <= found.left(position) <= 5 - position
        found.close()
        assert not left()

    @pytest.mark.parametrize("size", WINDOWS)
    def test_all_windows_have_one_shape_and_no_more_than_is_allowed(self, stored, data, size):
        found = Windows(self.Engine(), {"x": stored, "t": data[1]}, WINDOWS[size])
        found.begin(batches.draw(ROWS, BATCH, seed=3, epoch=0))
        shapes = {(found.at(k)[0]["x"].shape, found.at(k)[1].index.shape) for k in range(5)}
        ((shape, index),) = shapes
        assert shape[0] == np.prod(index) and index[1] == BATCH
        assert np.prod(shape) <= max(WINDOWS[size], 2 * EACH * BATCH)
        found.close()

    def test_the_next_window_is_read_ahead_and_each_only_once(self, stored, data, monkeypatch):
        read, ahead = [], []
        real = Windows._rows
        monkeypatch.setattr(Windows, "_rows", lambda self, number: read.append(number) or real(self, number))
        found = Windows(self.Engine(), {"x": stored, "t": data[1]}, 2 * EACH * BATCH)
        found.begin(batches.draw(ROWS, BATCH, seed=3, epoch=0))
        for position in range(5):
            found.at(position)
            ahead.append(None if found._next is None else found._next[0])
        found.close()
        assert sorted(read) == [0, 1, 2] and ahead == [1, 1, 2, 2, None]

    def test_arrays_stay_where_they_are(self, data):
        found = feed.feed(self.Engine(), {"x": data[0]})
        assert isinstance(found, Resident)
        found.begin(batches.draw(ROWS, BATCH, seed=3, epoch=0))
        assert found.left(2) == 3 and found.at(2)[0]["x"] is data[0] and found.at(2)[2] == 2
        found.close()


def test_one_program_serves_all_windows_and_all_epochs(stored, data, window):
    window(2 * EACH * BATCH)
    made = model()
    train(made, stored, data[1])
    assert [name[0] for name in made.engine._programs] == ["train"]
    seconds = made.engine.compile_seconds
    train(made, stored, data[1])
    assert made.engine.compile_seconds == seconds
