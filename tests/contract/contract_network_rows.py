"""Networks with their loss: the error starts at u by ``delta`` where the last activation is the loss's partner."""

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import frozen

from garasu.layers import Conv2D, Dense, Flatten, Layer, MaxPooling2D
from garasu.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Loss,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    SumOfSquares,
)
from tests.contract.contract_composite_rows import layers
from tests.contract.contract_simple_rows import keras_layer, keras_layers


@frozen(eq=False, kw_only=True)
class NetworkRow:
    """A chain and a loss. ``last`` is -1 where the error starts before the last activation."""

    case: str
    layer: Layer
    in_shape: tuple
    loss: Loss
    t: Any
    last: int | None
    keras: Callable[[], Any]
    keras_loss: Callable[..., Any]
    torch: Callable[..., Any]


INDEX = np.array([2, 0, 1], dtype=np.int32)
ONE_HOT = np.eye(3)[INDEX]
SHARES = np.array([[0.2, 0.9, 0.5], [0.0, 1.0, 0.3], [0.7, 0.1, 0.6]])


def two(activation):
    """Dense, tanh, Dense and the last activation."""
    return layers(Dense(4, activation="tanh", input_shape=5), Dense(3, activation=activation))


def keras_two(activation):
    """The same in Keras's words."""
    return keras_layers(keras_layer("Dense", 4, activation="tanh"), keras_layer("Dense", 3, activation=activation))


def logits(F, params, x):
    """The same before the last activation, in PyTorch's."""
    z = F.tanh(F.linear(x, params["dense"]["kernel"].T, params["dense"]["bias"]))
    return F.linear(z, params["dense_1"]["kernel"].T, params["dense_1"]["bias"])


def binary(F, params, x, t):
    """Binary cross-entropy of each output."""
    return F.binary_cross_entropy_with_logits(logits(F, params, x), t, reduction="none")


def picture_logits(F, params, x):
    """Convolution, ReLU, pooling, Dense."""
    W = params["conv2d"]["kernel"].permute(3, 2, 0, 1)
    y = F.relu(F.conv2d(x.permute(0, 3, 1, 2), W, params["conv2d"]["bias"]))
    y = F.max_pool2d(y, 2).permute(0, 2, 3, 1).flatten(1)
    return F.linear(y, params["dense"]["kernel"].T, params["dense"]["bias"])


NETWORK_ROWS = [
    NetworkRow(
        case="softmax and categorical cross-entropy, from u",
        layer=two("softmax"),
        in_shape=(5,),
        loss=CategoricalCrossentropy(),
        t=ONE_HOT,
        last=-1,
        keras=keras_two("softmax"),
        keras_loss=lambda keras, t, y: keras.losses.categorical_crossentropy(t, y),
        torch=lambda F, params, x, t: F.cross_entropy(logits(F, params, x), t, reduction="none"),
    ),
    NetworkRow(
        case="softmax and categorical cross-entropy, from z",
        layer=two("softmax"),
        in_shape=(5,),
        loss=CategoricalCrossentropy(),
        t=ONE_HOT,
        last=None,
        keras=keras_two("softmax"),
        keras_loss=lambda keras, t, y: keras.losses.categorical_crossentropy(t, y),
        torch=lambda F, params, x, t: F.cross_entropy(logits(F, params, x), t, reduction="none"),
    ),
    NetworkRow(
        case="convolution, softmax and sparse categorical cross-entropy, from u",
        layer=layers(
            Conv2D(2, 2, activation="relu", input_shape=(5, 5, 1)),
            MaxPooling2D(),
            Flatten(),
            Dense(3, activation="softmax"),
        ),
        in_shape=(5, 5, 1),
        loss=SparseCategoricalCrossentropy(),
        t=INDEX,
        last=-1,
        keras=keras_layers(
            keras_layer("Conv2D", 2, 2, activation="relu"),
            keras_layer("MaxPooling2D"),
            keras_layer("Flatten"),
            keras_layer("Dense", 3, activation="softmax"),
        ),
        keras_loss=lambda keras, t, y: keras.losses.sparse_categorical_crossentropy(t, y),
        torch=lambda F, params, x, t: F.cross_entropy(picture_logits(F, params, x), t.long(), reduction="none"),
    ),
    NetworkRow(
        case="sigmoid and binary cross-entropy, from u",
        layer=two("sigmoid"),
        in_shape=(5,),
        loss=BinaryCrossentropy(),
        t=SHARES,
        last=-1,
        keras=keras_two("sigmoid"),
        keras_loss=lambda keras, t, y: keras.losses.binary_crossentropy(t, y),
        torch=lambda F, params, x, t: binary(F, params, x, t).mean(1),
    ),
    NetworkRow(
        case="sigmoid and summed binary cross-entropy, from z",
        layer=two("sigmoid"),
        in_shape=(5,),
        loss=BinaryCrossentropy(outputs="sum"),
        t=SHARES,
        last=None,
        keras=keras_two("sigmoid"),
        keras_loss=lambda keras, t, y: 3 * keras.losses.binary_crossentropy(t, y),
        torch=lambda F, params, x, t: binary(F, params, x, t).sum(1),
    ),
    NetworkRow(
        case="sigmoid and half the sum of squares: (y - t) f'(u)",
        layer=two("sigmoid"),
        in_shape=(5,),
        loss=SumOfSquares(half=True),
        t=ONE_HOT,
        last=None,
        keras=keras_two("sigmoid"),
        keras_loss=lambda keras, t, y: 1.5 * keras.losses.mean_squared_error(t, y),
        torch=lambda F, params, x, t: ((F.sigmoid(logits(F, params, x)) - t) ** 2).sum(1) / 2,
    ),
    NetworkRow(
        case="identity and mean squared error",
        layer=two(None),
        in_shape=(5,),
        loss=MeanSquaredError(),
        t=SHARES,
        last=None,
        keras=keras_two(None),
        keras_loss=lambda keras, t, y: keras.losses.mean_squared_error(t, y),
        torch=lambda F, params, x, t: F.mse_loss(logits(F, params, x), t, reduction="none").mean(1),
    ),
]
