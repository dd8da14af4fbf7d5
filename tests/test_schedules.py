"""Schedules: by hand, beside Keras, Optax and PyTorch over 220 steps, on the array libraries, in files, and refused."""

import math
import warnings

import jax
import numpy as np
import optax
import pytest

from garasu import optimizers, schedules
from garasu.messages import SettingError, UnknownNameError
from garasu.networks import describe, rebuild
from garasu.schedules import (
    ConstantRate,
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    OneCycle,
    PiecewiseConstantDecay,
    PolynomialDecay,
    StepDecay,
    WarmUp,
)
from tests.contract.contract_oracles import torch_or_skip

STEPS = np.arange(220, dtype=np.uint32)

# name -> (the schedule, the rate at some steps as worked out by hand)
CASES = {
    "constant": (ConstantRate(0.3), {0: 0.3, 219: 0.3}),
    "pieces": (
        PiecewiseConstantDecay([0, 100, 150], [4.0, 3.0, 2.0, 0.0]),
        {0: 4.0, 1: 3.0, 100: 3.0, 101: 2.0, 150: 2.0, 151: 0.0},
    ),
    "steps": (StepDecay(0.8, 50, 0.5), {0: 0.8, 49: 0.8, 50: 0.4, 149: 0.2, 150: 0.1}),
    "exponential": (ExponentialDecay(0.8, 20, 0.25), {0: 0.8, 10: 0.4, 20: 0.2, 50: 0.8 / 32}),
    "exponential stairs": (ExponentialDecay(0.8, 20, 0.25, staircase=True), {19: 0.8, 20: 0.2, 39: 0.2, 40: 0.05}),
    "inverse": (InverseTimeDecay(0.9, 10, 0.5), {0: 0.9, 20: 0.45, 40: 0.3}),
    "inverse stairs": (InverseTimeDecay(0.9, 10, 0.5, staircase=True), {19: 0.6, 20: 0.45, 29: 0.45}),
    "line": (PolynomialDecay(1.0, 100, 0.2), {0: 1.0, 50: 0.6, 100: 0.2, 219: 0.2}),
    "square": (PolynomialDecay(1.0, 100, 0.0, power=2.0), {50: 0.25, 90: 0.01}),
    "saw": (PolynomialDecay(1.0, 100, 0.2, cycle=True), {0: 1.0, 50: 0.6, 100: 0.2, 101: 0.2 + 0.8 * 99 / 200}),
    "cosine": (CosineDecay(1.0, 120, alpha=0.1), {0: 1.0, 40: 0.775, 60: 0.55, 120: 0.1, 219: 0.1}),
    "warm cosine": (
        CosineDecay(0.2, 120, alpha=0.1, warmup_target=1.0, warmup_steps=40),
        {0: 0.2, 10: 0.4, 40: 1.0, 100: 0.55, 160: 0.1, 200: 0.1},
    ),
    "waves": (CosineDecayRestarts(1.0, 10), {0: 1.0, 5: 0.5, 10: 1.0, 20: 0.5, 30: 1.0, 70: 1.0, 110: 0.5, 150: 1.0}),
    "waves three times as long": (
        CosineDecayRestarts(1.0, 10, t_mul=3.0, m_mul=0.5),
        {0: 1.0, 5: 0.5, 10: 0.5, 20: 0.375, 25: 0.25, 40: 0.25, 85: 0.125, 130: 0.125},
    ),
    "sinking waves": (
        CosineDecayRestarts(1.0, 50, t_mul=1.0, m_mul=0.5, alpha=0.2),
        {0: 1.0, 25: 0.6, 50: 0.6, 75: 0.4, 100: 0.4},
    ),
    "warm steps": (WarmUp(StepDecay(0.8, 50, 0.5), 20, 0.2), {0: 0.2, 10: 0.5, 20: 0.8, 69: 0.8, 70: 0.4}),
    "warm number": (WarmUp(0.5, 5), {0: 0.0, 1: 0.1, 5: 0.5, 219: 0.5}),
    "cycle": (
        OneCycle(1.0, 201, pct_start=41 / 201, div_factor=10.0, final_div_factor=100.0),
        {0: 0.1, 10: 1.0 - 0.45 * (1.0 + math.sqrt(0.5)), 20: 0.55, 40: 1.0, 120: 0.5005, 200: 0.001, 219: 0.001},
    ),
    "three ways": (
        OneCycle(1.0, 201, 41 / 201, "linear", 10.0, 100.0, three_phase=True),
        {0: 0.1, 20: 0.55, 40: 1.0, 60: 0.55, 80: 0.1, 140: (0.1 + 0.001) / 2, 200: 0.001},
    ),
    "cycle from the top": (OneCycle(1.0, 101, 0.0, "linear"), {100: 4e-6}),
    "cycle with one step up": (OneCycle(1.0, 10, 0.1), {0: 1.0, 9: 4e-6}),
}
every_case = pytest.mark.parametrize("schedule", [case[0] for case in CASES.values()], ids=CASES)


