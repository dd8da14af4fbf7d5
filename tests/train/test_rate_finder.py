"""The learning-rate finder: growing rates, what it says, and that nothing of the model changes."""

import numpy as np
import pytest

from garasu import callbacks, layers, models, optimizers
from garasu.array import paths
from garasu.messages import NonFiniteError, RunError, SettingError, ShapeError
from garasu.schedules import CosineDecay
from garasu.train import LearningRateFinder
from garasu.train.rate_finder import smooth, suggest

DRAW = np.random.default_rng(9)
X = DRAW.normal(size=(50, 6)).astype("float32")
Y = (X @ DRAW.normal(size=(6, 1))).astype("float32")


def make(optimizer="sgd", eager=True, **settings):
    one = models.Sequential([layers.Dense(8, "relu", input_shape=(6,)), layers.Dense(1)], seed=4)
    one.compile(optimizer, "mse", run_eagerly=eager, **settings)
    return one


class TestSearch:
    @pytest.mark.parametrize("eager", [True, False])
    def test_rates_grow_until_the_loss_explodes(self, eager):
        found = make(eager=eager).find_learning_rate(X, Y, low=1e-5, high=100.0, steps=120, batch_size=10)
        np.testing.assert_allclose(found.rates, np.geomspace(1e-5, 100.0, 120)[: len(found.rates)])
        assert found.exploded and 40 < len(found.rates) == len(found.losses) == len(found.smoothed) < 120
        assert found.smoothed[-1] > found.smoothed[0] > found.smoothed.min()
        lowest = found.rates[np.argmin(found.smoothed)]
        assert 1e-3 < found.suggestion < lowest / 2

    def test_the_suggestion_trains_and_ten_times_the_last_rate_does_not(self):
        found = make().find_learning_rate(X, Y, low=1e-5, high=100.0, steps=120, batch_size=10)
        losses = {}
        for rate in (found.suggestion, 10 * found.rates[-1]):
            model = make(optimizers.SGD(rate))
            quiet = callbacks.TerminateOnNaN()
            losses[rate] = model.fit(X, Y, batch_size=10, epochs=3, verbose=0, callbacks=[quiet]).history["loss"][-1]
        good, bad = losses.values()
        assert good < found.losses[0] / 2 and not bad < good

    def test_each_loss_is_that_of_training_with_these_rates(self):
        """The finder is the ordinary step, mini-batches in the order that fit has."""
        found, losses = make().find_learning_rate(X, Y, low=1e-3, high=0.1, steps=7, batch_size=20), []
        model, rates, totals = make(), iter(np.geomspace(1e-3, 0.1, 7)), []

        def set_rate(batch, logs):
            model.optimizer.learning_rate = float(next(rates, 0.0))

        def keep(batch, logs):  # the mean so far, as the sum of this mini-batch alone
            rows = [20, 40, 50]
            totals.append(logs["loss"] * rows[batch])
            before = totals[-2] if batch else 0.0
            losses.append((totals[-1] - before) / (20, 20, 10)[batch])

        watch = callbacks.LambdaCallback(on_train_batch_begin=set_rate, on_train_batch_end=keep)
        model.fit(X, Y, batch_size=20, epochs=3, verbose=0, callbacks=[watch])
        np.testing.assert_allclose(found.losses, losses[:7], rtol=1e-4)
        assert not found.exploded

    def test_nothing_of_the_model_changes(self):
        model = make("adam", eager=False)
        model.fit(X, Y, epochs=1, verbose=0)
        arrays = {path: array.copy() for path, array in paths(model.trees())}
        before = model.history, model.place_in_training(), model.optimizer.learning_rate, model.engine
        model.find_learning_rate(X, Y, steps=10)
        assert {path: array.tobytes() for path, array in paths(model.trees())} == {
            path: array.tobytes() for path, array in arrays.items()
        }
        assert before == (model.history, model.place_in_training(), model.optimizer.learning_rate, model.engine)

    def test_a_schedule_is_left_aside(self):
        scheduled = make(optimizers.SGD(CosineDecay(0.1, decay_steps=3))).find_learning_rate(X, Y, steps=8)
        np.testing.assert_array_equal(scheduled.losses, make().find_learning_rate(X, Y, steps=8).losses)

    def test_a_loss_that_is_not_finite_ends_it(self):
        found = make().find_learning_rate(X, Y, low=0.01, high=1e30, steps=6)
        assert found.exploded and 1 < len(found.rates) < 6 and np.isfinite(found.losses).all()

    @pytest.mark.parametrize("eager", [True, False])
    def test_in_the_first_step_it_is_an_error_that_names_the_layer(self, eager):
        """The rate is not to blame, and there would be nothing to draw."""
        model, bad = make(eager=eager), np.where(np.arange(6) == 2, np.nan, X).astype("float32")
        before = model.get_weights()
        with pytest.raises(NonFiniteError, match="epoch 1, batch 1: the first number that is not finite is in input"):
            model.find_learning_rate(bad, Y, steps=10)
        for mine, old in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(mine, old)

    def test_losses_below_0_are_no_explosion(self):
        """Poisson's is y - t log y: four times the lowest is lower still."""
        model, t = make(), 40 + 5 * Y
        model.add(layers.Activation("softplus"))
        model.compile("sgd", "poisson", run_eagerly=True)
        model.fit(X, t, epochs=30, verbose=0)
        found = model.find_learning_rate(X, t, low=1e-6, steps=60)
        assert found.losses[0] < -50 and len(found.rates) > 30

    def test_with_averages_it_starts_from_what_the_model_answers(self):
        model = make(optimizers.SGD(0.05, use_ema=True))
        model.fit(X, Y, epochs=2, verbose=0)
        plain = make()
        plain.set_weights(model.get_weights())
        mine, other = (one.find_learning_rate(X, Y, steps=6).losses for one in (model, plain))
        np.testing.assert_array_equal(mine, other)


