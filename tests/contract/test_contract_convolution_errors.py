"""What Conv2D, Conv2DTranspose and the filter bank refuse: each sentence in both languages, with the fix."""

import numpy as np
import pytest

from garasu import filters
from garasu.array import random
from garasu.layers import Conv2D, Conv2DTranspose
from garasu.messages import SettingError, ShapeError

COUNT = ("a whole number above 0", "1 以上の整数")
PAIR = ("a whole number above 0, or two of them", "1 以上の整数（1 つまたは 2 つ）")
NUMBER = ("a finite number", "有限の数")
POSITIVE = ("a number above 0", "0 より大きい数")
TRUTH = ("True or False", "True か False")
PADDING = ("'same', 'valid', a number of rows and columns", "'same'、'valid'、0 以上の整数")
GROUPS = ("a whole number above 0 that divides filters (6)", "filters（6）を割り切る 1 以上の整数")
NO_FRAME = ("0 while padding is 'valid'", "0（padding='valid' では")
BELOW = ("from 0 up to, not including, strides (2, 3)", "0 以上 strides (2, 3) 未満")
REGULARIZER = ("a regulariser", "正則化")
FILTERS = ("two-dimensional filters of one size", "大きさの揃った 2 次元のフィルタ")
TWO_SIZES = "[<array (3, 3) float64>, <array (5, 5) float64>]"
SEED = ("a whole number from 0 to 2**64 - 1", "0 から 2**64 - 1 までの整数")


def steps_2_3(more):
    return lambda: Conv2DTranspose(6, 3, strides=(2, 3), output_padding=more)


# (what is called, who speaks, the setting, what came, what was expected in en and ja)
SETTINGS = [
    (lambda: Conv2D(6, dilation_rate=0), "Conv2D", "dilation_rate", "0", PAIR),
    (lambda: Conv2D(6, dilation_rate=(1, 1.5)), "Conv2D", "dilation_rate", "(1, 1.5)", PAIR),
    (lambda: Conv2D(6, groups=4), "Conv2D", "groups", "4", GROUPS),
    (lambda: Conv2D(6, groups=0), "Conv2D", "groups", "0", GROUPS),
    (lambda: Conv2D(6, groups=2.0), "Conv2D", "groups", "2.0", GROUPS),
    (lambda: Conv2D(6, groups=True), "Conv2D", "groups", "True", GROUPS),
    (lambda: Conv2D(0, groups=2), "Conv2D", "filters", "0", COUNT),
    (lambda: Conv2D(6, padding="same", padding_value="0"), "Conv2D", "padding_value", "'0'", NUMBER),
    (lambda: Conv2D(6, padding="same", padding_value=np.inf), "Conv2D", "padding_value", "inf", NUMBER),
    (lambda: Conv2D(6, padding_value=1.0), "Conv2D", "padding_value", "1.0", NO_FRAME),
    (lambda: Conv2D(6, kernel_regularizer=0.1), "Conv2D", "kernel_regularizer", "0.1", REGULARIZER),
    (lambda: Conv2D(6, bias_regularizer=0.1), "Conv2D", "bias_regularizer", "0.1", REGULARIZER),
    (lambda: Conv2DTranspose(0), "Conv2DTranspose", "filters", "0", COUNT),
    (lambda: Conv2DTranspose(6, "3"), "Conv2DTranspose", "kernel_size", "'3'", PAIR),
    (lambda: Conv2DTranspose(6, strides=0), "Conv2DTranspose", "strides", "0", PAIR),
    (lambda: Conv2DTranspose(6, padding="full"), "Conv2DTranspose", "padding", "'full'", PADDING),
    (lambda: Conv2DTranspose(6, use_bias=1), "Conv2DTranspose", "use_bias", "1", TRUTH),
    (lambda: Conv2DTranspose(6, dilation_rate=0), "Conv2DTranspose", "dilation_rate", "0", PAIR),
    (lambda: Conv2DTranspose(6, groups=5), "Conv2DTranspose", "groups", "5", GROUPS),
    (steps_2_3(2), "Conv2DTranspose", "output_padding", "(2, 2)", BELOW),
    (steps_2_3((0, 3)), "Conv2DTranspose", "output_padding", "(0, 3)", BELOW),
    (steps_2_3((-1, 0)), "Conv2DTranspose", "output_padding", "(-1, 0)", BELOW),
    (steps_2_3((1.0, 0)), "Conv2DTranspose", "output_padding", "(1.0, 0)", BELOW),
    (steps_2_3((1,)), "Conv2DTranspose", "output_padding", "(1,)", BELOW),
    (steps_2_3("same"), "Conv2DTranspose", "output_padding", "'same'", BELOW),
    (lambda: Conv2D.given([]), "Conv2D.given", "filters", "[]", FILTERS),
    (lambda: Conv2D.given(np.ones(9)), "Conv2D.given", "filters", "<array (9,) float64>", FILTERS),
    (lambda: Conv2D.given([filters.line(), filters.smoothing(5)]), "Conv2D.given", "filters", TWO_SIZES, FILTERS),
    (lambda: Conv2D.given(filters.line(), channels=0), "Conv2D.given", "channels", "0", COUNT),
    (lambda: filters.bank([[[1, 2], [3]]]), "filters.bank", "filters", "[[[1, 2], [3]]]", FILTERS),
    (lambda: filters.bank([[[np.nan]]]), "filters.bank", "filters", "[[[nan]]]", FILTERS),
    (lambda: filters.bank("edges"), "filters.bank", "filters", "'edges'", FILTERS),
    (lambda: filters.bank([filters.line()], channels=0), "filters.bank", "channels", "0", COUNT),
    (lambda: filters.smoothing(0), "filters.smoothing", "size", "0", COUNT),
    (lambda: filters.gaussian(2.5), "filters.gaussian", "size", "2.5", COUNT),
    (lambda: filters.gaussian(5, 0), "filters.gaussian", "sigma", "0", POSITIVE),
    (lambda: filters.gabor(0), "filters.gabor", "size", "0", COUNT),
    (lambda: filters.gabor(wavelength=0), "filters.gabor", "wavelength", "0", POSITIVE),
    (lambda: filters.gabor(sigma=-1), "filters.gabor", "sigma", "-1", POSITIVE),
    (lambda: filters.gabor(aspect="wide"), "filters.gabor", "aspect", "'wide'", POSITIVE),
    (lambda: filters.gabor(orientation="upright"), "filters.gabor", "orientation", "'upright'", NUMBER),
    (lambda: filters.gabor(phase=np.nan), "filters.gabor", "phase", "nan", NUMBER),
    (lambda: filters.random(-1), "filters.random", "size", "-1", COUNT),
    (lambda: filters.random(3, seed=-1), "filters.random", "seed", "-1", SEED),
    (lambda: filters.random(3, seed=0.5), "filters.random", "seed", "0.5", SEED),
]