def rates(schedule, precision="float64"):
    """The rate at every step, on NumPy."""
    return schedule.at(STEPS, np.dtype(precision))


def close(got, expected, tolerance):
    """Two curves agree to a share of the larger one's top."""
    np.testing.assert_allclose(np.asarray(got), expected, rtol=0, atol=tolerance * float(np.max(np.abs(expected))))


# ------------------------------------------------------------------------------------------------------- by hand


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name):
    schedule, worked = CASES[name]
    for step, rate in worked.items():
        assert schedule(step) == pytest.approx(rate, rel=1e-12, abs=1e-15), step


def test_every_schedule_has_a_case():
    assert {type(schedule) for schedule, _ in CASES.values()} == set(schedules.CLASSES)


# ------------------------------------------------------------------------------------------------------- outside


def joined(first, then, at):
    return optax.join_schedules([first, then], [at])


KERAS = {
    "pieces": lambda k: k.PiecewiseConstantDecay([0, 100, 150], [4.0, 3.0, 2.0, 0.0]),
    "exponential": lambda k: k.ExponentialDecay(0.8, 20, 0.25),
    "exponential stairs": lambda k: k.ExponentialDecay(0.8, 20, 0.25, staircase=True),
    "steps": lambda k: k.ExponentialDecay(0.8, 50, 0.5, staircase=True),
    "inverse": lambda k: k.InverseTimeDecay(0.9, 10, 0.5),
    "inverse stairs": lambda k: k.InverseTimeDecay(0.9, 10, 0.5, staircase=True),
    "line": lambda k: k.PolynomialDecay(1.0, 100, 0.2),
    "square": lambda k: k.PolynomialDecay(1.0, 100, 0.0, power=2.0),
    "saw": lambda k: k.PolynomialDecay(1.0, 100, 0.2, cycle=True),
    "cosine": lambda k: k.CosineDecay(1.0, 120, alpha=0.1),
    "warm cosine": lambda k: k.CosineDecay(0.2, 120, alpha=0.1, warmup_target=1.0, warmup_steps=40),
    "waves": lambda k: k.CosineDecayRestarts(1.0, 10),
    "waves three times as long": lambda k: k.CosineDecayRestarts(1.0, 10, t_mul=3.0, m_mul=0.5),
    "sinking waves": lambda k: k.CosineDecayRestarts(1.0, 50, t_mul=1.0, m_mul=0.5, alpha=0.2),
}
OPTAX = {
    "constant": lambda: lambda step: optax.constant_schedule(0.3)(step) + 0.0 * step,
    "pieces": lambda: optax.piecewise_constant_schedule(4.0, {1: 3 / 4, 101: 2 / 3, 151: 0.0}),  # changes at, not after
    "exponential": lambda: optax.exponential_decay(0.8, 20, 0.25),
    "exponential stairs": lambda: optax.exponential_decay(0.8, 20, 0.25, staircase=True),
    "steps": lambda: optax.exponential_decay(0.8, 50, 0.5, staircase=True),
    "line": lambda: optax.polynomial_schedule(1.0, 0.2, 1.0, 100),
    "square": lambda: optax.polynomial_schedule(1.0, 0.0, 2.0, 100),
    "cosine": lambda: optax.cosine_decay_schedule(1.0, 120, alpha=0.1),
    "warm cosine": lambda: optax.warmup_cosine_decay_schedule(0.2, 1.0, 40, 160, 0.1),
    "waves": lambda: optax.sgdr_schedule(
        [
            {"init_value": 1.0, "peak_value": 1.0, "warmup_steps": 0, "decay_steps": 10 * 2**i, "end_value": 0.0}
            for i in range(5)
        ]
    ),
    "warm steps": lambda: joined(
        optax.linear_schedule(0.2, 0.8, 20), optax.exponential_decay(0.8, 50, 0.5, staircase=True), 20
    ),
    "warm number": lambda: optax.linear_schedule(0.0, 0.5, 5),
}
TORCH = {
    "steps": lambda s, o: s.StepLR(o, 50, 0.5),
    "exponential": lambda s, o: s.ExponentialLR(o, 0.25 ** (1 / 20)),
    "line": lambda s, o: s.LinearLR(o, 1.0, 0.2, 100),
    "square": lambda s, o: s.PolynomialLR(o, 100, 2.0),
    "warm number": lambda s, o: s.LinearLR(o, 1e-300, 1.0, 5),
    "waves": lambda s, o: s.CosineAnnealingWarmRestarts(o, 10, 2),
    "cycle": lambda s, o: s.OneCycleLR(o, 1.0, 201, pct_start=41 / 201, div_factor=10.0, final_div_factor=100.0),
    "three ways": lambda s, o: s.OneCycleLR(
        o, 1.0, 201, None, None, 41 / 201, "linear", div_factor=10.0, final_div_factor=100.0, three_phase=True
    ),
    "cycle from the top": lambda s, o: s.OneCycleLR(o, 1.0, 101, pct_start=0.0, anneal_strategy="linear"),
}


