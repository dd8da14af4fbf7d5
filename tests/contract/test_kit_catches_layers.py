"""The audit kit is a proof only if it fails: mistakes planted in layers, each caught on the right rung."""

import numpy as np
import pytest
from attrs import frozen

from garasu.array import namespace, random
from garasu.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Layer, MaxPooling2D, Spec
from garasu.messages import GarasuError
from garasu.testing import CheckFailure, check_layer


@frozen(eq=False)
class FactorTwo(Dense):
    """The kernel's gradient twice."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": 2.0 * grads["kernel"]}


@frozen(eq=False)
class Transposed(Dense):
    """dW = dy^T x instead of x^T dy: of the right shape when units = n."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": grads["kernel"].T}


@frozen(eq=False)
class WrongWay(Dense):
    """dx = dy W instead of dy W^T."""

    def backward(self, params, cache, dy):
        _, grads = super().backward(params, cache, dy)
        return namespace(dy).matmul(dy, params["kernel"]), grads


@frozen(eq=False)
class NoBiasSum(Dense):
    """db = dy, not summed over the rows."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "bias": dy}


@frozen(eq=False)
class BiasOfTheFirstRow(Dense):
    """db = the first row of dy: the right shape."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "bias": dy[0, ...]}


@frozen(eq=False)
class NoBiasGradient(Dense):
    """The bias forgotten."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {"kernel": grads["kernel"]}


@frozen(eq=False)
class WrongSign(Activation):
    """The error with the other sign."""

    def backward(self, params, cache, dy):
        return -super().backward(params, cache, dy)[0], {}


@frozen(eq=False)
class NoError(Activation):
    """The error lost."""

    def backward(self, params, cache, dy):
        return 0.0 * dy, {}


@frozen(eq=False)
class WrongArgmax(MaxPooling2D):
    """The place remembered is one beside the maximum."""

    def forward(self, params, x):
        y, cache = super().forward(params, x)
        return y, {**cache, "place": (cache["place"] + 1) % 4}


@frozen(eq=False)
class FlippedKernel(Conv2D):
    """dx with the kernel not flipped back: right only for symmetric kernels."""

    def backward(self, params, cache, dy):
        _, grads = super().backward(params, cache, dy)
        wrong, _ = super().backward({**params, "kernel": params["kernel"][::-1, ::-1, :, :]}, cache, dy)
        return wrong, grads


@frozen(eq=False)
class ForgottenMean(BatchNormalization):
    """dx as if mu and var did not depend on x."""

    def backward(self, params, cache, dy):
        return super().backward(params, {**cache, "p": 0.0 * cache["p"]}, dy)


@frozen(eq=False)
class CountsPadding(BatchNormalization):
    """Rows of padding counted into mean and variance."""

    def apply(self, params, state, x, run):
        from garasu.layers import Run

        return super().apply(params, state, x, Run(run.training, run.key, run.hyper))


@frozen(eq=False)
class WritesInPlace(Activation):
    """The gradient written into the cache."""

    def backward(self, params, cache, dy):
        cache["z"][...] = 0.0
        return dy, {}


@frozen(eq=False)
class CallsNumPy(Activation):
    """NumPy instead of the array's own library."""

    def forward(self, params, x):
        z = np.tanh(x)
        return z, {"u": x, "z": z}


@frozen(eq=False)
class KeepsAnInt(Dense):
    """A size in the cache."""

    def forward(self, params, x):
        y, cache = super().forward(params, x)
        return y, {**cache, "rows": x.shape[0]}


@frozen(eq=False)
class KeepsATuple(Dense):
    """A tuple of arrays in the cache."""

    def forward(self, params, x):
        y, cache = super().forward(params, x)
        return y, {"pair": (x, y), **cache}


@frozen(eq=False)
class LooksAtNumbers(Activation):
    """A Python ``if`` on data."""

    def forward(self, params, x):
        z = x if bool(namespace(x).all(x > 1e9)) else namespace(x).tanh(x)
        return z, {"u": x, "z": z}


