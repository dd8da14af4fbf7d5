"""garasu.sweep: settings times seeds, grouped by structure; tables, the best, and whether B is better than A."""

import numpy as np
import pytest
from scipy import stats

import garasu
from garasu import initializers, layers, losses, models, optimizers, regularizers, schedules
from garasu.messages import RunError, SettingError, UnknownNameError
from garasu.models import Sweep, sweep
from garasu.models.comparison import compare
from garasu.models.structure import structure
from tests.models.test_seeds import made


def maker(eager=True, **fixed):
    """A ``make`` of small networks in which everything can be set."""

    def make(rate=0.1, drop=0.2, l2=0.01, units=5, scale=0.1, rule=optimizers.Momentum, momentum=0.9, seed=None):
        model = models.Sequential(
            [
                layers.Dense(
                    units,
                    activation="tanh",
                    kernel_regularizer=regularizers.L1L2(l2=l2),
                    kernel_initializer=initializers.RandomNormal(stddev=scale),
                    input_shape=(6,),
                    name="hidden",
                ),
                layers.Dropout(drop, name="drop"),
                layers.Dense(3, activation="softmax", name="out"),
            ],
            seed=seed,
        )
        chosen = rule(rate, momentum=momentum) if rule is optimizers.Momentum else rule(rate)
        more = {"loss": "sparse_categorical_crossentropy", "metrics": ["acc"], **fixed}
        model.compile(chosen, run_eagerly=eager, **more)
        return model

    return make


class TestTraining:
    def test_every_copy_is_what_a_model_by_itself_is(self, clouds):
        """Rates, momenta, shares dropped, factors and first values in one program, in float64."""
        grid = [
            {"rate": 0.05, "drop": 0.5, "l2": 0.1, "scale": 0.3, "momentum": 0.5},
            {"rate": 0.2, "drop": 0.0, "l2": 0.0},
        ]
        way = {"epochs": 4, "batch_size": 16, "verbose": 0, "validation_data": clouds}
        found = garasu.sweep(maker(eager=False, precision="float64"), grid, *clouds, seeds=[4, 8], **way)
        assert isinstance(found, Sweep) and found.groups == 1 and found.settings == grid
        assert [(copy.seed, copy.settings) for copy in found.copies] == [(s, one) for one in grid for s in (4, 8)]
        for copy in found.copies:
            one = maker(precision="float64")(**copy.settings, seed=copy.seed)
            history = one.fit(*clouds, **way)
            for name, values in history.history.items():
                np.testing.assert_allclose(copy.history.history[name], values, rtol=0, atol=1e-9)
            for mine, other in zip(copy.model.get_weights(), one.get_weights(), strict=True):
                np.testing.assert_allclose(mine, other, rtol=0, atol=1e-9)

    def test_one_after_another_to_the_last_bit(self, clouds, same):
        found = sweep(maker(), {"rate": [0.1, 0.2], "units": [3, 5]}, *clouds, seeds=2, epochs=2, verbose=0)
        assert found.groups == 2 and [one["units"] for one in found.settings] == [3, 5, 3, 5]
        for copy in found.copies:
            one = maker()(**copy.settings, seed=copy.seed)
            history = one.fit(*clouds, epochs=2, verbose=0)
            assert same(copy.model, one) and copy.history.history == history.history

    def test_shared_batches_are_those_of_the_first_seed(self, clouds, same):
        found = sweep(maker(), [{}], *clouds, seeds=[7, 2], share_batches=True, verbose=0)
        assert same(found.copies[0].model, sweep(maker(), [{}], *clouds, seeds=[7], verbose=0).copies[0].model)
        assert not same(found.copies[1].model, sweep(maker(), [{}], *clouds, seeds=[2], verbose=0).copies[0].model)

    def test_settings_that_explode_are_marked(self, clouds):
        found = sweep(maker(), {"rate": [0.1, 1e38], "drop": [0.0]}, *clouds, seeds=3, steps=9, verbose=0)
        assert [row["stopped"] for row in found.table("loss").rows] == [0, 3]
        assert found.best("loss").settings["rate"] == found.best("acc").settings["rate"] == 0.1
        assert np.isnan(found.of(1).final("loss")).all() and found.table("loss").rows[1]["n"] == 0

    def test_five_seeds_unless_given(self, clouds):
        assert sweep(maker(), [{}], *clouds, verbose=0).histories[0].seeds == [0, 1, 2, 3, 4]

    def test_shown(self, clouds, capsys, language):
        sweep(maker(), {"units": [3, 4]}, *clouds, seeds=1, verbose=2)
        lines = capsys.readouterr().out.splitlines()
        words = {"en": "Group 1/2 - Copy 1/1 - Epoch 1/1", "ja": "グループ 1/2 - コピー 1/1 - エポック 1/1"}[language]
        assert lines[0].startswith(words) and lines[2].startswith("acc") and len(lines) == 6


