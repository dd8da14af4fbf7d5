"""Numerical differentiation against backpropagation over a whole model: it finds what was planted."""

import json
import re
from unicodedata import east_asian_width

import numpy as np
import pytest
from attrs import evolve

from garasu import layers, losses, models
from garasu.array import namespace
from garasu.messages import NonFiniteError, RunError, SettingError, ShapeError, set_language
from garasu.networks import slopes


class Twice(layers.Dense):
    """A gradient of the kernel that is too large by two."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": 2 * grads["kernel"]}


class Transposed(layers.Dense):
    """A gradient of the kernel that is the transpose of the right one."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": grads["kernel"].T}


class OneRow(layers.Dense):
    """A gradient of the bias that is not summed over the rows."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "bias": namespace(dy).sum(dy[:1, :], axis=0)}


class NoBias(layers.Dense):
    """A gradient of the bias that is not handed back at all."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {"kernel": grads["kernel"]}


class WrongError(layers.Dense):
    """An error at the input that has the wrong sign; its own gradients are right."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return -dx, grads


class OneNumber(layers.Dense):
    """One number of many that is wrong: only the direction through all of them can see it."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        spoilt = np.array(grads["kernel"])
        spoilt[-1, -1] += 1.0
        return dx, {**grads, "kernel": spoilt}


class NotFinite(layers.Dense):
    """A gradient of the bias that is no number, or endless."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "bias": grads["bias"] * SPOILT[0]}


class Nothing(layers.Dense):
    """A gradient of the kernel that is 0."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": 0 * grads["kernel"]}


class NoTranspose(layers.Dense):
    """dy W in place of dy W^T."""

    def backward(self, params, cache, dy):
        _, grads = super().backward(params, cache, dy)
        return dy @ params["kernel"], grads


SPOILT = [np.nan]


class WrongArgmax(layers.MaxPooling2D):
    """The error handed to the last place of each window instead of the largest."""

    def backward(self, params, cache, dy):
        return super().backward(params, {**cache, "place": 3 - cache["place"]}, dy)


class TwiceTheLoss(losses.CategoricalCrossentropy):
    """A delta that is too large by two."""

    def delta(self, y, t):
        return 2 * super().delta(y, t)


@pytest.fixture(scope="module")
def rows():
    draw = np.random.default_rng(3)
    return draw.normal(size=(5, 6)), np.array([0, 1, 2, 1, 0])


@pytest.fixture(scope="module")
def images():
    draw = np.random.default_rng(4)
    return draw.normal(size=(3, 6, 6, 1)), np.array([0, 1, 2])


def chain(*inner, loss="sparse_categorical_crossentropy", seed=1, shape=(6,), **more):
    first, *others = inner
    made = models.Sequential([evolve(first, input_shape=shape), *others], seed=seed, name="m")
    made.compile("sgd", loss, run_eagerly=True, **more)
    return made


def dense(kind=layers.Dense, second=layers.Dense, **more):
    return chain(kind(4, "tanh", name="hidden"), second(3, "softmax", name="out"), **more)


def conv(pool=layers.MaxPooling2D, activation="tanh", **more):
    inner = [layers.Conv2D(2, 3, activation=activation, name="conv"), pool(2, name="pool"), layers.Flatten(name="flat")]
    return chain(*inner, layers.Dense(3, "softmax", name="out"), shape=(6, 6, 1), **more)


def verdicts(report):
    return {row.name: row.verdict for row in report.rows}


