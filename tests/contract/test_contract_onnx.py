"""Layers and activations beside ONNX's reference evaluator, in float64; convolution and pooling have their grids."""

import math

import numpy as np
import pytest

from garasu import activations, layers
from garasu.array import random
from garasu.layers import Run
from garasu.testing.check_layer import drawn_inputs
from garasu.testing.subject import draw
from tests.contract.contract_onnx import channels_first, channels_last, onnx
from tests.contract.contract_oracles import close

SHAPES = [(3,), (1,), (2, 5), (4, 3, 2), (1, 1, 2)]
"""Inputs of one axis, of several, of one pixel; each in a batch of one and of two."""
EPSILON = 2.0**-7
"""ONNX keeps an operator's numbers in float32: this one is the same in both."""

every_shape = pytest.mark.parametrize(
    ("batch", "shape"), [(1 + number % 2, shape) for number, shape in enumerate(SHAPES)], ids=str
)


def same(layer, shape, batch, theirs):
    """Our layer in inference and ``theirs(x, params, state)``."""
    inputs, held = drawn_inputs(layer, shape, batch)
    x, params, state = inputs["x"], inputs["params"], held["state"]
    y, _, _ = layer.apply(params, state, x, Run(False, random.key(0), held["hyper"]))
    close({"y": y}, {"y": theirs(x, params, state)}, 1e-12)


@pytest.mark.parametrize("batch", [1, 3])
def test_dense(batch):
    same(layers.Dense(4), (3,), batch, lambda x, params, _: onnx("Gemm", x, params["kernel"], params["bias"]))


@every_shape
def test_batch_normalization(batch, shape):
    def theirs(x, params, state):
        numbers = [params["gamma"], params["beta"], state["moving_mean"], state["moving_variance"]]
        return channels_last(onnx("BatchNormalization", channels_first(x), *numbers, epsilon=EPSILON))

    same(layers.BatchNormalization(epsilon=EPSILON), shape, batch, theirs)


@every_shape
def test_layer_normalization(batch, shape):
    def theirs(x, params, _):
        return onnx("LayerNormalization", x, params["gamma"], params["beta"], axis=-1, epsilon=EPSILON)

    same(layers.LayerNormalization(epsilon=EPSILON), shape, batch, theirs)


@pytest.mark.parametrize("frame", [((0, 0), (0, 0)), ((1, 2), (0, 3))], ids=str)
@pytest.mark.parametrize(("batch", "size"), [(1, (1, 1)), (2, (3, 4))])
def test_frames(batch, size, frame):
    (above, below), (left, right) = frame
    pads = np.array([0, above, left, 0, 0, below, right, 0])

    def cut(x, *_):
        ends = np.array([x.shape[1] - below, x.shape[2] - right])
        return onnx("Slice", x, np.array([above, left]), ends, np.array([1, 2]))

    same(layers.ZeroPadding2D(frame), (*size, 2), batch, lambda x, *_: onnx("Pad", x, pads))
    larger = (size[0] + above + below, size[1] + left + right, 2)
    same(layers.Cropping2D(frame), larger, batch, cut)


@every_shape
def test_what_only_moves_or_scales(batch, shape):
    count = math.prod(shape)
    same(layers.Flatten(), shape, batch, lambda x, *_: onnx("Flatten", x))
    same(layers.Reshape((count, 1)), shape, batch, lambda x, *_: onnx("Reshape", x, np.array([batch, count, 1])))
    same(layers.Absolute(), shape, batch, lambda x, *_: onnx("Abs", x))
    scaled = layers.Rescaling(0.5, -2.0)
    same(scaled, shape, batch, lambda x, *_: onnx("Add", onnx("Mul", x, np.array(0.5)), np.array(-2.0)))


ACTIVATIONS = {
    "elu": lambda u: onnx("Elu", u, alpha=1.0),
    "gelu": lambda u: onnx("Gelu", u),
    "hard_sigmoid": lambda u: onnx("HardSigmoid", u, alpha=1 / 6, beta=0.5),
    "leaky_relu": lambda u: onnx("LeakyRelu", u, alpha=0.2),
    "linear": lambda u: onnx("Identity", u),
    "relu": lambda u: onnx("Relu", u),
    "sigmoid": lambda u: onnx("Sigmoid", u),
    "softmax": lambda u: onnx("Softmax", u, axis=-1),
    "softmax_straight_through": lambda u: onnx("Softmax", u, axis=-1),
    "softplus": lambda u: onnx("Softplus", u),
    "step": lambda u: onnx("Greater", u, np.zeros(1)).astype(float),
    "swish": lambda u: onnx("Mul", u, onnx("Sigmoid", u)),
    "tanh": lambda u: onnx("Tanh", u),
}
COARSE = {"gelu": 1e-7, "hard_sigmoid": 1e-7, "leaky_relu": 1e-7}
"""1/6 and 0.2 are rounded to float32, and so is what the reference's erf answers."""


def test_every_activation_is_asked():
    assert ACTIVATIONS.keys() == activations.RULES.keys()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name):
    for shape in [(1, 1), (2, 5), (1, 3, 4, 2)]:
        u = 3.0 * draw(0, "u", shape)
        close({"z": activations.RULES[name].forward(u)}, {"z": ACTIVATIONS[name](u)}, COARSE.get(name, 1e-12))