class TestGroups:
    def of(self, **settings):
        model = maker()(**settings)
        return structure(model)

    @pytest.mark.parametrize(
        "settings",
        [{"rate": 0.5}, {"drop": 0.7}, {"l2": 0.5}, {"scale": 2.0}, {"momentum": 0.1}, {"seed": 9}, {"rate": 1}],
    )
    def test_numbers_that_vary_are_of_one_group(self, settings):
        assert self.of(**settings) == self.of()

    @pytest.mark.parametrize(
        "settings",
        [{"units": 4}, {"rule": optimizers.SGD}, {"rate": schedules.StepDecay(0.1, 10)}],
    )
    def test_all_else_splits(self, settings):
        assert self.of(**settings) != self.of()

    @pytest.mark.parametrize(
        "fixed",
        [
            {"loss": losses.SparseCategoricalCrossentropy(label_smoothing=0.1)},
            {"metrics": ["acc", "mse"]},
            {"metrics": [lambda y, t: t]},
            {"precision": "float64"},
            {"eager": False},
        ],
    )
    def test_what_compile_was_given_splits(self, fixed):
        assert structure(maker(**fixed)()) != self.of()

    def test_names_and_what_is_frozen_split(self):
        frozen = maker()()
        frozen.get_layer("hidden").trainable = False
        assert structure(frozen) != self.of()

    def test_two_schedules_of_the_same_numbers_are_one(self):
        assert self.of(rate=schedules.StepDecay(0.1, 10)) == self.of(rate=schedules.StepDecay(0.1, 10))

    def test_layers_inside_others(self):
        def of(drop):
            inside = [layers.Dense(6), layers.Dropout(drop)]
            model = models.Sequential([layers.Residual(inside, input_shape=(6,)), layers.Dense(3)])
            model.compile("sgd", "mse", run_eagerly=True)
            return structure(model)

        assert of(0.1) == of(0.5)


def swept(*curves, metric_settings=("a", "b", "c")):
    """A sweep of made-up numbers: for each setting a row for each copy."""
    found = [made(curve, settings={"kind": kind}) for curve, kind in zip(curves, metric_settings, strict=False)]
    return Sweep(tuple(found))


A = [[0.30], [0.32], [0.28], [0.35], [0.31], [0.30], [0.33]]
B = [[0.20], [0.25], [0.17], [0.30], [0.24], [0.26], [0.22]]
C = [[0.31], [0.30], [0.29], [0.36], [0.30], [0.31], [0.33]]


class TestTable:
    def test_numbers(self):
        rows = swept(A, B).table("loss").rows
        for row, values in zip(rows, (A, B), strict=True):
            values = np.ravel(values)
            assert row["mean"] == pytest.approx(values.mean()) and row["spread"] == pytest.approx(values.std(ddof=1))
            assert (row["least"], row["greatest"], row["n"], row["stopped"]) == (values.min(), values.max(), 7, 0)

    def test_words(self, language):
        lines = str(swept(A, B).table("loss")).splitlines()
        words = {"en": ("loss of 2 settings, 14 copies", "SD"), "ja": ("loss（設定 2 通り、コピー 14 個）", "標準偏差")}
        assert lines[0] == words[language][0] and words[language][1] in lines[1]
        assert lines[3].split()[:2] == ["b", "0.2343"]

    def test_the_last_metric_unless_given(self):
        assert str(swept(A).table()).startswith("acc of")

    def test_best(self):
        assert swept(A, B).best("loss").settings == {"kind": "b"}
        assert swept(A, B).best("acc").settings == {"kind": "b"}
        assert swept(A, B).best("loss", less_is_better=False).settings == {"kind": "a"}

    def test_in_a_notebook(self):
        page = swept(A, B)._repr_html_()
        assert "kind" in page and "<img" in page and repr(swept(A, B)) == "<Sweep: 2 settings, 14 copies>"

    def test_the_picture(self):
        (axes,) = swept(A, B).plot("loss").axes
        assert [label.get_text() for label in axes.get_yticklabels()] == ["kind='a'", "kind='b'"]

    def test_no_such_metric(self, language):
        with pytest.raises(UnknownNameError, match="loss"):
            swept(A).table("los")

    @pytest.mark.parametrize("given", [{"kind": "z"}, 5, True])
    def test_no_such_setting(self, given, language):
        with pytest.raises(SettingError, match=r"(No such setting|学習していません).*kind='a'; kind='b'"):
            swept(A, B).of(given)