class TestRight:
    def test_every_number_of_a_small_model(self, rows):
        report = dense().check_gradients(*rows)
        assert report.ok and report.wrong == ()
        counts = {row.name: (row.numbers, row.compared, row.kinks) for row in report.rows}
        assert counts == {
            "hidden/kernel": (24, 24, 0),
            "hidden/bias": (4, 4, 0),
            "out/kernel": (12, 12, 0),
            "out/bias": (3, 3, 0),
            "input": (30, 30, 0),
            "all": (73, 73, 0),
        }
        assert max(row.relative for row in report.rows) < 1e-7 and report.numbers == 73

    def test_layers_that_draw_keep_and_hold(self, rows):
        """Dropout with one mask for all passes, moving averages, layers inside others, a borrowed array, penalties."""
        inner = [layers.Dense(6, kernel_regularizer="l1_l2"), layers.BatchNormalization(), layers.Activation("relu")]
        one = chain(
            layers.Dense(6, "sigmoid", name="encode", kernel_regularizer="l2"),
            layers.Dropout(0.4),
            layers.Residual(inner, name="block"),
            layers.TiedDense("encode"),
            layers.Dense(3, "softmax", trainable=False),
        )
        report = one.check_gradients(*rows)
        assert report.ok and {"block/dense/kernel", "block/batch_normalization/gamma"} <= verdicts(report).keys()
        assert one.check_gradients(*rows, in_training=False).ok

    def test_a_penalty_belongs_to_the_loss(self, rows):
        last = [layers.Dense(3, "softmax", kernel_regularizer=one, name="out") for one in (None, "l2")]
        plain, fined = (chain(layers.Dense(4, "tanh"), one) for one in last)
        loss = [one.check_gradients(*rows).found.loss for one in (plain, fined)]
        kernel = fined.get_layer("out").get_weights()[0].astype(np.float64)
        assert loss[1] - loss[0] == pytest.approx(0.01 * np.sum(kernel**2), rel=1e-6)

    @pytest.mark.parametrize("loss", ["mse", "binary_crossentropy", "huber", losses.SumOfSquares(reduction="sum")])
    def test_losses_of_every_kind(self, rows, loss):
        one = chain(layers.Dense(3, "sigmoid"), loss=loss)
        assert one.check_gradients(rows[0], np.eye(3)[rows[1]]).ok

    def test_large_arrays_by_a_sample_and_a_direction(self, rows):
        report = dense().check_gradients(*rows, samples=5)
        compared = [row.compared for row in report.rows]
        assert report.ok and compared == [5, 4, 5, 3, 5, 73]

    def test_bytes_are_prepared_and_nothing_is_changed(self, same, clouds):
        from garasu.networks import Preparation

        one = models.Sequential([layers.Dense(3, "softmax", input_shape=(4,))], seed=0)
        one.preparation = Preparation("unit")
        one.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        x = np.arange(8, dtype=np.uint8).reshape(2, 4)
        before, copy = one.get_weights(), x.copy()
        assert one.check_gradients(x, [0, 1]).ok
        assert same(one, before) and np.array_equal(x, copy) and one.get_weights()[0].dtype == np.float32

    def test_a_trained_model_on_either_engine(self, clouds):
        one = chain(layers.Dense(4, "relu"), layers.Dense(3, "softmax"))
        one.fit(*clouds, epochs=3, verbose=0)
        first = one.check_gradients(clouds[0][:4], clouds[1][:4])
        one.run_on("jit")
        again = one.check_gradients(clouds[0][:4], clouds[1][:4])
        assert first.ok and [row.error for row in first.rows] == [row.error for row in again.rows]

    def test_rows_come_in_the_order_of_the_network(self, tmp_path, images):
        loaded = models.load_model(conv().save(tmp_path / "m"), engine="eager")
        names = [row.name for row in loaded.check_gradients(*images).rows]
        assert names == ["conv/kernel", "conv/bias", "out/kernel", "out/bias", "input", "all"]


