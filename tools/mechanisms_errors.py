"""The measured errors of docs/mechanisms.md: every row of the contract table climbed, every test beside a library run.

The tests themselves do the work; this file listens to what they compare. Each rung keeps the largest deviation seen,
relative to the largest number of its array; "hand" counts cases.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from tools.mechanisms import GIVEN, RUNGS, STEPS, WORDS

Table = dict[tuple[str, str], dict[str, float]]
Found = Mapping[str, float | None]


def climbed() -> Table:
    """The worst deviation of every mechanism on every rung."""
    table: Table = {}

    def note(group: str, name: str, rungs: Found) -> None:
        mine = table.setdefault((group, name), {})
        for rung, error in rungs.items():
            if error is not None:
                mine[rung] = mine.get(rung, 0) + error if rung == "hand" else max(error, mine.get(rung, 0.0))

    for group in (_contract, _schedules, _initializers, _regularizers, _metrics, _steps, of_filters, _training):
        for where, name, rungs in group():
            note(where, name, rungs)
    return table


Noted = Iterable[tuple[str, str, Found]]

# ------------------------------------------------------------------------------------------------------ listening


def deviation(got: Any, expected: Any) -> float:
    """The largest difference, as a share of the largest number expected."""
    found, wanted = (np.asarray(one, dtype=np.float64) for one in (got, expected))
    scale = max(float(np.max(np.abs(wanted), initial=0.0)), 1e-6)
    return float(np.max(np.abs(found - wanted), initial=0.0)) / scale


@contextmanager
def listened() -> Generator[list[float]]:
    """Within this context NumPy's comparisons also write down by how much the two differ."""
    errors: list[float] = []
    names = ("assert_allclose", "assert_array_equal")
    true = {name: getattr(np.testing, name) for name in names}

    def listening(compare: Callable[..., None]) -> Callable[..., None]:
        def compared(got: Any, expected: Any, *args: Any, **kwargs: Any) -> None:
            compare(got, expected, *args, **kwargs)
            errors.append(deviation(got, expected))

        return compared

    try:
        for name, compare in true.items():
            setattr(np.testing, name, listening(compare))
        yield errors
    finally:
        for name, compare in true.items():
            setattr(np.testing, name, compare)


def beside(test: Callable[..., Any], *args: Any) -> float | None:
    """The largest deviation that a test meets, or None where it has nothing to compare with."""
    with listened() as errors:
        try:
            test(*args)
        except pytest.skip.Exception:
            return None
    return max(errors, default=None)


def engines(function: Callable[..., Any], *arrays: Any) -> Found:
    """The function compiled by XLA, beside itself on NumPy, in both precisions."""
    from tests.conftest import way

    found: dict[str, float | None] = {}
    for precision in ("float64", "float32"):
        given = [one.astype(precision) if one.dtype.kind == "f" else one for one in arrays]
        eager, compiled = (
            way(name).call(function, *given, wide=precision == "float64") for name in ("numpy", "jax-jit")
        )
        found[precision] = deviation(compiled, eager)
    return found


def examples(*things: Any) -> Found:
    """How many have an example at their head that a reader can redo; the suite runs it."""
    return {"hand": sum(">>> " in (thing.__doc__ or "") for thing in things)}


def by_hand(*tests: Callable[..., Any]) -> Found:
    """As many cases as tests, which are run."""
    for test in tests:
        test()
    return {"hand": len(tests)}


def cases(test: Any) -> list[Any]:
    """What a test is parametrized with."""
    return next(mark.args[1] for mark in test.pytestmark if mark.name == "parametrize")


# ------------------------------------------------------------------------------------------------- the contract table


def _contract() -> Noted:
    """Activations, layers, losses and optimizers."""
    from tests.contract import contract_rows, test_contract_layers, test_contract_losses, test_contract_optimizers

    for row in contract_rows.LAYER_ROWS:
        found, activation = _layer(test_contract_layers, row), row in contract_rows.ACTIVATION_ROWS
        if activation:
            yield "activations", _name(row), found
        yield "layers", type(row.layer).__name__ if activation else _name(row), found
    for row in contract_rows.LOSS_ROWS:
        yield "losses", _name(row), _rule(test_contract_losses, row, ("keras", "pytorch"))
    for row in contract_rows.OPTIMIZER_ROWS:
        yield "optimizers", _name(row), _rule(test_contract_optimizers, row, ("keras", "optax", "pytorch"))


def _name(row: Any) -> str:
    return row.covers if isinstance(row.covers, str) else row.covers.__name__


