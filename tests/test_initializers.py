"""Initial values: pinned first numbers, Keras's definitions and fans, moments, names and errors."""

import math

import numpy as np
import pytest
from scipy import stats

from garasu import initializers
from garasu.array import random
from garasu.initializers import (
    NAMES,
    Constant,
    Given,
    Initializer,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
    fans,
    get,
)
from garasu.layers import Conv2D, Dense
from garasu.messages import SettingError, ShapeError, UnknownNameError, set_language
from garasu.networks import Network, describe, rebuild

KEY = random.fold_name(random.key(1), "dense/kernel")

# The first numbers of a kernel (3, 4) under KEY: what a seed means can never change unnoticed.
PINS = {
    "zeros": [0.0, 0.0, 0.0],
    "ones": [1.0, 1.0, 1.0],
    "constant": [0.0, 0.0, 0.0],
    "random_normal": [0.01394866194050053, -0.10723661842490242, 0.06432698465844501],
    "truncated_normal": [0.013298432969191094, -0.08871314374655528, 0.05941256799122843],
    "random_uniform": [0.010986731894881752, -0.04840128743296446, 0.040087261237557015],
    "variance_scaling": [0.17457093840430396, -1.1645535070568604, 0.7799195417435068],
    "glorot_uniform": [0.20343474438187392, -0.8962176952061418, 0.7422718439712673],
    "glorot_normal": [0.16162128361086064, -1.0781670440938573, 0.7220651879515361],
    "he_normal": [0.24688058868756488, -1.6469273637889639, 1.1029727934934765],
    "he_uniform": [0.3107517050379765, -1.3689951424803355, 1.1338389704109277],
    "lecun_normal": [0.17457093840430396, -1.1645535070568604, 0.7799195417435068],
    "lecun_uniform": [0.219734637897635, -0.968025748659289, 0.8017452247511402],
    "orthogonal": [0.22253569501416037, -0.854319444449188, -0.25195829690673455],
    "xavier": [0.16106527452366134, -1.2382618102920517, 0.742784038174203],
    "he": [0.22778069565870765, -1.7511666458836803, 1.0504552607002127],
}
KERAS = sorted(name for name in NAMES if "_" in name)  # xavier and he are the course's own
SHAPE = (3, 3, 40, 160)


def test_every_name_is_pinned_here():
    assert set(PINS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_values(name):
    values = get(name).draw(KEY, (3, 4))
    assert (values.shape, values.dtype) == ((3, 4), np.float64)
    np.testing.assert_allclose(values.ravel()[:3], PINS[name], rtol=1e-14)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(), (1,), (0, 3), (2, 3, 4, 5)])
def test_any_shape(name, shape):
    if name == "orthogonal" and len(shape) < 2:
        with pytest.raises(
            ShapeError, match=r"^Orthogonal needs a kernel of two axes or more, but the parameter has shape"
        ):
            get(name).draw(KEY, shape)
    else:
        assert get(name).draw(KEY, shape).shape == shape


# ----------------------------------------------------------------------------------------------------------- Keras


def keras_values(name, **settings):
    """What Keras draws under its class of this name, with its defaults or the settings."""
    import keras

    kind = getattr(keras.initializers, name.title().replace("_", ""))
    return np.asarray(kind(**settings)(SHAPE, dtype="float32"), dtype=np.float64)


def assert_same_law(ours, theirs):
    """Two samples of one distribution: Kolmogorov-Smirnov, and standard deviations within five standard errors."""
    assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue > 1e-3
    spread = np.std(theirs)
    assert abs(np.std(ours) - spread) < 5 * spread * math.sqrt(2 / ours.size)
    assert abs(np.mean(ours) - np.mean(theirs)) < 5 * spread * math.sqrt(2 / ours.size)


@pytest.mark.parametrize("name", ["zeros", "ones", "constant"])
def test_constants_are_those_of_keras(name):
    np.testing.assert_array_equal(get(name).draw(KEY, SHAPE), keras_values(name))