@pytest.mark.parametrize("name", KERAS)
def test_as_keras_s(name):
    import keras

    with jax.enable_x64(False):
        theirs = jax.jit(jax.vmap(KERAS[name](keras.optimizers.schedules)))(STEPS)
    close(theirs, rates(CASES[name][0]), 1e-6)


@pytest.mark.parametrize("name", OPTAX)
def test_as_optax_s(name):
    with jax.enable_x64(True):
        theirs = OPTAX[name]()(jax.numpy.asarray(STEPS, dtype=jax.numpy.int64))
    close(theirs, rates(CASES[name][0]), 1e-12)


@pytest.mark.oracles
@pytest.mark.parametrize("name", TORCH)
def test_as_pytorch_s(name):
    torch = torch_or_skip()
    schedule = CASES[name][0]
    top = 0.5 if name == "warm number" else schedule(0)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=top, momentum=0.9)
    scheduler, found = TORCH[name](torch.optim.lr_scheduler, optimizer), []
    count = min(len(STEPS), getattr(schedule, "total_steps", len(STEPS)))  # a OneCycleLR raises an error after its end
    for _ in range(count):
        found.append(scheduler.get_last_lr()[0])
        optimizer.step()
        if len(found) < count:
            scheduler.step()
    close(found, rates(schedule)[:count], 1e-12)


def test_every_schedule_is_compared_with_one_from_outside():
    asked = {type(CASES[name][0]) for name in (*KERAS, *OPTAX, *TORCH)}
    assert asked == set(schedules.CLASSES)


def test_a_wave_begins_at_its_step_where_the_logarithm_rounds_below_it():
    assert math.floor(math.log(243) / math.log(3)) == 4  # not 5
    assert CosineDecayRestarts(1.0, 1, t_mul=3.0)(121) == 1.0  # 1 + 3 + 9 + 27 + 81
    for t_mul, precision in ((2.0, "float32"), (3.0, "float32"), (3.0, "float64")):
        begins = [4 * sum(int(t_mul) ** i for i in range(k)) for k in range(12)]
        found = CosineDecayRestarts(1.0, 4, t_mul).at(np.asarray(begins, dtype=np.uint32), np.dtype(precision))
        assert np.all(found == 1.0)


# ------------------------------------------------------------------------------------------------ array libraries


