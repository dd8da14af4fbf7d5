"""Rows of layers that hold others beside Residual: Block (a model inside a model), Parallel, PerChannel."""

from garasu.layers import (
    BatchNormalization,
    Block,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Parallel,
    PerChannel,
    Reshape,
    Residual,
    TiedDense,
)
from tests.contract.contract_composite_rows import BOTH, BY_HAND, SCALE, STATE, TRAINING_HAND, torch_normalise
from tests.contract.contract_simple_rows import keras_layer, keras_layers, torch_dense
from tests.contract.contract_types import Hand, LayerRow

LOW = {"use_bias": False, "name": "low"}
HIGH = {"use_bias": False, "name": "high"}


def keras_branches(in_shape, merge, *branches):
    """Keras's way: a functional model; each branch a Sequential, which keeps its variables together."""

    def build():
        import keras

        x = keras.Input(in_shape)
        return keras.Model(x, getattr(keras.layers, merge)()([make()(x) if make else x for make in branches]))

    return build


def keras_per_channel(in_shape, make):
    """One Sequential for each channel, which Keras cuts out of the input."""

    def build():
        import keras

        x = keras.Input(in_shape)
        parts = [make()(x[..., channel : channel + 1]) for channel in range(in_shape[-1])]
        return keras.Model(x, keras.layers.Concatenate()(parts))

    return build


def torch_deep(F, params, state, x, training):
    """Normalised, then tanh and relu of two Dense layers."""
    inner = params["block"]
    z = torch_normalise(F, params["batch_normalization"], state["batch_normalization"], x, training)
    z = F.tanh(torch_dense(F, inner["dense"], state, z, training))
    return F.relu(torch_dense(F, inner["dense_1"], state, z, training))


def torch_inception(F, params, state, x, training):
    """1 x 1, 3 x 3 normalised, and x itself, side by side along the channels."""
    import torch

    def convolved(arrays, pads):
        W = arrays["kernel"].permute(3, 2, 0, 1)
        return F.conv2d(F.pad(x.permute(0, 3, 1, 2), (pads,) * 4), W, arrays["bias"]).permute(0, 2, 3, 1)

    wide, small = params["wide"], params["1"]
    normalised = torch_normalise(
        F,
        wide["batch_normalization"],
        state["wide"]["batch_normalization"],
        F.tanh(convolved(wide["conv2d"], 1)),
        training,
    )
    return torch.cat([normalised, F.relu(convolved(small["conv2d"], 0)), x], -1)


def torch_channels(F, params, state, x, training):
    """Each channel through its own two layers."""
    import torch

    def one(channel):
        mine = params[str(channel)]
        z = x[..., channel : channel + 1].flatten(1)
        z = torch_normalise(F, mine["batch_normalization"], state[str(channel)]["batch_normalization"], z, training)
        return F.sigmoid(torch_dense(F, mine["dense"], state, z, training)).reshape(-1, 3, 1)

    return torch.cat([one(channel) for channel in range(x.shape[-1])], -1)


def torch_tied(F, params, state, x, training):
    """A tied pair in each of two branches, added up."""
    return sum(
        F.linear(torch_dense(F, one["code"], state, x, training), one["code"]["kernel"], one["back"]["bias"])
        for one in (params["0"], params["1"])
    )


def keras_tied_pairs():
    """The same pair of Dense and tied layer twice."""
    import keras

    class Pair(keras.layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], 2), initializer="zeros")
            self.bias = self.add_weight(shape=(2,), initializer="zeros")
            self.back = self.add_weight(shape=(shape[-1],), initializer="zeros")

        def call(self, x):
            h = keras.ops.matmul(x, self.kernel) + self.bias
            return keras.ops.matmul(h, keras.ops.transpose(self.kernel)) + self.back

    x = keras.Input((4,))
    return keras.Model(x, keras.layers.Add()([Pair()(x), Pair()(x)]))


def tied_pair():
    return [Dense(2, name="code"), TiedDense("code", name="back")]


BLOCK_ROWS = [
    LayerRow(
        case="Block: two Dense layers, the last with softmax",
        covers=Block,
        layer=Block([Dense(4, activation="tanh"), Dense(3, activation="softmax")]),
        in_shape=(3,),
        hand=Hand(
            x=[[2]],
            params={"low": {"kernel": [[1, -1]]}, "high": {"kernel": [[3], [5]]}},
            y=[[6]],
            dy=[[1]],
            dx=[[3]],
            grads={"low": {"kernel": [[6, 0]]}, "high": {"kernel": [[2], [0]]}},
            layer=Block([Dense(2, activation="relu", **LOW), Dense(1, **HIGH)]),
            worked="the numbers of the chain of two Dense layers: u = 2, -2; z = 2, 0; y = 2*3",
        ),
        also=(
            Hand(x=[[1, 2]], y=[[1, 2]], dy=[[3, 4]], dx=[[3, 4]], layer=Block([]), worked="without layers, x itself"),
        ),
        keras=keras_layers(
            keras_layer("Dense", 4, activation="tanh"),
            keras_layer("Dense", 3, activation="softmax"),
        ),
        torch=lambda F, params, state, x, training: F.softmax(
            torch_dense(
                F, params["dense_1"], state, F.tanh(torch_dense(F, params["dense"], state, x, training)), training
            ),
            -1,
        ),
    ),
    LayerRow(
        case="Block within Block, with BatchNormalization",
        covers=Block,
        layer=Block([BatchNormalization(), Block([Dense(4, activation="tanh"), Dense(2, activation="relu")])]),
        in_shape=(3,),
        batch=5,
        hand=Hand(
            x=[[1], [3]],
            params={"inner": {"batch_normalization": SCALE}},
            y=[[0], [2]],
            dy=[[1], [0]],
            dx=[[0.375], [-0.375]],
            grads={"inner": {"batch_normalization": TRAINING_HAND.grads}},
            state={"inner": {"batch_normalization": STATE}},
            new_state={"inner": {"batch_normalization": TRAINING_HAND.new_state}},
            layer=Block([Block([BatchNormalization(**BY_HAND)], name="inner")]),
            training=True,
            worked="the numbers of BatchNormalization",
        ),
        keras=keras_layers(
            keras_layer("BatchNormalization"),
            keras_layers(keras_layer("Dense", 4, activation="tanh"), keras_layer("Dense", 2, activation="relu")),
        ),
        torch=torch_deep,
        modes=BOTH,
    ),
]

