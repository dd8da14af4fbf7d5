"""How many programs are compiled: one or two for training, one a bucket for predictions, none the second time."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.array import Array
from garasu.callbacks import LambdaCallback
from garasu.train import buckets
from garasu.train.pace import TARGET_SECONDS, Pace


@pytest.fixture
def model():
    inner = [layers.Dense(5, activation="relu", input_shape=(64,)), layers.Dense(3, activation="softmax")]
    made = models.Sequential(inner, seed=0)
    made.compile("adam", "sparse_categorical_crossentropy", ["acc"])
    return made


@pytest.fixture
def kinds(model):
    """How many programs of each kind the engine has made."""

    def count():
        names = [key[0] if isinstance(key[0], str) else key[0][0] for key in model.engine._programs]
        return {name: names.count(name) for name in names}

    return count


class TestTraining:
    def test_two_at_most_a_fit_and_none_the_second_time(self, model, kinds, small_data):
        data = small_data["x"], small_data["t"]
        settings = {"batch_size": 16, "validation_data": data, "verbose": 0}
        model.fit(*data, epochs=3, **settings)  # 70 rows: the last batch is not full
        first, seconds = kinds(), model.engine.compile_seconds
        assert first["train"] <= 2
        assert seconds > 0
        model.optimizer.learning_rate = 0.5
        model.fit(*data, epochs=2, **settings)
        hooks = [LambdaCallback(on_train_batch_end=lambda batch, logs: None)]
        model.fit(*data, callbacks=hooks, class_weight={0: 2.0}, shuffle=False, **settings)
        assert kinds() == first
        assert model.engine.compile_seconds == seconds

    def test_compiling_takes_no_time_of_the_steps(self, model, small_data):
        model.fit(small_data["x"], small_data["t"], verbose=0)
        assert model.progress.train_steps == 3
        assert 0 < model.progress.train_seconds < model.engine.compile_seconds

    @pytest.mark.parametrize("kind", ["c9-like", "channels"])
    def test_what_a_step_replaces_is_handed_over(self, bench, kind):
        """The old weights' memory is used again: they are gone after the call."""
        from garasu.array import leaves

        one = bench(kind)
        engine = one.engine("jit")
        before = one.train(engine, one.start(engine), 0, 1)
        after = one.train(engine, before, 1, 2)
        assert all(array.is_deleted() for branch in ("params", "optimizer") for array in leaves(before[branch]))
        assert not any(array.is_deleted() for array in leaves(after["params"]))

    def test_several_steps_a_program_but_not_with_a_convolution_of_several_channels(self, bench):
        """DESIGN: never put a convolution's gradient inside a loop on a CPU."""
        calls = {}
        for kind in ("c9-like", "channels"):
            one = bench(kind)
            engine = one.engine("jit")
            one.train(engine, one.start(engine), 0, 3)
            ((_, calls[kind]),) = engine._programs.values()
        assert calls == {"c9-like": True, "channels": False}


class TestPredictions:
    def test_buckets_serve_every_size(self, model, kinds):
        draw = np.random.default_rng(0)
        x = draw.random((1100, 64)).astype(np.float32)
        whole = model.predict(x)
        for rows in (1, 2, 5, 8, 9, 33, 64, 65, 512, 513, 700):
            np.testing.assert_allclose(model.predict(x[:rows]), whole[:rows], rtol=1e-5, atol=1e-7)
        assert kinds() == {"predict": len(buckets.SIZES)}

    def test_one_picture_at_a_time_is_one_program(self, model, kinds):
        for row in np.random.default_rng(0).random((20, 1, 64)):
            model.predict(row)
        assert kinds() == {"predict": 1}

    def test_evaluation_counts_no_padding(self, model, kinds, small_data):
        x, t = small_data["x"], small_data["t"]
        y = model.predict(x)
        loss, accuracy = model.evaluate(x, t)
        np.testing.assert_allclose(loss, -np.log(y[np.arange(70), t]).mean(), rtol=1e-5)
        np.testing.assert_allclose(accuracy, (y.argmax(1) == t).mean(), rtol=1e-6)
        for rows in (65, 66, 70, 300, 512):
            model.evaluate(np.resize(x, (rows, 64)), np.resize(t, rows))
        assert kinds()["evaluate"] == 1
        assert model.evaluate(x, t, batch_size=7, return_dict=True) == {"loss": loss, "acc": accuracy}

    def test_bytes_and_floats_are_two_programs_of_the_same_answer(self, model, kinds):
        x = np.random.default_rng(0).integers(0, 256, (8, 64))
        np.testing.assert_array_equal(model.predict(x.astype(np.uint8)), model.predict(x.astype(np.float32)))
        assert kinds() == {"predict": 2}

    def test_no_new_program_for_new_weights(self, model, kinds):
        x = np.ones((1, 64))
        before: Array = model.predict(x)
        model.set_weights([array + 1 for array in model.get_weights()])
        assert not np.array_equal(model.predict(x), before)
        assert kinds() == {"predict": 1}


class TestPace:
    def test_calls_grow_to_the_target_and_not_beyond(self):
        pace, sizes = Pace(), []
        for _ in range(8):
            sizes.append(pace.steps)
            pace.took(pace.steps, pace.steps * 0.001)
        assert sizes[:4] == [1, 8, 64, 250]
        assert pace.steps * 0.001 <= TARGET_SECONDS

    def test_a_slow_step_stays_alone(self):
        pace = Pace()
        pace.took(1, 3.0)
        assert pace.steps == 1

    def test_a_clock_that_stood_still(self):
        pace = Pace()
        pace.took(1, 0.0)
        assert pace.steps == 8
