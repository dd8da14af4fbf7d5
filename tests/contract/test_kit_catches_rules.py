"""Mistakes planted in losses, optimizers and free rules; the report; what is asked wrongly."""

import pickle

import numpy as np
import pytest
from attrs import frozen

from garasu.array import namespace
from garasu.layers import Dense
from garasu.losses import BinaryCrossentropy, CategoricalCrossentropy, Loss, MeanSquaredError
from garasu.messages import SettingError
from garasu.optimizers import SGD, Adam, Momentum
from garasu.testing import CheckFailure, Report, Rung, arrays, check_layer, check_loss, check_optimizer, check_rule
from garasu.testing.check_loss import drawn_outputs


@frozen(eq=False)
class ForgottenTwo(MeanSquaredError):
    """The slope of half of it."""

    def backward(self, y, t):
        return 0.5 * super().backward(y, t)


@frozen(eq=False)
class ForgottenMean(BinaryCrossentropy):
    """The delta of the sum over outputs beside the value of the mean."""

    def delta(self, y, t):
        return y - t


@frozen(eq=False)
class OneNumber(MeanSquaredError):
    """One number for the whole batch."""

    def value(self, y, t):
        return namespace(y).mean((y - t) ** 2)


@frozen(eq=False)
class MeanOverTheBatch(MeanSquaredError):
    """The reduction taken inside."""

    def value(self, y, t):
        return super().value(y, t) / y.shape[0]

    def backward(self, y, t):
        return super().backward(y, t) / y.shape[0]


@frozen(eq=False)
class SquaredHinge(Loss):
    """A user's own loss: max(0, 1 - t y)^2, with a kink in its slope only."""

    def value(self, y, t):
        xp = namespace(y)
        return xp.sum(xp.maximum(1.0 - t * y, xp.zeros_like(y)) ** 2, axis=-1)

    def backward(self, y, t):
        xp = namespace(y)
        return -2.0 * t * xp.maximum(1.0 - t * y, xp.zeros_like(y))