@pytest.mark.parametrize("name", KERAS)
def test_the_law_is_that_of_keras(name):
    assert_same_law(get(name).draw(KEY, SHAPE), keras_values(name, seed=7))


@pytest.mark.parametrize("distribution", ["truncated_normal", "untruncated_normal", "uniform"])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_variance_scaling_is_that_of_keras(mode, distribution):
    settings = {"scale": 0.7, "mode": mode, "distribution": distribution}
    ours = VarianceScaling(**settings).draw(KEY, SHAPE)
    assert_same_law(ours, keras_values("variance_scaling", seed=7, **settings))


@pytest.mark.parametrize("shape", [(), (3,), (784, 10), (5, 5, 1, 16), (3, 4, 7), (2, 3, 4, 5, 6)])
def test_fans_are_those_of_keras(shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert fans(shape) == compute_fans(shape)


# ---------------------------------------------------------------------------------------------- documented definitions

# name -> (standard deviation, limit or None) for fan-in 300, fan-out 200
DOCUMENTED = {
    "random_normal": (0.05, None),
    "truncated_normal": (0.05 * 0.87962566103423978, 0.1),
    "random_uniform": (0.1 / math.sqrt(12), 0.05),
    "variance_scaling": (math.sqrt(1 / 300), 2 * math.sqrt(1 / 300) / 0.87962566103423978),
    "glorot_uniform": (math.sqrt(2 / 500), math.sqrt(6 / 500)),
    "glorot_normal": (math.sqrt(2 / 500), 2 * math.sqrt(2 / 500) / 0.87962566103423978),
    "he_normal": (math.sqrt(2 / 300), 2 * math.sqrt(2 / 300) / 0.87962566103423978),
    "he_uniform": (math.sqrt(2 / 300), math.sqrt(6 / 300)),
    "lecun_normal": (math.sqrt(1 / 300), 2 * math.sqrt(1 / 300) / 0.87962566103423978),
    "lecun_uniform": (math.sqrt(1 / 300), math.sqrt(3 / 300)),
    "xavier": (math.sqrt(1 / 300), None),
    "he": (math.sqrt(2 / 300), None),
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_mean_spread_and_limit(name):
    deviation, limit = DOCUMENTED[name]
    values = get(name).draw(KEY, (300, 200))
    assert abs(np.mean(values)) < 4 * deviation / math.sqrt(values.size)
    assert abs(np.std(values) / deviation - 1) < 4 / math.sqrt(2 * values.size)
    if limit:
        assert 0.99 * limit < np.max(np.abs(values)) <= limit
    else:
        assert np.max(np.abs(values)) > 3.5 * deviation


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if "normal" in name or "uniform" in name])
def test_the_fans_of_a_convolution(name):
    """A kernel (3, 3, 8, 16) has fan-in 72 and fan-out 144: the spread that DOCUMENTED gives for 300 and 200, moved."""
    deviation, _ = DOCUMENTED[name]
    if not name.startswith(("random", "truncated")):
        both = name.startswith("glorot")
        deviation *= math.sqrt(500 / 216) if both else math.sqrt(300 / 72)
    values = get(name).draw(KEY, (3, 3, 8, 16))
    assert abs(np.std(values) / deviation - 1) < 4 / math.sqrt(2 * values.size)


def test_the_constant_of_truncation():
    """The standard deviation of what is kept within +-2."""
    assert stats.truncnorm(-2, 2).std() == pytest.approx(0.87962566103423978, abs=1e-15)


