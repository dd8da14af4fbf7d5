"""Conv2D and Conv2DTranspose over a grid of settings: beside PyTorch in float64, and ONNX's reference forward.

Every setting is taken over odd, even and uneven images and one of a single pixel, batches of one and of two, wherever
a window fits. Keras stands beside what it takes of the grid in test_contract_keras_grids.py.
"""

from itertools import product

import numpy as np
import pytest
from jax import lax

from garasu import regularizers
from garasu.layers import Conv2D, Conv2DTranspose
from garasu.messages import ShapeError
from garasu.testing.subject import draw
from tests.contract.contract_onnx import channels_first, channels_last, onnx
from tests.contract.contract_oracles import close, torch_or_skip

SIZES = [(2, 5, 6), (1, 4, 3), (1, 1, 1)]
"""Images of a batch, rows, columns."""
UNEVEN = ((1, 0), (2, 1))
GRID = [
    {"kernel_size": window, "strides": strides, "padding": padding, "dilation_rate": dilation, "groups": groups}
    for window, strides, padding, dilation, groups in product(
        [(1, 1), (2, 3), (3, 4)],
        [(1, 1), (2, 2), (3, 1)],
        ["valid", "same", UNEVEN],
        [(1, 1), (2, 3)],
        [1, 2],
    )
    if window != (1, 1) or dilation == (1, 1)
]


def words(settings):
    """A setting as a test's name."""
    return " ".join(str(value).replace(" ", "") for value in settings.values())


def every(settings):
    return pytest.mark.parametrize("settings", settings, ids=words)


def arrays(layer, batch, size, channels):
    """Everything a pass needs, or None where the layer cannot take such images."""
    try:
        spec = layer.spec((*size, channels))
    except ShapeError:
        return None
    params = {name: draw(1, name, param.shape) for name, param in spec.params.items()}
    return draw(1, "x", (batch, *size, channels)), params, draw(1, "dy", (batch, *spec.out_shape))


def passed(layer, x, params, dy):
    """Both rules of ours."""
    y, cache = layer.forward(params, x)
    dx, grads = layer.backward(params, cache, dy)
    return {"y": y, "x": dx, **grads}


def by_torch(call, x, params, dy):
    """The same by PyTorch; ``call(F, x, W, b)`` takes and gives (N, C, Y, X)."""
    torch = torch_or_skip()
    leaf = {name: torch.tensor(array, requires_grad=True) for name, array in {"x": x, **params}.items()}
    y = call(torch.nn.functional, leaf["x"].permute(0, 3, 1, 2), leaf["kernel"].permute(3, 2, 0, 1), leaf["bias"])
    y = y.permute(0, 2, 3, 1)
    grads = torch.autograd.grad(y, list(leaf.values()), torch.tensor(dy))
    return {"y": y.detach().numpy(), **{name: grad.numpy() for name, grad in zip(leaf, grads, strict=True)}}


def frame(settings, size):
    """The frame around an image, worked out by XLA where it has a name."""
    if not isinstance(settings["padding"], str):
        return settings["padding"]
    window = [d * (f - 1) + 1 for d, f in zip(settings["dilation_rate"], settings["kernel_size"], strict=True)]
    return tuple(lax.padtype_to_pads(size, window, settings["strides"], settings["padding"].upper()))


# ---------------------------------------------------------------------------------------------------------- Conv2D


@pytest.mark.oracles
@every(GRID)
def test_conv2d_against_pytorch(settings):
    value = 0.0 if settings["padding"] == "valid" else -0.7
    layer, tried = Conv2D(6, padding_value=value, **settings), 0
    for batch, *size in SIZES:
        given = arrays(layer, batch, size, 4)
        if given is None:
            continue
        (above, below), (left, right) = frame(settings, size)

        def convolved(F, x, W, b, sides=(left, right, above, below)):
            x = F.pad(x, sides, value=value)
            return F.conv2d(x, W, b, settings["strides"], 0, settings["dilation_rate"], settings["groups"])

        close(passed(layer, *given), by_torch(convolved, *given), 1e-12)
        tried += 1
    assert tried or settings["dilation_rate"] != (1, 1)


@pytest.mark.oracles
@pytest.mark.parametrize(("channels", "groups"), [(1, 1), (3, 1), (3, 3)])
def test_channels_and_groups(channels, groups):
    """One channel and several, in one group and in as many groups as channels."""
    layer = Conv2D(3, 3, padding="same", groups=groups)
    given = arrays(layer, 2, (5, 4), channels)
    close(passed(layer, *given), by_torch(lambda F, x, W, b: F.conv2d(x, W, b, 1, 1, 1, groups), *given), 1e-12)


# ------------------------------------------------------------------------------------------------- Conv2DTranspose


def extras(strides):
    """Choices of output_padding: Keras's own, and the most there may be."""
    return [None] if strides == (1, 1) else [None, tuple(step - 1 for step in strides)]


TRANSPOSE_GRID = [{**settings, "output_padding": more} for settings in GRID for more in extras(settings["strides"])]


