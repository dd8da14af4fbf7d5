"""``garasu check``: a rule, all rules, a class of one's own, a run; what it says, and its exit code."""

import json
from unicodedata import east_asian_width

import pytest

from garasu.cli import main
from garasu.testing import samples

MINE = '''
"""Layers of a user's own, each but the first with one mistake."""

import helper
from garasu.array import namespace
from garasu.layers import Dense, Layer, MaxPooling2D, Spec
from garasu.losses import MeanSquaredError
from garasu.optimizers import SGD

class Right(Dense):
    """As it should be."""

class Twice(Dense):
    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": helper.FACTOR * grads["kernel"]}

class Transposed(Dense):
    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": grads["kernel"].T}

class NoTranspose(Dense):
    def backward(self, params, cache, dy):
        return dy @ params["kernel"], super().backward(params, cache, dy)[1]

class OneRow(Dense):
    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "bias": namespace(dy).sum(dy[:1, :], axis=0)}

class WrongArgmax(MaxPooling2D):
    def backward(self, params, cache, dy):
        return super().backward(params, {**cache, "place": 3 - cache["place"]}, dy)

class WrongLoss(MeanSquaredError):
    def backward(self, y, t):
        return 3 * super().backward(y, t)

class Uphill(SGD):
    def update(self, grad, state, param, step, hyper):
        return super().update(-grad, state, param, step, hyper)

class Raises(Dense):
    def spec(self, in_shape):
        raise RuntimeError("boom")

class Divides(Dense):
    def spec(self, in_shape):
        return 1 / 0

class Half(Layer):
    def spec(self, in_shape):
        return Spec(in_shape)

class Picky(Dense):
    def spec(self, in_shape):
        if in_shape != (7,):
            raise ValueError(in_shape)
        return super().spec(in_shape)

class NoRule:
    pass

NUMBER = 3
'''


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """``check("Dense")`` runs ``garasu check Dense``: the exit code, what was printed, and what was complained of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "helper.py").write_text("FACTOR = 2")

    def run(*words):
        code = main(["check", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


class TestRules:
    @pytest.mark.parametrize("name", ["Dense", "dense", "mse", "adam", "tanh", "softmax_straight_through", "identity"])
    def test_by_each_of_their_names(self, check, name):
        code, out, err = check(name)
        assert (code, err) == (0, "") and len(out.splitlines()) > 6
        assert "passed" in out.splitlines()[0]

    def test_with_settings_and_a_shape(self, check):
        words = ("--settings", "filters=3", "--settings", '{"kernel_size": [2, 1], "activation": "relu"}')
        code, out, err = check("Conv2D", *words, "--in-shape", "5,4,2", "--json")
        found = json.loads(out)
        assert (code, err, found["ok"], found["rule"]) == (0, "", True, "Conv2D")
        rungs = {rung["name"]: rung for rung in found["rungs"]}
        assert rungs["differences"]["error"] < rungs["differences"]["limit"]

    def test_a_straight_through_activation_has_no_slope_wherever_it_stands(self, check):
        words = ("--settings", "activation=softmax_straight_through")
        for name, label in (("Dense", "Dense:"), ("TiedDense", 'Chain "TiedDense":')):
            code, out, _ = check(name, *words)
            assert code == 0 and out.startswith(f"{label} passed, with rungs left out")

    def test_all_of_them_in_short(self, check):
        code, out, err = check()
        lines = out.splitlines()
        assert (code, err) == (0, "") and "✗" not in out
        assert {line.split()[1] for line in lines[1:-2]} >= set(samples.kinds())
        assert max(map(wide, lines)) <= 80 and "Left out to be quick: vjp, float64, float32" in lines[-1]

    def test_one_that_is_wrong_among_all(self, check, monkeypatch):
        from garasu.optimizers import SGD

        right = SGD.update
        monkeypatch.setattr(SGD, "update", lambda self, grad, *more: right(self, -grad, *more))
        monkeypatch.setattr(samples, "kinds", lambda: {"SGD": SGD})
        monkeypatch.setattr("garasu.cli.checking.kinds", lambda: {"SGD": SGD})
        monkeypatch.setattr("garasu.cli.checking.activations.RULES", {})
        code, out, _ = check("--lang", "ja")
        assert code == 1 and "✗ SGD" in out and "不合格 1 個" in out
        code, out, _ = check("--json")
        assert code == 1 and json.loads(out)["rules"][0]["rung"] == "descends"


class TestOwnClasses:
    def test_one_that_is_right(self, check):
        code, out, err = check("mine.py:Right", "--settings", "units=2", "--in-shape", "5")
        assert (code, err) == (0, "") and out.startswith("Right: all rungs passed")

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("Twice", ["gradient of params/kernel", "All of it is 2 times what it should be"]),
            ("Transposed", ["gradient of params/kernel should have the shape (6, 3), but has (3, 6), that of its"]),
            (
                "NoTranspose",
                ["should run, but stopped with ValueError", "x (3, 6), kernel (6, 3), bias (3,), dy"],
            ),
            ("OneRow", ["gradient of params/bias"]),
            ("WrongArgmax", ["gradient of x"]),
            ("WrongLoss", ["gradient of y", "All of it is 3 times"]),
            ("Uphill", ["the loss on a bowl should fall"]),
        ],
    )
    def test_what_was_planted_is_named(self, check, name, words):
        shape = ["--in-shape", "6"] if name in ("Twice", "Transposed", "NoTranspose", "OneRow") else []
        code, out, err = check(f"mine.py:{name}", *shape)
        assert (code, err) == (1, "") and out.startswith(f"{name} fails the rung ")
        for word in words:
            assert word in out
        code, out, _ = check(f"mine.py:{name}", *shape, "--json", "--lang", "ja")
        found = json.loads(out)
        assert code == 1 and found["ok"] is False and found["rung"] and "不合格" in found["error"]

    @pytest.mark.parametrize(
        ("name", "marks"),
        [
            ("Right", {"x": "right", "kernel": "right", "bias": "right"}),
            ("Twice", {"x": "right", "kernel": "WRONG", "bias": "right"}),
            ("Transposed", {"x": "right", "kernel": "WRONG", "bias": "right"}),
            ("NoTranspose", {}),
            ("WrongLoss", {"y": "WRONG"}),
            ("Uphill", {}),
        ],
    )
    def test_the_gradient_of_each_array_beside_the_differences(self, check, name, marks):
        """How far apart, what either way takes, the verdict; also where a rung failed before."""
        shape = ["--in-shape", "6"] if name not in ("WrongLoss", "Uphill") else []
        _, out, _ = check(f"mine.py:{name}", *shape)
        table = [line.split() for line in out.splitlines() if line[:2] in ("✓ ", "✗ ")]
        assert {line[1]: line[-1] for line in table} == marks
        assert all((line[0] == "✓") == (line[-1] == "right") for line in table)
        assert bool(marks) == ("numbers    error  differences  backward rule  verdict" in out)
        _, out, _ = check(f"mine.py:{name}", *shape, "--json")
        arrays = json.loads(out).get("arrays", [])
        assert {one["name"]: one["verdict"] for one in arrays} == {key: mark.lower() for key, mark in marks.items()}
        for one in arrays:
            assert one["numbers"] > 0 and one["numerical_seconds"] > one["backward_seconds"] > 0
            assert one["error"] is None or (one["error"] < 1e-6) == (one["verdict"] == "right")

    def test_the_table_in_japanese_and_of_a_layer_that_is_other_in_training(self, check):
        code, out, _ = check("BatchNormalization", "--lang", "ja")
        lines = [line for line in out.splitlines() if line.startswith("✓ ")]
        assert code == 0 and len(lines) == 6 and lines[1].startswith("✓ gamma（推論時）") and "正しい" in lines[1]
        assert max(map(wide, lines)) <= 80

    def test_where_there_is_no_slope_nothing_is_measured(self, check):
        _, out, _ = check("softmax_straight_through")
        assert "backward rule  verdict" not in out

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["none.py:A"], 1, "There is no Python file none.py."),
            (["mine.py"], 2, "mine.py is a file; say which class in it: mine.py:CLASS. It holds: Right, Twice,"),
            (["mine.py:Twic"], 2, "There is no class named 'Twic'. Did you mean 'Twice'?"),
            (["mine.py:NUMBER"], 2, "There is no class named 'NUMBER'."),
            (["mine.py:NoRule"], 2, "NoRule is neither a layer nor a loss nor an optimizer."),
            (
                ["mine.py:Raises", "--in-shape", "3"],
                1,
                "Raises cannot be audited, for it stopped with RuntimeError: boom",
            ),
            (
                ["mine.py:Divides"],
                1,
                "Divides cannot be audited, for it stopped with ZeroDivisionError: division by zero.",
            ),
            (["mine.py:Half"], 2, "Half leaves out what every rule of its kind must have: backward. Define it"),
            (["helper.py:A"], 2, "helper.py defines no layer, loss or optimizer. Let a class in it inherit"),
            (["helper.py"], 2, "helper.py defines no layer, loss or optimizer. Let a class in it inherit"),
            (
                ["mine.py:Picky"],
                2,
                "Picky takes none of the input shapes that were tried: (6, 6, 2), (6,),",
            ),
            (["mine.py:Right", "--settings", "unit=3"], 2, "Right has no argument 'unit'. Did you mean 'units'?"),
            (["mine.py:Right", "--settings", "units=0"], 2, "Right: units must be a whole number above 0."),
            (["Dense", "--settings", "units"], 2, "--settings must be NAME=VALUE, or a JSON object"),
            (["Dense", "--settings", "{units"], 2, "--settings must be NAME=VALUE, or a JSON object"),
            (["Dense", "--in-shape", "3x3"], 2, "--in-shape must be whole numbers above 0, joined by commas"),
            (["tanh", "--settings", "units=3"], 2, "tanh is an activation and takes no settings."),
            (["Densee"], 2, "There is no rule or run named 'Densee'. Did you mean 'Dense'?"),
            (["Dense", "--rows", "3"], 2, "--rows is for checking a run, and no run is named."),
            (["--in-shape", "3"], 2, "--in-shape is for checking a rule, and none is named."),
        ],
    )
    def test_a_sentence_for_each_mistake(self, check, words, code, said):
        found, out, err = check(*words)
        assert (found, out) == (code, "") and said in err and len(err.splitlines()) == 1

    @pytest.mark.parametrize("content", ["1 / 0", "import nothing_of_that_name", "def f(:", "raise SystemExit(3)"])
    def test_a_file_that_does_not_run(self, check, tmp_path, content):
        (tmp_path / "torn.py").write_text(content)
        code, out, err = check("torn.py:A")
        assert (code, out) == (1, "") and "torn.py cannot be run: " in err and "Traceback" not in err

    def test_a_shape_that_does_not_fit_is_named(self, check):
        code, _, err = check("Conv2D", "--in-shape", "3")
        assert code == 1 and "Conv2D" in err


class TestRuns:
    def test_the_gradients_of_a_run(self, trained, check, monkeypatch):
        monkeypatch.chdir(trained[0])
        code, out, err = check("first", "--rows", "3", "--samples", "6")
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert "agree (rows 3" in lines[0] and max(wide(line) for line in lines[1:6]) <= 80
        assert [line.split()[1] for line in lines[2:4]] == ["softmax/kernel", "softmax/bias"]
        code, out, _ = check("first", "--rows", "3", "--samples", "6", "--json")
        found = json.loads(out)
        assert code == 0 and found["ok"] and found["run"] == "runs/first" and found["numbers"] == 7850 + 3 * 784
        assert found["numerical_seconds"] > 100 * found["backprop_seconds"]

    def test_in_japanese(self, trained, check, monkeypatch):
        monkeypatch.chdir(trained[0])
        code, out, _ = check("first", "--samples", "3", "--lang", "ja")
        lines = out.splitlines()
        assert code == 0 and "一致しました" in lines[0] and max(wide(line) for line in lines[1:6]) <= 80

    def test_a_rule_that_is_wrong_fails_the_run(self, trained, check, monkeypatch):
        from garasu.layers import Dense

        right = Dense.backward

        def wrong(self, params, cache, dy):
            dx, grads = right(self, params, cache, dy)
            return dx, {**grads, "bias": 2 * grads["bias"]}

        monkeypatch.setattr(Dense, "backward", wrong)
        monkeypatch.chdir(trained[0])
        code, out, _ = check("first", "--samples", "3")
        assert code == 1 and "the gradients of softmax/bias" in out and "All of it is 2 times" in out
        assert "Wrong by themselves, from the loss back: softmax (bias)" in out

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["first", "--in-shape", "3"], "--in-shape is for checking a rule"),
            (["first", "--full"], "--full is for checking rules: a run's gradients are always checked in full."),
            (["firts"], "There is no rule or run named 'firts'. Did you mean 'first'?"),
        ],
    )
    def test_wrong_use(self, trained, check, monkeypatch, words, said):
        monkeypatch.chdir(trained[0])
        code, out, err = check(*words)
        assert (code, out) == (2, "") and said in err


def test_every_public_class_can_be_made_and_finds_a_shape():
    """A new one whose settings have no defaults needs a line in ``samples._settings``."""
    from garasu import layers

    for kind in samples.kinds().values():
        rule = samples.made(kind)
        if isinstance(rule, layers.Layer) and not isinstance(rule, layers.TiedDense):
            samples.shape_for(rule)


def wide(line):
    """The cells a line takes in a terminal."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)
