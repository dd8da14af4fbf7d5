"""Rows of what works on each number by itself: activations, noise, cuts; and of layer normalisation."""

import math

from garasu.layers import (
    ELU,
    Absolute,
    Activation,
    Cutoff,
    Dropout,
    GaussianNoise,
    LayerNormalization,
    LeakyReLU,
    MaskingNoise,
    Rescaling,
)
from tests.contract.contract_simple_rows import keras_layer
from tests.contract.contract_types import Hand, LayerRow


def keras_function(function):
    """A Keras layer of ``function(keras.ops, x)``, where Keras has no layer of its own."""

    def make():
        import keras

        return keras.layers.Activation(lambda x: function(keras.ops, x))

    return make


def activation_row(name, hand, torch, keras=None, **more):
    """An activation: its rule, as the Activation layer runs it. Keras and Garasu share the names."""
    return LayerRow(
        case=f"activation {name}",
        covers=name,
        layer=Activation(name),
        in_shape=(4,),
        hand=hand,
        keras=keras or keras_layer("Activation", name),
        torch=lambda F, params, state, x, training: torch(F, x),
        **more,
    )


LN2, LN3, LN5 = math.log(2), math.log(3), math.log(5)
BELOW_1, DENSITY_1 = 0.8413447460685429, 0.24197072451914337
"""The standard normal distribution at 1, out of a table."""

ACTIVATION_ROWS = [
    activation_row("linear", Hand(x=[[-2, 3]], y=[[-2, 3]], dy=[[5, 7]], dx=[[5, 7]]), lambda F, x: x),
    activation_row(
        "step",
        Hand(x=[[-2, 0, 0.5]], y=[[0, 0, 1]], dy=[[5, 5, 5]], dx=[[0, 0, 0]], worked="the slope is 0 everywhere"),
        lambda F, x: F.relu(x.sign()),
        keras=keras_function(lambda ops, x: ops.relu(ops.sign(x))),
    ),
    activation_row(
        "sigmoid",
        Hand(
            x=[[0, LN3, -LN3]],
            y=[[1 / 2, 3 / 4, 1 / 4]],
            dy=[[8, 16, 32]],
            dx=[[2, 3, 6]],
            worked="1 / (1 + 1/3) = 3/4, 1 / (1 + 3) = 1/4; 8 * 1/2 * 1/2 = 2; 16 * 3/4 * 1/4 = 3",
        ),
        lambda F, x: F.sigmoid(x),
    ),
    activation_row(
        "hard_sigmoid",
        Hand(
            x=[[-4, -3, 0, 1.5, 3, 5]],
            y=[[0, 0, 1 / 2, 3 / 4, 1, 1]],
            dy=[[6, 6, 6, 12, 6, 6]],
            dx=[[0, 0, 1, 2, 0, 0]],
            worked="(1.5 + 3) / 6 = 3/4; at the kinks -3 and 3 the slope is 0",
        ),
        lambda F, x: F.relu6(x + 3) / 6,  # its own hardsigmoid hands the error back times a sixth in float32
    ),
    activation_row(
        "tanh",
        Hand(
            x=[[0, LN2]],
            y=[[0, 3 / 5]],
            dy=[[1, 25]],
            dx=[[1, 16]],
            worked="(2 - 1/2) / (2 + 1/2) = 3/5; 25 (1 - 9/25) = 16",
        ),
        lambda F, x: F.tanh(x),
    ),
    activation_row(
        "relu",
        Hand(x=[[-2, 0, 3]], y=[[0, 0, 3]], dy=[[5, 5, 5]], dx=[[0, 0, 5]], worked="at the kink the slope is 0"),
        lambda F, x: F.relu(x),
    ),
    activation_row(
        "leaky_relu",
        Hand(x=[[-2, 0, 3]], y=[[-0.4, 0, 3]], dy=[[5, 5, 5]], dx=[[1, 1, 5]], worked="at the kink the slope is 0.2"),
        lambda F, x: F.leaky_relu(x, 0.2),
    ),
    activation_row(
        "elu",
        Hand(x=[[-LN2, 0, 3]], y=[[-1 / 2, 0, 3]], dy=[[4, 4, 4]], dx=[[2, 4, 4]], worked="e^-ln 2 = 1/2"),
        lambda F, x: F.elu(x),
    ),
    activation_row(
        "softplus",
        Hand(
            x=[[0, LN3, -LN3]],
            y=[[LN2, 2 * LN2, 2 * LN2 - LN3]],
            dy=[[8, 16, 16]],
            dx=[[4, 12, 4]],
            worked="log(1 + 1), log(1 + 3), log(1 + 1/3); the slopes are sigmoid's values, 1/2, 3/4 and 1/4",
        ),
        lambda F, x: F.softplus(x),
    ),
    activation_row(
        "swish",
        Hand(
            x=[[0, LN3]],
            y=[[0, 3 / 4 * LN3]],
            dy=[[8, 16]],
            dx=[[4, 12 + 3 * LN3]],
            worked="sigmoid is 1/2 and 3/4; 16 (3/4 + 3/4 ln 3 * 1/4)",
        ),
        lambda F, x: F.silu(x),
    ),
    activation_row(
        "gelu",
        Hand(
            x=[[0, 1, -1]],
            y=[[0, BELOW_1, BELOW_1 - 1]],
            dy=[[2, 1, 1]],
            dx=[[1, BELOW_1 + DENSITY_1, 1 - BELOW_1 - DENSITY_1]],
            worked="P(0) = 1/2, P(-1) = 1 - P(1); P(1) + 1 p(1), P(-1) - 1 p(1)",
        ),
        lambda F, x: F.gelu(x),
    ),
    activation_row(
        "softmax",
        Hand(
            x=[[0, LN2, LN5]],
            y=[[1 / 8, 2 / 8, 5 / 8]],
            dy=[[8, 0, 0]],
            dx=[[7 / 8, -2 / 8, -5 / 8]],
            worked="e^u = 1, 2, 5, sum 8; sum dz z = 1; du = z (dz - 1)",
        ),
        lambda F, x: F.softmax(x, dim=-1),
    ),
    LayerRow(
        case="activation softmax, of every place of an image",
        covers="softmax",
        layer=Activation("softmax"),
        in_shape=(2, 3, 4),
        hand=Hand(
            x=[[[0, LN2, LN5], [0, 0, 0]]],
            y=[[[1 / 8, 2 / 8, 5 / 8], [1 / 3, 1 / 3, 1 / 3]]],
            dy=[[[8, 0, 0], [3, 0, 6]]],
            dx=[[[7 / 8, -2 / 8, -5 / 8], [0, -1, 1]]],
            worked="three axes, two places: the numbers of softmax's own row; then sum dz z = 3, du = (dz - 3) / 3",
        ),
        keras=keras_layer("Activation", "softmax"),
        torch=lambda F, params, state, x, training: F.softmax(x, dim=-1),
    ),
    activation_row(
        "softmax_straight_through",
        Hand(
            x=[[0, LN2, LN5]],
            y=[[1 / 8, 2 / 8, 5 / 8]],
            dy=[[8, 0, 0]],
            dx=[[8, 0, 0]],
            worked="forward as softmax; the error as it came",
        ),
        lambda F, x: x + (F.softmax(x, dim=-1) - x).detach(),
        keras=keras_function(lambda ops, x: x + ops.stop_gradient(ops.softmax(x) - x)),
        skip=("differences", "vjp"),
        why="its backward rule is on purpose not the derivative of its forward rule, but of x + stop(softmax(x) - x), "
        "as Keras, PyTorch and test_contract_pointwise.py derive it",
    ),
]


