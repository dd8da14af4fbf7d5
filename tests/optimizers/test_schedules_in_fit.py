"""A schedule in a real fit: the rate of every step, in both engines; in the history; over saving; and being set."""

import numpy as np
import pytest

from garasu import callbacks, layers, load, models
from garasu.messages import SettingError
from garasu.optimizers import SGD, Adam, Muon
from garasu.schedules import CosineDecay, PiecewiseConstantDecay

RATES = [0.5, 0.25, 0.125, 0.0]
PIECES = PiecewiseConstantDecay([0, 1, 2], RATES)
ROWS = 24


@pytest.fixture(scope="module")
def points():
    x = np.random.default_rng(0).normal(size=(ROWS, 4)).astype(np.float32)
    return x, (x[:, 0] > x[:, 1]).astype(np.int64)


def network(optimizer, eager=False):
    model = models.Sequential([layers.Dense(3, activation="tanh", input_shape=(4,)), layers.Dense(2)], seed=5)
    model.add(layers.Activation("softmax"))
    model.compile(optimizer, "sparse_categorical_crossentropy", run_eagerly=eager)
    return model


def same(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)


@pytest.mark.parametrize("eager", [True, False])
def test_the_rate_of_every_step(points, eager):
    """With one mini-batch an epoch a schedule does what a callback does that sets the rate before every epoch."""
    scheduled, told = network(SGD(PIECES), eager), network(SGD(9.0), eager)
    history = scheduled.fit(*points, batch_size=ROWS, epochs=4, verbose=0).history
    callback = callbacks.LearningRateScheduler(lambda epoch: RATES[epoch])
    told.fit(*points, batch_size=ROWS, epochs=4, verbose=0, callbacks=[callback])
    assert same(scheduled, told)
    assert history["learning_rate"] == [0.25, 0.125, 0.0, 0.0]  # as in Keras, that of the step to come
    assert scheduled.optimizer.learning_rate == 0.0


def test_many_steps_in_one_program_and_both_engines_alike(points):
    wave = CosineDecay(0.05, 12, warmup_target=0.2, warmup_steps=3)
    compiled, eager = network(Muon(wave)), network(Muon(wave), eager=True)
    for model in (compiled, eager):
        model.fit(*points, batch_size=8, epochs=3, verbose=0)
    for mine, theirs in zip(compiled.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-4)
    assert len([name for name in compiled.engine._programs if name[0] == "train"]) == 1
    assert compiled.optimizer.learning_rate == wave(9)


def test_a_saved_training_goes_on_at_its_step(points, tmp_path):
    wave = CosineDecay(0.05, 12)
    whole, cut = network(Adam(wave)), network(Adam(wave))
    whole.fit(*points, batch_size=8, epochs=4, verbose=0)
    cut.fit(*points, batch_size=8, epochs=2, verbose=0)
    cut.save(tmp_path / "cut.safetensors")
    back = load(tmp_path / "cut.safetensors")
    assert back.optimizer.learning_rate == wave(6)
    back.fit(*points, batch_size=8, epochs=4, verbose=0, resume=True)
    assert same(whole, back)
    assert back.history.history["learning_rate"] == [wave(step) for step in (3, 6, 9, 12)]


def test_a_rate_that_is_a_number_is_not_in_the_history(points):
    assert "learning_rate" not in network(SGD(0.1)).fit(*points, verbose=0).history


FIX = {"en": "cannot be set. Compile the model with a number", "ja": "設定できません。学習率を数で指定した"}


def test_setting_what_a_schedule_decides(language):
    model = network(SGD(PIECES))
    assert model.optimizer.schedule is PIECES and network(SGD(0.1)).optimizer.schedule is None
    with pytest.raises(SettingError) as caught:
        model.optimizer.learning_rate = 0.1
    said = str(caught.value)
    assert FIX[language] in said and "PiecewiseConstantDecay(boundaries=(0, 1, 2)" in said
    assert model.optimizer.learning_rate == 0.5


def test_a_callback_that_sets_the_rate_says_so_at_once(points):
    with pytest.raises(SettingError, match="LearningRateScheduler"):
        network(SGD(PIECES)).fit(*points, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda epoch: 0.1)])