def _layer(module: Any, row: Any) -> Found:
    hands = (row.hand, *row.also)
    for hand in hands:
        module.test_by_hand(row, hand)
    modes = {
        name: [_closest(module, getattr(module, f"test_against_{name}"), row, mode) for mode in row.modes]
        for name in ("keras", "pytorch")
    }
    worst = {name: max((e for e in found if e is not None), default=None) for name, found in modes.items()}
    return {"hand": len(hands), **worst, **_audit(module, row)}


def _rule(module: Any, row: Any, peers: Iterable[str]) -> Found:
    asked = [name for name in peers if getattr(row, {"pytorch": "torch"}.get(name, name)) is not None]
    outside = {name: _closest(module, getattr(module, f"test_against_{name}"), row) for name in asked}
    module.test_by_hand(row)
    return {"hand": 1, **outside, **_audit(module, row)}


def _closest(module: Any, test: Callable[..., Any], *args: Any) -> float | None:
    """The largest deviation that the contract's own ``close`` answers with during a test."""
    errors: list[float] = []
    true: Any = module.close

    def close(*args: Any, **kwargs: Any) -> float:
        errors.append(true(*args, **kwargs))
        return errors[-1]

    module.close = close
    try:
        test(*args)
    except pytest.skip.Exception:
        return None
    finally:
        module.close = true
    return max(errors, default=None)


