"""fit(seeds=...): each copy is what a model of its seed is; together they have a mean, a spread, a picture."""

import numpy as np
import pytest

import garasu
from garasu import callbacks, layers, models, optimizers
from garasu.messages import DataError, RunError, SettingError, UnknownNameError
from garasu.models import Histories, History, TrainedCopy


def made(curves, stopped=(), settings=None):
    """Histories of made-up numbers: a row for each copy."""
    copies = []
    for seed, row in enumerate(np.asarray(curves, dtype=float)):
        history = History()
        for epoch, value in enumerate(row):
            history.add(epoch, {"loss": value, "acc": 1 - value})
        step = 7 if seed in stopped else None
        copies.append(TrainedCopy(seed, settings or {}, history, step, {}, lambda copy: None))
    return Histories(tuple(copies), dict(settings or {}))


CURVES = [[0.9, 0.5, 0.2], [0.7, 0.4, 0.3], [0.8, 0.6, np.nan]]

WAYS = [
    {"epochs": 3, "batch_size": 16},
    {"epochs": 2, "batch_size": "all"},
    {"steps": 7, "batch_size": 16},
    {"epochs": 2, "steps_per_epoch": 3, "replacement": True},
    {"epochs": 2, "shuffle": False, "class_weight": {0: 2.0}},
    {"epochs": 2, "sample_weight": np.linspace(0.5, 1.5, 70), "share_batches": True},
]


class TestEachCopy:
    @pytest.mark.parametrize("way", WAYS)
    def test_one_after_another_to_the_last_bit(self, dense, clouds, same, way):
        found = dense("adam").fit(*clouds, seeds=3, verbose=0, validation_data=clouds, **way)
        assert found.seeds == [3, 4, 5]
        own = {name: value for name, value in way.items() if name != "share_batches"}
        for copy in found.copies[: 1 if "share_batches" in way else 3]:
            one = dense("adam", seed=copy.seed)
            history = one.fit(*clouds, verbose=0, validation_data=clouds, **own)
            assert copy.history.history == history.history and copy.history.epoch == history.epoch
            assert same(copy.model, one) and copy.model.place_in_training() == one.place_in_training()
            assert {**history.params, **({"share_batches": True} if len(own) < len(way) else {})} == copy.history.params

    def test_together_within_rounding_of_float64(self, clouds):
        """Dropout, noise, normalisation and averages, 20 steps; the model itself on NumPy."""

        def model(seed, *, eager):
            chosen = [
                layers.GaussianNoise(0.1, input_shape=(6,)),
                layers.Dense(8, kernel_regularizer="l2"),
                layers.BatchNormalization(),
                layers.Dropout(0.4),
                layers.Dense(3, activation="softmax"),
            ]
            one = models.Sequential(chosen, seed=seed)
            rule = optimizers.Adam(0.01, use_ema=True)
            one.compile(rule, "sparse_categorical_crossentropy", ["acc"], eager, precision="float64")
            return one

        way = {"epochs": 4, "batch_size": 16, "verbose": 0, "validation_data": clouds}
        whole = model(3, eager=False)
        found = whole.fit(*clouds, seeds=[9, 4], **way)
        for copy in found.copies:
            one = model(copy.seed, eager=True)
            history = one.fit(*clouds, **way)
            assert list(copy.history.history) == list(history.history)
            for name, values in history.history.items():
                np.testing.assert_allclose(copy.history.history[name], values, rtol=0, atol=1e-9)
            for mine, other in zip(copy.model.get_weights(), one.get_weights(), strict=True):
                np.testing.assert_allclose(mine, other, rtol=0, atol=1e-9)
        assert whole.seed == 9 and np.array_equal(whole.get_weights()[0], found.copies[0].model.get_weights()[0])
        assert whole.history is found.copies[0].history

    def test_a_convolution_compiled(self, cnn, pictures, same):
        found = cnn(eager=False).fit(*pictures, batch_size=35, seeds=[4, 9], verbose=0)
        one = cnn(eager=False, seed=9)
        one.fit(*pictures, batch_size=35, verbose=0)
        assert same(found.copies[1].model, one)

    def test_with_a_schedule_the_rate_is_written_down(self, dense, clouds):
        rule = optimizers.SGD(garasu.schedules.StepDecay(0.1, decay_steps=3))
        found = dense(rule).fit(*clouds, seeds=2, epochs=2, verbose=0)
        history = dense(rule, seed=4).fit(*clouds, epochs=2, verbose=0)
        assert found.copies[1].history.history == history.history and "learning_rate" in found.names

    def test_a_rate_that_was_set(self, dense, clouds, same):
        first, one = dense(), dense(seed=4)
        for model in (first, one):
            model.optimizer.learning_rate = 0.5
        one.fit(*clouds, verbose=0)
        assert same(first.fit(*clouds, seeds=2, verbose=0).copies[1].model, one)

    def test_a_copy_goes_on_training(self, dense, clouds, same):
        copy = dense("adam").fit(*clouds, seeds=2, epochs=2, verbose=0).copies[1].model
        copy.fit(*clouds, epochs=2, verbose=0)
        one = dense("adam", seed=4)
        one.fit(*clouds, epochs=2, verbose=0)
        one.fit(*clouds, epochs=2, verbose=0)
        assert same(copy, one)

    def test_a_split_is_that_of_the_models_seed(self, dense, clouds):
        found = dense().fit(*clouds, seeds=2, validation_split=0.2, verbose=0)
        rows = dense().fit(*clouds, validation_split=0.2, verbose=0).params["validation_rows"]
        assert [copy.history.params["validation_rows"] for copy in found.copies] == [rows, rows]

    def test_weights_of_an_inner_model_are_where_every_copy_starts(self, dense, clouds):
        inner = models.Sequential([layers.Dense(4, input_shape=(6,), name="a")], seed=1, name="inner")
        inner.set_weights([np.full((6, 4), 0.5), np.zeros(4)])
        whole = models.Sequential([inner, layers.Dense(3, activation="softmax")], seed=0)
        whole.get_layer("inner").trainable = False
        whole.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        for copy in whole.fit(*clouds, seeds=2, verbose=0).copies:
            assert np.array_equal(copy.model.get_weights()[0], np.full((6, 4), 0.5, "float32"))

    def test_a_model_without_input_shape(self, clouds):
        model = models.Sequential([layers.Dense(3, activation="softmax")], seed=0)
        model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        assert model.fit(*clouds, seeds=2, verbose=0).seeds == [0, 1]


