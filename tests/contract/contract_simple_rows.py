"""Rows of the layers without windows: Dense, Flatten, Reshape; and how rows name a Keras layer."""

from garasu.layers import Dense, Flatten, Reshape
from tests.contract.contract_types import Hand, LayerRow


def keras_layer(name, *args, **kwargs):
    """A Keras layer, made when its rung is climbed; its kernel starts at 0: random numbers would be compiled."""
    if name in ("Conv2D", "Dense"):
        kwargs = {"kernel_initializer": "zeros", **kwargs}

    def make():
        import keras

        return getattr(keras.layers, name)(*args, **kwargs)

    return make


def keras_layers(*makers):
    """Several of them, one after another."""

    def make():
        import keras

        return keras.Sequential([one() for one in makers])

    return make


def torch_dense(F, params, state, x, training):
    """PyTorch keeps the kernel transposed."""
    return F.linear(x, params["kernel"].T, params.get("bias"))


DENSE_HAND = Hand(
    x=[[1, 2], [3, 4]],
    params={"kernel": [[1, 2, 3], [4, 5, 6]], "bias": [0.5, 0, -1]},
    y=[[9.5, 12, 14], [19.5, 26, 32]],
    dy=[[1, 0, 0], [0, 1, 2]],
    dx=[[1, 4], [8, 17]],
    grads={"kernel": [[1, 3, 6], [2, 4, 8]], "bias": [1, 1, 2]},
    layer=Dense(3),
    worked="y11 = 1*1 + 2*4 + 0.5; dx21 = 0*1 + 1*2 + 2*3; dW13 = 1*0 + 3*2; db3 = 0 + 2",
)

DENSE_ROWS = [
    LayerRow(
        case="Dense",
        covers=Dense,
        layer=Dense(4),
        in_shape=(3,),
        hand=DENSE_HAND,
        keras=keras_layer("Dense", 4),
        torch=torch_dense,
    ),
    LayerRow(
        case="Dense, batch of one",
        covers=Dense,
        layer=Dense(4),
        in_shape=(3,),
        batch=1,
        hand=Hand(
            x=[[3, 4]],
            params={"kernel": [[1], [2]], "bias": [0.5]},
            y=[[11.5]],
            dy=[[1]],
            dx=[[1, 2]],
            grads={"kernel": [[3], [4]], "bias": [1]},
            layer=Dense(1),
        ),
        keras=keras_layer("Dense", 4),
        torch=torch_dense,
    ),
    LayerRow(
        case="Dense on sequences (N, places, n)",
        covers=Dense,
        layer=Dense(4),
        in_shape=(5, 3),
        hand=Hand(
            x=[[[1, 2], [3, 4]]],
            params=DENSE_HAND.params,
            y=[DENSE_HAND.y],
            dy=[DENSE_HAND.dy],
            dx=[DENSE_HAND.dx],
            grads=DENSE_HAND.grads,
            layer=Dense(3),
            worked="one row of two places: the numbers of Dense's own row; dW and db add up over the places",
        ),
        keras=keras_layer("Dense", 4),
        torch=torch_dense,
    ),
    LayerRow(
        case="Dense without bias",
        covers=Dense,
        layer=Dense(2, use_bias=False),
        in_shape=(3,),
        hand=Hand(
            x=[[3, 4]],
            params={"kernel": [[1], [2]]},
            y=[[11]],
            dy=[[2]],
            dx=[[2, 4]],
            grads={"kernel": [[6], [8]]},
            layer=Dense(1, use_bias=False),
        ),
        keras=keras_layer("Dense", 2, use_bias=False),
        torch=torch_dense,
    ),
]

SHAPE_ROWS = [
    LayerRow(
        case="Flatten",
        covers=Flatten,
        layer=Flatten(),
        in_shape=(2, 3, 2),
        hand=Hand(
            x=[[[[1, 2]], [[3, 4]]]],
            y=[[1, 2, 3, 4]],
            dy=[[5, 6, 7, 8]],
            dx=[[[[5, 6]], [[7, 8]]]],
            worked="2 rows, 1 column, 2 channels: channels innermost",
        ),
        keras=keras_layer("Flatten"),
        torch=lambda F, params, state, x, training: x.flatten(1),
    ),
    LayerRow(
        case="Flatten of a flat input",
        covers=Flatten,
        layer=Flatten(),
        in_shape=(4,),
        hand=Hand(x=[[1, 2]], y=[[1, 2]], dy=[[5, 6]], dx=[[5, 6]]),
        keras=keras_layer("Flatten"),
        torch=lambda F, params, state, x, training: x.flatten(1),
    ),
    LayerRow(
        case="Reshape",
        covers=Reshape,
        layer=Reshape((3, 2)),
        in_shape=(6,),
        hand=Hand(
            x=[[1, 2, 3, 4]],
            y=[[[1, 2], [3, 4]]],
            dy=[[[5, 6], [7, 8]]],
            dx=[[5, 6, 7, 8]],
            layer=Reshape((2, 2)),
        ),
        keras=keras_layer("Reshape", (3, 2)),
        torch=lambda F, params, state, x, training: x.reshape(-1, 3, 2),
    ),
    LayerRow(
        case="Reshape with -1",
        covers=Reshape,
        layer=Reshape((2, -1, 2)),
        in_shape=(3, 4),
        hand=Hand(
            x=[[1, 2, 3, 4]],
            y=[[[1], [2], [3], [4]]],
            dy=[[[5], [6], [7], [8]]],
            dx=[[5, 6, 7, 8]],
            layer=Reshape((-1, 1)),
        ),
        keras=keras_layer("Reshape", (2, -1, 2)),
        torch=lambda F, params, state, x, training: x.reshape(-1, 2, 3, 2),
    ),
]

SIMPLE_ROWS = [*DENSE_ROWS, *SHAPE_ROWS]
