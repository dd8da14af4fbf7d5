"""Rows of the layers that pool, enlarge, frame and crop images."""

from garasu.layers import (
    AveragePooling2D,
    Cropping2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LpPooling2D,
    MaxPooling2D,
    UpSampling2D,
    ZeroPadding2D,
)
from tests.contract.contract_image_rows import NONE, pads_around, picture
from tests.contract.contract_simple_rows import keras_layer, keras_layers
from tests.contract.contract_types import Hand, LayerRow


def torch_pool(size, stride, pads):
    """PyTorch's max pooling over padding of minus infinity."""

    def call(F, params, state, x, training):
        return F.max_pool2d(pads_around(x, pads, F, float("-inf")), size, stride).permute(0, 2, 3, 1)

    return call


def torch_average(size, stride, pads):
    """PyTorch's average pooling; its padding counts, so it is divided by what it makes of ones."""

    def call(F, params, state, x, training):
        counts = F.avg_pool2d(pads_around(x.detach() * 0 + 1, pads, F), size, stride)
        return (F.avg_pool2d(pads_around(x, pads, F), size, stride) / counts).permute(0, 2, 3, 1)

    return call


def torch_lp(p, size, stride):
    """PyTorch's Lp pooling of sizes; it adds where the course takes the mean."""

    def call(F, params, state, x, training):
        places = size[0] * size[1]
        return F.lp_pool2d(x.abs().permute(0, 3, 1, 2), p, size, stride).permute(0, 2, 3, 1) / places ** (1 / p)

    return call


def torch_lp_same(p, size, stride, pads):
    """By PyTorch's average pooling, where padding does not count."""
    average = torch_average(size, stride, pads)

    def call(F, params, state, x, training):
        return average(F, params, state, x.abs() ** p, training) ** (1 / p)

    return call


def torch_enlarge(size, mode):
    def call(F, params, state, x, training):
        more = {"align_corners": False} if mode == "bilinear" else {}
        return F.interpolate(x.permute(0, 3, 1, 2), scale_factor=size, mode=mode, **more).permute(0, 2, 3, 1)

    return call


def keras_function(function):
    """A Keras layer of a function of ``keras`` and its input."""

    def make():
        import keras

        return keras.layers.Lambda(lambda x: function(keras, x))

    return make


def keras_lp(p, *args, **kwargs):
    """Keras has no Lp pooling: average pooling between a power and its root."""
    return keras_layers(
        keras_function(lambda keras, x: keras.ops.abs(x) ** p),
        keras_layer("AveragePooling2D", *args, **kwargs),
        keras_function(lambda keras, x: x ** (1 / p)),
    )


def keras_average_padded(pads, *args):
    """Keras counts the zeros that a layer before it adds: divided by what it makes of ones."""
    before, pool = keras_layer("ZeroPadding2D", pads), keras_layer("AveragePooling2D", *args)

    def padded(keras, x):
        return pool()(before()(x)) / pool()(before()(keras.ops.ones_like(x)))

    return keras_function(padded)