class TestTogether:
    def test_mean_spread_and_ends(self):
        found = made(CURVES, stopped={2})
        np.testing.assert_allclose(found.mean("loss"), [0.8, 0.5, 0.25])
        np.testing.assert_allclose(found.spread("loss"), [0.1, 0.1, np.std([0.2, 0.3], ddof=1)])
        np.testing.assert_array_equal(found.final("loss"), [0.2, 0.3, np.nan])
        assert [one.seed for one in found.stopped] == [2] and found.names == ["loss", "acc"]
        assert found.values("loss").shape == (3, 3) and found.epoch == [0, 1, 2]

    def test_bands(self):
        found = made(CURVES)
        low, high = found.band("loss")
        np.testing.assert_allclose([low[0], high[0]], [0.7, 0.9])
        low, high = found.band("loss", share=0.5)
        np.testing.assert_allclose([low[0], high[0]], np.quantile([0.9, 0.7, 0.8], [0.25, 0.75]))

    def test_fewer_than_two_have_no_spread(self):
        assert np.isnan(made([[0.5, np.nan], [np.nan, np.nan]]).spread("loss")).all()
        assert np.isnan(made([[np.nan], [np.nan]]).mean("loss")).all()

    def test_the_table(self, language):
        table = made(CURVES, stopped={2}).table()
        assert table.rows[0] == {"seed": 0, "loss": 0.2, "acc": 0.8, "stopped": None} and len(table) == 3
        assert table.rows[2]["stopped"] == 7
        lines = str(table).splitlines()
        words = {"en": ["3 copies, 3 epochs", "seed"], "ja": ["コピー 3 個、3 エポック", "シード"]}[language]
        assert (
            lines[0] == words[0]
            and lines[1].split()[0] == words[1]
            and lines[2].split() == ["0", "0.2000", "0.8000", "–"]
        )

    def test_in_a_notebook(self, language):
        page = made(CURVES)._repr_html_()
        assert page.startswith("<div><table") and "data:image/png;base64," in page
        assert {"en": "3 copies", "ja": "コピー 3 個"}[language] in page
        assert "<img" not in made([[np.nan], [np.nan]])._repr_html_()

    def test_repr(self):
        assert repr(made(CURVES)).startswith("<Histories: 3 copies, 3 epochs - loss: 0.2500 ± 0.0707 - acc: 0.7500")

    def test_the_picture_is_of_validation_where_there_is_one(self, dense, clouds):
        found = dense().fit(*clouds, seeds=2, epochs=2, verbose=0, validation_data=clouds)
        (axes,) = found.plot().axes
        assert axes.get_title(loc="left") == "val_loss of 2 copies" and len(axes.lines) == 3
        assert made(CURVES).plot("acc").axes[0].get_title(loc="left") == "acc of 3 copies"

    def test_nothing_to_draw(self, language):
        with pytest.raises(DataError, match=r"no copy has a finite|有限なコピー"):
            made([[np.nan], [np.nan]]).plot()

    def test_no_such_name(self, language):
        with pytest.raises(UnknownNameError, match="loss"):
            made(CURVES).mean("los")

    def test_no_such_share(self, language):
        with pytest.raises(SettingError, match=r"share.*(between 0 and 1|0 より大きく 1 より小さい).*1\.5"):
            made(CURVES).band("loss", share=1.5)