@pytest.mark.parametrize(
    ("loss", "rung", "layer", "says"),
    [
        (ForgottenTwo(), "differences", "ForgottenTwo", "0.5 times"),
        (ForgottenMean(), "differences", "ForgottenMean (u)", "4 times"),
        (OneNumber(), "spec", "OneNumber", "value"),
        (MeanOverTheBatch(), "rows", "MeanOverTheBatch", "value"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_losses(loss, rung, layer, says):
    with pytest.raises(CheckFailure) as failure:
        check_loss(loss)
    assert failure.value.fields["rung"] == rung
    assert failure.value.fields["layer"] == layer
    assert says in str(failure.value)


def test_a_loss_of_one_s_own():
    signs = np.sign(np.arange(12.0).reshape(3, 4) - 5.5)
    assert check_loss(SquaredHinge(), t=signs).complete


@frozen(eq=False)
class Focal(Loss):
    """A user's own: (1 - y)^2 times the cross-entropy, which says by its partner alone what it takes."""

    partner = "softmax"

    def value(self, y, t):
        xp = namespace(y)
        return -xp.sum(t * (1.0 - y) ** 2 * xp.log(y), axis=-1)

    def backward(self, y, t):
        return t * (1.0 - y) * (2.0 * namespace(y).log(y) - (1.0 - y) / y)

    def delta(self, y, t):
        dy = self.backward(y, t)
        return y * (dy - namespace(y).sum(dy * y, axis=-1, keepdims=True))


@pytest.mark.parametrize("partner", ["softmax", "sigmoid", "softplus", None])
def test_what_is_drawn_follows_the_partner(partner):
    loss = type("Own", (Focal,), {"partner": partner})()
    y, t = drawn_outputs(loss, (4,))
    if partner == "softmax":
        np.testing.assert_allclose(y.sum(axis=1), 1.0)
        assert t.sum(axis=1).tolist() == [1.0, 1.0, 1.0] and set(t.ravel()) == {0.0, 1.0}
        assert check_loss(loss).complete
    if partner is None:
        assert y.min() < 0 > t.min()
    else:
        assert y.min() > 0 <= t.min()
        assert partner == "softplus" or max(y.max(), t.max()) <= 1


def test_a_loss_at_given_outputs():
    y = np.array([[0.1, 0.9], [0.5, 0.5]])
    assert check_loss(CategoricalCrossentropy(), (2,), y=y, t=np.array([[1.0, 0.0], [0.3, 0.7]])).complete


@frozen(eq=False)
class Uphill(SGD):
    """The wrong sign."""

    def update(self, grad, state, param, step, hyper):
        return param + hyper["learning_rate"] * grad, state


@frozen(eq=False)
class OwnRate(SGD):
    """The rate of the settings, whatever the run says."""

    def update(self, grad, state, param, step, hyper):
        return param - self.learning_rate * grad, state


@frozen(eq=False)
class WritesInPlace(Momentum):
    """The velocity updated in place."""

    def update(self, grad, state, param, step, hyper):
        state["v"][...] = hyper["momentum"] * state["v"] - hyper["learning_rate"] * grad
        return param + state["v"], state


@frozen(eq=False)
class CountsByItself(SGD):
    """A Python number as state."""

    def init(self, param):
        return {"count": 0}


@frozen(eq=False)
class Grows(Momentum):
    """Another state than it began with."""

    def init(self, param):
        return {}

    def update(self, grad, state, param, step, hyper):
        return param - hyper["learning_rate"] * grad, {"v": grad}


@frozen(eq=False)
class Narrows(Momentum):
    """float32 always."""

    def update(self, grad, state, param, step, hyper):
        param, state = super().update(grad, state, param, step, hyper)
        return namespace(param).astype(param, namespace(param).float32), state


@frozen(eq=False)
class LooksAtTheStep(Adam):
    """A Python ``if`` on the step."""

    def update(self, grad, state, param, step, hyper):
        return super().update(grad, state, param, step, hyper) if int(step) < 1000 else (param, state)


@frozen(eq=False)
class TypeOfTheStateChanges(SGD):
    """A count that starts as an integer and goes on as a number: two programs."""

    def init(self, param):
        return {"count": namespace(param).zeros((), dtype=namespace(param).int32)}

    def update(self, grad, state, param, step, hyper):
        xp = namespace(param)
        count = xp.astype(state["count"], param.dtype) + 1.0
        return param - hyper["learning_rate"] * grad, {"count": count}


@pytest.mark.parametrize(
    ("optimizer", "rung", "says"),
    [
        (Uphill(), "descends", "should fall"),
        (OwnRate(), "settings", "learning_rate"),
        (WritesInPlace(), "purity", "read-only"),
        (CountsByItself(), "spec", "(int)"),
        (Grows(), "spec", "exactly these"),
        (Narrows(), "dtype", "float64"),
        (LooksAtTheStep(), "float64", "if, float()"),
        (TypeOfTheStateChanges(), "float64", "2 were compiled"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_optimizers(optimizer, rung, says):
    with pytest.raises(CheckFailure) as failure:
        check_optimizer(optimizer)
    assert failure.value.fields["rung"] == rung, str(failure.value)
    assert says in str(failure.value)


def square(inputs, held):
    """y = c x^2."""
    return {"y": held["c"] * inputs["x"] ** 2}, {"x": inputs["x"]}


def test_free_rules():
    inputs, held = {"x": np.array([1.0, -2.0])}, {"c": np.array(3.0)}
    right = check_rule("square", square, lambda i, h, c, dy: {"x": 2.0 * h["c"] * c["x"] * dy}, inputs, held)
    assert [rung.name for rung in right.rungs] == ["dtype", "purity", "differences", "vjp", "float64", "float32"]
    with pytest.raises(CheckFailure, match="should be"):
        check_rule("square", square, lambda i, h, c, dy: {"x": h["c"] * c["x"] * dy}, inputs, held)


def test_not_a_number_is_named():
    inputs, held = {"x": np.ones(2)}, {"c": np.ones(1)}
    with pytest.raises(CheckFailure, match="NaN"):
        check_rule("root", square, lambda i, h, c, dy: {"x": c["x"] * dy * np.nan}, inputs, held)


def test_report_is_a_table(language):
    report = check_layer(Dense(2), (3,), skip=["vjp"])
    lines = str(report).splitlines()
    assert len(lines) == 2 + len(report.rungs)
    assert lines[1].split() == {"en": ["rung", "error", "allowed"], "ja": ["段階", "誤差", "許容"]}[language]
    assert not report.complete
    skipped = next(line for line in lines if line.startswith("vjp"))
    assert ("left out as asked" if language == "en" else "指定により省略") in skipped
    errors = {rung.name: rung.error for rung in report.rungs}
    assert errors["spec"] is None
    assert 0 < errors["differences"] < 1e-8
    assert report == Report("Dense", report.rungs)
    assert Rung("vjp", "training").title == "vjp, training"


def test_without_array_api_strict_a_rung_is_left_out(monkeypatch):
    monkeypatch.setattr(arrays, "strict", None)
    report = check_layer(Dense(2), (3,), skip=["float32"])
    assert "array-api-strict is not installed" in next(rung.skipped for rung in report.rungs if rung.name == "purity")


@pytest.mark.parametrize("skip", ["vjp", ["vpj"], [3]])
def test_unknown_rungs_cannot_be_skipped(skip, language):
    with pytest.raises(SettingError, match="vjp"):
        check_layer(Dense(2), (3,), skip=skip)


def test_failures_travel_between_processes():
    failure = CheckFailure("testing.settings", layer="Dense", rung="purity", what="-")
    assert str(pickle.loads(pickle.dumps(failure))) == str(failure)