def pointwise_row(case, layer, hand, keras, torch, **more):
    """A layer without parameters, on rows of five numbers."""
    return LayerRow(
        case=case,
        covers=type(layer),
        layer=layer,
        in_shape=(5,),
        hand=hand,
        keras=keras,
        torch=lambda F, params, state, x, training: torch(F, x, training),
        **more,
    )


CUT_ROWS = [
    pointwise_row(
        "LeakyReLU",
        LeakyReLU(),
        Hand(x=[[-2, 0, 3]], y=[[-1, 0, 3]], dy=[[4, 4, 4]], dx=[[2, 2, 4]], layer=LeakyReLU(0.5)),
        keras_layer("LeakyReLU"),
        lambda F, x, training: F.leaky_relu(x, 0.3),
    ),
    pointwise_row(
        "ELU",
        ELU(1.5),
        Hand(
            x=[[-LN2, 0, 3]],
            y=[[-1, 0, 3]],
            dy=[[4, 4, 4]],
            dx=[[4, 8, 4]],
            layer=ELU(2),
            worked="2 (1/2 - 1) = -1; 4 * 2 * 1/2; at 0 the slope is 2",
        ),
        keras_layer("ELU", 1.5),
        lambda F, x, training: F.elu(x, 1.5),
    ),
    pointwise_row(
        "Absolute",
        Absolute(),
        Hand(x=[[-2, 0, 3]], y=[[2, 0, 3]], dy=[[5, 5, 5]], dx=[[-5, 0, 5]], worked="at the kink the slope is 0"),
        keras_function(lambda ops, x: ops.abs(x)),
        lambda F, x, training: x.abs(),
    ),
    pointwise_row(
        "Cutoff",
        Cutoff(0.5),
        Hand(
            x=[[-1, 2, 5]],
            y=[[0, 0, 3]],
            dy=[[5, 5, 5]],
            dx=[[0, 0, 5]],
            layer=Cutoff(2),
            worked="at the kink x = 2 the slope is 0",
        ),
        keras_function(lambda ops, x: ops.relu(x - 0.5)),
        lambda F, x, training: F.relu(x - 0.5),
        also=(Hand(x=[[-3, -1]], y=[[0, 1]], dy=[[5, 5]], dx=[[0, 5]], layer=Cutoff(-2)),),
    ),
    pointwise_row(
        "Rescaling",
        Rescaling(1 / 127.5, -1),
        Hand(x=[[1, 2]], y=[[5, 8]], dy=[[1, 2]], dx=[[3, 6]], layer=Rescaling(3, offset=2)),
        keras_layer("Rescaling", 1 / 127.5, -1),
        lambda F, x, training: x / 127.5 - 1,
    ),
]

