"""Settings in their several forms: what they come to, and that a refusal repeats the form that was given."""

import numpy as np
import pytest

from garasu import filters, layers, optimizers
from garasu.array import random
from garasu.layers import Conv2D, Conv2DTranspose, MaxPooling2D, ZeroPadding2D
from garasu.messages import SettingError
from garasu.networks import describe, rebuild

PADDINGS = [
    (0, ((0, 0), (0, 0))),
    (1, ((1, 1), (1, 1))),
    (np.int64(1), ((1, 1), (1, 1))),
    ((1, 2), ((1, 1), (2, 2))),
    ([1, 2], ((1, 1), (2, 2))),
    (((1, 0), (0, 2)), ((1, 0), (0, 2))),
    ([[1, 0], 2], ((1, 0), (2, 2))),
    (np.array([[1, 0], [0, 2]]), ((1, 0), (0, 2))),
]


@pytest.mark.parametrize(("given", "sides"), PADDINGS)
@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose])
def test_padding_in_every_form_of_zero_padding(kind, given, sides):
    layer = kind(2, 3, padding=given)
    assert layer.padding == ZeroPadding2D(given).padding == sides
    assert rebuild(describe(layer)).padding == sides


def test_a_pool_takes_them_too_below_its_window():
    assert MaxPooling2D(3, padding=(1, 2)).padding == ((1, 1), (2, 2))
    with pytest.raises(SettingError, match="each smaller than the window"):
        MaxPooling2D(3, padding=3)


def test_margins_too(language):
    with pytest.raises(SettingError, match=r"\[1, -1\]"):
        ZeroPadding2D([1, -1])


@pytest.mark.parametrize(("given", "sides"), PADDINGS)
def test_padding_is_the_frame_that_zero_padding_lays(given, sides):
    x = np.arange(40.0).reshape(2, 5, 4, 1)
    params = {"kernel": np.linspace(-1, 1, 18).reshape(3, 3, 1, 2)}
    whole, _ = Conv2D(2, 3, padding=given, use_bias=False).forward(params, x)
    framed, _ = ZeroPadding2D(sides).forward({}, x)
    apart, _ = Conv2D(2, 3, use_bias=False).forward(params, framed)
    np.testing.assert_allclose(whole, apart, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "english", "japanese"),
    [
        (
            lambda: MaxPooling2D(0),
            "MaxPooling2D: pool_size must be a whole number above 0, or two of them. Got 0 instead.",
            "MaxPooling2D の pool_size には 1 以上の整数（1 つまたは 2 つ）を指定してください（指定された値: 0）。",
        ),
        (
            lambda: Conv2D(2, [3, 0]),
            "Conv2D: kernel_size must be a whole number above 0, or two of them. Got [3, 0] instead.",
            "Conv2D の kernel_size には 1 以上の整数（1 つまたは 2 つ）を指定してください（指定された値: [3, 0]）。",
        ),
        (
            lambda: layers.UpSampling2D(0),
            "UpSampling2D: size must be a whole number above 0, or two of them. Got 0 instead.",
            "UpSampling2D の size には 1 以上の整数（1 つまたは 2 つ）を指定してください（指定された値: 0）。",
        ),
    ],
)
def test_a_refusal_repeats_what_was_given(call, english, japanese, language):
    with pytest.raises(SettingError) as caught:
        call()
    assert str(caught.value) == (japanese if language == "ja" else english)


# ------------------------------------------------------------------------------------------------ given filters


def test_a_single_filter_is_a_list_of_one():
    one, listed = Conv2D.given(filters.sobel(), channels=2), Conv2D.given([filters.sobel()], channels=2)
    assert (one.filters, one.kernel_size) == (listed.filters, listed.kernel_size) == (1, (3, 3))
    kernels = [layer.kernel_initializer.draw(random.key(0), (3, 3, 2, 1)) for layer in (one, listed)]
    np.testing.assert_array_equal(*kernels)


def test_filters_for_another_number_of_channels_say_how_to_make_them(language):
    layer = Conv2D.given(filters.sobel())
    for groups, channels, seen in ((1, 3, 3), (1, 4, 4)):
        kernel = Conv2D(1, groups=groups).spec((8, 8, channels)).params["kernel"]
        with pytest.raises(ValueError, match=rf"channels=1.*Conv2D\.given\(filters, channels={seen}, \.\.\.\)"):
            layer.kernel_initializer.draw(random.key(0), kernel.shape)


# ------------------------------------------------------------------------------------------------ tied weights


def test_a_borrower_with_nobody_to_lend_says_where_to_put_one(language):
    stack = layers.named([layers.Conv2D(2, name="conv", input_shape=(8, 8, 1)), layers.TiedDense("code", name="back")])
    with pytest.raises(ValueError, match=r"Dense\(\.\.\., name='code'\)") as caught:
        layers.chain(stack, (8, 8, 1))
    assert "conv" not in str(caught.value)  # its kernel has four axes and cannot be lent


# ----------------------------------------------------------------------------------------------------- Adagrad


def test_adagrad_without_epsilon_where_it_starts_above_zero():
    """The course's own form: h starts at 1e-4 and nothing is added."""
    adagrad, w, g = (
        optimizers.Adagrad(0.1, initial_accumulator_value=1e-4, epsilon=0),
        np.array([1.0]),
        np.array([0.03]),
    )
    assert adagrad.epsilon == 0
    after, state = adagrad.update(g, adagrad.init(w), w, np.asarray(0), adagrad.hyper())
    np.testing.assert_allclose(state["h"], [1e-4 + 9e-4], rtol=1e-12)
    np.testing.assert_allclose(after, 1.0 - 0.1 * 0.03 / np.sqrt(1e-3), rtol=1e-12)
    outside = optimizers.Adagrad(initial_accumulator_value=0.1, epsilon=0, epsilon_inside=False)
    still, _ = outside.update(np.zeros(1), outside.init(w), w, np.asarray(0), outside.hyper())
    assert still.tolist() == [1.0]
    with pytest.raises(SettingError, match=r"Adagrad: epsilon must be a number above 0\. Got 0 instead\."):
        optimizers.Adagrad(initial_accumulator_value=0, epsilon=0)