DILATED = ("Use a smaller window, a smaller dilation_rate", "窓か dilation_rate を小さくするか")
DIVIDE = ("Choose groups that divide 3", "groups を 3 の約数にするか")
LARGER = ("Use less padding, more output_padding", "padding を減らすか、output_padding または入力を大きくして")
BEFORE = ("Put a Reshape or Flatten layer before it", "前に Reshape か Flatten を置いてください")
GIVEN = ("Give an array of shape (3, 3, 2, 1)", "形が (3, 3, 2, 1) の配列を与えるか")
CHANNELS = ("Write Conv2D.given(filters, channels=2, ...)", "Conv2D.given(filters, channels=2, ...) としてください")


def drawn(layer, in_shape):
    """The first value of a layer's kernel."""
    kernel = layer.spec(in_shape).params["kernel"]
    return kernel.initializer.draw(random.key(0), kernel.shape)


# (what is called, what every sentence names, the fix in en and ja)
SHAPES = [
    (
        lambda: Conv2D(2, 3, dilation_rate=(4, 1), name="wide").spec((8, 8, 1)),
        ['Conv2D "wide"', "(3, 3)", "(4, 1)", "(9, 3)", "(8, 8)", "('N', 8, 8, 1)"],
        DILATED,
    ),
    (lambda: Conv2D(4, groups=2).spec((8, 8, 3)), ["Conv2D", "2", "3", "('N', 8, 8, 3)"], DIVIDE),
    (lambda: Conv2DTranspose(4, groups=2).spec((8, 8, 3)), ["Conv2DTranspose", "2", "3", "('N', 8, 8, 3)"], DIVIDE),
    (lambda: Conv2DTranspose(4).spec((64,)), ["Conv2DTranspose", "('N', 64)", "4", "2"], BEFORE),
    (
        lambda: Conv2DTranspose(4, 3, padding=((2, 2), (0, 0)), name="up").spec((2, 5, 1)),
        ['Conv2DTranspose "up"', "(0, 7)", "('N', 2, 5, 1)"],
        LARGER,
    ),
    (
        lambda: Conv2DTranspose(4, 2, strides=2, padding="same", output_padding=0).spec((1, 5, 1)),
        ["Conv2DTranspose", "(0, 8)", "('N', 1, 5, 1)"],
        LARGER,
    ),
    (lambda: drawn(Conv2D.given(filters.line()), (8, 8, 2)), ["channels=1"], CHANNELS),
    (lambda: drawn(Conv2D(1, kernel_initializer=filters.bank(np.ones((2, 3, 3)))), (8, 8, 2)), ["(3, 3, 1, 2)"], GIVEN),
]


def sentence(call, kind, language):
    """What the call is answered with: a whole sentence of the language."""
    with pytest.raises(kind) as answer:
        call()
    said = str(answer.value)
    assert "{" not in said
    assert said[-1] in (".。）" if language == "ja" else ".")
    assert any("ぁ" <= sign <= "ん" for sign in said) == (language == "ja"), said
    return said


@pytest.mark.parametrize(("call", "owner", "name", "value", "expected"), SETTINGS)
def test_settings(call, owner, name, value, expected, language):
    said = sentence(call, SettingError, language)
    assert all(part in said for part in (owner, name, value, expected[language == "ja"])), said


@pytest.mark.parametrize(("call", "parts", "fix"), SHAPES)
def test_shapes(call, parts, fix, language):
    said = sentence(call, ShapeError, language)
    assert all(part in said for part in (*parts, fix[language == "ja"])), said
