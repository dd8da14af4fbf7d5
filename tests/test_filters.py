"""The filter bank: each filter against its formula or its numbers, what it answers, and how it stands in a layer."""

import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, laplace, sobel

from garasu import filters, initializers, layers, models
from garasu.array import random
from garasu.layers import Conv2D
from garasu.networks.config import describe, rebuild

ALL = {
    "smoothing": filters.smoothing(),
    "gaussian": filters.gaussian(),
    "sharpening": filters.sharpening(),
    "edge_vertical": filters.edge_vertical(),
    "edge_horizontal": filters.edge_horizontal(),
    "sobel": filters.sobel(),
    "laplacian": filters.laplacian(),
    "line": filters.line(),
    "diagonal": filters.diagonal(),
    "gabor": filters.gabor(),
    "random": filters.random(),
}


def answer(picture, *chosen, **settings):
    """The maps that a layer of these filters makes of one picture."""
    layer = Conv2D.given(chosen, **settings)
    x = np.asarray(picture, dtype=np.float64)[None, :, :, None]
    kernel = layer.kernel_initializer.draw(random.key(0), layer.spec(x.shape[1:]).params["kernel"].shape)
    return np.moveaxis(layer.forward({"kernel": kernel}, x)[0][0], -1, 0)


# ------------------------------------------------------------------------------------------------------- the numbers


@pytest.mark.parametrize("name", ALL)
def test_each_is_a_square_of_finite_numbers(name):
    one = ALL[name]
    assert one.ndim == 2 and one.shape[0] == one.shape[1] and one.dtype == np.float64
    assert np.all(np.isfinite(one))
    again = getattr(filters, name)()
    again += 1  # a filter belongs to whoever asked for it
    np.testing.assert_array_equal(getattr(filters, name)(), one)


@pytest.mark.parametrize(
    ("name", "total"),
    [("smoothing", 1), ("gaussian", 1), ("sharpening", 1), ("edge_vertical", 0), ("sobel", 0), ("laplacian", 0)],
)
def test_what_a_flat_picture_answers(name, total):
    """Smoothing and sharpening keep it, edges see nothing."""
    assert ALL[name].sum() == pytest.approx(total, abs=1e-15)
    np.testing.assert_allclose(answer(np.full((7, 7), 5.0), ALL[name]), 5.0 * total, atol=1e-14)


def test_the_seminar_s_edges():
    """The sum of one side is 1: a step from 1 to 0 answers 1 where the filter stands in the middle of it."""
    rows = [[2, 1, 0, -1, -2], [3, 2, 0, -2, -3], [4, 3, 0, -3, -4], [3, 2, 0, -2, -3], [2, 1, 0, -1, -2]]
    np.testing.assert_array_equal(filters.edge_vertical(), np.array(rows) / 23)
    np.testing.assert_array_equal(filters.edge_horizontal(), np.array(rows).T / 23)
    assert filters.edge_vertical()[:, :2].sum() == pytest.approx(1.0)
    step = np.zeros((9, 9))
    step[:, :4] = 1
    upright, lying = answer(step, filters.edge_vertical(), filters.edge_horizontal(), padding="same")
    assert upright[4, 4] == pytest.approx(1.0) and lying[4, 4] == pytest.approx(0.0, abs=1e-15)
    np.testing.assert_allclose(answer(step.T, filters.edge_horizontal(), padding="same")[0], upright.T, atol=1e-15)