class TestPlanted:
    @pytest.mark.parametrize("place", [0, 1])
    def test_a_factor_of_two(self, rows, place):
        report = dense(*((Twice, layers.Dense) if place == 0 else (layers.Dense, Twice))).check_gradients(*rows)
        name = ("hidden", "out")[place]
        assert report.wrong == (f"{name}/kernel", "all") and not report.ok
        row = next(row for row in report.rows if row.name == f"{name}/kernel")
        assert row.factor == pytest.approx(2.0, rel=1e-6) and report.found.suspects == (name,)
        assert "All of it is 2 times what it should be." in str(report)

    def test_a_transposed_matrix(self, rows):
        """One that is not square has another shape; of a square one only the numbers tell."""
        report = dense(Transposed).check_gradients(*rows)
        assert report.wrong == ("hidden/kernel",)
        wanted = "hidden/kernel: its gradient should have the shape (6, 4), but has (4, 6), that of its transpose."
        assert wanted in str(report)
        square = chain(Transposed(6, "tanh", name="hidden"), layers.Dense(3, "softmax")).check_gradients(*rows)
        assert "hidden/kernel" in square.wrong and square.found.suspects == ("hidden",)

    @pytest.mark.parametrize("kind", [OneRow, NoBias])
    def test_a_forgotten_bias_sum(self, rows, kind):
        report = dense(kind).check_gradients(*rows)
        assert report.wrong == ("hidden/bias", "all") and report.found.suspects == ("hidden",)

    @pytest.mark.parametrize("activation", ["tanh", "relu"])
    def test_a_wrong_argmax(self, images, activation):
        """The pooling has no parameters of its own: those before it are wrong, and it alone is to blame."""
        assert conv(activation=activation).check_gradients(*images).ok
        report = conv(WrongArgmax, activation).check_gradients(*images)
        assert {"conv/kernel", "input"} <= set(report.wrong) and "out/kernel" not in report.wrong
        assert report.found.suspects == ("pool",)

    def test_a_wrong_error_to_the_layer_before(self, rows):
        report = dense(second=WrongError).check_gradients(*rows)
        assert {"hidden/kernel", "hidden/bias", "input"} <= set(report.wrong)
        assert report.found.suspects == ("out",)
        assert "Wrong by themselves, from the loss back: out (error at its input)" in str(report)
        assert "out hands back a wrong error, which makes every gradient in front of it wrong too." in str(report)

    def test_a_wrong_loss(self, rows):
        report = dense(loss=TwiceTheLoss()).check_gradients(rows[0], np.eye(3)[rows[1]])
        assert set(report.wrong) == set(verdicts(report)) and report.found.suspects == ("TwiceTheLoss",)

    def test_every_faulty_layer_is_named_and_which_one_to_begin_with(self, rows, language):
        """All gradients in front of a wrong error are wrong: each rule is checked alone too, with what it is given."""
        middle = [WrongError(4, "tanh", name="low"), layers.Dense(4, "tanh", name="fine"), WrongError(4, name="high")]
        one = chain(Twice(5, "tanh", name="first"), *middle, OneRow(3, "softmax", name="out"))
        report = one.check_gradients(*rows)
        found = {fault.name: fault.arrays for fault in report.found.faults}
        wrong = {"out": ("params/bias",), "high": ("input",), "low": ("input",), "first": ("params/kernel",)}
        assert found == wrong and list(found) == list(wrong)
        assert "fine/kernel" in report.wrong and "fine" not in found
        lines = str(report).splitlines()
        named = next(
            line for line in lines if re.search(r"out.*bias.*high.*low.*first.*kernel", line) and "/" not in line
        )
        cause = lines[lines.index(named) + 1]
        assert cause.startswith("high") and not re.search("low|fine|out", cause)
        assert report.as_json()["faults"] == {name: list(arrays) for name, arrays in wrong.items()}

    def test_a_wrong_loss_beside_a_wrong_layer(self, rows):
        report = dense(second=Twice, loss=TwiceTheLoss()).check_gradients(rows[0], np.eye(3)[rows[1]])
        assert report.found.suspects == ("TwiceTheLoss", "out")

    def test_all_of_it_0(self, rows, language):
        report = dense(Nothing).check_gradients(*rows)
        row = next(row for row in report.rows if row.name == "hidden/kernel")
        assert row.factor == 0.0 and report.wrong == ("hidden/kernel", "all")
        said = next(line for line in str(report).splitlines() if line.startswith("hidden/kernel ["))
        assert said.endswith({"en": "is missing.", "ja": "探してください。"}[language]) and "times" not in said

    def test_a_product_of_matrices_that_do_not_fit(self, rows, language):
        """NumPy's own words, and the shapes beside them."""
        with pytest.raises(RunError) as caught:
            dense(NoTranspose).check_gradients(*rows)
        for part in (
            'Dense "hidden"'.replace("Dense", "NoTranspose"),
            "ValueError",
            "kernel (6, 4)",
            "dy (5, 4)",
            "W^T",
        ):
            assert part in str(caught.value)

    @pytest.mark.parametrize("eager", [True, False])
    def test_training_says_which_gradient_has_another_shape(self, rows, language, eager):
        one = dense(Transposed)
        one.run_on("eager" if eager else "jit")
        with pytest.raises(ShapeError) as caught:
            one.fit(*rows, verbose=0)
        assert all(part in str(caught.value) for part in ('"hidden"', "kernel", "(6, 4)", "(4, 6)"))

    def test_one_number_that_no_sample_holds(self, rows):
        """Seen along the direction through all numbers of the array."""
        wrong = dense(OneNumber).check_gradients(*rows, samples=2, seed=1)
        assert "hidden/kernel" in wrong.wrong and wrong.rows[0].compared == 2

    @pytest.mark.parametrize("spoilt", [np.nan, np.inf])
    def test_what_is_not_finite(self, rows, monkeypatch, spoilt):
        monkeypatch.setattr(f"{__name__}.SPOILT", [spoilt])
        report = dense(NotFinite).check_gradients(*rows)
        assert report.wrong == ("hidden/bias", "all") and report.found.suspects == ("hidden",)
        assert "hidden/bias [0]: numerical differentiation says" in str(report)
        row = json.loads(json.dumps(report.as_json(), allow_nan=False))["gradients"][1]
        assert (row["verdict"], row["error"]) == ("wrong", None)

    def test_a_factor_is_named_where_it_is_one(self, rows):
        """Not where one number of many is wrong, and not 1 where the sample missed it."""
        for samples in (2, 32):
            report = dense(OneNumber).check_gradients(*rows, samples=samples, seed=1)
            assert report.wrong[0] == "hidden/kernel" and "times what it should be" not in str(report)

    def test_at_the_input_alone(self, rows):
        report = dense(WrongError).check_gradients(*rows)
        assert report.wrong == ("input", "all") and report.found.suspects == ("hidden",)