MAX_ROWS = [
    LayerRow(
        case="MaxPooling2D",
        covers=MaxPooling2D,
        layer=MaxPooling2D(),
        in_shape=(4, 6, 2),
        hand=Hand(
            x=picture([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]),
            y=picture([[6, 8], [14, 16]]),
            dy=picture([[1, 2], [3, 4]]),
            dx=picture([[0, 0, 0, 0], [0, 1, 0, 2], [0, 0, 0, 0], [0, 3, 0, 4]]),
        ),
        keras=keras_layer("MaxPooling2D"),
        torch=torch_pool(2, 2, NONE),
    ),
    LayerRow(
        case="MaxPooling2D, what does not divide is left out",
        covers=MaxPooling2D,
        layer=MaxPooling2D(2),
        in_shape=(5, 3, 2),
        hand=Hand(
            x=picture([[1, 2, 9], [3, 4, 9], [9, 9, 9]]),
            y=picture([[4]]),
            dy=picture([[5]]),
            dx=picture([[0, 0, 0], [0, 5, 0], [0, 0, 0]]),
        ),
        keras=keras_layer("MaxPooling2D", 2),
        torch=torch_pool(2, 2, NONE),
    ),
    LayerRow(
        case="MaxPooling2D, same: padding never wins",
        covers=MaxPooling2D,
        layer=MaxPooling2D((2, 3), padding="same"),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=picture([[-1, -2, -3], [-4, -5, -6], [-7, -8, -9]]),
            y=picture([[-1, -3], [-7, -9]]),
            dy=picture([[1, 2], [3, 4]]),
            dx=picture([[1, 0, 2], [0, 0, 0], [3, 0, 4]]),
            layer=MaxPooling2D(2, padding="same"),
        ),
        keras=keras_layer("MaxPooling2D", (2, 3), padding="same"),
        torch=torch_pool((2, 3), (2, 3), ((0, 1), (1, 1))),
    ),
    LayerRow(
        case="MaxPooling2D, windows that overlap",
        covers=MaxPooling2D,
        layer=MaxPooling2D(3, strides=(1, 2)),
        in_shape=(4, 5, 1),
        hand=Hand(
            x=picture([[0, 0, 0], [0, 9, 0], [0, 0, 0]]),
            y=picture([[9, 9], [9, 9]]),
            dy=picture([[1, 2], [3, 4]]),
            dx=picture([[0, 0, 0], [0, 10, 0], [0, 0, 0]]),
            layer=MaxPooling2D(2, strides=1),
            worked="all four windows hold the 9: 1 + 2 + 3 + 4",
        ),
        keras=keras_layer("MaxPooling2D", 3, strides=(1, 2)),
        torch=torch_pool(3, (1, 2), NONE),
    ),
    LayerRow(
        case="MaxPooling2D, stride beyond the window",
        covers=MaxPooling2D,
        layer=MaxPooling2D(2, strides=3),
        in_shape=(5, 7, 2),
        batch=1,
        hand=Hand(
            x=picture([[1, 2, 9, 4, 3]]),
            y=picture([[2, 4]]),
            dy=picture([[1, 5]]),
            dx=picture([[0, 1, 0, 5, 0]]),
            layer=MaxPooling2D((1, 2), strides=3),
        ),
        keras=keras_layer("MaxPooling2D", 2, strides=3),
        torch=torch_pool(2, 3, NONE),
    ),
    LayerRow(
        case="MaxPooling2D, images of one pixel",
        covers=MaxPooling2D,
        layer=MaxPooling2D(2, padding="same"),
        in_shape=(1, 1, 3),
        hand=Hand(x=picture([[7]]), y=picture([[7]]), dy=picture([[2]]), dx=picture([[2]])),
        keras=keras_layer("MaxPooling2D", 2, padding="same"),
        torch=torch_pool(2, 2, ((0, 1), (0, 1))),
    ),
]