@pytest.mark.parametrize(("size", "sigma"), [(9, 1.0), (13, 1.5), (3, 0.4)])
def test_gaussian_as_scipy_has_it(size, sigma):
    point = np.zeros((size, size))
    point[size // 2, size // 2] = 1
    theirs = gaussian_filter(point, sigma, radius=size // 2, mode="constant")
    np.testing.assert_allclose(filters.gaussian(size, sigma), theirs, atol=1e-15)


@pytest.mark.parametrize("name", ["sobel", "laplacian"])
def test_slopes_as_scipy_has_them(name):
    picture = np.random.default_rng(0).random((7, 9))
    theirs = {"sobel": sobel, "laplacian": laplace}[name](picture)[1:-1, 1:-1]
    np.testing.assert_allclose(answer(picture, ALL[name])[0], theirs, atol=1e-14)


def test_gaussian_of_an_even_size_lies_between_the_places():
    even = filters.gaussian(4, 1.0)
    np.testing.assert_allclose(even, even[::-1, ::-1])
    assert even[1, 1] == even.max() == even[2, 2]


def test_gaussian_of_any_sigma_is_a_mean():
    """Where e^(-u^2 / 2 sigma^2) is 0 in float64 at all places, the nearest ones still share it."""
    assert filters.gaussian(2, 0.01).tolist() == [[0.25] * 2] * 2
    assert filters.gaussian(3, 0.01).tolist() == filters.gaussian(3, 1e-9).tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(filters.gaussian(3, 1e200), np.full((3, 3), 1 / 9), rtol=1e-15)


def test_gabor_by_its_formula_place_by_place():
    size, wavelength, orientation, phase, sigma, aspect = 5, 3.0, 0.7, 0.4, 1.3, 0.6
    expected = np.zeros((size, size))
    for row in range(size):
        for column in range(size):
            u, v = column - 2, row - 2
            a = u * math.cos(orientation) + v * math.sin(orientation)
            b = v * math.cos(orientation) - u * math.sin(orientation)
            fading = math.exp(-(a * a + aspect**2 * b * b) / (2 * sigma**2))
            expected[row, column] = fading * math.cos(2 * math.pi * a / wavelength + phase)
    made = filters.gabor(size, wavelength, orientation, phase, sigma, aspect)
    np.testing.assert_allclose(made, expected, rtol=1e-13)


def test_gabor_turns():
    np.testing.assert_allclose(filters.gabor(orientation=math.pi / 2), filters.gabor().T, atol=1e-15)
    edge = filters.gabor(phase=math.pi / 2)
    np.testing.assert_allclose(edge, -edge[:, ::-1], atol=1e-15)


@pytest.mark.parametrize("degrees", [0, 45, 90, 135])
def test_gabor_answers_stripes_of_its_own_direction_most(degrees):
    v, u = np.mgrid[:31, :31] - 15.0
    angle = math.radians(degrees)
    stripes = np.cos(2 * math.pi * (u * math.cos(angle) + v * math.sin(angle)) / 5)
    bank = [filters.gabor(11, 5.0, math.radians(turn)) for turn in (0, 45, 90, 135)]
    strengths = [float(np.abs(one).max()) for one in answer(stripes, *bank)]
    assert (0, 45, 90, 135)[int(np.argmax(strengths))] == degrees


def test_random_means_the_same_for_ever():
    assert filters.random(2, seed=7).round(12).tolist() == [
        [0.665727269113, 0.248374854472],
        [-0.655396248434, -0.476767798688],
    ]
    many = filters.random(100, seed=1)
    assert abs(many.mean()) < 1e-3 and many.std() == pytest.approx(0.01, rel=0.05)


# --------------------------------------------------------------------------------------------------------- the bank


def test_a_seed_may_come_from_numpy():
    np.testing.assert_array_equal(filters.random(3, seed=np.int64(5)), filters.random(3, seed=5))


def test_a_bank_lays_the_filters_side_by_side():
    bank = filters.bank([filters.line(), filters.diagonal()])
    assert isinstance(bank, initializers.Given)
    kernel = bank.draw(random.key(0), (3, 3, 1, 2))
    np.testing.assert_array_equal(kernel[:, :, 0, 0], filters.line())
    np.testing.assert_array_equal(kernel[:, :, 0, 1], filters.diagonal())
    assert filters.bank([[[1, 2, 3]]]).shape == (1, 3, 1, 1)


def test_over_channels_a_filter_sees_their_mean():
    grey = np.arange(25.0).reshape(5, 5)
    layer = Conv2D.given([filters.sobel(), filters.smoothing()], channels=3)
    kernel = layer.kernel_initializer.draw(random.key(0), layer.spec((5, 5, 3)).params["kernel"].shape)
    color = np.repeat(grey[None, :, :, None], 3, axis=-1)
    three = np.moveaxis(layer.forward({"kernel": kernel}, color)[0][0], -1, 0)
    np.testing.assert_allclose(three, answer(grey, filters.sobel(), filters.smoothing()), atol=1e-14)


def test_in_groups_a_filter_sees_one_channel():
    photo = np.random.default_rng(0).uniform(size=(1, 6, 6, 3))
    layer = Conv2D.given([filters.smoothing()] * 3, groups=3, padding="same")
    kernel = layer.kernel_initializer.draw(random.key(0), layer.spec((6, 6, 3)).params["kernel"].shape)
    smooth = layer.forward({"kernel": kernel}, photo)[0]
    for channel in range(3):
        alone = answer(photo[0, :, :, channel], filters.smoothing(), padding="same")[0]
        np.testing.assert_allclose(smooth[0, :, :, channel], alone, atol=1e-14)


# -------------------------------------------------------------------------------------------------------- in a layer


def test_given_is_short_for_an_initializer_that_is_not_trained():
    chosen = [filters.edge_vertical(), filters.edge_horizontal()]
    short = Conv2D.given(chosen, padding="same", name="edges")
    long = Conv2D(
        2,
        5,
        padding="same",
        kernel_initializer=filters.bank(chosen),
        use_bias=False,
        trainable=False,
        name="edges",
    )
    assert describe(short) == describe(long)
    start = Conv2D.given(chosen, trainable=True, use_bias=True)
    assert start.trainable and start.use_bias


def test_a_layer_of_given_filters_comes_back_from_its_description():
    layer = Conv2D.given([filters.gabor(5)], channels=2, dilation_rate=2, padding="same", padding_value=0.5)
    back = rebuild(describe(layer))
    assert describe(back) == describe(layer)
    assert back.kernel_initializer.values == layer.kernel_initializer.values


def test_training_leaves_given_filters_as_they_are(tmp_path):
    model = models.Sequential(
        [
            Conv2D.given([filters.edge_vertical(), filters.edge_horizontal()], padding="same", name="edges"),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ],
        seed=0,
    )
    model.build((None, 6, 6, 1))
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    x = np.random.default_rng(0).uniform(size=(8, 6, 6, 1)).astype(np.float32)
    last = model.get_layer("dense").get_weights()[0]
    model.fit(x, np.arange(8) % 2, epochs=1, verbose=0)
    (kernel,) = model.get_layer("edges").get_weights()
    np.testing.assert_array_equal(kernel[:, :, 0, 0], filters.edge_vertical().astype(np.float32))
    assert np.any(model.get_layer("dense").get_weights()[0] != last)
    model.save(tmp_path / "edges.safetensors")
    (again,) = models.load_model(tmp_path / "edges.safetensors").get_layer("edges").get_weights()
    np.testing.assert_array_equal(again, kernel)