def _audit(module: Any, row: Any) -> Found:
    """What the kit reports when the row's own audit is run."""
    reports: list[Any] = []
    kept = {name: getattr(module, name) for name in vars(module) if name.startswith("check_")}

    def watched(check: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            reports.append(check(*args, **kwargs))
            return reports[-1]

        return run

    try:
        for name, check in kept.items():
            setattr(module, name, watched(check))
        module.test_audit(row)
    finally:
        for name, check in kept.items():
            setattr(module, name, check)
    worst: dict[str, float | None] = {}
    for rung in (rung for report in reports for rung in report.rungs):
        if rung.name in RUNGS and rung.error is not None:
            worst[rung.name] = max(rung.error, worst.get(rung.name) or 0.0)
    return worst


# ------------------------------------------------------------------------------------------------- beside the rules


def _schedules() -> Noted:
    import tests.test_schedules as own

    outside = {"keras": own.KERAS, "optax": own.OPTAX, "pytorch": own.TORCH}
    for name, (schedule, worked) in own.CASES.items():
        asked = {
            peer: beside(getattr(own, f"test_as_{peer}_s"), name) for peer, known in outside.items() if name in known
        }
        own.test_by_hand(name)
        yield "schedules", type(schedule).__name__, {"hand": len(worked), **asked, **_rates(schedule, own.STEPS)}


def _rates(schedule: Any, numbers: Any) -> Found:
    """``like`` says in which precision the rate is wanted, as the gradients do in a step."""
    return engines(lambda step, like: schedule.at(step, like.dtype), numbers, np.zeros(1))


def _initializers() -> Noted:
    from scipy import stats

    import tests.test_initializers as own

    for name in WORDS["said"]["initializers"]:
        found: dict[str, float | None] = {}
        drawn = own.get(name).draw(own.KEY, (300, 200))
        if name in own.DOCUMENTED:
            found["formula"] = abs(float(np.std(drawn)) / own.DOCUMENTED[name][0] - 1)
        elif name == "orthogonal":
            found["formula"] = deviation(drawn.T @ drawn, np.eye(200))
            found["keras"] = beside(own.test_orthogonal_is_keras_orthogonal)
        else:
            found["keras"] = beside(own.test_constants_are_those_of_keras, name)
        if name in own.KERAS and name in own.DOCUMENTED:
            two = (own.get(name).draw(own.KEY, own.SHAPE), own.keras_values(name, seed=7))
            found["keras"] = float(stats.ks_2samp(*(one.ravel() for one in two)).statistic)
        yield "initializers", name, found


def _regularizers() -> Noted:
    import tests.test_regularizers as own

    hand, keras = cases(own.TestByHand.test_penalty_and_slope), cases(own.test_keras_has_the_same_penalty)
    for one, penalty, slope in hand:
        own.TestByHand().test_penalty_and_slope(one, penalty, slope)
        yield "regularizers", _penalty(one), {"hand": 1}
    for one in own.EVERY:
        slopes = own.TestSlope()
        outside = [beside(own.test_keras_has_the_same_penalty, one, b) for a, b in keras if repr(a) == repr(one)]
        found = {
            "differences": beside(slopes.test_against_central_differences, one),
            "vjp": beside(slopes.test_against_jax, one),
            "keras": outside[0] if outside else None,
        }
        hyper = one.hyper()
        yield (
            "regularizers",
            _penalty(one),
            {**found, **engines(lambda w, one=one, hyper=hyper: one.slope(w, hyper), own.W)},
        )
    yield "regularizers", "lp", {"pytorch": beside(own.test_pytorch_has_the_same_slopes)}


def _penalty(one: Any) -> str:
    if hasattr(one, "p"):
        return "lp"
    return "l1_l2" if one.l1 and one.l2 else "l1" if one.l1 else "l2"


def _metrics() -> Noted:
    import tests.metrics.test_metrics as own
    from garasu import metrics

    for name in WORDS["said"]["metrics"]:
        metric: Any = metrics.NAMES[name]
        rows = [row for row in own.AGAINST_KERAS if row[0] is metric or (type(row[0]) is type(metric) and row[3])]
        targets = own.LABELS.astype(np.int32) if name.startswith("sparse") else own.ROWS.astype(np.float64)
        found = {"keras": max((beside(own.test_against_keras, *row) or 0.0 for row in rows), default=None)}
        example = examples(metric if hasattr(metric, "__name__") else type(metric))
        yield "metrics", name, {**example, **found, **engines(metric, own.Y.astype(np.float64), targets)}


def _steps() -> Noted:
    import tests.pictures.test_steps as own

    hands = {
        "Erode": [own.test_erosion_thins_a_bright_stroke],
        "Dilate": [own.test_dilation_thickens_it],
        "Filter": [own.test_a_filter_is_laid_over_every_place, own.test_smoothing_keeps_a_flat_picture_inside],
        "Resize": [own.test_resizing_is_the_mean_of_what_is_covered],
        "scale_to_sum": [own.test_each_picture_sums_to_one_and_an_empty_one_stays],
    }
    scipy = max(beside(own.test_erosion_and_dilation_as_scipy, shape, 3) or 0.0 for shape in ((7, 6), (1, 5)))
    kernels = cases(own.test_filtering_as_scipy)
    yield "steps", "Erode", {"scipy": scipy}
    yield "steps", "Dilate", {"scipy": scipy}
    yield "steps", "Filter", {"scipy": max(beside(own.test_filtering_as_scipy, one) or 0.0 for one in kernels)}
    for old, new in cases(own.test_resizing_as_by_fine_places):
        yield "steps", "Resize", {"formula": beside(own.test_resizing_as_by_fine_places, old, new)}
    made = {type(step).__name__: step for step in own.STEPS}
    for name, thing in STEPS.items():
        yield "steps", name, examples(thing)
        yield "steps", name, by_hand(*hands[name])
        yield "steps", name, engines(made.get(name, thing), own.pictures((2, 7, 6, 3)) / 255.0)


def of_filters() -> Noted:
    """Given filters, beside their formulas and SciPy."""
    import tests.test_filters as own

    for name, made in GIVEN.items():
        yield "filters", name, examples(made)
    seminar = beside(own.test_the_seminar_s_edges)
    yield "filters", "edge_vertical", {"formula": seminar}
    yield "filters", "edge_horizontal", {"formula": seminar}
    yield "filters", "gabor", {"formula": beside(own.test_gabor_by_its_formula_place_by_place)}
    for size, sigma in cases(own.test_gaussian_as_scipy_has_it):
        yield "filters", "gaussian", {"scipy": beside(own.test_gaussian_as_scipy_has_it, size, sigma)}
    for name in cases(own.test_slopes_as_scipy_has_them):
        yield "filters", name, {"scipy": beside(own.test_slopes_as_scipy_has_them, name)}


def _training() -> Noted:
    import tests.models.test_pretraining as stacks
    import tests.train.test_averages as means
    import tests.train.test_clipping as cuts
    import tests.train.test_rate_finder as finder
    from garasu.train import clipping, rate_finder

    outside, names = cuts.TestAgainst(), ("keras", "optax", "pytorch")
    for way in cuts.WAYS:
        yield "training", "clipping", {name: beside(getattr(outside, f"test_{name}"), way) for name in names}
    yield "training", "clipping", examples(clipping.clip)
    keras = [beside(means.test_the_averages_are_keras_after_10_steps, eager) or 0.0 for eager in (True, False)]
    yield "training", "use_ema", {"keras": max(keras), **by_hand(means.test_by_hand)}
    worked = (rate_finder.LearningRateFinder, rate_finder.smooth, rate_finder.suggest)
    losses = finder.TestSearch().test_each_loss_is_that_of_training_with_these_rates
    yield "training", "find_learning_rate", {"fit": beside(losses), **examples(*worked)}
    yield "training", "pretrain", {"float64": beside(stacks.TestTheSeed().test_eager_is_jit)}
