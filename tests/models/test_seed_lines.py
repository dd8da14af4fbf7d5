"""Seed lines of TensorFlow 1, TensorFlow 2 and Keras all mean the same; NumPy's and Python's own play no part."""

import importlib

import numpy as np
import pytest

import garasu
from garasu import layers, models
from garasu.messages import SettingError

SPELLINGS = {
    "keras": lambda: garasu.utils.set_random_seed(20190222),
    "tensorflow 2": lambda: garasu.random.set_seed(20190222),
    "tensorflow 1": lambda: garasu.set_random_seed(20190222),
    "from models": lambda: models.set_random_seed(20190222),
}


def first_weights():
    return models.Sequential([layers.Dense(3, input_shape=(4,))]).get_weights()[0]


@pytest.fixture(autouse=True)
def _as_before():
    seeds = importlib.import_module("garasu.models.seed")
    before = dict(seeds._state)
    yield
    seeds._state.update(before)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling(spelling):
    SPELLINGS[spelling]()
    wanted = models.Sequential([layers.Dense(3, input_shape=(4,))], seed=20190222).get_weights()[0]
    assert np.array_equal(first_weights(), wanted)


def test_the_second_model_has_other_numbers_and_the_same_again():
    drawn = []
    for _ in range(2):
        garasu.set_random_seed(5)
        drawn.append([first_weights(), first_weights()])
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0][0], drawn[0][1])


def test_numpy_s_seed_plays_no_part():
    garasu.set_random_seed(5)
    before = first_weights()
    np.random.seed(1)
    state = np.random.get_state()[1].copy()
    garasu.set_random_seed(5)
    assert np.array_equal(first_weights(), before)
    assert np.array_equal(np.random.get_state()[1], state)


def test_without_a_seed_models_differ():
    importlib.import_module("garasu.models.seed")._state.update(seed=None, models=0)
    assert not np.array_equal(first_weights(), first_weights())


@pytest.mark.parametrize("wrong", [-1, 2.0, None, "1"])
def test_no_seed(wrong):
    with pytest.raises(SettingError, match="seed"):
        garasu.set_random_seed(wrong)


def test_layer_settings_are_drawn_by_path_not_by_order():
    """Another layer in front changes nothing for a layer of the same name and shape."""
    alone = models.Sequential([layers.Dense(3, input_shape=(4,), name="a")], seed=1)
    behind = models.Sequential([layers.Dense(4, input_shape=(4,), name="b"), layers.Dense(3, name="a")], seed=1)
    assert np.array_equal(alone.get_layer("a").get_weights()[0], behind.get_layer("a").get_weights()[0])
