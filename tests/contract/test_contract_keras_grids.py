"""Convolutions, pooling, enlarging and framing over the grids of their PyTorch tests, beside Keras: forward and back.

All cases of a kind are one program of Keras's layers in float32, compiled once; of the many for pooling it is every
third. Keras has no explicit padding, no stride beside a dilation, no groups in its transposed convolution and no
LpPooling2D: those stand beside PyTorch and ONNX.
"""

import itertools

import jax
import numpy as np
import pytest

from garasu import layers
from garasu.testing.subject import draw
from tests.contract import test_contract_convolution_grid as convolutions
from tests.contract import test_contract_pooling_grid as pooling
from tests.contract.contract_oracles import QUICK, close, float32


def keras_layer(kind, settings):
    """Keras's layer of that name, its first values no matter."""
    import keras

    made = {"kernel_initializer": "zeros"} if "filters" in settings else {}
    return getattr(keras.layers, kind)(**settings, **made)


def both_passes(layer, x, values, dy):
    """Keras's y, and what comes back for x and for its variables."""
    y, pull = jax.vjp(lambda x, values: layer.stateless_call(values, [], x)[0], x, values)
    return y, *pull(dy)


def agree(cases):
    """Ours and Keras's: ``cases`` are (our layer, Keras's settings, x, our parameters)."""
    given, expected, theirs = [], [], []
    for ours, settings, x, params in cases:
        y, cache = ours.forward(params, x)
        dy = draw(1, "dy", y.shape)
        dx, grads = ours.backward(params, cache, dy)
        expected.append({"y": y, "x": dx, **grads})
        layer = keras_layer(type(ours).__name__, settings)
        layer.build((None, *x.shape[1:]))
        given.append((float32({"": x})[""], list(float32(params).values()), dy.astype(np.float32)))
        theirs.append(layer)

    def program(given):
        return [both_passes(layer, *one) for layer, one in zip(theirs, given, strict=True)]

    results = jax.jit(program, compiler_options=QUICK)(given)
    for (ours, _, x, params), wanted, (y, dx, grads) in zip(cases, expected, results, strict=True):
        try:
            close({"y": y, "x": dx, **dict(zip(params, grads, strict=True))}, wanted, 1e-5)
        except AssertionError as error:
            raise AssertionError(f"{ours}, inputs {x.shape}: {error}") from error


def convolution_cases(kind, grid):
    """What Keras takes of a grid, over every size that fits."""
    for settings, (batch, *size) in itertools.product(grid, convolutions.SIZES):
        if not convolutions.keras_takes(settings) or (kind is layers.Conv2DTranspose and settings["groups"] > 1):
            continue
        ours = kind(6, **settings)
        given = convolutions.arrays(ours, batch, size, 4)
        if given is not None:
            known = {name: value for name, value in settings.items() if kind is layers.Conv2D or name != "groups"}
            yield ours, {"filters": 6, **known}, *given[:2]


@pytest.mark.parametrize(
    ("kind", "grid", "least"),
    [
        (layers.Conv2D, convolutions.GRID, 100),
        (layers.Conv2DTranspose, convolutions.TRANSPOSE_GRID, 60),
    ],
)
def test_convolutions(kind, grid, least):
    cases = list(convolution_cases(kind, grid))
    assert len(cases) >= least
    agree(cases)


@pytest.mark.parametrize(("kind", "levels"), [(layers.MaxPooling2D, 3), (layers.AveragePooling2D, 0)])
def test_pooling(kind, levels):
    """Of three grey levels many are ties: Keras too gives them to the first in row-major order."""
    cases = [
        (ours, {name: getattr(ours, name) for name in ("pool_size", "strides", "padding")}, x, {})
        for ours, shape in pooling.grid(kind)
        if isinstance(ours.padding, str)
        for x in [pooling.images(shape, levels)]
    ]
    assert len(cases) > 150  # of 6 x 5 x 4 x 2, those that fit
    agree(cases[::3])


def test_pooling_of_whole_pictures():
    """A picture's only maximum: where several are equal, Keras shares the error among them."""
    agree(
        [
            (kind(keepdims), {"keepdims": keepdims}, draw(0, "x", (2, *size, 3)), {})
            for kind in (layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D)
            for keepdims in (False, True)
            for size in pooling.SIZES
        ]
    )


def test_enlarging_and_framing():
    factors, frames = [(1, 1), (2, 2), (3, 1), (2, 5)], [((0, 0), (0, 0)), ((1, 2), (0, 3)), ((0, 2), (1, 0))]
    agree(
        [
            (layers.UpSampling2D(factor, how), {"size": factor, "interpolation": how}, draw(0, "x", (2, *size, 2)), {})
            for factor in factors
            for how in ("nearest", "bilinear")
            for size in pooling.SIZES[::2]
        ]
        + [
            (kind(frame), {name: frame}, draw(0, "x", (1, 3 + size[0], 4 + size[1], 2)), {})
            for kind, name in ((layers.ZeroPadding2D, "padding"), (layers.Cropping2D, "cropping"))
            for frame in frames
            for size in pooling.SIZES[::2]
        ]
    )
