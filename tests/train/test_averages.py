"""Averages of the weights: Keras's numbers, what answers with them, and that training goes on to the bit."""

import numpy as np
import pytest

from garasu import callbacks, layers, models, optimizers
from garasu.array import paths
from garasu.messages import SettingError

DRAW = np.random.default_rng(6)
X = DRAW.normal(size=(40, 4)).astype("float32")
Y = (X @ DRAW.normal(size=(4, 2))).astype("float32")
SETTINGS = {"batch_size": 8, "shuffle": False, "verbose": 0}


def make(use_ema=True, eager=True, optimizer=optimizers.Adam, momentum=0.9):
    one = models.Sequential(
        [layers.Dense(5, "tanh", input_shape=(4,), name="a"), layers.Dense(2, name="b")],
        seed=2,
    )
    one.compile(optimizer(0.05, use_ema=use_ema, ema_momentum=momentum), "mse", run_eagerly=eager)
    return one


def raw(model):
    return dict(paths(model.trees()["params"]))


def means(model):
    return dict(paths(model.trees()["averages"]))


@pytest.mark.parametrize("eager", [True, False])
def test_the_averages_are_keras_after_10_steps(eager):
    import keras

    ours = make(eager=eager)
    theirs = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(5, "tanh"), keras.layers.Dense(2)])
    theirs.set_weights(ours.get_weights())
    theirs.compile(keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.9), "mse")
    ours.fit(X, Y, epochs=2, **SETTINGS)
    theirs.fit(X, Y, epochs=2, **SETTINGS)  # 10 steps, after which Keras puts the averages in the weights' place
    for mine, other in zip(ours.get_weights(), theirs.weights, strict=True):
        np.testing.assert_allclose(mine, np.array(other.value), rtol=2e-4, atol=1e-5)


def test_by_hand():
    """a = w after the first step; from then on the mean of old average and new weights, momentum to one."""
    model, kept = make(), []
    model.fit(
        X,
        Y,
        callbacks=[callbacks.LambdaCallback(on_train_batch_end=lambda b, logs: kept.append(raw(model)))],
        **SETTINGS,
    )
    for path, average in means(model).items():
        expected = kept[0][path]
        for step in kept[1:]:
            expected = np.float32(0.9) * expected + np.float32(0.1) * step[path]
        np.testing.assert_allclose(average, expected, rtol=1e-5, atol=1e-7)


def test_training_itself_does_not_change():
    plain, averaged = make(use_ema=False), make()
    first, second = plain.fit(X, Y, epochs=3, **SETTINGS), averaged.fit(X, Y, epochs=3, **SETTINGS)
    assert first.history == second.history
    for path, array in raw(plain).items():
        np.testing.assert_array_equal(array, raw(averaged)[path])
    assert "averages" not in plain.trees() and not np.array_equal(plain.predict(X), averaged.predict(X))


class TestWhoAnswers:
    @pytest.fixture
    def model(self):
        one = make()
        one.fit(X, Y, epochs=2, validation_data=(X, Y), **SETTINGS)
        return one

    def test_everything_with_the_averages(self, model, tmp_path):
        bare = make(use_ema=False)
        bare.set_weights([means(model)[path] for path in ("a/kernel", "a/bias", "b/kernel", "b/bias")])
        np.testing.assert_array_equal(model.predict(X), bare.predict(X))
        assert model.evaluate(X, Y) == bare.evaluate(X, Y) == model.history.history["val_loss"][-1]
        np.testing.assert_array_equal(model.trace(X, Y).outputs["b"], bare.predict(X))
        np.testing.assert_array_equal(model.get_layer("a").get_weights()[0], means(model)["a/kernel"])
        bare.load_weights(model.save(tmp_path / "m"))
        np.testing.assert_array_equal(model.predict(X), bare.predict(X))

    def test_weights_that_are_set_take_the_place_of_both(self, model):
        before = means(model)["b/kernel"]
        new = [np.ones((4, 5)), np.zeros(5)]
        model.get_layer("a").set_weights(new)
        for found in (raw(model), means(model)):
            np.testing.assert_array_equal(found["a/kernel"], new[0])
        np.testing.assert_array_equal(means(model)["b/kernel"], before)

    def test_the_best_epoch_comes_back_as_it_was_measured(self):
        model, seen = make(), []
        watch = [
            callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(model.get_weights())),
            callbacks.EarlyStopping(monitor="val_loss", patience=1, min_delta=1e9, restore_best_weights=True),
        ]
        model.fit(X, Y, epochs=4, validation_data=(X, Y), callbacks=watch, **SETTINGS)
        assert model.evaluate(X, Y) == model.history.history["val_loss"][0]
        for mine, first in zip(model.get_weights(), seen[0], strict=True):
            np.testing.assert_array_equal(mine, first)

    def test_compiled_anew_it_starts_from_what_it_answered(self, model):
        answers = model.predict(X)
        model.compile("sgd", "mse", run_eagerly=True)
        np.testing.assert_array_equal(model.predict(X), answers)
        assert "averages" not in model.trees()

    def test_a_layer_that_is_frozen_stays_as_it_answered(self, model):
        answered = model.get_layer("a").get_weights()
        model.get_layer("a").trainable = False
        model.fit(X, Y, epochs=1, **SETTINGS)
        for mine, before in zip(model.get_layer("a").get_weights(), answered, strict=True):
            np.testing.assert_array_equal(mine, before)
        assert set(means(model)) == {"b/kernel", "b/bias"}
        model.get_layer("a").trainable = True
        model.fit(X, Y, epochs=1, **SETTINGS)
        assert set(means(model)) == set(raw(model))


@pytest.mark.parametrize("eager", [True, False])
def test_training_goes_on_as_if_never_saved(tmp_path, eager):
    whole, half = make(eager=eager), make(eager=eager)
    whole.fit(X, Y, epochs=4, **SETTINGS)
    half.fit(X, Y, steps=13, **SETTINGS)  # in the middle of the third epoch
    again = models.load_model(half.save(tmp_path / "half"), engine="eager" if eager else "jit")
    np.testing.assert_array_equal(again.predict(X), half.predict(X))
    again.fit(X, Y, epochs=4, resume=True, **SETTINGS)
    for branch in ("params", "averages", "optimizer"):
        mine, other = dict(paths(whole.trees()[branch])), dict(paths(again.trees()[branch]))
        assert mine.keys() == other.keys()
        for path, array in mine.items():
            np.testing.assert_array_equal(array, other[path], err_msg=path)
    assert again.history.history == whole.history.history


def test_a_step_that_is_not_finite_changes_no_average(bench):
    one = bench("dropout", optimizer=optimizers.SGD(0.1, use_ema=True))
    one.data["x"][:, 3] = np.float32(3e38)
    carry = one.run("eager", 1)
    assert not carry["ok"]
    first = dict(paths(one.task.network.init(11)[0]))
    for path, array in paths(carry["averages"]):
        np.testing.assert_array_equal(array, first[path])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ema_momentum": 1.0}, "SGD: ema_momentum must be a number from 0 up to, not including, 1. Got 1.0 instead."),
        ({"use_ema": 1}, "SGD: use_ema must be True or False. Got 1 instead."),
    ],
)
def test_settings(settings, said):
    with pytest.raises(SettingError) as raised:
        optimizers.SGD(**settings)
    assert str(raised.value) == said