class TestKinks:
    def test_a_smooth_function_and_a_bent_one(self):
        assert slopes.measured(lambda step: np.exp(step), 1.0).value == pytest.approx(1.0, abs=1e-9)
        assert not slopes.measured(lambda step: np.sin(1e3 * step), 0.0).kinked
        for bent in (abs, lambda step: max(0.0, step - 3e-6), lambda step: max(step, 2 * step)):
            assert slopes.measured(bent, bent(0.0)).kinked or abs(bent(1e-6) - bent(-1e-6)) == 0.0
        assert slopes.measured(lambda step: float("nan"), 0.0).kinked
        assert slopes.measured(lambda step: float(step > 0), 0.0).kinked

    def test_a_kink_outside_of_a_smaller_step_is_none(self):
        found = slopes.measured(lambda step: max(0.0, step - 5e-6), 0.0)
        assert not found.kinked and found.value == 0.0

    def test_they_are_counted_apart_and_do_not_fail(self, rows):
        """Pixels of a flat background are ties in the maximum: to move one breaks them."""
        x = np.zeros((2, 6, 6, 1))
        x[:, 1, 1] = 1.0
        report = conv().check_gradients(x, [0, 1])
        row = next(row for row in report.rows if row.name == "input")
        assert report.ok and row.kinks > 20 and row.compared + row.kinks >= 32
        assert "Kinks: numbers at which ReLU or a maximum switches" in str(report)

    def test_where_every_number_has_one_it_is_measured_beside(self):
        """Biases of 0 behind a black background: ReLU stands at its kink."""
        x = np.zeros((2, 6, 6, 1))
        for pool, ok in ((layers.MaxPooling2D, True), (WrongArgmax, False)):
            slanted = x + np.arange(6).reshape(1, 6, 1, 1) * (not ok) / 9
            assert conv(pool, "relu").check_gradients(slanted, [0, 1]).ok is ok
        row = next(row for row in conv(activation="relu").check_gradients(x, [0, 1]).rows if row.name == "conv/bias")
        assert row.beside and row.compared == 2 and row.verdict == "right"

    def test_a_step_function_has_the_slope_0(self, rows):
        one = chain(layers.Dense(4, "step", trainable=False), layers.Dense(3, "softmax"))
        assert one.check_gradients(*rows).ok

    def test_gradients_below_rounding_are_compared_with_a_wider_step(self, rows):
        """Eight sigmoids: the first layer's slopes are lost in rounding."""
        inner = [layers.Dense(2, "sigmoid", name=f"l{k}") for k in range(8)]
        deep = chain(*inner, layers.Dense(3, "softmax"))
        assert deep.check_gradients(*rows, samples=4).ok
        spoilt = chain(Twice(2, "sigmoid", name="l0"), *inner[1:], layers.Dense(3, "softmax"))
        assert spoilt.check_gradients(*rows, samples=4).wrong == ("l0/kernel",)