def test_settings_move_and_stretch():
    normal = random.normal(KEY, (50,), "float64")
    np.testing.assert_array_equal(RandomNormal(3.0, 2.0).draw(KEY, (50,)), 3.0 + 2.0 * normal)
    assert np.all(np.abs(TruncatedNormal(3.0, 0.5).draw(KEY, (1000,)) - 3.0) <= 1.0)
    between = RandomUniform(-0.5, 2.0).draw(KEY, (1000,))
    assert -0.5 <= between.min() < -0.45 and 1.95 < between.max() < 2.0
    assert Constant(0.1).draw(KEY, (2,)).tolist() == [0.1, 0.1]
    assert RandomNormal(stddev=0).draw(KEY, (2,)).tolist() == [0.0, 0.0]


def test_the_key_decides_and_nothing_else():
    other = random.fold_name(random.key(1), "dense_1/kernel")
    for name in DOCUMENTED:
        first, again, another = (get(name).draw(key, (4, 5)) for key in (KEY, KEY, other))
        np.testing.assert_array_equal(first, again)
        assert not np.any(first == another), name


# ------------------------------------------------------------------------------------------- orthogonal, and as given


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5), (3, 3, 2, 8), (2, 2, 3, 30)])
def test_orthogonal_columns_or_rows(shape):
    W = Orthogonal(gain=3.0).draw(KEY, shape).reshape(-1, shape[-1]) / 3.0
    small = W.T @ W if W.shape[0] >= W.shape[1] else W @ W.T
    np.testing.assert_allclose(small, np.eye(len(small)), atol=1e-12)


def test_the_signs_of_orthogonal_are_not_lapacks(monkeypatch):
    """Another library may turn a column of Q and its row of R around: the draw stays."""
    expected, qr = Orthogonal().draw(KEY, (5, 4)), np.linalg.qr

    def turned(matrix):
        q, r = qr(matrix)
        signs = np.array([1.0, -1.0, -1.0, 1.0])
        return q * signs, r * signs[:, None]

    monkeypatch.setattr(np.linalg, "qr", turned)
    np.testing.assert_array_equal(Orthogonal().draw(KEY, (5, 4)), expected)


def test_orthogonal_is_drawn_evenly():
    """Over many 3 x 3 draws, each number has mean 0 and variance 1/3, and half of all are rotations, half mirrored."""
    drawn = np.stack([Orthogonal().draw(random.fold_in(KEY, np.uint32(k)), (3, 3)) for k in range(2000)])
    assert np.max(np.abs(drawn.mean(axis=0))) < 5 * math.sqrt(1 / 3 / 2000)
    np.testing.assert_allclose((drawn**2).mean(axis=0), 1 / 3, atol=0.04)
    assert abs(np.mean(np.linalg.det(drawn) > 0) - 0.5) < 5 * 0.5 / math.sqrt(2000)


def test_orthogonal_is_keras_orthogonal():
    import keras

    theirs = np.asarray(keras.initializers.Orthogonal(gain=2.0, seed=1)((2, 2, 3, 8)), dtype=np.float64)
    ours = Orthogonal(gain=2.0).draw(KEY, (2, 2, 3, 8))
    for W in (ours.reshape(12, 8), theirs.reshape(12, 8)):
        np.testing.assert_allclose(W.T @ W, 4.0 * np.eye(8), atol=1e-5)


FILTER = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]


@pytest.mark.parametrize("values", [FILTER, np.array(FILTER), np.array(FILTER, np.float32), np.array(FILTER, np.int8)])
def test_given_values_are_drawn_as_they_are(values):
    given = Given(values)
    assert given.values == tuple(map(tuple, FILTER)) and given.shape == (3, 3)
    drawn = given.draw(KEY, (3, 3))
    assert drawn.dtype == np.float64 and drawn.tolist() == FILTER
    drawn[:] = 0.0  # what was drawn is the caller's own
    assert given.draw(KEY, (3, 3)).tolist() == FILTER
    assert Given(2).draw(KEY, ()).tolist() == 2.0


