"""The course's ways to draw rows: all at once, one at a time, with replacement, so many steps; cut anywhere, exact."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.array import random
from garasu.callbacks import Callback
from garasu.data.stored import StoredPictures
from garasu.messages import SettingError
from garasu.models.drawing import Drawing
from garasu.networks import Preparation, zoo
from garasu.train import batches

ROWS = 20


@pytest.fixture(scope="module")
def data():
    draw = np.random.default_rng(5)
    t = draw.integers(0, 3, ROWS)
    x = draw.normal(size=(ROWS, 6)) + np.eye(3, 6)[t]
    return x.astype(np.float32), t


def model(eager=True, loss="sparse_categorical_crossentropy", optimizer="adam"):
    inner = [
        layers.Dense(5, "tanh", input_shape=(6,)),
        layers.BatchNormalization(momentum=0.9),
        layers.Dropout(0.3),
        layers.Dense(3, "softmax"),
    ]
    made = models.Sequential(inner, seed=4)
    made.compile(optimizer, loss, ["acc"], run_eagerly=eager)
    return made


def train(one, data, **settings):
    return one.fit(*data, **{"batch_size": 8, "verbose": 0, **settings})


def assert_same(first, second):
    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))
    assert first.history.history == second.history.history and first.history.epoch == second.history.epoch


class Stop(Callback):
    """Ctrl-C, as it were, once so many steps of an epoch are done; notes every hook on the way."""

    def __init__(self, epoch=None, position=None):
        self.place, self.seen = (epoch, position), []

    def on_train_batch_end(self, batch, logs=None):
        """Makes every program one step, so that the place is exact."""

    def on_progress(self, epoch, done, steps, logs):
        self.seen.append((epoch, done, steps))
        if (epoch, done) == self.place:
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(("end", epoch, *sorted(logs)))


class TestIntegers:
    def test_each_number_as_often_as_the_others(self):
        counts = np.bincount(random.integers(random.key(1), (30_000,), 6))
        assert counts.sum() == 30_000 and np.abs(counts - 5_000).max() < 5 * np.sqrt(5_000)

    @pytest.mark.parametrize("count", [1, 2, 7, 2**31, 2**40])
    def test_in_range_and_in_the_shape_asked_for(self, count):
        found = random.integers(random.key(2), (3, 4), count)
        assert found.shape == (3, 4) and found.dtype == np.int64 and found.min() >= 0 and found.max() < count

    def test_known_answers(self):
        """Drawn rows are part of what a seed promises: these numbers may not change."""
        assert random.integers(random.key(20190222), (8,), 100).tolist() == [78, 0, 3, 36, 98, 95, 91, 14]


class TestWithReplacement:
    def test_known_answer(self):
        """This test may not change either."""
        order = batches.draw(8, 4, seed=20190222, epoch=1, replacement=True)
        assert order.index.tolist() == [[6, 2, 5, 1], [3, 3, 7, 4]]

    def test_every_place_is_any_row_and_none_is_padding(self):
        order = batches.draw(10, 7, seed=1, epoch=0, replacement=True, steps=900)
        counts = np.bincount(order.index.ravel(), minlength=10)
        assert order.index.shape == (900, 7) and order.index.dtype == np.int32 and order.mask.all()
        assert np.abs(counts - 630).max() < 5 * np.sqrt(630)
        assert any(len(set(row)) < 7 for row in order.index.tolist())

    def test_seed_and_epoch_decide(self):
        drawn = [
            batches.draw(50, 10, seed=s, epoch=e, replacement=True).index.tolist()
            for s, e in ((1, 0), (1, 0), (1, 1), (2, 0))
        ]
        assert drawn[0] == drawn[1] and drawn[0] != drawn[2] and drawn[0] != drawn[3]

    def test_mini_batches_may_be_larger_than_the_data(self):
        assert batches.draw(3, 8, seed=1, epoch=0, replacement=True).index.shape == (1, 8)


class TestEpochsOfSoManySteps:
    @pytest.mark.parametrize("steps", [1, 2, 3, 4, 7])
    @pytest.mark.parametrize("shuffle", [True, False])
    def test_they_cut_one_stream_of_passes(self, steps, shuffle):
        """20 rows by 8: three mini-batches a pass. Cut into epochs of any length it is the same stream."""
        settings = {"seed": 3, "shuffle": shuffle}
        passes = [batches.draw(20, 8, epoch=e, **settings) for e in range(7)]
        epochs = [batches.draw(20, 8, epoch=e, steps=steps, **settings) for e in range(21 // steps)]
        for name in ("index", "mask"):
            stream = np.concatenate([getattr(one, name) for one in passes])
            cut = np.concatenate([getattr(one, name) for one in epochs])
            np.testing.assert_array_equal(cut, stream[: len(cut)])

    def test_training_is_the_same_however_the_stream_is_cut(self, data):
        """Six passes of three steps are nine epochs of two."""
        whole, cut = model(), model()
        train(whole, data, epochs=6)
        train(cut, data, epochs=9, steps_per_epoch=2)
        assert all(map(np.array_equal, whole.get_weights(), cut.get_weights()))
        assert cut.history.params["steps"] == 2 and len(cut.history.epoch) == 9

    def test_a_new_fit_goes_on_in_the_stream(self, data):
        once, twice = model(), model()
        train(once, data, epochs=4, steps_per_epoch=2)
        for _ in range(2):
            train(twice, data, epochs=2, steps_per_epoch=2)
        assert all(map(np.array_equal, once.get_weights(), twice.get_weights()))


class TestWholeBatchAndOnline:
    def test_all_is_the_number_of_rows(self, data):
        named, counted = model(), model()
        train(named, data, batch_size="all", epochs=3)
        train(counted, data, batch_size=ROWS, epochs=3)
        assert_same(named, counted)
        assert named.step == 3 and named.history.params["batch_size"] == ROWS

    def test_all_are_those_left_for_training(self, data):
        one = model()
        train(one, data, batch_size="all", validation_split=0.25)
        assert one.history.params["batch_size"] == ROWS - len(one.history.params["validation_rows"]) < ROWS

    def test_one_at_a_time_each_once(self, data):
        one = model()
        assert train(one, data, batch_size=1).params["steps"] == ROWS and one.step == ROWS

    def test_whole_batch_descent_by_hand(self, data):
        """w - lr mean(gradient), by hand for a linear unit and squared error."""
        x, y = data[0].astype(np.float64), data[0][:, :1].astype(np.float64)
        one = models.Sequential([layers.Dense(1, input_shape=(6,))], seed=0)
        one.compile("sgd", "mse", run_eagerly=True, precision="float64")
        one.optimizer.learning_rate = 0.1
        w, b = one.get_weights()
        train(one, (x, y), batch_size="all", epochs=2)
        for _ in range(2):
            d = 2 * (x @ w + b - y) / ROWS
            w, b = w - 0.1 * x.T @ d, b - 0.1 * d.sum(axis=0)
        np.testing.assert_allclose(one.get_weights()[0], w, rtol=1e-12)


class TestSoManySteps:
    @pytest.mark.parametrize("steps", [1, 3, 7])
    def test_the_last_epoch_ends_with_the_last_step(self, data, steps):
        """Three steps a pass: 7 are two epochs and a third of one more."""
        one, note = model(), Stop()
        record = train(one, data, steps=steps, validation_data=data, callbacks=[note])
        epochs = -(-steps // 3)
        assert one.step == steps and record.epoch == list(range(epochs)) and record.params["epochs"] == epochs
        assert (one.epoch, one.position) == divmod(steps, 3)
        ends = [one for one in note.seen if one[0] == "end"]
        assert ends == [("end", k, "acc", "loss", "val_acc", "val_loss") for k in range(epochs)]
        assert note.seen[-2] == (epochs - 1, (steps - 1) % 3 + 1, (steps - 1) % 3 + 1)

    def test_its_means_are_those_of_the_rows_it_had(self, data):
        one, note = model(), []

        class Note(Callback):
            def on_train_batch_end(self, batch, logs=None):
                note.append(dict(logs))

        record = train(one, data, steps=4, callbacks=[Note()])
        assert {name: values[-1] for name, values in record.history.items()} == note[-1]

    @pytest.mark.parametrize("more", [{}, {"replacement": True}, {"steps_per_epoch": 5}, {"batch_size": 1}])
    @pytest.mark.parametrize("saved", [False, True])
    def test_gone_on_with_it_is_as_if_it_had_not_ended(self, data, tmp_path, more, saved):
        whole, cut = model(), model()
        train(whole, data, steps=37, validation_data=data, **more)
        train(cut, data, steps=11, validation_data=data, **more)
        if saved:
            cut = models.load_model(cut.save(tmp_path / "cut"), engine="eager")
        train(cut, data, steps=37, validation_data=data, resume=True, **more)
        assert_same(whole, cut)

    def test_gone_on_with_by_epochs(self, data):
        whole, cut = model(), model()
        train(whole, data, epochs=3)
        train(cut, data, steps=4)
        train(cut, data, epochs=3, resume=True)
        assert_same(whole, cut)

    @pytest.mark.parametrize("place", [(0, 1), (1, 2), (2, 1)])
    @pytest.mark.parametrize("more", [{}, {"replacement": True, "steps_per_epoch": 5}])
    def test_interrupted_anywhere(self, data, place, more):
        whole, cut = model(), model()
        train(whole, data, steps=14, **more)
        with pytest.raises(KeyboardInterrupt):
            train(cut, data, steps=14, callbacks=[Stop(*place)], **more)
        train(cut, data, steps=14, resume=True, **more)
        assert_same(whole, cut)

    def test_a_new_fit_does_not_draw_the_same_rows_again(self, data):
        """A rate of 0 leaves the weights alone: the mean loss then tells which rows came."""
        one = model(optimizer="sgd")
        one.optimizer.learning_rate = 0.0
        assert len({train(one, data, steps=1).history["loss"][0] for _ in range(4)}) == 4

    def test_compiled_and_eager_agree_and_one_program_serves_all(self, data):
        quick, slow = model(eager=False), model()
        for one in (quick, slow):
            train(one, data, steps=7, steps_per_epoch=5, replacement=True)
        for mine, theirs in zip(quick.get_weights(), slow.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, atol=2e-4)
        assert len([name for name in quick.engine._programs if name[0] == "train"]) == 1


class TestPicturesInAFile:
    @pytest.mark.parametrize("more", [{"batch_size": "all"}, {"batch_size": 1}, {"steps_per_epoch": 7}])
    @pytest.mark.parametrize("replacement", [False, True])
    def test_are_drawn_as_arrays_are(self, tmp_path, monkeypatch, more, replacement):
        from garasu.train import feed

        pictures = np.random.default_rng(1).integers(0, 255, (ROWS, 2, 3), np.uint8)
        (tmp_path / "p.u8").write_bytes(pictures.tobytes())
        stored = StoredPictures.open(tmp_path / "p.u8", (2, 3), ROWS)
        real = feed.Windows.__init__
        monkeypatch.setattr(feed.Windows, "__init__", lambda self, engine, data: real(self, engine, data, 50))
        made = []
        for x in (pictures, stored):
            preparation = Preparation("unit", image_shape=(2, 3))
            one = models.Sequential([layers.Dense(3, "softmax", input_shape=(6,))], seed=4, preparation=preparation)
            one.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
            train(one, (x, np.arange(ROWS) % 3), steps=9, replacement=replacement, **more)
            made.append(one)
        assert_same(*made)


class TestTheCourse:
    def test_c4_2000_steps_of_100(self):
        found = Drawing(batch_size=100, steps=2_000).settled(60_000)
        assert (found.epochs, found.steps_per_epoch, found.last_step) == (4, 600, 2_000)

    def test_c14_200_epochs_of_1000_single_draws(self):
        entry = zoo.get("c14")
        assert (entry.batch_size, entry.replacement, entry.steps_per_epoch) == (1, True, 1_000)
        assert set(entry.epochs.values()) == {200}

    def test_c13_2000_iterations_drawn_with_replacement(self, data):
        one = model()
        train(one, data, steps=40, replacement=True)
        assert one.step == 40 and one.history.params["replacement"] is True


class TestRefused:
    def test_a_batch_size_that_is_none(self, data):
        for value in (0, 2.5, "whole", True):
            with pytest.raises(SettingError) as caught:
                train(model(), data, batch_size=value)
            expected = "a whole number above 0, or 'all' for all rows at once"
            assert str(caught.value) == f"fit: batch_size must be {expected}. Got {value!r} instead."

    @pytest.mark.parametrize("name", ["steps", "steps_per_epoch", "epochs"])
    def test_numbers_of_steps_that_are_none(self, data, name):
        with pytest.raises(SettingError, match=f"fit: {name} must be a whole number above 0. Got 0 instead."):
            train(model(), data, **{name: 0})

    @pytest.mark.parametrize("name", ["shuffle", "replacement"])
    def test_words_for_yes_and_no(self, data, name):
        """ "no" would count as a yes."""
        with pytest.raises(SettingError, match=f"fit: {name} must be True or False. Got 'no' instead"):
            train(model(), data, **{name: "no"})

    def test_numpys_numbers_are_numbers(self, data, tmp_path):
        one, other = model(), model()
        train(one, data, batch_size=np.int64(8), steps_per_epoch=np.int32(2), epochs=np.int64(2), shuffle=np.True_)
        train(other, data, steps_per_epoch=2, epochs=2)
        assert_same(one, other)
        assert models.load_model(one.save(tmp_path / "m")).history.params == other.history.params
        train(one, data, steps=np.int64(3))
        assert models.load_model(one.save(tmp_path / "n")).history.params["last_step"] == 3

    def test_two_ends(self, data):
        with pytest.raises(SettingError, match="epochs=2 and steps=3 both say where training ends"):
            train(model(), data, epochs=2, steps=3)

    def test_in_turn_with_replacement(self, data):
        with pytest.raises(SettingError, match="shuffle=False takes the rows in turn"):
            train(model(), data, shuffle=False, replacement=True)

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"replacement": True}, "replacement=False.*replacement=True"),
            ({"steps_per_epoch": 2}, "steps_per_epoch=3.*steps_per_epoch=2"),
            ({"rows": 18}, "rows=20.*rows=18"),
        ],
    )
    def test_another_order_in_mid_epoch(self, data, changed, words):
        one = model()
        train(one, data, steps=4)
        rows = changed.pop("rows", ROWS)
        with pytest.raises(SettingError, match=words):
            train(one, (data[0][:rows], data[1][:rows]), epochs=3, resume=True, **changed)

    def test_a_file_from_before_there_was_replacement(self, data):
        """What it does not say it did not do."""
        one = model()
        train(one, data, steps=4)
        for name in ("replacement", "rows"):
            del one.history.params[name]
        with pytest.raises(SettingError, match="replacement=False"):
            train(one, data, epochs=3, replacement=True, resume=True)
        train(one, data, epochs=3, resume=True)
