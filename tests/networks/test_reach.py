"""A model that would train through a step function is told so, with the layers' names; any other is left alone."""

import numpy as np
import pytest

from garasu.layers import INFERENCE, Activation, BatchNormalization, Block, Dense, Parallel, PerChannel, Residual
from garasu.messages import RunError
from garasu.models import Sequential
from garasu.networks import Network, check_reach


def network(*layers, in_shape=(3,)):
    return Network(layers, in_shape, name="thresholds")


STEP = Activation("step", name="jump")
LOW = Dense(3, name="low")
STILL = Dense(3, name="low", trainable=False)

STUCK = [
    ("its own kernel", [Dense(3, activation="step", name="low")], "low", "low"),
    ("in front, further away", [LOW, Activation("relu"), STEP, Dense(2)], "jump", "low"),
    ("the first of several", [LOW, Dense(3, name="mid"), STEP], "jump", "low"),
    ("a frozen one between", [LOW, Dense(3, name="mid", trainable=False), STEP], "jump", "low"),
    ("a scale", [BatchNormalization(name="low"), STEP], "jump", "low"),
    ("inside a block", [Block([LOW, STEP], name="front")], "front/jump", "front/low"),
    ("inside a path around which there is another", [Residual([LOW, STEP], name="on")], "on/jump", "on/low"),
    ("inside one of two branches", [Parallel([[LOW, STEP], []], name="two")], "two/0/jump", "two/0/low"),
    ("in every channel", [PerChannel([Dense(1, activation="step", name="low")], name="rgb")], "rgb/0/low", "rgb/0/low"),
    ("a block that ends in one", [LOW, Block([STEP], name="end")], "end", "low"),
    ("in front of a block that begins with one", [LOW, Block([STEP, Dense(3)], name="end")], "end", "low"),
    ("all branches are", [LOW, Parallel([[STEP], [Activation("step")]], name="two")], "two", "low"),
]

LEARNS = [
    ("none", [LOW, Activation("hard_sigmoid")]),
    ("frozen in front", [STILL, STEP, Dense(2)]),
    ("a frozen block in front", [Block([LOW, STEP], trainable=False), Dense(2)]),
    ("a path around it", [LOW, Residual([STEP])]),
    ("one branch of two", [LOW, Parallel([[STEP], []])]),
    ("on the data themselves", [STEP, LOW]),
    ("on the data, in a block", [Block([STEP, LOW])]),
    ("on the data, in every channel", [PerChannel([STEP, Dense(1)])]),
    ("on the data, in all branches", [Parallel([[STEP, LOW], [STEP]])]),
]


@pytest.mark.parametrize(("layers", "step", "layer"), [one[1:] for one in STUCK], ids=[one[0] for one in STUCK])
def test_no_error_gets_past(layers, step, layer):
    with pytest.raises(RunError) as answer:
        check_reach(network(*layers))
    assert (answer.value.fields["step"], answer.value.fields["layer"]) == (step, layer)


@pytest.mark.parametrize("layers", [one[1] for one in LEARNS], ids=[one[0] for one in LEARNS])
def test_the_error_gets_to_all_that_learn(layers):
    check_reach(network(*layers))


def test_the_check_agrees_with_the_gradients():
    """Where it complains a gradient is 0 for every error, where it does not none is."""
    x, dy = np.random.default_rng(0).normal(size=(2, 50, 3))
    for layers, stuck in ((STUCK[1][1][:3], True), (LEARNS[3][1], False)):
        net = network(*layers)
        params, state = net.init(0, "float64")
        _, _, cache = net.apply(params, state, x, INFERENCE)
        _, grads = net.backward(params, cache, dy)
        assert np.all(grads["low"]["kernel"] == 0) == stuck


@pytest.fixture
def thresholds():
    """A model with a step inside."""
    model = Sequential([Dense(3, activation="step", name="low", input_shape=3), Dense(1, name="high")], "unit", seed=0)
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    return model


def test_fit_says_what_to_do(thresholds, language):
    with pytest.raises(RunError) as answer:
        thresholds.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    said = str(answer.value)
    fix = "ステップ関数より前の層を凍結" if language == "ja" else "freeze the layers in front of the step"
    assert all(part in said for part in ("unit", "low", "activation='sigmoid'", "trainable=False", fix)), said


def test_predicting_and_evaluating_are_free_and_so_is_training_what_is_behind(thresholds):
    x, t = np.ones((4, 3)), np.ones((4, 1))
    assert thresholds.predict(x).shape == (4, 1)
    assert np.isfinite(thresholds.evaluate(x, t))
    before = thresholds.get_layer("low").get_weights()
    thresholds.get_layer("low").trainable = False
    thresholds.fit(x, t, epochs=2, verbose=0)
    for old, new in zip(before, thresholds.get_layer("low").get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