class TestNumbers:
    def test_smoothing_begins_without_a_bias(self):
        np.testing.assert_allclose(smooth([3.0] * 6, 0.9), 3.0)
        np.testing.assert_allclose(smooth([1.0, 2.0, 4.0], 0.0), [1.0, 2.0, 4.0])
        assert smooth([], 0.9).shape == (0,)

    @pytest.mark.parametrize(
        ("smoothed", "suggestion"),
        [
            ([5.0, 5.0, 4.9, 3.0, 2.5, 9.0], 10**-2.5),  # most between 1e-3 and 1e-2
            ([5.0, 4.0], 10**-4.5),
            ([5.0, 6.0, 7.0], None),  # it only grows
            ([5.0, 5.0, 5.0], None),
            ([5.0], None),
            ([], None),
        ],
    )
    def test_the_suggestion(self, smoothed, suggestion):
        rates = 10.0 ** np.arange(-5, 1)
        assert suggest(rates, np.array(smoothed)) == (
            suggestion if suggestion is None else pytest.approx(suggestion, rel=0.05)
        )


class TestWrongUse:
    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ({"low": 0}, "LearningRateFinder: low must be a number above 0. Got 0 instead."),
            ({"low": 0.1, "high": 0.1}, "LearningRateFinder: high must be a number above low, 0.1. Got 0.1 instead."),
            ({"steps": 0}, "LearningRateFinder: steps must be a whole number above 0. Got 0 instead."),
            (
                {"smoothing": 1},
                "LearningRateFinder: smoothing must be a number from 0 up to, not including, 1. Got 1 instead.",
            ),
            ({"batch_size": 2.5}, "find_learning_rate: batch_size must be a whole number above 0. Got 2.5 instead."),
        ],
    )
    def test_settings(self, settings, said):
        with pytest.raises(SettingError) as raised:
            make().find_learning_rate(X, Y, **settings)
        assert str(raised.value).startswith(said)

    def test_models_and_data(self):
        with pytest.raises(RunError, match="find_learning_rate"):
            models.Sequential([layers.Dense(1, input_shape=(6,))]).find_learning_rate(X, Y)
        with pytest.raises(ShapeError):
            make().find_learning_rate(X[:, :3], Y)

    def test_in_japanese(self, language):
        with pytest.raises(SettingError, match={"en": "a number above low, 2", "ja": "low（2）より大きい数"}[language]):
            LearningRateFinder(2, 1)
