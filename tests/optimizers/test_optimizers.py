"""Names, hyper, one program for every rate, the course's own forms, decay, Muon's matrices, and what is refused."""

import inspect
import math
from functools import partial

import attrs
import jax
import numpy as np
import pytest

from garasu import optimizers
from garasu.messages import SettingError, UnknownNameError, shown
from garasu.messages.spacing import spaced
from garasu.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    Momentum,
    Muon,
    Nadam,
    Nesterov,
    RMSprop,
)
from garasu.optimizers.muon import orthogonalized
from garasu.schedules import ConstantRate, ExponentialDecay

every_class = pytest.mark.parametrize("kind", optimizers.CLASSES, ids=lambda kind: kind.__name__)
STEP = np.asarray(0, dtype=np.uint32)


def one_step(optimizer, gradient, weight=1.0, state=None):
    """The weight after one step, as a number."""
    w = np.array([weight])
    return float(optimizer.update(np.array([gradient]), state or optimizer.init(w), w, STEP, optimizer.hyper())[0][0])


# ---------------------------------------------------------------------------------------------- names and numbers


def test_names():
    names = ["sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "nadam", "lion", "muon"]
    assert list(optimizers.NAMES) == names
    assert [type(optimizers.get(name)).__name__.lower() for name in names] == names
    assert optimizers.AdaGrad is Adagrad and optimizers.RMSProp is RMSprop
    assert type(optimizers.get("RMSprop")) is RMSprop


def test_get_with_another_rate_or_schedule():
    schedule = ExponentialDecay(0.1, 10, 0.5)
    assert optimizers.get("lion", 0.5).learning_rate == 0.5
    assert optimizers.get(Adam(beta_1=0.5), schedule).learning_rate is schedule


def test_an_unknown_name(language):
    with pytest.raises(UnknownNameError) as caught:
        optimizers.get("adamax")
    assert {"en": "Did you mean 'adam'?", "ja": "「adam」のことですか"}[language] in str(caught.value)


@every_class
def test_keras_s_settings(kind):
    """Its names in its order, and its defaults; what it has None for is 0 here."""
    import keras

    name = {"Momentum": "SGD", "Nesterov": "SGD"}.get(kind.__name__, kind.__name__)
    theirs = inspect.signature(getattr(keras.optimizers, name)).parameters
    by_place = [one.name for one in attrs.fields(kind) if not one.kw_only]
    assert by_place == list(theirs)[: len(by_place)]
    ours = {one.name: one.default for one in attrs.fields(kind) if one.name in theirs}
    if name == "SGD":
        ours.pop("momentum", None)  # Keras's SGD has none unless told
    defaults = {name: theirs[name].default for name in ours}
    assert ours == {
        name: ours[name] * 0.0 if value is None and ours[name] is not None else value
        for name, value in defaults.items()
    }


@every_class
def test_hyper_holds_the_numbers_that_may_vary_within_a_run(kind):
    hyper = kind().hyper()
    assert all(type(value) is float for value in hyper.values())
    assert hyper["learning_rate"] == kind().learning_rate
    varying = {"weight_decay", "momentum", "rho", "beta_1", "beta_2", "adam_beta_1", "adam_beta_2"}
    named = {one.name for one in attrs.fields(kind)} & varying
    assert set(hyper) == {"learning_rate"} | named - ({"momentum"} if kind is RMSprop else set())
    assert RMSprop(momentum=0.5).hyper()["momentum"] == 0.5


@every_class
def test_one_program_for_every_step_and_every_number(kind):
    optimizer, traced = kind(), []

    @jax.jit
    def update(grad, state, w, step, hyper):
        traced.append(step)
        return optimizer.update(grad, state, w, step, hyper)

    w = np.ones((3, 2), dtype=np.float32)
    state, hyper = optimizer.init(w), {name: np.float32(value) for name, value in optimizer.hyper().items()}
    for step in range(4):
        w, state = update(np.ones_like(w), state, w, np.uint32(step), hyper)
        hyper = {name: np.float32(0.5 * value) for name, value in hyper.items()}
    assert len(traced) == 1


@every_class
def test_a_schedule_is_the_rate_of_its_step(kind):
    schedule = ExponentialDecay(0.4, 1, 0.5)
    optimizer, plain = kind(schedule), kind(0.1)
    assert optimizer.first_rate == optimizer.hyper()["learning_rate"] == 0.4
    hyper = {name: np.asarray(value, dtype=np.float32) for name, value in optimizer.hyper().items()}
    step = np.asarray(2, dtype=np.uint32)
    numbers = optimizer.numbers_at(step, hyper)
    assert numbers["learning_rate"] == np.float32(0.1) and numbers["learning_rate"].dtype == np.float32
    assert plain.numbers_at(step, hyper) is hyper
    w, gradient = np.ones((2, 2), dtype=np.float32), np.full((2, 2), 3.0, dtype=np.float32)
    mine, theirs = (one.update(gradient, one.init(w), w, step, numbers)[0] for one in (optimizer, plain))
    np.testing.assert_array_equal(mine, theirs)


# ---------------------------------------------------------------------------------------------- the course's forms


def test_the_course_s_adagrad():
    """h += g^2 from 1e-4 on, w -= lr g / sqrt(h + theta)."""
    adagrad = Adagrad(0.1, initial_accumulator_value=1e-4, epsilon=0.5)
    assert one_step(adagrad, 2.0) == pytest.approx(1.0 - 0.2 / math.sqrt(4.0001 + 0.5), rel=1e-14)


def test_the_course_s_rmsprop():
    """h = rho h + (1 - rho) g^2, divided by sqrt(h) + 1e-7, rho = 0.55."""
    rmsprop = RMSprop(0.1, rho=0.55, epsilon_inside=False)
    assert one_step(rmsprop, 2.0) == pytest.approx(1.0 - 0.2 / (math.sqrt(0.45 * 4.0) + 1e-7), rel=1e-14)


def test_the_course_s_adam():
    """Betas 0.5 and 0.555, sqrt(v) + 1e-7: at the first step lr sqrt(1 - b2) / (1 - b1) m / (sqrt(v) + 1e-7)."""
    m, v = 0.5 * 2.0, 0.445 * 4.0
    expected = 1.0 - 0.1 * math.sqrt(0.445) / 0.5 * m / (math.sqrt(v) + 1e-7)
    assert one_step(Adam(0.1, beta_1=0.5, beta_2=0.555), 2.0) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("kind", [partial(Adagrad, initial_accumulator_value=0.0), RMSprop])
def test_the_place_of_epsilon_matters_where_gradients_are_small(kind):
    inside, outside = kind(0.1, epsilon=1e-2), kind(0.1, epsilon=1e-2, epsilon_inside=False)
    assert abs(one_step(inside, 1e-3) - one_step(outside, 1e-3)) > 1e-3


# ----------------------------------------------------------------------------------------------------------- decay


@pytest.mark.parametrize("kind", [AdamW, Lion, Muon])
def test_decay_takes_its_share_from_the_weight_itself(kind):
    """The same share however large the gradient; 0 in ``hyper``, as training hands in for biases, takes nothing."""
    decaying, w = kind(0.1, weight_decay=0.5), np.array([[2.0, -4.0]])
    for gradient in (np.array([[1.0, 5.0]]), np.array([[1e-3, -1e3]])):
        after = decaying.update(gradient, decaying.init(w), w, STEP, decaying.hyper())[0]
        without = decaying.update(gradient, decaying.init(w), w, STEP, {**decaying.hyper(), "weight_decay": 0.0})[0]
        np.testing.assert_allclose(without - after, 0.1 * 0.5 * w, rtol=1e-12)


def test_decay_is_not_l2_regularisation_where_steps_are_scaled():
    """For plain descent both are one; Adam scales the penalty's slope away."""
    w, gradient, share = np.array([2.0]), np.array([100.0]), 0.5
    adam, adamw = Adam(0.1), AdamW(0.1, weight_decay=share)
    by_slope = adam.update(gradient + share * w, adam.init(w), w, STEP, adam.hyper())[0]
    decayed = adamw.update(gradient, adamw.init(w), w, STEP, adamw.hyper())[0]
    np.testing.assert_allclose(by_slope, [1.9], rtol=1e-8)
    np.testing.assert_allclose(decayed, [1.8], rtol=1e-8)


# ------------------------------------------------------------------------------------------------------------ Muon


@pytest.mark.parametrize("shape", [(6, 6), (9, 4), (4, 9), (1, 5)])
def test_muon_brings_singular_values_near_to_1_and_leaves_the_vectors(shape):
    matrix = np.random.default_rng(0).normal(size=shape)
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    assert np.min(s) > np.linalg.norm(matrix) / 200
    inner = u.T @ orthogonalized(matrix, 5, 1e-7) @ vt.T
    values = np.diagonal(inner)
    assert np.all((values > 0.68) & (values < 1.16))
    np.testing.assert_allclose(inner, np.diag(values), atol=1e-12)


def test_muon_s_epsilon_stands_beside_the_size():
    """x = 3 / (3 + 1), and one iteration of a x + b x^3 + c x^5."""
    expected = 3.4445 * 0.75 - 4.7750 * 0.75**3 + 2.0315 * 0.75**5
    np.testing.assert_allclose(orthogonalized(np.array([[3.0]]), 1, 1.0), [[expected]], rtol=1e-14)


def test_muon_takes_a_kernel_of_four_axes_for_the_matrix_of_its_filters():
    gradient, muon = np.random.default_rng(0).normal(size=(2, 3, 2, 5)), Muon(0.1, weight_decay=0.0)
    steps = []
    for shape in ((2, 3, 2, 5), (12, 5)):
        w = np.zeros(shape)
        steps.append(muon.update(gradient.reshape(shape), muon.init(w), w, STEP, muon.hyper())[0])
    assert steps[0].shape == (2, 3, 2, 5)
    np.testing.assert_array_equal(steps[0].reshape(12, 5), steps[1])


def test_muon_takes_a_matrix_of_zeros():
    muon, w = Muon(0.1, weight_decay=0.0), np.ones((3, 2))
    np.testing.assert_array_equal(muon.update(np.zeros_like(w), muon.init(w), w, STEP, muon.hyper())[0], w)


def test_muon_s_step_has_the_size_that_rms_rate_says():
    """Singular values near 1: the root mean square of n x k numbers is near rms_rate, whatever the shape."""
    for shape in ((64, 64), (256, 16), (5, 5, 4, 16)):
        gradient = np.random.default_rng(1).normal(size=shape)
        muon, w = Muon(1.0, weight_decay=0.0, rms_rate=0.2), np.zeros(shape)
        step = muon.update(gradient, muon.init(w), w, STEP, muon.hyper())[0]
        assert 0.68 * 0.2 < np.sqrt(np.mean(step**2)) < 1.16 * 0.2


# --------------------------------------------------------------------------------------------------------- refused

RATE = ("a number of 0 or more, or a schedule", "0 以上の数、または学習率スケジュール")
FRACTION = ("a number from 0 up to, not including, 1", "0 以上 1 未満の数")
POSITIVE = ("a number above 0", "0 より大きい数")
NOT_NEGATIVE = ("a number of 0 or more", "0 以上の数")
COUNT = ("a whole number above 0", "1 以上の整数")
TRUTH = ("True or False", "True か False")

OWN = {
    SGD: {},
    Momentum: {"momentum": (1.0, FRACTION)},
    Nesterov: {"momentum": (-0.1, FRACTION)},
    Adagrad: {
        "initial_accumulator_value": (-1e-4, NOT_NEGATIVE),
        "epsilon": (-1e-7, NOT_NEGATIVE),
        "epsilon_inside": (1, TRUTH),
    },
    Adadelta: {"rho": (1, FRACTION), "epsilon": (-1e-7, POSITIVE)},
    RMSprop: {
        "rho": (1.5, FRACTION),
        "momentum": (1, FRACTION),
        "epsilon": (0.0, POSITIVE),
        "centered": (None, TRUTH),
        "epsilon_inside": ("yes", TRUTH),
    },
    Adam: {
        "beta_1": (1.0, FRACTION),
        "beta_2": (-0.5, FRACTION),
        "epsilon": (0, POSITIVE),
        "corrected_epsilon": (0, TRUTH),
    },
    AdamW: {
        "weight_decay": (-0.004, NOT_NEGATIVE),
        "beta_1": (1, FRACTION),
        "beta_2": (2, FRACTION),
        "epsilon": ("1e-7", POSITIVE),
        "corrected_epsilon": (None, TRUTH),
    },
    Nadam: {
        "beta_1": (1, FRACTION),
        "beta_2": (math.nan, FRACTION),
        "epsilon": (0, POSITIVE),
        "momentum_decay": (0, POSITIVE),
    },
    Lion: {"beta_1": (1, FRACTION), "beta_2": (-1, FRACTION), "weight_decay": (None, NOT_NEGATIVE)},
    Muon: {
        "adam_beta_1": (1, FRACTION),
        "adam_beta_2": (True, FRACTION),
        "epsilon": (0, POSITIVE),
        "weight_decay": (-1, NOT_NEGATIVE),
        "momentum": (1.0, FRACTION),
        "ns_steps": (0, COUNT),
        "nesterov": (2, TRUTH),
        "rms_rate": (0, POSITIVE),
    },
}
ENGLISH = "{kind}: {name} must be {expected}. Got {value} instead."
JAPANESE = "{kind} の {name} には{expected}を指定してください（指定された値: {value}）。"
BAD = [(kind, name, *pair) for kind, settings in OWN.items() for name, pair in settings.items()]
BAD += [(kind, "learning_rate", value, RATE) for kind in OWN for value in (-0.1, "fast", ConstantRate)]


@pytest.mark.parametrize(("kind", "name", "value", "expected"), BAD)
def test_refused_in_one_sentence(kind, name, value, expected, language):
    with pytest.raises(SettingError) as caught:
        kind(**{name: value})
    fields = {"kind": kind.__name__, "name": name, "expected": expected[language == "ja"], "value": shown(value)}
    assert str(caught.value) == {"en": ENGLISH.format(**fields), "ja": spaced(JAPANESE, fields)}[language]


def test_every_setting_of_every_optimizer_is_refused_somewhere():
    shared = {one.name for one in attrs.fields(SGD)} - {"learning_rate"}  # clipping and averages have their own tests
    wanted = {(kind, one.name) for kind in optimizers.CLASSES for one in attrs.fields(kind) if one.name not in shared}
    assert wanted == {(kind, name) for kind, name, *_ in BAD}