@frozen(eq=False)
class Widens(Activation):
    """float64 whatever comes in."""

    def forward(self, params, x):
        z, _ = super().forward(params, x)
        z = namespace(x).astype(z, namespace(x).float64)
        return z, {"u": x, "z": z}


@frozen(eq=False)
class MixesRows(Activation):
    """A softmax over the batch."""

    def forward(self, params, x):
        xp = namespace(x)
        e = xp.exp(x)
        z = e / xp.sum(e, axis=0, keepdims=True)
        return z, {"z": z}

    def backward(self, params, cache, dy):
        z = cache["z"]
        return z * (dy - namespace(z).sum(dy * z, axis=0, keepdims=True)), {}


@frozen(eq=False)
class WrongSpec(Dense):
    """One output more announced than made."""

    def spec(self, in_shape):
        spec = super().spec(in_shape)
        return Spec((*in_shape[:-1], self.units + 1), spec.params)


@frozen(eq=False)
class Step(Layer):
    """A jump at every point of a fine grid."""

    def spec(self, in_shape):
        return Spec(in_shape)

    def forward(self, params, x):
        xp = namespace(x)
        return xp.floor(777777.7 * x), {"x": x}

    def backward(self, params, cache, dy):
        return 0.0 * dy, {}


class Remembers(Layer):
    """Keeps what it saw on itself, and answers otherwise the second time."""

    def spec(self, in_shape):
        return Spec(in_shape)

    def forward(self, params, x):
        object.__setattr__(self, "calls", getattr(self, "calls", 0) + 1)
        return x * float(self.calls), {"x": x}

    def backward(self, params, cache, dy):
        return dy, {}


PLANTED = [
    (FactorTwo(3), (2,), "differences", "params/kernel", "2 times"),
    (Transposed(3), (3,), "differences", "params/kernel", "transpose"),
    (WrongWay(3), (3,), "differences", "x", "should be"),
    (NoBiasSum(3), (2,), "spec", "params/bias", "shape"),
    (BiasOfTheFirstRow(3), (2,), "rows", "params/bias", "should be"),
    (NoBiasGradient(3), (2,), "spec", "params/bias", "exactly these"),
    (WrongSign("tanh"), (3,), "differences", "x", "-1 times"),
    (NoError("tanh"), (3,), "differences", "x", "All of it is 0"),
    (WrongArgmax(), (4, 4, 1), "differences", "x", "should be"),
    (FlippedKernel(2, 3), (4, 4, 1), "differences", "x", "should be"),
    (ForgottenMean(), (3,), "differences", "x", "should be"),
    (CountsPadding(), (3,), "padding", "output", "should be"),
    (WritesInPlace("relu"), (3,), "purity", "read-only", "writes into no array"),
    (CallsNumPy("tanh"), (3,), "purity", "stopped with", "namespace(x)"),
    (KeepsAnInt(3), (2,), "spec", "cache rows", "(int)"),
    (KeepsATuple(3), (2,), "spec", "cache pair", "(tuple)"),
    (LooksAtNumbers("tanh"), (3,), "vjp", "Tracer", "if, float()"),
    (Widens("tanh"), (3,), "dtype", "output y", "float64"),
    (MixesRows("softmax"), (3,), "rows", "output", "should be"),
    (WrongSpec(3), (2,), "spec", "output", "(3, 4)"),
    (Step(), (3,), "differences", "jump", "8"),
    (Remembers(), (3,), "purity", "output y", "second pass"),
]


@pytest.mark.parametrize(("layer", "in_shape", "rung", "array", "says"), PLANTED, ids=lambda one: type(one).__name__)
def test_caught(layer, in_shape, rung, array, says):
    with pytest.raises(CheckFailure) as failure:
        check_layer(layer, in_shape)
    said = str(failure.value)
    assert failure.value.fields["rung"] == rung, said
    assert type(layer).__name__ in said
    assert f"'{rung}'" in said
    assert array in said
    assert says in said