@pytest.mark.oracles
@every(TRANSPOSE_GRID)
def test_conv2d_transpose_against_pytorch(settings):
    """PyTorch's transposed convolution whole, then cut to our size: what is too much, half of it above, half below."""
    layer = Conv2DTranspose(6, **settings)
    for batch, *size in SIZES:
        given = arrays(layer, batch, size, 4)
        if given is None:
            continue

        def transposed(F, x, W, b, result=given[2].shape[1:3]):
            whole = F.conv_transpose2d(x, W, None, settings["strides"], 0, 0, layer.groups, layer.dilation_rate)
            more = [wanted - there for wanted, there in zip(result, whole.shape[2:], strict=True)]
            sides = settings["padding"]
            if isinstance(sides, str):
                sides = [(max(-lack, 0) // 2, None) for lack in more]
            (above, _), (left, _) = sides
            return F.pad(whole, (-left, more[1] + left, -above, more[0] + above)) + b[:, None, None]

        close(passed(layer, *given), by_torch(transposed, *given), 1e-12)


@pytest.mark.oracles
@pytest.mark.parametrize(("p", "o"), [(0, 0), (1, 0), (1, 1), (2, 1)])
def test_padding_and_output_padding_are_pytorch_s(p, o):
    layer = Conv2DTranspose(3, 3, strides=2, padding=((p, p), (p, p)), output_padding=o)
    given = arrays(layer, 2, (5, 4), 2)
    close(passed(layer, *given), by_torch(lambda F, x, W, b: F.conv_transpose2d(x, W, b, 2, p, o), *given), 1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
def test_the_two_layers_are_each_other_s_transpose(strides, padding):
    """<conv(x), y> = <x, conv^T(y)> with one kernel: what one makes small, the other makes as large again."""
    size = (6, 6) if padding == "same" else (10, 10)
    down, up = Conv2D(3, 4, strides, padding, use_bias=False), Conv2DTranspose(2, 4, strides, padding, use_bias=False)
    x, params, y = arrays(down, 2, size, 2)
    made, back = down.forward(params, x)[0], up.forward(params, y)[0]
    assert back.shape == x.shape
    np.testing.assert_allclose(np.sum(made * y), np.sum(x * back), rtol=1e-12)


@pytest.mark.parametrize("layer", [Conv2D, Conv2DTranspose])
def test_penalties_are_handed_on_with_the_arrays_they_are_for(layer):
    spec = layer(4, kernel_regularizer="l2", bias_regularizer=regularizers.L1(0.5)).spec((6, 6, 2))
    assert [(param.role, param.regularizer.l1, param.regularizer.l2) for param in spec.params.values()] == [
        ("kernel", 0.0, 0.01),
        ("bias", 0.5, 0.0),
    ]


# ---------------------------------------------------------------------------------------------------------- Keras


def keras_takes(settings):
    """Keras has no explicit padding, and no stride beside a dilation."""
    return isinstance(settings["padding"], str) and (1, 1) in (settings["strides"], settings["dilation_rate"])


KERAS_TRANSPOSED = [
    ((4, 4), (3, 3), "same", None),
    ((2, 3), (2, 2), "same", (0, 1)),
    ((1, 2), (3, 3), "same", (2, 0)),
    ((3, 4), (3, 2), "valid", (1, 0)),
]


@pytest.mark.parametrize(("window", "strides", "padding", "more"), KERAS_TRANSPOSED)
def test_what_is_cut_off_is_what_keras_cuts_off(window, strides, padding, more):
    import keras

    layer = Conv2DTranspose(3, window, strides, padding, more)
    x, params, _ = arrays(layer, 2, (2, 3), 2)
    x, W = x.astype(np.float32), params["kernel"].astype(np.float32)
    theirs = keras.ops.conv_transpose(x, W, strides, padding, more) + params["bias"]
    close({"y": layer.forward(params, x)[0]}, {"y": np.asarray(theirs)}, 1e-5)


# ------------------------------------------------------------------------------------------------- ONNX's reference


def by_onnx(operation, x, params, **attributes):
    """y, in our order of axes."""
    W = params["kernel"].transpose(3, 2, 0, 1)
    return channels_last(onnx(operation, channels_first(x), W, params["bias"], **attributes))


def attributes_of(layer, sides):
    (above, below), (left, right) = sides
    return {
        "strides": layer.strides,
        "dilations": layer.dilation_rate,
        "group": layer.groups,
        "pads": [above, left, below, right],
    }


@every(GRID)
def test_conv2d_against_onnx(settings):
    layer = Conv2D(6, **settings)
    for batch, *size in SIZES:
        given = arrays(layer, batch, size, 4)
        if given is not None:
            x, params, _ = given
            theirs = by_onnx("Conv", x, params, **attributes_of(layer, frame(settings, size)))
            close({"y": layer.forward(params, x)[0]}, {"y": theirs}, 1e-12)


NAMELESS = [one for one in TRANSPOSE_GRID if one["padding"] != "same" and one["output_padding"] and one["groups"] == 1]


@every(NAMELESS)
def test_conv2d_transpose_against_onnx(settings):
    """One group: with several, the reference cuts the kernel by the wrong count."""
    layer = Conv2DTranspose(6, **settings)
    sides = ((0, 0), (0, 0)) if settings["padding"] == "valid" else settings["padding"]
    more = {"output_padding": settings["output_padding"]}
    for batch, *size in SIZES:
        given = arrays(layer, batch, size, 4)
        if given is not None:
            x, params, _ = given
            theirs = by_onnx("ConvTranspose", x, params, **attributes_of(layer, sides), **more)
            close({"y": layer.forward(params, x)[0]}, {"y": theirs}, 1e-12)