PARALLEL_ROWS = [
    LayerRow(
        case="Parallel: an Inception module, one branch empty",
        covers=Parallel,
        layer=Parallel(
            [
                Block([Conv2D(2, 3, padding="same", activation="tanh"), BatchNormalization()], name="wide"),
                Conv2D(3, 1, activation="relu"),
                [],
            ]
        ),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=[[3]],
            params={"0": {"low": {"kernel": [[2, 1]]}}, "2": {"high": {"kernel": [[-1]]}}},
            y=[[6, 3, 3, -3]],
            dy=[[1, 2, 10, 5]],
            dx=[[9]],
            grads={"0": {"low": {"kernel": [[3, 6]]}}, "2": {"high": {"kernel": [[15]]}}},
            layer=Parallel([[Dense(2, **LOW)], [], [Dense(1, **HIGH)]]),
            worked="dx = (2*1 + 1*2) + 10 - 5; dW = 3 [1, 2] and 3 * 5",
        ),
        keras=keras_branches(
            (3, 4, 2),
            "Concatenate",
            keras_layers(
                keras_layer("Conv2D", 2, 3, padding="same", activation="tanh"), keras_layer("BatchNormalization")
            ),
            keras_layers(keras_layer("Conv2D", 3, 1, activation="relu")),
            None,
        ),
        torch=torch_inception,
        modes=BOTH,
    ),
    LayerRow(
        case="Parallel, added up",
        covers=Parallel,
        layer=Parallel([[Dense(3, activation="tanh"), Dropout(0.4)], [Residual([Dense(3)])]], mode="add"),
        in_shape=(3,),
        hand=Hand(
            x=[[3]],
            params={"0": {"low": {"kernel": [[2]]}}},
            y=[[9]],
            dy=[[1]],
            dx=[[3]],
            grads={"0": {"low": {"kernel": [[3]]}}},
            layer=Parallel([[Dense(1, **LOW)], []], mode="add"),
            worked="y = 2*3 + 3, dx = 2 + 1",
        ),
        keras=keras_branches(
            (3,),
            "Add",
            keras_layers(keras_layer("Dense", 3, activation="tanh"), keras_layer("Dropout", 0.4)),
            lambda: _keras_around((3,), keras_layer("Dense", 3)),
        ),
        torch=lambda F, params, state, x, training: (
            F.tanh(torch_dense(F, params["0"]["dense"], state, x, training))
            + x
            + torch_dense(F, params["1"]["residual"]["dense"], state, x, training)
        ),
    ),
    LayerRow(
        case="Parallel: a tied pair in each branch",
        covers=Parallel,
        layer=Parallel([tied_pair(), tied_pair()], mode="add"),
        in_shape=(4,),
        hand=Hand(
            x=[[3, 4]],
            params={"0": {"low": {"kernel": [[1], [2]]}}},
            y=[[11, 22]],
            dy=[[1, 0]],
            dx=[[1, 2]],
            grads={"0": {"low": {"kernel": [[14], [4]]}}},
            layer=Parallel([[Dense(1, **LOW), TiedDense("low", use_bias=False)]]),
            worked="the numbers of TiedDense in a chain: both parts of dW go to the owner, in its own branch",
        ),
        keras=keras_tied_pairs,
        torch=torch_tied,
    ),
]

PER_CHANNEL_ROWS = [
    LayerRow(
        case="PerChannel: a network for each channel",
        covers=PerChannel,
        layer=PerChannel([Flatten(), BatchNormalization(), Dense(3, activation="sigmoid"), Reshape((3, 1))]),
        in_shape=(2, 2),
        batch=5,
        hand=Hand(
            x=[[3, 4]],
            params={"0": {"low": {"kernel": [[2, 1]]}}, "1": {"low": {"kernel": [[0, -1]]}}},
            y=[[6, 3, 0, -4]],
            dy=[[1, 2, 10, 5]],
            dx=[[4, -5]],
            grads={"0": {"low": {"kernel": [[3, 6]]}}, "1": {"low": {"kernel": [[40, 20]]}}},
            layer=PerChannel([Dense(2, **LOW)]),
            worked="dx = 2*1 + 1*2 and 0*10 - 1*5; dW = 3 [1, 2] and 4 [10, 5]",
        ),
        keras=keras_per_channel(
            (2, 2),
            keras_layers(
                keras_layer("Flatten"),
                keras_layer("BatchNormalization"),
                keras_layer("Dense", 3, activation="sigmoid"),
                keras_layer("Reshape", (3, 1)),
            ),
        ),
        torch=torch_channels,
        modes=BOTH,
    ),
]


def _keras_around(in_shape, make):
    """A layer and a path around it."""
    import keras

    x = keras.Input(in_shape)
    return keras.Model(x, keras.layers.Add()([x, make()(x)]))


NESTED_ROWS = [*BLOCK_ROWS, *PARALLEL_ROWS, *PER_CHANNEL_ROWS]