AVERAGE_ROWS = [
    LayerRow(
        case="AveragePooling2D, what does not divide is left out",
        covers=AveragePooling2D,
        layer=AveragePooling2D(),
        in_shape=(5, 6, 2),
        hand=Hand(
            x=picture([[1, 2, 9], [3, 6, 9], [9, 9, 9]]),
            y=picture([[3]]),
            dy=picture([[8]]),
            dx=picture([[2, 2, 0], [2, 2, 0], [0, 0, 0]]),
        ),
        keras=keras_layer("AveragePooling2D", 2),
        torch=torch_average(2, 2, NONE),
    ),
    LayerRow(
        case="AveragePooling2D, same: padding is not counted",
        covers=AveragePooling2D,
        layer=AveragePooling2D((2, 3), padding="same"),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=picture([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
            y=picture([[3, 4.5], [7.5, 9]]),
            dy=picture([[4, 2], [2, 5]]),
            dx=picture([[1, 1, 1], [1, 1, 1], [1, 1, 5]]),
            layer=AveragePooling2D(2, padding="same"),
            worked="(1 + 2 + 4 + 5) / 4, (3 + 6) / 2, (7 + 8) / 2, 9 / 1",
        ),
        keras=keras_layer("AveragePooling2D", (2, 3), padding="same"),
        torch=torch_average((2, 3), (2, 3), ((0, 1), (1, 1))),
    ),
    LayerRow(
        case="AveragePooling2D, windows that overlap, explicit padding",
        covers=AveragePooling2D,
        layer=AveragePooling2D(3, strides=(1, 2), padding=((1, 0), (2, 1))),
        in_shape=(4, 5, 1),
        hand=Hand(
            x=picture([[1, 2], [3, 4]]),
            y=picture([[1.5, 2], [2.5, 3]]),
            dy=picture([[2, 1], [4, 2]]),
            dx=picture([[2, 4], [1, 2]]),
            layer=AveragePooling2D(2, strides=1, padding=((1, 0), (0, 1))),
            worked="(1 + 2) / 2, 2 / 1, (1 + 2 + 3 + 4) / 4, (2 + 4) / 2; the 2 is seen by all: 2/2 + 1/1 + 4/4 + 2/2",
        ),
        keras=keras_average_padded(((1, 0), (2, 1)), 3, (1, 2)),
        torch=torch_average(3, (1, 2), ((1, 0), (2, 1))),
    ),
    LayerRow(
        case="AveragePooling2D, stride beyond the window, batch of one",
        covers=AveragePooling2D,
        layer=AveragePooling2D(2, strides=3),
        in_shape=(5, 7, 2),
        batch=1,
        hand=Hand(
            x=picture([[1, 3, 9, 4, 8]]),
            y=picture([[2, 6]]),
            dy=picture([[2, 4]]),
            dx=picture([[1, 1, 0, 2, 2]]),
            layer=AveragePooling2D((1, 2), strides=3),
        ),
        keras=keras_layer("AveragePooling2D", 2, strides=3),
        torch=torch_average(2, 3, NONE),
    ),
]

LP_ROWS = [
    LayerRow(
        case="LpPooling2D",
        covers=LpPooling2D,
        layer=LpPooling2D(),
        in_shape=(4, 5, 2),
        hand=Hand(
            x=picture([[1, -1], [7, 7]]),
            y=picture([[5]]),
            dy=picture([[20]]),
            dx=picture([[1, -1], [7, 7]]),
            worked="(1 + 1 + 49 + 49) / 4 = 25; dx = x / 5 * 20 / 4",
        ),
        also=(Hand(x=picture([[0, 0], [0, 0]]), y=picture([[0]]), dy=picture([[5]]), dx=picture([[0, 0], [0, 0]])),),
        keras=keras_lp(2, 2),
        torch=torch_lp(2, (2, 2), (2, 2)),
    ),
    LayerRow(
        case="LpPooling2D, P 3, same: padding is not counted",
        covers=LpPooling2D,
        layer=LpPooling2D((2, 3), padding="same", p=3),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=picture([[-2, 2, -3]]),
            y=picture([[2, 3]]),
            dy=picture([[4, 5]]),
            dx=picture([[-2, 2, -5]]),
            layer=LpPooling2D((1, 2), padding="same", p=3),
            worked="the size of x counts: (8 + 8) / 2 = 8, 27 / 1 = 27; where |x| = y, dx = sign(x) dy / m",
        ),
        keras=keras_lp(3, (2, 3), padding="same"),
        torch=torch_lp_same(3, (2, 3), (2, 3), ((0, 1), (1, 1))),
    ),
    LayerRow(
        case="LpPooling2D, P 1.5, windows that overlap",
        covers=LpPooling2D,
        layer=LpPooling2D(2, strides=1, p=1.5),
        in_shape=(3, 4, 1),
        hand=Hand(
            x=picture([[1, -3, 5]]),
            y=picture([[2, 4]]),
            dy=picture([[2, 4]]),
            dx=picture([[1, -3, 2]]),
            layer=LpPooling2D((1, 2), strides=1, p=1),
            worked="P = 1 is the mean of sizes: -3 is in both windows, -(2/2 + 4/2)",
        ),
        keras=keras_lp(1.5, 2, 1),
        torch=torch_lp(1.5, (2, 2), (1, 1)),
    ),
]

SQUARE = picture([[1, 2], [3, 6]])

GLOBAL_ROWS = [
    LayerRow(
        case="GlobalAveragePooling2D",
        covers=GlobalAveragePooling2D,
        layer=GlobalAveragePooling2D(),
        in_shape=(3, 4, 2),
        hand=Hand(x=SQUARE, y=[[3]], dy=[[4]], dx=picture([[1, 1], [1, 1]])),
        keras=keras_layer("GlobalAveragePooling2D"),
        torch=lambda F, params, state, x, training: x.mean(dim=(1, 2)),
    ),
    LayerRow(
        case="GlobalAveragePooling2D, the axes kept",
        covers=GlobalAveragePooling2D,
        layer=GlobalAveragePooling2D(keepdims=True),
        in_shape=(1, 3, 2),
        hand=Hand(x=SQUARE, y=picture([[3]]), dy=picture([[4]]), dx=picture([[1, 1], [1, 1]])),
        keras=keras_layer("GlobalAveragePooling2D", keepdims=True),
        torch=lambda F, params, state, x, training: x.mean(dim=(1, 2), keepdim=True),
    ),
    LayerRow(
        case="GlobalMaxPooling2D",
        covers=GlobalMaxPooling2D,
        layer=GlobalMaxPooling2D(),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=picture([[1, 6], [6, 2]]),
            y=[[6]],
            dy=[[5]],
            dx=picture([[0, 5], [0, 0]]),
            worked="the first 6 of the two gets all",
        ),
        keras=keras_layer("GlobalMaxPooling2D"),
        torch=lambda F, params, state, x, training: x.amax(dim=(1, 2)),
    ),
    LayerRow(
        case="GlobalMaxPooling2D, the axes kept",
        covers=GlobalMaxPooling2D,
        layer=GlobalMaxPooling2D(keepdims=True),
        in_shape=(1, 3, 2),
        hand=Hand(x=SQUARE, y=picture([[6]]), dy=picture([[5]]), dx=picture([[0, 0], [0, 5]])),
        keras=keras_layer("GlobalMaxPooling2D", keepdims=True),
        torch=lambda F, params, state, x, training: x.amax(dim=(1, 2), keepdim=True),
    ),
]