class TestWhatIsMeantToDiffer:
    def test_rows_at_the_floor_of_the_logarithm_are_left_out(self, rows):
        """Softmax gives the true class less than 1e-7: the loss stands still, its delta goes on."""
        one = dense()
        kernel, bias, out, last = one.get_weights()
        one.set_weights([kernel, bias, out, np.add(last, [0, 0, 40])])
        report = one.check_gradients(*rows)
        assert report.ok and report.found.left_out == 4
        assert "Rows left out: 4. Their outputs are so near 0 or 1" in str(report)
        with pytest.raises(RunError, match="cannot be checked on these 4 rows: all outputs are so near 0 or 1"):
            one.check_gradients(rows[0][[0, 1, 3, 4]], rows[1][[0, 1, 3, 4]])

    def test_an_error_that_goes_straight_through(self, rows):
        one = chain(layers.Dense(4, "softmax_straight_through", name="hidden"), layers.Dense(3, "softmax", name="out"))
        report = one.check_gradients(*rows)
        found = verdicts(report)
        assert report.ok and found["hidden/kernel"] == found["input"] == "intended" and found["out/kernel"] == "right"
        assert "~ The error goes straight through a layer on purpose" in str(report)

    def test_however_deep_it_stands(self, rows):
        inner = layers.Parallel([[layers.Dense(4, "softmax_straight_through")], [layers.Dense(2)]], name="deep")
        one = chain(layers.Dense(5, "tanh", name="first"), inner, layers.Dense(3, "softmax", name="out"))
        found = verdicts(one.check_gradients(*rows))
        assert found["first/kernel"] == found["deep/1/dense/kernel"] == "intended" and found["out/kernel"] == "right"


class TestReport:
    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_the_table_stands_in_80_columns_and_says_both_times(self, images, language):
        set_language(language)
        for report in (conv().check_gradients(*images), conv(WrongArgmax).check_gradients(*images)):
            lines = str(report).splitlines()
            table = [line for line in lines if re.match(r"[✓✗?~] |  \S", line)]
            assert len(table) == 7 and len({wide(line) for line in table}) == 1 and wide(table[0]) <= 80
            assert ("✗" in str(report)) != report.ok
            assert f"{report.numbers:,}" in lines[-3] and re.search(r"[0-9]+", lines[-2])

    @pytest.mark.parametrize(("forward", "said"), [(1e-6, "0.1 times"), (1e-5, "1 times"), (1e-3, "146 times")])
    def test_it_is_never_0_times_as_long(self, rows, forward, said):
        """Of a very small network all the differences may be done sooner than one timed pass back."""
        report = dense().check_gradients(*rows)
        report = evolve(report, found=evolve(report.found, forward_seconds=forward, backprop_seconds=1e-3))
        assert report.numbers == 73 and f", {said} as long" in str(report)

    def test_in_a_notebook(self, images):
        page = conv(WrongArgmax).check_gradients(*images)._repr_html_()
        assert page.startswith("<table") and page.count("<tr") == 7 and "✗ conv/kernel" in page

    def test_as_json(self, rows):
        found = json.loads(json.dumps(dense(Twice).check_gradients(*rows).as_json()))
        assert found["ok"] is False and found["numbers"] == 73 and found["look_at"] == ["hidden"]
        assert found["numerical_seconds"] > found["backprop_seconds"] > 0
        row = found["gradients"][0]
        assert (row["name"], row["verdict"], row["factor"]) == ("hidden/kernel", "wrong", pytest.approx(2.0))
        place, expected, got = row["worst"]
        assert len(place) == 2 and got == pytest.approx(2 * expected, rel=1e-6)

    def test_one_seed_one_answer(self, rows):
        first, again, other = (dense().check_gradients(*rows, samples=3, seed=s) for s in (1, 1, 2))
        errors = [[(row.name, row.error, row.worst) for row in one.rows] for one in (first, again, other)]
        assert errors[0] == errors[1] != errors[2]


class TestRefused:
    def test_not_compiled(self, rows):
        one = models.Sequential([layers.Dense(3, input_shape=(6,))], name="m")
        with pytest.raises(RunError, match=r"m has not been compiled yet.*before check_gradients"):
            one.check_gradients(*rows)

    def test_samples_that_are_none(self, rows):
        with pytest.raises(SettingError, match=r"check_gradients: samples must be a whole number above 0\. Got 0"):
            dense().check_gradients(*rows, samples=0)

    def test_a_seed_that_is_none(self, rows):
        with pytest.raises(SettingError, match=r"check_gradients: seed must be a whole number from 0"):
            dense().check_gradients(*rows, seed="x")

    def test_rows_that_do_not_fit(self, rows):
        with pytest.raises(ShapeError, match="axis 1 should be 6, not 5"):
            dense().check_gradients(rows[0][:, :5], rows[1])

    def test_weights_that_are_not_finite(self, rows):
        one = dense()
        kernel, *others = one.get_weights()
        one.set_weights([kernel * np.nan, *others])
        with pytest.raises(NonFiniteError, match="The gradients of m cannot be checked here: its loss is nan"):
            one.check_gradients(*rows)


def wide(line):
    """The cells a line takes in a terminal."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)