class TestCompare:
    def test_as_scipy_has_it(self):
        a, b = np.ravel(A), np.ravel(B)
        found = swept(A, B).compare(0, {"kind": "b"}, "loss")
        wanted = stats.ttest_rel(b, a)
        assert found.p == pytest.approx(wanted.pvalue)
        assert found.interval == pytest.approx(tuple(wanted.confidence_interval(0.95)))
        assert found.wilcoxon_p == pytest.approx(stats.wilcoxon(b, a).pvalue)
        assert found.difference == pytest.approx((b - a).mean()) and found.n == 7 and found.better == "b"

    def test_sentences(self, language):
        one = swept(A, B, C)
        said = {
            "en": [
                "B (kind='b') is better than A (kind='a')",
                "B (kind='a') is worse than A",
                "It cannot be told from 7",
            ],
            "ja": [
                "B（kind='b'）は A（kind='a'）より良いと",
                "B（kind='a'）は A（kind='b'）より悪い",
                "判断できません",
            ],
        }[language]
        for (first, second), words in zip([(0, 1), (1, 0), (0, 2)], said, strict=True):
            found = one.compare(first, second, "loss")
            assert words in str(found) == found.sentence
            assert f"{found.difference:+.4g}" in found.sentence and f"{found.p:.2g}" in found.sentence
        assert one.compare(0, 2, "loss").better is None

    def test_more_is_better_for_accuracy(self):
        one = swept(A, B)
        assert [one.compare(0, 1, name).better for name in ("loss", "acc")] == ["b", "b"]
        assert one.compare(0, 1, "loss", less_is_better=False).better == "a"

    def test_seeds_in_which_one_stopped_do_not_count(self):
        found = swept([[np.nan], *A[1:]], B).compare(0, 1, "loss")
        assert found.seeds == (1, 2, 3, 4, 5, 6)

    def test_too_few_seeds(self, language):
        with pytest.raises(SettingError, match=r"kind='a'.*kind='b'.*1"):
            swept(A[:1], B[:1]).compare(0, 1, "loss")

    def test_few_seeds_have_no_ranks(self):
        assert swept(A[:5], B[:5]).compare(0, 1, "loss").wilcoxon_p is None

    @pytest.mark.parametrize(("shift", "p", "better"), [(0.0, 1.0, None), (0.5, 0.0, "b")])
    def test_differences_that_are_all_alike(self, shift, p, better):
        a = np.arange(8.0)
        found = compare("acc", ("A", "B"), tuple(range(8)), a, a + shift, less_is_better=False)
        assert (found.p, found.better, found.interval) == (p, better, (shift, shift))


class TestErrors:
    @pytest.mark.parametrize("settings", [{}, [], {"rate": 0.1}, {"rate": []}, {"rate": "ab"}, [0.1], 3, None])
    def test_settings(self, settings, clouds, language):
        with pytest.raises(SettingError, match=r"sweep.*settings.*(dict of lists|リストの辞書)"):
            sweep(maker(), settings, *clouds)

    def test_make_gives_back_nothing(self, clouds, language):
        with pytest.raises(SettingError, match=r"make\(\*\*.*rate=0\.1.*None"):
            sweep(lambda rate: None, {"rate": [0.1]}, *clouds)

    def test_make_is_a_model(self, clouds, language):
        with pytest.raises(SettingError, match=r"make"):
            sweep("model", {"rate": [0.1]}, *clouds)

    def test_not_compiled(self, clouds, language):
        with pytest.raises(RunError, match=r"compile.*sweep|sweep.*compile"):
            sweep(lambda: models.Sequential([layers.Dense(3, input_shape=(6,))]), [{}], *clouds)

    def test_trained_already(self, clouds, language):
        def make():
            model = maker()()
            model.fit(*clouds, verbose=0)
            return model

        with pytest.raises(RunError, match="sequential"):
            sweep(make, [{}], *clouds)

    @pytest.mark.parametrize("seeds", [0, [], [1, 1], "2"])
    def test_seeds(self, seeds, clouds, language):
        with pytest.raises(SettingError, match=r"sweep.*seeds"):
            sweep(maker(), [{}], *clouds, seeds=seeds)

    def test_the_nearest_word(self, clouds, language):
        with pytest.raises(TypeError, match=r"sweep.*epoch.*epochs"):
            sweep(maker(), [{}], *clouds, epoch=3)

    def test_a_setting_that_make_does_not_take_is_python_s_own_error(self, clouds):
        with pytest.raises(TypeError, match="rat"):
            sweep(maker(), {"rat": [0.1]}, *clouds)


def test_it_stands_at_the_package_s_face():
    assert garasu.sweep is sweep and "sweep" in dir(garasu)