def test_given_values_stand_in_a_file():
    layer = Conv2D(1, 3, kernel_initializer=Given(np.reshape(FILTER, (3, 3, 1, 1))))
    again = rebuild(describe(layer))
    assert again.kernel_initializer.values == layer.kernel_initializer.values
    assert repr(layer.kernel_initializer) == "Given(values=<3x3x1x1>)"
    params, _ = Network([again], (5, 5, 1)).init(seed=0)
    np.testing.assert_array_equal(params["conv2d"]["kernel"][:, :, 0, 0], FILTER)


def test_given_values_of_another_shape(language):
    network = Network([Dense(2, kernel_initializer=Given(FILTER))], (3,))
    with pytest.raises(ShapeError) as caught:
        network.init(seed=0)
    said = str(caught.value)
    assert "Given" in said and "(3, 2)" in said and "(3, 3)" in said
    if language == "en":
        assert said.startswith("Given: the parameter needs values of shape (3, 2); the given values have shape (3, 3).")


@pytest.mark.parametrize(
    "values", [[1, [2, 3]], [], [[]], [["a"]], "abc", None, [True], [math.nan], [math.inf], [1j], [[1, 2], [3]]]
)
def test_what_cannot_be_given(values):
    with pytest.raises(SettingError, match=r"^Given: values must be finite numbers in rows of equal length") as caught:
        Given(values)
    assert "Got" in str(caught.value)


# --------------------------------------------------------------------------------------------------- names and errors


def test_get_takes_names_and_initializers():
    mine = TruncatedNormal(stddev=0.1)
    assert get(mine) is mine
    assert isinstance(get("zeros"), Zeros)
    assert all(isinstance(get(name), Initializer) for name in NAMES)
    assert (get("truncated_normal").mean, get("truncated_normal").stddev) == (0.0, 0.05)
    he = get("he_normal")
    assert (he.scale, he.mode, he.distribution) == (2.0, "fan_in", "truncated_normal")


def test_get_offers_the_nearest_name():
    with pytest.raises(UnknownNameError, match=r"no initializer named 'he_norml'\. Did you mean 'he_normal'\? Known: "):
        get("he_norml")
    set_language("ja")
    with pytest.raises(UnknownNameError, match="「glorot」という初期化子はありません。"):
        get("glorot")


@pytest.mark.parametrize("value", [None, 3, 0.05, ["zeros"], int])
def test_get_refuses_what_is_none(value):
    with pytest.raises(SettingError, match=r"^initializers\.get: initializer must be an initializer"):
        get(value)


@pytest.mark.parametrize(
    ("kind", "settings", "named"),
    [
        ("RandomNormal", {"stddev": -0.1}, "RandomNormal: stddev must be a number of 0 or more. Got -0.1 instead."),
        ("RandomNormal", {"mean": "0"}, "RandomNormal: mean must be a finite number. Got '0' instead."),
        ("TruncatedNormal", {"stddev": math.nan}, "TruncatedNormal: stddev must be a number of 0 or more. Got nan"),
        ("RandomUniform", {"maxval": math.inf}, "RandomUniform: maxval must be a finite number. Got inf instead."),
        ("Constant", {"value": None}, "Constant: value must be a finite number. Got None instead."),
        ("Orthogonal", {"gain": "big"}, "Orthogonal: gain must be a finite number. Got 'big' instead."),
        ("VarianceScaling", {"scale": 0}, "VarianceScaling: scale must be a number above 0. Got 0 instead."),
        ("VarianceScaling", {"mode": "fan"}, "VarianceScaling: mode must be one of 'fan_in', 'fan_out', 'fan_avg'."),
        ("VarianceScaling", {"distribution": "normal"}, "VarianceScaling: distribution must be one of "),
    ],
)
def test_settings_out_of_range(kind, settings, named):
    with pytest.raises(SettingError) as caught:
        getattr(initializers, kind)(**settings)
    assert str(caught.value).startswith(named)


def test_an_initializer_cannot_be_changed():
    with pytest.raises(AttributeError):
        RandomNormal().stddev = 1.0
