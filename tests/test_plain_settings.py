"""Settings that were worked out with NumPy: kept as Python's numbers, so that a file holds them and no type clings."""

import json

import attrs
import numpy as np
import pytest

from garasu import initializers, layers, losses, optimizers, regularizers, schedules
from garasu.array import map_leaves, paths
from garasu.networks import describe, rebuild
from garasu.testing.check_layer import drawn_inputs

HALF, TWO = (np.float64(0.5), np.float32(0.5)), np.int64(2)
PADS = np.array([[1, 0], [0, 2]])

IMAGE_LAYERS = [
    *(layers.Rescaling(half, half) for half in HALF),
    *(layers.LeakyReLU(half) for half in HALF),
    *(layers.ELU(half) for half in HALF),
    *(layers.Cutoff(half) for half in HALF),
    *(layers.LayerNormalization(epsilon=half) for half in HALF),
    *(layers.BatchNormalization(half, half) for half in HALF),
    layers.Dropout(HALF[1]),
    layers.MaskingNoise(HALF[1]),
    layers.GaussianNoise(HALF[1]),
    layers.Conv2D(TWO, np.array([TWO, 3]), strides=TWO, padding=PADS, padding_value=HALF[0], groups=TWO),
    layers.Conv2D(2, padding=tuple(map(tuple, PADS)), dilation_rate=TWO, use_bias=np.True_),
    layers.Conv2DTranspose(TWO, 3, (TWO, TWO), output_padding=(np.int64(1), np.int64(0))),
    layers.MaxPooling2D((TWO, TWO)),
]
OTHERS = [
    *(optimizers.Adam(half, half, half, half, clipnorm=half) for half in HALF),
    optimizers.Muon(HALF[0], ns_steps=TWO, rms_rate=HALF[1], use_ema=True, ema_momentum=HALF[0]),
    optimizers.SGD(schedules.WarmUp(schedules.CosineDecayRestarts(HALF[1], TWO, TWO), TWO, HALF[0])),
    optimizers.SGD(schedules.PiecewiseConstantDecay(PADS[0][::-1] + 5, np.array([0.5, 0.25, 0.125]))),
    optimizers.SGD(schedules.PiecewiseConstantDecay([TWO], [HALF[1], HALF[0]])),
    losses.Huber(HALF[1]),
    regularizers.L1L2(*HALF),
    initializers.Constant(HALF[1]),
]


def numbers_in(value):
    """Every number of a description."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(one)
    elif value is not None and not isinstance(value, str):
        yield value


@pytest.mark.parametrize("made", [*IMAGE_LAYERS, *OTHERS], ids=lambda made: type(made).__name__)
def test_a_file_holds_them(made):
    document = describe(made)
    assert {type(number) for number in numbers_in(document)} <= {int, float, bool}
    assert describe(rebuild(json.loads(json.dumps(document)))) == document


def in_float32(array):
    """Numbers in float32; keys as they are."""
    array = np.asarray(array)
    return array.astype("float32") if array.dtype.kind == "f" else array


@pytest.mark.parametrize("layer", IMAGE_LAYERS, ids=lambda made: type(made).__name__)
def test_a_pass_in_float32_stays_one(layer):
    drawn = drawn_inputs(layer, (4, 5, 4), 2, seed=0)
    inputs, held = (map_leaves(in_float32, tree) for tree in drawn)
    for training in (False, True):
        run = layers.Run(training, held["key"], held["hyper"])
        y, state, cache = layer.apply(inputs["params"], held["state"], inputs["x"], run)
        dx, grads = layer.backward(inputs["params"], cache, np.ones_like(y))
        answers = {"y": y, "state": state, "x": dx, "grads": grads}
        assert {path: a.dtype.name for path, a in paths(answers)} == {path: "float32" for path, _ in paths(answers)}


@pytest.mark.parametrize("half", HALF)
@pytest.mark.parametrize("kind", optimizers.CLASSES)
def test_a_step_in_float32_stays_one(kind, half):
    settings = {name: half for name in ("epsilon", "rms_rate", "momentum_decay") if name in attrs.fields_dict(kind)}
    optimizer, w = kind(half, **settings), np.ones((3, 2), np.float32)
    hyper = {name: np.float32(value) for name, value in optimizer.hyper().items()}
    w, state = optimizer.update(w, optimizer.init(w), w, np.asarray(0, np.uint32), hyper)
    assert {a.dtype.name for a in (w, *state.values())} == {"float32"}


def test_what_a_setting_is_not():
    """An array is no number, and true is no 1."""
    for wrong in (np.array([0.5, 0.5]), np.True_, np.str_("0.5")):
        with pytest.raises(ValueError, match="LeakyReLU: negative_slope must be a number of 0 or more"):
            layers.LeakyReLU(wrong)


def test_a_word_is_no_array_of_words():
    with pytest.raises(ValueError, match="OneCycle: anneal_strategy must be one of 'cos', 'linear'"):
        schedules.OneCycle(0.1, 10, anneal_strategy=np.array(["cos", "linear"]))