KEY_0 = "key 0 draws 1797259609 and 2579123966 of 2^32: r = 0.418 and 0.600; the first is below 0.5"

NOISE_ROWS = [
    # In training PyTorch and Keras draw other masks: test_contract_noise.py holds what is common.
    pointwise_row(
        "Dropout",
        Dropout(0.3),
        Hand(x=[[3, 4]], y=[[0, 8]], dy=[[1, 1]], dx=[[0, 2]], layer=Dropout(0.5), training=True, worked=KEY_0),
        keras_layer("Dropout", 0.3),
        lambda F, x, training: F.dropout(x, 0.3, training=training),
    ),
    pointwise_row(
        "Dropout of nothing",
        Dropout(0.0),
        Hand(x=[[3, 4]], y=[[3, 4]], dy=[[1, 2]], dx=[[1, 2]], training=True),
        keras_layer("Dropout", 0.0),
        lambda F, x, training: F.dropout(x, 0.0, training=training),
        modes=(False, True),
    ),
    pointwise_row(
        "MaskingNoise",
        MaskingNoise(0.3),
        Hand(x=[[3, 4]], y=[[0, 4]], dy=[[1, 1]], dx=[[0, 1]], layer=MaskingNoise(0.5), training=True, worked=KEY_0),
        keras_layer("Identity"),
        lambda F, x, training: x,
    ),
    pointwise_row(
        "GaussianNoise",
        GaussianNoise(0.3),
        Hand(
            x=[[3, 4]],
            y=[[3 - 2 * 0.20584213183061426, 4 - 2 * 0.4826230071622412]],
            dy=[[1, 2]],
            dx=[[1, 2]],
            layer=GaussianNoise(2),
            training=True,
            worked="key 0 draws the shares 0.418457 and 0.314682; so much of the normal distribution lies below "
            "-0.205842 and -0.482623",
        ),
        keras_layer("GaussianNoise", 0.3),
        lambda F, x, training: x,
    ),
]


def layer_normalisation_row(case, in_shape, hand, **settings):
    """A row of layer normalisation."""
    return LayerRow(
        case=case,
        covers=LayerNormalization,
        layer=LayerNormalization(**settings),
        in_shape=in_shape,
        hand=hand,
        keras=keras_layer("LayerNormalization", **settings),
        torch=lambda F, params, state, x, training: F.layer_norm(
            x, x.shape[-1:], params.get("gamma"), params.get("beta"), settings.get("epsilon", 1e-3)
        ),
    )


BY_HAND = {"epsilon": 3.0}
ROW_HAND = Hand(
    x=[[1, 3], [9, 9]],
    params={"gamma": [2, 4], "beta": [1, 0]},
    y=[[0, 2], [1, 0]],
    dy=[[1, 0], [0, 0]],
    dx=[[0.375, -0.375], [0, 0]],
    grads={"gamma": [-0.5, 0], "beta": [1, 0]},
    layer=LayerNormalization(**BY_HAND),
    worked="mu = 2, var = 1, s = 1 / sqrt(1 + 3) = 1/2, z = -1/2, 1/2; dz = 2, 0; means 1 and -1/2; "
    "dx1 = 1/2 (2 - 1 - 1/4); equal numbers have z = 0",
)

NORMALISATION_ROWS = [
    layer_normalisation_row("LayerNormalization", (5,), ROW_HAND),
    layer_normalisation_row(
        "LayerNormalization of images",
        (3, 2, 4),
        Hand(
            x=[[[[1, 3], [9, 9]]]],
            params=ROW_HAND.params,
            y=[[ROW_HAND.y]],
            dy=[[ROW_HAND.dy]],
            dx=[[ROW_HAND.dx]],
            grads=ROW_HAND.grads,
            layer=LayerNormalization(**BY_HAND),
            worked="one image of two pixels: each pixel by itself",
        ),
        epsilon=1e-5,
    ),
    layer_normalisation_row(
        "LayerNormalization without scale",
        (5,),
        Hand(
            x=[[1, 3]],
            params={"beta": [1, 0]},
            y=[[0.5, 0.5]],
            dy=[[2, 0]],
            dx=[[0.375, -0.375]],
            grads={"beta": [2, 0]},
            layer=LayerNormalization(**BY_HAND, scale=False),
            worked="as with gamma 1 and dy doubled",
        ),
        scale=False,
    ),
    layer_normalisation_row(
        "LayerNormalization without shift",
        (5,),
        Hand(
            x=[[1, 3]],
            params={"gamma": [2, 4]},
            y=[[-1, 2]],
            dy=[[1, 0]],
            dx=[[0.375, -0.375]],
            grads={"gamma": [-0.5, 0]},
            layer=LayerNormalization(**BY_HAND, center=False),
        ),
        center=False,
    ),
]

POINTWISE_ROWS = [*ACTIVATION_ROWS, *CUT_ROWS, *NOISE_ROWS, *NORMALISATION_ROWS]
