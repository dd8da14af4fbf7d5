"""Rows of Conv2D's further settings (dilation, groups, a frame of another value) and of Conv2DTranspose."""

from garasu.layers import Conv2D, Conv2DTranspose
from tests.contract.contract_image_rows import kernel, pads_around, picture
from tests.contract.contract_simple_rows import keras_layer, keras_layers
from tests.contract.contract_types import Hand, LayerRow


def keras_function(make):
    """A Keras layer without variables: ``make(keras.ops)`` is its function."""

    def layer():
        import keras

        return keras.layers.Lambda(make(keras.ops))

    return layer


def keras_transpose(*args, **kwargs):
    """Keras's Conv2DTranspose, its kernel starting at 0."""
    return keras_layer("Conv2DTranspose", *args, kernel_initializer="zeros", **kwargs)


def keras_transpose_in_groups(filters, window, strides, groups):
    """Keras has no groups here: its own operation for each of them, side by side."""

    def make():
        import keras

        class Grouped(keras.layers.Layer):
            def build(self, shape):
                self.kernel = self.add_weight(shape=(*window, filters // groups, shape[-1]), initializer="zeros")
                self.bias = self.add_weight(shape=(filters,), initializer="zeros")

            def call(self, x):
                parts = zip(keras.ops.split(x, groups, -1), keras.ops.split(self.kernel, groups, -1), strict=True)
                made = [keras.ops.conv_transpose(part, own, strides, "valid") for part, own in parts]
                return keras.ops.concatenate(made, -1) + self.bias

        return Grouped()

    return make


def torch_transpose(stride, cut, more=(0, 0), dilation=(1, 1), groups=1):
    """PyTorch's transposed convolution whole; the rows and columns cut off and added are worked out in each row."""
    (above, below), (left, right) = cut

    def call(F, params, state, x, training):
        W = params["kernel"].permute(3, 2, 0, 1)
        whole = F.conv_transpose2d(x.permute(0, 3, 1, 2), W, None, stride, 0, 0, groups, dilation)
        y = F.pad(whole, (-left, more[1] - right, -above, more[0] - below)).permute(0, 2, 3, 1)
        return y + params["bias"] if "bias" in params else y

    return call


NONE = ((0, 0), (0, 0))
EVERYTHING = ((1, 0), (0, 2))


def torch_everything(F, params, state, x, training):
    W = params["kernel"].permute(3, 2, 0, 1)
    framed = pads_around(x, EVERYTHING, F, -1.5)
    return F.conv2d(framed, W, params["bias"], (2, 1), 0, (2, 1), 2).permute(0, 2, 3, 1)


CONV2D_ROWS = [
    LayerRow(
        case="Conv2D, dilation",
        covers=Conv2D,
        layer=Conv2D(2, (2, 3), padding="same", dilation_rate=(3, 2)),
        in_shape=(5, 6, 2),
        hand=Hand(
            x=picture([[1, 2, 3, 4]]),
            params={"kernel": kernel([[10, 1]]), "bias": [0]},
            y=picture([[13, 24]]),
            dy=picture([[1, 2]]),
            dx=picture([[10, 20, 1, 2]]),
            grads={"kernel": kernel([[5, 11]]), "bias": [3]},
            layer=Conv2D(1, (1, 2), dilation_rate=2),
            worked="a gap of one column: 1*10 + 3*1, 2*10 + 4*1; dW = [1*1 + 2*2, 1*3 + 2*4]",
        ),
        keras=keras_layer("Conv2D", 2, (2, 3), padding="same", dilation_rate=(3, 2)),
        torch=lambda F, params, state, x, training: F.conv2d(
            pads_around(x, ((1, 2), (2, 2)), F), params["kernel"].permute(3, 2, 0, 1), params["bias"], 1, 0, (3, 2)
        ).permute(0, 2, 3, 1),
    ),
    LayerRow(
        case="Conv2D, groups",
        covers=Conv2D,
        layer=Conv2D(6, (2, 3), groups=2),
        in_shape=(4, 5, 4),
        hand=Hand(
            x=[[[[3, 5]]]],
            params={"kernel": [[[[2, 7]]]], "bias": [0, 1]},
            y=[[[[6, 36]]]],
            dy=[[[[1, 10]]]],
            dx=[[[[2, 70]]]],
            grads={"kernel": [[[[3, 50]]]], "bias": [1, 10]},
            layer=Conv2D(2, 1, groups=2),
            worked="one pixel of two channels, one filter for each: 3*2 and 5*7 + 1",
        ),
        keras=keras_layer("Conv2D", 6, (2, 3), groups=2),
        torch=lambda F, params, state, x, training: F.conv2d(
            x.permute(0, 3, 1, 2), params["kernel"].permute(3, 2, 0, 1), params["bias"], groups=2
        ).permute(0, 2, 3, 1),
    ),
    LayerRow(
        case="Conv2D, one channel in a frame of another value",
        covers=Conv2D,
        layer=Conv2D(2, (3, 2), padding="same", padding_value=2.5),
        in_shape=(4, 5, 1),
        hand=Hand(
            x=picture([[1, 2]]),
            params={"kernel": kernel([[3, 4]]), "bias": [0]},
            y=picture([[11, 42]]),
            dy=picture([[1, 10]]),
            dx=picture([[3, 34]]),
            grads={"kernel": kernel([[21, 92]]), "bias": [11]},
            layer=Conv2D(1, (1, 2), padding="same", padding_value=9),
            worked="a 9 to the right: 2*3 + 9*4 = 42; dW2 = 1*2 + 10*9; no error for the 9, dx as with a 0",
        ),
        keras=keras_layers(
            keras_function(lambda ops: lambda x: ops.pad(x, ((0, 0), (1, 1), (0, 1), (0, 0)), constant_values=2.5)),
            keras_layer("Conv2D", 2, (3, 2)),
        ),
        torch=lambda F, params, state, x, training: F.conv2d(
            pads_around(x, ((1, 1), (0, 1)), F, 2.5), params["kernel"].permute(3, 2, 0, 1), params["bias"]
        ).permute(0, 2, 3, 1),
    ),
    LayerRow(
        case="Conv2D, stride, dilation, groups and an uneven frame at once",
        covers=Conv2D,
        layer=Conv2D(4, (2, 3), strides=(2, 1), padding=EVERYTHING, dilation_rate=(2, 1), groups=2, padding_value=-1.5),
        in_shape=(5, 4, 4),
        batch=2,
        hand=Hand(
            x=picture([[1, 2, 3, 4]]),
            params={"kernel": kernel([[10, 1]]), "bias": [0]},
            y=picture([[52, 24, 45]]),
            dy=picture([[1, 1, 1]]),
            dx=picture([[0, 11, 0, 11]]),
            grads={"kernel": kernel([[11, 11]]), "bias": [3]},
            layer=Conv2D(1, (1, 2), strides=(1, 2), padding=((0, 0), (1, 2)), dilation_rate=2, padding_value=5),
            worked="5 1 2 3 4 5 5: 5*10 + 2, 2*10 + 4, 4*10 + 5; dW = [5 + 2 + 4, 2 + 4 + 5]",
        ),
        keras=keras_layers(
            keras_function(lambda ops: lambda x: ops.pad(x, ((0, 0), *EVERYTHING, (0, 0)), constant_values=-1.5)),
            keras_layer("Conv2D", 4, (2, 3), dilation_rate=(2, 1), groups=2),
            keras_function(lambda ops: lambda y: y[:, ::2]),  # Keras takes no stride beside a dilation
        ),
        torch=torch_everything,
    ),
    LayerRow(
        case="Conv2D, one filter for each channel, stride 2",
        covers=Conv2D,
        layer=Conv2D(3, 3, strides=2, padding="same", groups=3, use_bias=False),
        in_shape=(4, 5, 3),
        hand=Hand(
            x=[[[[1, 2], [3, 4]]]],
            params={"kernel": [[[[10, 100]], [[1, 1000]]]]},
            y=[[[[13, 4200]]]],
            dy=[[[[1, 2]]]],
            dx=[[[[10, 200], [1, 2000]]]],
            grads={"kernel": [[[[1, 4]], [[3, 8]]]]},
            layer=Conv2D(2, (1, 2), groups=2, use_bias=False),
            worked="channel 1: 1*10 + 3*1; channel 2: 2*100 + 4*1000; nothing crosses over",
        ),
        keras=keras_layer("Conv2D", 3, 3, strides=2, padding="same", groups=3, use_bias=False),
        torch=lambda F, params, state, x, training: F.conv2d(
            pads_around(x, ((0, 1), (1, 1)), F), params["kernel"].permute(3, 2, 0, 1), None, 2, groups=3
        ).permute(0, 2, 3, 1),
    ),
]

TRANSPOSE_ROWS = [
    LayerRow(
        case="Conv2DTranspose, valid, stride 2",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(3, 3, strides=2),
        in_shape=(3, 2, 2),
        hand=Hand(
            x=picture([[1, 10]]),
            params={"kernel": kernel([[1, 2, 3]]), "bias": [100]},
            y=picture([[101, 102, 113, 120, 130]]),
            dy=picture([[1, 0, 1, 0, 2]]),
            dx=picture([[4, 7]]),
            grads={"kernel": kernel([[11, 0, 21]]), "bias": [4]},
            layer=Conv2DTranspose(1, (1, 3), strides=(1, 2)),
            worked="1 2 3 and, two to the right, 10 20 30: they meet at 3 + 10; dx2 = 1*1 + 0*2 + 2*3",
        ),
        keras=keras_transpose(3, 3, strides=2),
        torch=torch_transpose((2, 2), NONE),
    ),
    LayerRow(
        case="Conv2DTranspose, same, stride 2 and 3",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(2, (3, 4), strides=(2, 3), padding="same"),
        in_shape=(3, 2, 2),
        hand=Hand(
            x=picture([[1, 10]]),
            params={"kernel": kernel([[1, 2, 3]]), "bias": [0]},
            y=picture([[1, 2, 13, 20]]),
            dy=picture([[1, 0, 0, 1]]),
            dx=picture([[1, 2]]),
            grads={"kernel": kernel([[1, 10, 0]]), "bias": [2]},
            layer=Conv2DTranspose(1, (1, 3), strides=(1, 2), padding="same"),
            worked="2 * 2 columns of the five 1 2 13 20 30: the last is cut off",
        ),
        keras=keras_transpose(2, (3, 4), strides=(2, 3), padding="same"),
        torch=torch_transpose((2, 3), ((0, 1), (0, 1))),
    ),
    LayerRow(
        case="Conv2DTranspose, same, with output_padding",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(2, (4, 5), strides=(3, 2), padding="same", output_padding=(2, 1)),
        in_shape=(2, 3, 3),
        batch=2,
        hand=Hand(
            x=picture([[1, 10]]),
            params={"kernel": kernel([[1, 2]]), "bias": [0]},
            y=picture([[1, 2, 0, 10, 20]]),
            dy=picture([[1, 1, 5, 1, 1]]),
            dx=picture([[3, 3]]),
            grads={"kernel": kernel([[11, 11]]), "bias": [9]},
            layer=Conv2DTranspose(1, (1, 2), strides=(1, 3), padding="same", output_padding=(0, 2)),
            worked="(2 - 1) * 3 + 0 + 2 columns; the third is under no kernel",
        ),
        keras=keras_transpose(2, (4, 5), strides=(3, 2), padding="same", output_padding=(2, 1)),
        torch=torch_transpose((3, 2), ((1, 1), (1, 2))),
    ),
    LayerRow(
        case="Conv2DTranspose, stride beyond the window, no bias",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(3, (1, 2), strides=(2, 3), use_bias=False),
        in_shape=(2, 3, 2),
        hand=Hand(
            x=picture([[7, 8]]),
            params={"kernel": kernel([[3]])},
            y=picture([[21, 0, 24, 0], [0, 0, 0, 0]]),
            dy=picture([[1, 9, 2, 9], [9, 9, 9, 9]]),
            dx=picture([[3, 6]]),
            grads={"kernel": kernel([[23]])},
            layer=Conv2DTranspose(1, 1, strides=2, use_bias=False),
            worked="every pixel in a square of its own; dW = 7*1 + 8*2; the 9s stand where nothing was laid",
        ),
        keras=keras_transpose(3, (1, 2), strides=(2, 3), use_bias=False),
        torch=torch_transpose((2, 3), NONE, (1, 1)),
    ),
    LayerRow(
        case="Conv2DTranspose, images of one pixel, batch of one",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(2, 2),
        in_shape=(1, 1, 3),
        batch=1,
        hand=Hand(
            x=picture([[2]]),
            params={"kernel": kernel([[1, 2], [3, 4]]), "bias": [1]},
            y=picture([[3, 5], [7, 9]]),
            dy=picture([[1, 0], [0, 1]]),
            dx=picture([[5]]),
            grads={"kernel": kernel([[2, 0], [0, 2]]), "bias": [2]},
            layer=Conv2DTranspose(1, 2),
            worked="twice the kernel, and 1",
        ),
        keras=keras_transpose(2, 2),
        torch=torch_transpose((1, 1), NONE),
    ),
    LayerRow(
        case="Conv2DTranspose, dilation, cut on each side",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(2, (3, 2), padding=((1, 2), (0, 1)), dilation_rate=(2, 3)),
        in_shape=(3, 4, 2),
        hand=Hand(
            x=picture([[1, 10]]),
            params={"kernel": kernel([[2, 3]]), "bias": [0]},
            y=picture([[20, 3, 30]]),
            dy=picture([[1, 1, 1]]),
            dx=picture([[3, 5]]),
            grads={"kernel": kernel([[10, 11]]), "bias": [3]},
            layer=Conv2DTranspose(1, (1, 2), padding=((0, 0), (1, 0)), dilation_rate=2),
            worked="2 . 3 and, one to the right, 20 . 30: 2 20 3 30, whose first is cut off; dW1 = 10, dW2 = 1 + 10",
        ),
        keras=keras_layers(
            keras_transpose(2, (3, 2), dilation_rate=(2, 3)), keras_layer("Cropping2D", ((1, 2), (0, 1)))
        ),
        torch=torch_transpose((1, 1), ((1, 2), (0, 1)), dilation=(2, 3)),
    ),
    LayerRow(
        case="Conv2DTranspose, groups",
        covers=Conv2DTranspose,
        layer=Conv2DTranspose(4, (2, 3), strides=(2, 1), groups=2),
        in_shape=(2, 3, 6),
        hand=Hand(
            x=[[[[3, 5]]]],
            params={"kernel": [[[[2, 7]]]], "bias": [0, 1]},
            y=[[[[6, 36]]]],
            dy=[[[[1, 10]]]],
            dx=[[[[2, 70]]]],
            grads={"kernel": [[[[3, 50]]]], "bias": [1, 10]},
            layer=Conv2DTranspose(2, 1, groups=2),
            worked="one pixel of two channels, one filter for each: the numbers of Conv2D's row",
        ),
        keras=keras_transpose_in_groups(4, (2, 3), (2, 1), 2),
        torch=torch_transpose((2, 1), NONE, groups=2),
    ),
]

CONVOLUTION_ROWS = [*CONV2D_ROWS, *TRANSPOSE_ROWS]