class TestShown:
    def test_nothing(self, dense, clouds, capsys):
        dense().fit(*clouds, seeds=2, verbose=0)
        assert capsys.readouterr().out == ""

    def test_a_line_an_epoch_and_one_at_the_end(self, dense, clouds, capsys, language):
        dense(eager=False).fit(*clouds, seeds=2, epochs=2, verbose=2)
        lines = capsys.readouterr().out.splitlines()
        words = {"en": "2 copies - Epoch 1/2", "ja": "コピー 2 個 - エポック 1/2"}[language]
        assert len(lines) == 3 and lines[0].startswith(words) and " ± " in lines[2]

    def test_copy_by_copy(self, dense, clouds, capsys, language):
        dense().fit(*clouds, seeds=2, verbose="auto")
        lines = capsys.readouterr().out.splitlines()
        words = {"en": "Copy 2/2 - Epoch 1/1", "ja": "コピー 2/2 - エポック 1/1"}[language]
        assert len(lines) == 3 and lines[1].startswith(words)


class TestErrors:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("callbacks", [callbacks.TerminateOnNaN()]),
            ("initial_epoch", 1),
            ("resume", True),
            ("cache_frozen", True),
        ],
    )
    def test_what_is_for_one_model(self, dense, clouds, language, name, value):
        with pytest.raises(SettingError, match=rf"fit\(seeds=\.\.\.\).*{name}.*({name} out|{name} を外す)"):
            dense().fit(*clouds, seeds=2, **{name: value})

    @pytest.mark.parametrize("seeds", [1, 0, True, 2.0, "2", [], [1], [3, 3], {1, 2}])
    def test_seeds(self, dense, clouds, language, seeds):
        with pytest.raises(SettingError, match=r"fit.*seeds.*(from 2 on|2 以上)"):
            dense().fit(*clouds, seeds=seeds)

    def test_a_seed_that_is_none(self, dense, clouds, language):
        with pytest.raises(SettingError, match=r"fit.*seed.*-1"):
            dense().fit(*clouds, seeds=[0, -1])

    @pytest.mark.parametrize("seeds", [range(2), (5, 1), np.array([5, 1])])
    def test_seeds_in_other_forms(self, dense, clouds, seeds):
        assert dense().fit(*clouds, seeds=seeds, verbose=0).seeds == [int(seed) for seed in seeds]

    def test_sharing_without_copies(self, dense, clouds, language):
        with pytest.raises(SettingError, match=r"share_batches=True.*seeds=\.\.\."):
            dense().fit(*clouds, share_batches=True)

    def test_sharing_is_yes_or_no(self, dense, clouds, language):
        with pytest.raises(SettingError, match=r"share_batches.*'yes'"):
            dense().fit(*clouds, seeds=2, share_batches="yes")

    def test_a_model_that_was_trained(self, dense, clouds, language):
        model, given = dense(), dense()
        model.fit(*clouds, verbose=0)
        given.set_weights([array + 1 for array in given.get_weights()])
        for one in (model, given):
            with pytest.raises(RunError, match=r"sequential.*(Make the model anew|モデルを作り直す)"):
                one.fit(*clouds, seeds=2)

    def test_a_model_looked_at_before_it_is_compiled_is_not_trained(self, clouds):
        model = models.Sequential([layers.Dense(3, activation="softmax", input_shape=(6,))], seed=0)
        assert model.predict(clouds[0]).shape == (70, 3)
        model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True, precision="float64")
        assert len(model.fit(*clouds, seeds=2, verbose=0).copies) == 2

    def test_not_compiled(self, clouds, language):
        with pytest.raises(RunError, match="compile"):
            models.Sequential([layers.Dense(3)]).fit(*clouds, seeds=2)
