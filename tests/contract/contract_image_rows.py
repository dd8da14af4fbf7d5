"""Rows of the layers that convolve. Those that pool: contract_pooling_rows.py."""

from garasu.layers import Conv2D
from tests.contract.contract_simple_rows import DENSE_HAND, keras_layer, keras_layers
from tests.contract.contract_types import Hand, LayerRow


def picture(rows):
    """One image of one channel: (1, Y, X, 1)."""
    return [[[[value] for value in row] for row in rows]]


def kernel(rows):
    """One kernel from one channel to one filter: (F, F, 1, 1)."""
    return [[[[value]] for value in row] for row in rows]


def pads_around(x, pads, F, value=0.0):
    """PyTorch pads NCHW from the last axis on."""
    (above, below), (left, right) = pads
    return F.pad(x.permute(0, 3, 1, 2), (left, right, above, below), value=value)


def torch_conv(stride, pads):
    """PyTorch's convolution, the padding worked out by hand in each row."""

    def call(F, params, state, x, training):
        W = params["kernel"].permute(3, 2, 0, 1)
        return F.conv2d(pads_around(x, pads, F), W, params.get("bias"), stride).permute(0, 2, 3, 1)

    return call


NONE = ((0, 0), (0, 0))
SOBEL = kernel([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
FOUR = picture([[3, 0, 2, 2], [1, 0, 3, 1], [3, 2, 2, 0], [1, 2, 2, 1]])

VALID_HAND = Hand(
    x=FOUR,
    params={"kernel": SOBEL, "bias": [10]},
    y=picture([[12, 12], [11, 6]]),
    dy=picture([[1, 0], [0, 0]]),
    dx=picture([[-1, 0, 1, 0], [-2, 0, 2, 0], [-1, 0, 1, 0], [0, 0, 0, 0]]),
    grads={"kernel": kernel([[3, 0, 2], [1, 0, 3], [3, 2, 2]]), "bias": [1]},
    layer=Conv2D(1, 3),
    worked="-3 + 2 - 2*1 + 2*3 - 3 + 2 = 2, and 10; one error: dW is its window, dx the kernel laid there",
)

CONV_ROWS = [
    LayerRow(
        case="Conv2D, valid",
        covers=Conv2D,
        layer=Conv2D(3, (3, 3)),
        in_shape=(5, 6, 2),
        hand=VALID_HAND,
        keras=keras_layer("Conv2D", 3, (3, 3)),
        torch=torch_conv((1, 1), NONE),
    ),
    LayerRow(
        case="Conv2D, one channel, batch of one",
        covers=Conv2D,
        layer=Conv2D(3, (3, 3)),
        in_shape=(4, 4, 1),
        batch=1,
        hand=VALID_HAND,
        keras=keras_layer("Conv2D", 3, (3, 3)),
        torch=torch_conv((1, 1), NONE),
    ),
    LayerRow(
        case="Conv2D, same, stride 2",
        covers=Conv2D,
        layer=Conv2D(2, (3, 2), strides=2, padding="same"),
        in_shape=(5, 4, 2),
        hand=Hand(
            x=picture([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
            params={"kernel": kernel([[1, 1], [1, 1]]), "bias": [0]},
            y=picture([[12, 9], [15, 9]]),
            dy=picture([[1, 2], [3, 4]]),
            dx=picture([[1, 1, 2], [1, 1, 2], [3, 3, 4]]),
            grads={"kernel": kernel([[64, 26], [16, 5]]), "bias": [10]},
            layer=Conv2D(1, 2, strides=2, padding="same"),
            worked="a row below and a column to the right; 1+2+4+5 = 12; dW11 = 1*1 + 2*3 + 3*7 + 4*9 = 64",
        ),
        keras=keras_layer("Conv2D", 2, (3, 2), strides=2, padding="same"),
        torch=torch_conv((2, 2), ((1, 1), (0, 0))),
    ),
    LayerRow(
        case="Conv2D, same, one channel, even window",
        covers=Conv2D,
        layer=Conv2D(2, 4, padding="same"),
        in_shape=(5, 4, 1),
        hand=Hand(
            x=picture([[1, 2]]),
            params={"kernel": kernel([[3, 4]]), "bias": [0]},
            y=picture([[11, 6]]),
            dy=picture([[1, 10]]),
            dx=picture([[3, 34]]),
            grads={"kernel": kernel([[21, 2]]), "bias": [11]},
            layer=Conv2D(1, (1, 2), padding="same"),
            worked="the odd column is added to the right: 1*3 + 2*4 = 11, 2*3 + 0*4 = 6; dx2 = 1*4 + 10*3",
        ),
        keras=keras_layer("Conv2D", 2, 4, padding="same"),
        torch=torch_conv((1, 1), ((1, 2), (1, 2))),
    ),
    LayerRow(
        case="Conv2D, explicit padding",
        covers=Conv2D,
        layer=Conv2D(2, 2, padding=((1, 0), (0, 2))),
        in_shape=(3, 2, 2),
        hand=Hand(
            x=picture([[1, 2], [3, 4]]),
            params={"kernel": kernel([[1, 10], [100, 1000]]), "bias": [0]},
            y=picture([[2100, 200, 0], [4321, 402, 0]]),
            dy=picture([[1, 1, 1], [1, 1, 1]]),
            dx=picture([[101, 1111], [100, 1100]]),
            grads={"kernel": kernel([[3, 2], [10, 6]]), "bias": [6]},
            layer=Conv2D(1, 2, padding=((1, 0), (0, 2))),
            worked="padded: 0 0 0 0 / 1 2 0 0 / 3 4 0 0; 1 + 2*10 + 3*100 + 4*1000 = 4321",
        ),
        keras=keras_layers(keras_layer("ZeroPadding2D", ((1, 0), (0, 2))), keras_layer("Conv2D", 2, 2)),
        torch=torch_conv((1, 1), ((1, 0), (0, 2))),
    ),
    LayerRow(
        case="Conv2D, images of one pixel",
        covers=Conv2D,
        layer=Conv2D(3, 3, padding="same"),
        in_shape=(1, 1, 2),
        hand=Hand(
            x=picture([[7]]),
            params={"kernel": kernel([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), "bias": [1]},
            y=picture([[36]]),
            dy=picture([[2]]),
            dx=picture([[10]]),
            grads={"kernel": kernel([[0, 0, 0], [0, 14, 0], [0, 0, 0]]), "bias": [2]},
            layer=Conv2D(1, 3, padding="same"),
            worked="only the middle of the kernel meets the image: 7 * 5 + 1",
        ),
        keras=keras_layer("Conv2D", 3, 3, padding="same"),
        torch=torch_conv((1, 1), ((1, 1), (1, 1))),
    ),
    LayerRow(
        case="Conv2D, window of one pixel, as Dense",
        covers=Conv2D,
        layer=Conv2D(3, 1),
        in_shape=(2, 3, 2),
        hand=Hand(
            x=[[[[1, 2], [3, 4]]]],
            params={"kernel": [[DENSE_HAND.params["kernel"]]], "bias": DENSE_HAND.params["bias"]},
            y=[[DENSE_HAND.y]],
            dy=[[DENSE_HAND.dy]],
            dx=[[DENSE_HAND.dx]],
            grads={"kernel": [[DENSE_HAND.grads["kernel"]]], "bias": DENSE_HAND.grads["bias"]},
            worked="two pixels of two channels: the numbers of Dense's row",
        ),
        keras=keras_layer("Conv2D", 3, 1),
        torch=torch_conv((1, 1), NONE),
    ),
    LayerRow(
        case="Conv2D, stride 3 over window 2, no bias",
        covers=Conv2D,
        layer=Conv2D(2, 2, strides=(3, 2), use_bias=False),
        in_shape=(6, 5, 1),
        hand=Hand(
            x=picture([[1, 2, 9, 3, 4, 9]]),
            params={"kernel": kernel([[10, 1]])},
            y=picture([[12, 34]]),
            dy=picture([[1, 2]]),
            dx=picture([[10, 1, 0, 20, 2, 0]]),
            grads={"kernel": kernel([[7, 10]])},
            layer=Conv2D(1, (1, 2), strides=(1, 3), use_bias=False),
            worked="the 9s are stepped over and get no error; dW = [1*1 + 2*3, 1*2 + 2*4]",
        ),
        keras=keras_layer("Conv2D", 2, 2, strides=(3, 2), use_bias=False),
        torch=torch_conv((3, 2), NONE),
    ),
]

IMAGE_ROWS = CONV_ROWS