@every_case
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_five_ways(ways, schedule, precision):
    """uint32 steps in, the type of the run out, the same numbers everywhere."""
    expected = rates(schedule)
    for way in ways:
        if way.name == "jax":  # XLA's operations one by one are those of the compiled function, only slower
            continue

        def at(step):
            xp = step.__array_namespace__()
            return schedule.at(step, getattr(xp, precision))

        found = way.call(at, STEPS, wide=precision == "float64")
        assert found.dtype == precision, way.name
        close(found, expected, 3e-6 if precision == "float32" else 1e-12)


def test_one_program_for_all_steps():
    traced = []

    @jax.jit
    def at(step):
        traced.append(step)
        return CASES["warm cosine"][0].at(step, jax.numpy.float32)

    found = [float(at(np.uint32(step))) for step in (0, 39, 40, 41, 160, 2**32 - 1)]
    assert len(traced) == 1
    assert found == pytest.approx([CASES["warm cosine"][0](step) for step in (0, 39, 40, 41, 160, 161)], rel=1e-5)


@every_case
def test_a_rate_is_never_negative_nor_infinite(schedule):
    late = np.array([2**24, 2**31, 2**32 - 1], dtype=np.uint32)
    for precision in ("float32", "float64"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = np.concatenate([rates(schedule, precision), schedule.at(late, np.dtype(precision))])
        assert np.all(np.isfinite(found)) and np.all(found >= 0)


LENGTHS = (3, 7, 10, 41, 49, 100)
"""XLA divides by a constant by multiplying: 49 (1 / 49) is then below 1, and 10 (1 / 10) above it."""


def compiled(made, steps, precision):
    """The rates of several schedules at the same steps, out of one program; a row for each."""
    with jax.enable_x64(precision == "float64"):
        dtype = getattr(jax.numpy, precision)
        program = jax.jit(lambda steps: jax.numpy.stack([one.at(steps, dtype) for one in made]))
        return np.asarray(program(np.asarray(steps, dtype=np.uint32)))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_compiled_staircase_steps_where_it_should(precision):
    steps = np.arange(1000)
    stairs = [
        *(ExponentialDecay(1.0, d, 0.9, staircase=True) for d in LENGTHS),
        *(InverseTimeDecay(1.0, d, 0.5, staircase=True) for d in LENGTHS),
    ]
    expected = [*(0.9 ** (steps // d) for d in LENGTHS), *(1.0 / (1.0 + 0.5 * (steps // d)) for d in LENGTHS)]
    for found in (compiled(stairs, steps, precision), np.stack([rates_at(one, steps, precision) for one in stairs])):
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def rates_at(schedule, steps, precision):
    """The rates on NumPy."""
    return schedule.at(np.asarray(steps, dtype=np.uint32), np.dtype(precision))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("t_mul", [1, 2, 3, 4, 7])
def test_a_compiled_wave_begins_where_it_should(t_mul, precision):
    waves = [CosineDecayRestarts(1.0, d, float(t_mul)) for d in LENGTHS]
    begins = np.array([[d * sum(t_mul**j for j in range(i)) for i in range(1, 5)] for d in LENGTHS])
    steps, own = np.stack([begins - 1, begins]), range(len(LENGTHS))
    for found in (
        compiled(waves, steps.ravel(), precision),
        np.stack([rates_at(one, steps.ravel(), precision) for one in waves]),
    ):
        before, at = np.moveaxis(found.reshape(len(waves), *steps.shape)[own, :, own], 1, 0)
        assert np.all(before <= 0.5) and np.all(at == 1.0)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_a_compiled_polynomial_stays_at_its_end(power, precision):
    """A hair beyond the end, the root of a negative number would be no number, and a line below zero."""
    late = [2**24, 2**31, 2**32 - 1]
    for end in (0.0, 0.25):
        lines = [PolynomialDecay(1.0, d, end, power) for d in LENGTHS]
        for d, found in zip(LENGTHS, compiled(lines, [*LENGTHS, 100, 101, 200, *late], precision), strict=True):
            assert np.all(found[np.array([*LENGTHS, 100, 101, 200, *late]) >= d] == end)
    saws = [PolynomialDecay(1.0, d, 0.0, power, cycle=True) for d in LENGTHS]
    steps = np.arange(1, 1000)
    for d, found in zip(LENGTHS, compiled(saws, [*steps, *late], precision), strict=True):
        assert np.all((found >= 0.0) & (found <= 1.0))
        assert np.all(found[: len(steps)][steps % d == 0] == 0.0)
        assert np.all(found[: len(steps)][steps % d == 1] > 0.0)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("never", [2**31, 2**32 + 1, 10**12])
def test_numbers_of_steps_that_no_training_reaches(never, precision):
    """They do not fit into an int32, or into the step itself."""
    made = [StepDecay(0.5, never), WarmUp(0.5, never), PiecewiseConstantDecay([3, never], [1.0, 0.5, 0.25])]
    steps, expected = (
        [0, 3, 4, 2**31 - 1],
        [[0.5] * 4, [0.5 * s / never for s in (0, 3, 4, 2**31 - 1)], [1, 1, 0.5, 0.5]],
    )
    np.testing.assert_allclose(compiled(made, steps, precision), expected, rtol=1e-6)
    np.testing.assert_allclose([rates_at(one, steps, precision) for one in made], expected, rtol=1e-6)


def test_a_warm_up_may_lead_to_a_warm_up():
    twice = WarmUp(WarmUp(StepDecay(1.0, 10, 0.5), 4, 0.5), 5, 0.25)
    expected = [0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.625, 0.75, 0.875, *[1.0] * 10, 0.5]
    np.testing.assert_allclose(rates_at(twice, range(20), "float64"), expected, rtol=1e-12)
    np.testing.assert_allclose(compiled([twice], range(20), "float32")[0], expected, rtol=1e-6)


# ------------------------------------------------------------------------------------------------------- as data


@every_case
def test_in_a_file_and_back(schedule):
    import json

    document = json.loads(json.dumps(describe(optimizers.SGD(schedule))))
    back = rebuild(document).learning_rate
    assert type(back) is type(schedule)
    np.testing.assert_array_equal(rates(back), rates(schedule))


def test_get():
    same = StepDecay(0.1, 5)
    assert schedules.get(same) is same
    assert schedules.get(0.25)(100) == 0.25
    assert schedules.get("exponential_decay", initial_learning_rate=1.0, decay_steps=1, decay_rate=0.5)(3) == 0.125
    assert set(schedules.NAMES.values()) == set(schedules.CLASSES)
    assert optimizers.schedules is schedules  # where Keras has them


@pytest.mark.parametrize("step", [-1, 2**32, 1.5, True, "3", None])
def test_what_is_no_step_is_said_so(step, language):
    with pytest.raises(SettingError) as answer:
        ConstantRate(0.1)(step)
    expected = "0 から 2**32 - 1 までの整数" if language == "ja" else "a whole number from 0 to 2**32 - 1"
    assert all(part in str(answer.value) for part in ("ConstantRate", "step", expected, repr(step)))


def test_a_schedule_of_one_s_own():
    class Halving(schedules.Schedule):
        def at(self, step, dtype):
            return 0.5 ** np.asarray(step).astype(dtype)

    assert optimizers.SGD(Halving()).first_rate == 1.0
    assert Halving()(3) == 0.125


# -------------------------------------------------------------------------------------------------------- refused

POSITIVE = ("a number above 0", "0 より大きい数")
NOT_NEGATIVE = ("a number of 0 or more", "0 以上の数")
COUNT = ("a whole number above 0", "1 以上の整数")
WHOLE = ("a whole number of 0 or more", "0 以上の整数")
TRUTH = ("True or False", "True か False")
SHARE = ("a number from 0 to 1", "0 以上 1 以下の数")
NOT_BELOW_ONE = ("a number of 1 or more", "1 以上の数")
BOUNDARIES = ("each greater than the one before", "順に大きくなる整数")
RATES = ("3 numbers of 0 or more, one more than there are boundaries", "境界の数より 1 つ多い 3 個の、0 以上の数")
NO_WARM_UP = ("0 unless warmup_target is given", "0（1 以上にできるのは warmup_target がある場合だけ）")
RATE = ("a number of 0 or more, or a schedule", "0 以上の数、または学習率スケジュール")
SCHEDULE = ("a schedule, its name, or a number of 0 or more", "学習率スケジュール、その名前、または 0 以上の数")

BAD = [
    (lambda: ConstantRate(-0.1), "ConstantRate", "learning_rate", "-0.1", NOT_NEGATIVE),
    (lambda: PiecewiseConstantDecay([5, 5], [1, 1, 1]), "PiecewiseConstantDecay", "boundaries", "(5, 5)", BOUNDARIES),
    (lambda: PiecewiseConstantDecay([], [1.0]), "PiecewiseConstantDecay", "boundaries", "()", BOUNDARIES),
    (lambda: PiecewiseConstantDecay([2.5], [1, 1]), "PiecewiseConstantDecay", "boundaries", "(2.5,)", BOUNDARIES),
    (lambda: PiecewiseConstantDecay([-1], [1, 1]), "PiecewiseConstantDecay", "boundaries", "(-1,)", BOUNDARIES),
    (lambda: PiecewiseConstantDecay(5, [1, 1]), "PiecewiseConstantDecay", "boundaries", "5", BOUNDARIES),
    (lambda: PiecewiseConstantDecay([5, 9], [1.0, 0.5]), "PiecewiseConstantDecay", "values", "(1.0, 0.5)", RATES),
    (lambda: PiecewiseConstantDecay([5, 9], [1, -1, 1]), "PiecewiseConstantDecay", "values", "(1, -1, 1)", RATES),
    (lambda: StepDecay(-1, 5), "StepDecay", "initial_learning_rate", "-1", NOT_NEGATIVE),
    (lambda: StepDecay(0.1, 0), "StepDecay", "decay_steps", "0", COUNT),
    (lambda: StepDecay(0.1, 2.5), "StepDecay", "decay_steps", "2.5", COUNT),
    (lambda: StepDecay(0.1, 5, 0.0), "StepDecay", "decay_rate", "0.0", POSITIVE),
    (lambda: ExponentialDecay("0.1", 5, 0.5), "ExponentialDecay", "initial_learning_rate", "'0.1'", NOT_NEGATIVE),
    (lambda: ExponentialDecay(0.1, 0, 0.5), "ExponentialDecay", "decay_steps", "0", POSITIVE),
    (lambda: ExponentialDecay(0.1, 5, -0.5), "ExponentialDecay", "decay_rate", "-0.5", POSITIVE),
    (lambda: ExponentialDecay(0.1, 5, 0.5, 1), "ExponentialDecay", "staircase", "1", TRUTH),
    (lambda: InverseTimeDecay(None, 5, 0.5), "InverseTimeDecay", "initial_learning_rate", "None", NOT_NEGATIVE),
    (lambda: InverseTimeDecay(0.1, -5, 0.5), "InverseTimeDecay", "decay_steps", "-5", POSITIVE),
    (lambda: InverseTimeDecay(0.1, 5, -0.5), "InverseTimeDecay", "decay_rate", "-0.5", NOT_NEGATIVE),
    (lambda: InverseTimeDecay(0.1, 5, 0.5, "no"), "InverseTimeDecay", "staircase", "'no'", TRUTH),
    (lambda: PolynomialDecay(math.inf, 5), "PolynomialDecay", "initial_learning_rate", "inf", NOT_NEGATIVE),
    (lambda: PolynomialDecay(0.1, 0), "PolynomialDecay", "decay_steps", "0", POSITIVE),
    (lambda: PolynomialDecay(0.1, 5, -1.0), "PolynomialDecay", "end_learning_rate", "-1.0", NOT_NEGATIVE),
    (lambda: PolynomialDecay(0.1, 5, power=0), "PolynomialDecay", "power", "0", POSITIVE),
    (lambda: PolynomialDecay(0.1, 5, cycle=None), "PolynomialDecay", "cycle", "None", TRUTH),
    (lambda: CosineDecay(-0.1, 5), "CosineDecay", "initial_learning_rate", "-0.1", NOT_NEGATIVE),
    (lambda: CosineDecay(0.1, 0), "CosineDecay", "decay_steps", "0", POSITIVE),
    (lambda: CosineDecay(0.1, 5, -0.1), "CosineDecay", "alpha", "-0.1", NOT_NEGATIVE),
    (lambda: CosineDecay(0.1, 5, warmup_target=-1), "CosineDecay", "warmup_target", "-1", NOT_NEGATIVE),
    (lambda: CosineDecay(0, 5, 0, 0.1, 2.5), "CosineDecay", "warmup_steps", "2.5", WHOLE),
    (lambda: CosineDecay(0.1, 5, warmup_steps=7), "CosineDecay", "warmup_steps", "7", NO_WARM_UP),
    (lambda: CosineDecayRestarts(-1, 5), "CosineDecayRestarts", "initial_learning_rate", "-1", NOT_NEGATIVE),
    (lambda: CosineDecayRestarts(0.1, 0), "CosineDecayRestarts", "first_decay_steps", "0", POSITIVE),
    (lambda: CosineDecayRestarts(0.1, 5, 0.5), "CosineDecayRestarts", "t_mul", "0.5", NOT_BELOW_ONE),
    (lambda: CosineDecayRestarts(0.1, 5, 2, 0), "CosineDecayRestarts", "m_mul", "0", POSITIVE),
    (lambda: CosineDecayRestarts(0.1, 5, alpha=-1), "CosineDecayRestarts", "alpha", "-1", NOT_NEGATIVE),
    (lambda: WarmUp("cosine", 5), "WarmUp", "schedule", "'cosine'", RATE),
    (lambda: WarmUp(-0.1, 5), "WarmUp", "schedule", "-0.1", RATE),
    (lambda: WarmUp(0.1, 0), "WarmUp", "warmup_steps", "0", COUNT),
    (lambda: WarmUp(0.1, 5, -0.1), "WarmUp", "initial_learning_rate", "-0.1", NOT_NEGATIVE),
    (lambda: OneCycle(-1, 5), "OneCycle", "max_learning_rate", "-1", NOT_NEGATIVE),
    (lambda: OneCycle(1, 0), "OneCycle", "total_steps", "0", COUNT),
    (lambda: OneCycle(1, 5, 1.5), "OneCycle", "pct_start", "1.5", SHARE),
    (lambda: OneCycle(1, 5, anneal_strategy="sin"), "OneCycle", "anneal_strategy", "'sin'", ("'cos', 'linear'",) * 2),
    (lambda: OneCycle(1, 5, div_factor=0), "OneCycle", "div_factor", "0", POSITIVE),
    (lambda: OneCycle(1, 5, final_div_factor=0), "OneCycle", "final_div_factor", "0", POSITIVE),
    (lambda: OneCycle(1, 5, three_phase=3), "OneCycle", "three_phase", "3", TRUTH),
    (lambda: schedules.get(None), "schedules.get", "schedule", "None", SCHEDULE),
    (lambda: optimizers.SGD("fast"), "SGD", "learning_rate", "'fast'", RATE),
    (lambda: optimizers.AdamW(-0.1), "AdamW", "learning_rate", "-0.1", RATE),
]


@pytest.mark.parametrize(("call", "owner", "name", "value", "expected"), BAD)
def test_refused_in_one_sentence(call, owner, name, value, expected, language):
    with pytest.raises(SettingError) as caught:
        call()
    said = str(caught.value)
    assert all(part in said for part in (owner, name, value, expected[language == "ja"])), said
    assert said[-1] in ".。" and "{" not in said


def test_the_whole_sentence_in_both_languages(language):
    with pytest.raises(SettingError) as caught:
        CosineDecay(0.1, 5, warmup_steps=7)
    assert (
        str(caught.value)
        == {
            "en": "CosineDecay: warmup_steps must be 0 unless warmup_target is given. Got 7 instead.",
            "ja": "CosineDecay の warmup_steps には 0（1 以上にできるのは warmup_target がある場合だけ）を"
            "指定してください（指定された値: 7）。",
        }[language]
    )


def test_every_setting_of_every_schedule_is_refused_somewhere():
    import attrs

    wanted = {(one.__name__, setting.name) for one in schedules.CLASSES for setting in attrs.fields(one)}
    assert wanted - {(owner, name) for _, owner, name, _, _ in BAD} == set()


def test_an_unknown_name(language):
    with pytest.raises(UnknownNameError) as caught:
        schedules.get("cosine")
    said = str(caught.value)
    assert {"en": "There is no schedule named 'cosine'. Did you mean 'cosine_decay'?", "ja": "学習率スケジュール"}[
        language
    ] in said