SIZE_ROWS = [
    LayerRow(
        case="UpSampling2D",
        covers=UpSampling2D,
        layer=UpSampling2D((2, 3)),
        in_shape=(2, 3, 2),
        hand=Hand(
            x=picture([[1, 2]]),
            y=picture([[1, 1, 2, 2], [1, 1, 2, 2]]),
            dy=picture([[1, 2, 3, 4], [5, 6, 7, 8]]),
            dx=picture([[14, 22]]),
            layer=UpSampling2D(2),
            worked="1 + 2 + 5 + 6, 3 + 4 + 7 + 8",
        ),
        keras=keras_layer("UpSampling2D", (2, 3)),
        torch=torch_enlarge((2, 3), "nearest"),
    ),
    LayerRow(
        case="UpSampling2D, bilinear",
        covers=UpSampling2D,
        layer=UpSampling2D((3, 2), interpolation="bilinear"),
        in_shape=(3, 2, 2),
        hand=Hand(
            x=picture([[0, 4]]),
            y=picture([[0, 1, 3, 4]]),
            dy=picture([[1, 2, 3, 4]]),
            dx=picture([[3.25, 6.75]]),
            layer=UpSampling2D((1, 2), interpolation="bilinear"),
            worked="weights 1, 3/4, 1/4, 0 and 0, 1/4, 3/4, 1: 1 + 1.5 + 0.75, 0.5 + 2.25 + 4",
        ),
        keras=keras_layer("UpSampling2D", (3, 2), interpolation="bilinear"),
        torch=torch_enlarge((3, 2), "bilinear"),
    ),
    LayerRow(
        case="ZeroPadding2D",
        covers=ZeroPadding2D,
        layer=ZeroPadding2D(((1, 0), (0, 2))),
        in_shape=(2, 3, 2),
        hand=Hand(
            x=picture([[5, 6]]),
            y=picture([[0, 0, 0, 0], [0, 5, 6, 0], [0, 0, 0, 0]]),
            dy=picture([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]),
            dx=picture([[6, 7]]),
            layer=ZeroPadding2D(1),
        ),
        keras=keras_layer("ZeroPadding2D", ((1, 0), (0, 2))),
        torch=lambda F, params, state, x, training: pads_around(x, ((1, 0), (0, 2)), F).permute(0, 2, 3, 1),
    ),
    LayerRow(
        case="ZeroPadding2D, rows and columns",
        covers=ZeroPadding2D,
        layer=ZeroPadding2D((0, 2)),
        in_shape=(1, 1, 2),
        hand=Hand(
            x=picture([[5]]),
            y=picture([[0, 0, 5, 0, 0]]),
            dy=picture([[1, 2, 3, 4, 5]]),
            dx=picture([[3]]),
        ),
        keras=keras_layer("ZeroPadding2D", (0, 2)),
        torch=lambda F, params, state, x, training: F.pad(x, (0, 0, 2, 2)),
    ),
    LayerRow(
        case="Cropping2D",
        covers=Cropping2D,
        layer=Cropping2D(((1, 0), (0, 2))),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=picture([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
            y=picture([[5]]),
            dy=picture([[7]]),
            dx=picture([[0, 0, 0], [0, 7, 0], [0, 0, 0]]),
            layer=Cropping2D(1),
        ),
        keras=keras_layer("Cropping2D", ((1, 0), (0, 2))),
        torch=lambda F, params, state, x, training: x[:, 1:, :-2],
    ),
]

POOLING_ROWS = [*MAX_ROWS, *AVERAGE_ROWS, *LP_ROWS, *GLOBAL_ROWS, *SIZE_ROWS]
