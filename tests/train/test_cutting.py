"""How a run is cut changes no bit: calls of any length, a stop in mid-epoch, a file in between."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.callbacks import Callback


class TestCalls:
    @pytest.mark.parametrize("kind", ["channels", "residual"])  # residual holds a dropout
    def test_of_any_length(self, bench, identical, kind):
        one = bench(kind, batch_size=5)  # 14 steps
        engine = one.engine("jit")
        whole = one.run(engine, 14)
        for cuts in (range(1, 14), (3, 6, 9, 12), (7,), (1, 4, 11)):
            identical(one.run(engine, 14, cuts), whole)

    def test_c9(self, zoo_bench, identical):
        one = zoo_bench("c9")
        engine = one.engine("jit")
        whole = one.run(engine, 5)
        identical(one.run(engine, 5, (1, 4)), whole)

    def test_eager_too(self, bench, identical):
        one = bench("residual", batch_size=5)
        identical(one.run("eager", 14, (3, 4)), one.run("eager", 14))


class _StopAt(Callback):
    """Ctrl-C, as it were, once so many steps of an epoch are done."""

    def __init__(self, epoch, position):
        self.epoch, self.position = epoch, position
        self.came_to = None

    def on_train_batch_end(self, batch, logs=None):
        """Makes every program one step, so that the place is exact."""

    def on_progress(self, epoch, done, steps, logs):
        if (epoch, done) == (self.epoch, self.position):
            self.came_to = self.model.get_weights()
            raise KeyboardInterrupt


def model(eager):
    """A model with everything that a step carries: Adam's memory, moving averages, dropout's keys."""
    inner = [
        layers.Dense(12, input_shape=(64,)),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
        layers.Dropout(0.3),
        layers.Dense(3, activation="softmax"),
    ]
    made = models.Sequential(inner, seed=4)
    made.compile("adam", "sparse_categorical_crossentropy", ["acc"], run_eagerly=eager)
    return made


def train(one, data, stop=None, **settings):
    """Three epochs of four steps, or until ``stop``."""
    settings = {"batch_size": 16, "epochs": 3, "verbose": 0, "validation_split": 0.2, **settings}
    if stop is None:
        return one.fit(data["x"], data["t"], **settings)
    with pytest.raises(KeyboardInterrupt):
        one.fit(data["x"], data["t"], callbacks=[stop], **settings)
    return None


@pytest.fixture(scope="module", params=[False, True], ids=["jit", "eager"])
def whole(request, small_data):
    """A model trained without a stop, and whether it ran eagerly."""
    made = model(request.param)
    train(made, small_data)
    return made, request.param


class TestStops:
    # The last: behind the last step of an epoch, before its validation.
    @pytest.mark.parametrize("place", [(0, 1), (1, 2), (1, 4)])
    def test_in_the_middle_of_an_epoch(self, whole, small_data, tmp_path, place):
        uncut, eager = whole
        cut, stop = model(eager), _StopAt(*place)
        train(cut, small_data, stop)
        assert (cut.epoch, cut.position, cut.step) == (*place, 4 * place[0] + place[1])
        assert all(map(np.array_equal, cut.get_weights(), stop.came_to))
        path = cut.save(tmp_path / "cut")
        loaded = models.load_model(path, engine="eager" if eager else "jit")
        for one in (cut, loaded):  # in memory, and from the file
            train(one, small_data, resume=True)
            assert all(map(np.array_equal, one.get_weights(), uncut.get_weights()))
            assert one.history.history == uncut.history.history
            assert one.history.epoch == [0, 1, 2]
            assert one.history.params == uncut.history.params

    def test_again_and_again(self, whole, small_data):
        uncut, eager = whole
        cut = model(eager)
        for place in ((0, 3), (1, 1), (1, 3), (2, 1)):
            train(cut, small_data, _StopAt(*place), resume=True)
        train(cut, small_data, resume=True)
        assert all(map(np.array_equal, cut.get_weights(), uncut.get_weights()))
        assert cut.history.history == uncut.history.history

    def test_without_resume_a_fit_starts_at_its_first_epoch(self, small_data):
        cut = model(True)
        train(cut, small_data, _StopAt(0, 2))
        train(cut, small_data, epochs=2)
        assert cut.history.epoch == [0, 1]
        assert cut.step == 2 + 8
