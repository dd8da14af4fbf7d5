"""How a run is cut changes no bit: calls of any length, a stop in mid-epoch, a file in between."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.callbacks import Callback


class TestCalls:
    @pytest.mark.parametrize("kind", ["c9-like", "channels", "dropout", "residual"])
    def test_of_any_length(self, bench, identical, kind):
        one = bench(kind, batch_size=5)  # 14 steps
        engine = one.engine("jit")
        whole = one.run(engine, 14)
        for cuts in (range(1, 14), (3, 6, 9, 12), (7,), (1, 4, 11)):
            identical(one.run(engine, 14, cuts), whole)

    def test_c9(self, zoo_bench, identical):
        one = zoo_bench("c9")
        engine = one.engine("jit")
        whole = one.run(engine, 6)
        for cuts in ((1, 3), (5,)):
            identical(one.run(engine, 6, cuts), whole)

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


@pytest.fixture
def model():
    """A maker of models with everything that a step carries: Adam's memory, moving averages, dropout's keys."""

    def make(eager=False):
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

    return make


SETTINGS = {"batch_size": 16, "verbose": 0, "validation_split": 0.2}  # 56 rows, 4 steps


@pytest.mark.parametrize("eager", [False, True])
class TestStops:
    def whole(self, model, small_data, eager):
        made = model(eager)
        made.fit(small_data["x"], small_data["t"], epochs=3, **SETTINGS)
        return made

    # The last: behind the last step of an epoch, before its validation.
    @pytest.mark.parametrize("place", [(0, 1), (1, 2), (1, 4)])
    def test_in_the_middle_of_an_epoch(self, model, small_data, tmp_path, eager, place):
        whole, cut = self.whole(model, small_data, eager), model(eager)
        data = small_data["x"], small_data["t"]
        stop = _StopAt(*place)
        with pytest.raises(KeyboardInterrupt):
            cut.fit(*data, epochs=3, callbacks=[stop], **SETTINGS)
        assert (cut.epoch, cut.position, cut.step) == (*place, 4 * place[0] + place[1])
        assert all(map(np.array_equal, cut.get_weights(), stop.came_to))
        path = cut.save(tmp_path / "cut")
        loaded = models.load_model(path, engine="eager" if eager else "jit")
        for one in (cut, loaded):  # in memory, and from the file
            one.fit(*data, epochs=3, resume=True, **SETTINGS)
            assert all(map(np.array_equal, one.get_weights(), whole.get_weights()))
            assert one.history.history == whole.history.history
            assert one.history.epoch == [0, 1, 2]
            assert one.history.params == whole.history.params

    def test_again_and_again(self, model, small_data, eager):
        whole, cut, data = self.whole(model, small_data, eager), model(eager), (small_data["x"], small_data["t"])
        for place in ((0, 3), (1, 1), (1, 3), (2, 1)):
            with pytest.raises(KeyboardInterrupt):
                cut.fit(
                    small_data["x"],
                    small_data["t"],
                    epochs=3,
                    resume=True,
                    callbacks=[_StopAt(*place)],
                    **SETTINGS,
                )
        cut.fit(*data, epochs=3, resume=True, **SETTINGS)
        assert all(map(np.array_equal, cut.get_weights(), whole.get_weights()))
        assert cut.history.history == whole.history.history

    def test_without_resume_a_fit_starts_at_its_first_epoch(self, model, small_data, eager):
        cut = model(eager)
        with pytest.raises(KeyboardInterrupt):
            cut.fit(small_data["x"], small_data["t"], callbacks=[_StopAt(0, 2)], **SETTINGS)
        cut.fit(small_data["x"], small_data["t"], epochs=2, **SETTINGS)
        assert cut.history.epoch == [0, 1]
        assert cut.step == 2 + 8