def test_the_worst_place_is_named():
    @frozen(eq=False)
    class OffAtOnePlace(Dense):
        def backward(self, params, cache, dy):
            dx, grads = super().backward(params, cache, dy)
            off = np.zeros((2, 3))
            off[1, 2] = 0.5
            return dx, {**grads, "kernel": grads["kernel"] + off}

    with pytest.raises(CheckFailure) as failure:
        check_layer(OffAtOnePlace(3), (2,), skip=("dtype", "purity", "rows"))
    fields = failure.value.fields
    assert (fields["layer"], fields["rung"], fields["place"]) == ("OffAtOnePlace", "differences", [1, 2])
    assert abs(float(fields["got"]) - float(fields["expected"]) - 0.5) < 1e-6
    assert float(fields["limit"]) == 1e-6


def test_a_failure_is_an_assertion_and_a_garasu_error(language):
    with pytest.raises(AssertionError) as failure:
        check_layer(FactorTwo(3, name="low"), (2,))
    assert isinstance(failure.value, GarasuError)
    said = str(failure.value)
    assert 'FactorTwo "low"' in said
    assert ("ずれ" if language == "ja" else "It is off by") in said


def test_the_rule_s_own_error_stays_the_cause():
    with pytest.raises(CheckFailure) as failure:
        check_layer(WritesInPlace("relu"), (3,))
    assert isinstance(failure.value.__cause__, ValueError)


def test_a_mistake_in_training_only_is_caught():
    """Dropout's mask forgotten on the way back shows only in training."""

    @frozen(eq=False)
    class ForgottenMask(Dropout):
        def backward(self, params, cache, dy):
            return dy, {}

    with pytest.raises(CheckFailure) as failure:
        check_layer(ForgottenMask(0.5), (6,))
    assert failure.value.fields["rung"] == "differences"
    assert "training" in failure.value.fields["layer"]


def test_a_mask_from_elsewhere_than_the_run_s_key_is_caught():
    @frozen(eq=False)
    class OwnNumbers(Activation):
        def forward(self, params, x):
            z = x * np.random.default_rng().uniform(size=x.shape)
            return z, {"z": z}

        def backward(self, params, cache, dy):
            return dy, {}

    with pytest.raises(CheckFailure) as failure:
        check_layer(OwnNumbers("linear"), (3,), skip=("rows", "dtype"))
    assert failure.value.fields["rung"] == "purity"


def test_large_arrays_are_checked_along_random_directions():
    report = check_layer(Dense(40), (30,), skip=("float64", "float32"))
    assert {rung.name: rung.error for rung in report.rungs}["differences"] < 1e-6
    with pytest.raises(CheckFailure) as failure:
        check_layer(FactorTwo(40), (30,))
    assert "random direction" in failure.value.fields["array"]
    assert "2 times" in str(failure.value)


def test_points_at_a_kink_are_left():
    """At 0 ReLU has no slope; the audit moves away from there, whatever x it is given."""
    report = check_layer(Activation("relu"), (4,), x=np.zeros((2, 4)))
    assert report.complete
    flat = check_layer(MaxPooling2D(), (4, 4, 1), x=np.zeros((1, 4, 4, 1)))
    assert flat.complete


def test_given_arrays_are_used():
    seen = []

    @frozen(eq=False)
    class Watches(Dense):
        def forward(self, params, x):
            seen.append((x.shape, float(params["bias"][0])) if isinstance(x, np.ndarray) else None)
            return super().forward(params, x)

    params = {"kernel": np.ones((2, 1)), "bias": np.array([7.0])}
    check_layer(Watches(1), (2,), x=np.ones((5, 2)), params=params, skip=("vjp", "float64", "float32"))
    assert seen[0] == ((5, 2), 7.0)


def test_given_state_is_used():
    state = {"moving_mean": np.zeros(2), "moving_variance": np.full(2, 1e-3)}
    assert check_layer(BatchNormalization(), (2,), state=state, skip=("vjp", "float64", "float32")).rungs
    with pytest.raises(CheckFailure):
        check_layer(BatchNormalization(), (2,), state={"moving_mean": np.zeros(2)})


def test_random_numbers_come_from_the_seed():
    assert random.key(0).tolist() == [0, 0]
    first, second = (check_layer(Dense(2), (3,), seed=5) for _ in range(2))
    assert first == second
