"""What fit takes: epochs, batches, validation, weights, order, what it shows; all with Keras's meanings."""

import re

import numpy as np
import pytest

from garasu import models
from garasu.messages import RunError, SettingError, ShapeError

LOSS = {"loss", "acc"}


class TestEpochs:
    def test_history_holds_every_epoch(self, dense, clouds):
        model = dense()
        history = model.fit(*clouds, batch_size=16, epochs=3, verbose=0)
        assert history.epoch == [0, 1, 2]
        assert set(history.history) == LOSS
        assert all(len(values) == 3 for values in history.history.values())
        assert history is model.history
        assert {"epochs": 3, "batch_size": 16, "steps": 5}.items() <= history.params.items()

    def test_initial_epoch(self, dense, clouds):
        assert dense().fit(*clouds, initial_epoch=3, epochs=5, verbose=0).epoch == [3, 4]
        assert dense().fit(*clouds, initial_epoch=5, epochs=5, verbose=0).epoch == []

    def test_batch_size_is_32_unless_given(self, dense, clouds):
        assert dense().fit(*clouds, verbose=0).params["steps"] == 3

    def test_a_second_fit_goes_on_from_the_weights_with_a_history_of_its_own(self, dense, clouds, same):
        once, twice = dense("adam"), dense("adam")
        once.fit(*clouds, epochs=4, verbose=0)
        twice.fit(*clouds, epochs=2, verbose=0)
        record = twice.fit(*clouds, epochs=2, verbose=0)
        assert same(once, twice)
        assert record.epoch == [0, 1]

    def test_a_model_without_input_shape_takes_that_of_the_data(self, clouds):
        from garasu import layers, models

        model = models.Sequential([layers.Dense(3, activation="softmax")], seed=0)
        model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        model.fit(*clouds, verbose=0)
        assert model.get_weights()[0].shape == (6, 3)

    def test_in_keras_s_order_without_names(self, dense, clouds, capsys):
        model = dense()
        assert model.fit(*clouds, 16, 2, 0).params["epochs"] == 2
        assert model.evaluate(*clouds, 16, 0) == model.evaluate(*clouds)
        assert capsys.readouterr().out == ""


class TestOrder:
    def test_unshuffled_batches_are_the_rows_in_turn(self, dense, clouds, same):
        x, y = clouds
        whole, parts = dense(), dense()
        whole.fit(x, y, batch_size=35, shuffle=False, verbose=0)
        for rows in (slice(0, 35), slice(35, 70)):
            parts.fit(x[rows], y[rows], batch_size=35, shuffle=False, verbose=0)
        assert same(whole, parts)

    def test_every_epoch_has_an_order_of_its_own(self, clouds, dense, hook):
        """A rate of 0 leaves the weights alone: the mean after the first batch then tells which rows it held."""
        first = []

        def note(callback, batch, logs=None):
            if batch == 0:
                first.append(logs["loss"])

        model = dense()
        model.optimizer.learning_rate = 0.0
        model.fit(*clouds, epochs=3, batch_size=16, verbose=0, callbacks=[hook(on_train_batch_end=note)])
        assert len(set(first)) == 3
        history = model.history.history["loss"]
        np.testing.assert_allclose(history, history[0], rtol=1e-6)

    def test_the_seed_decides_everything(self, dense, clouds, same):
        trained = [dense(seed=seed) for seed in (5, 5, 6)]
        for model in trained:
            model.fit(*clouds, epochs=2, verbose=0)
        assert same(trained[0], trained[1])
        assert not same(trained[0], trained[2])


class TestResume:
    @pytest.fixture
    def cut(self, dense, clouds, hook):
        """A model stopped behind the second of five mini-batches of its second epoch."""
        model = dense("adam")

        def stop(callback, batch, logs):
            if (model.progress.epoch, batch) == (1, 1):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            model.fit(*clouds, batch_size=16, epochs=3, verbose=0, callbacks=[hook(on_train_batch_end=stop)])
        assert (model.epoch, model.position) == (1, 2)
        return model

    def test_in_mid_epoch_it_ends_as_if_never_cut(self, cut, dense, clouds, same):
        whole = dense("adam")
        whole.fit(*clouds, batch_size=16, epochs=3, verbose=0)
        assert cut.fit(*clouds, batch_size=16, epochs=3, verbose=0, resume=True).history == whole.history.history
        assert same(cut, whole)

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"batch_size": 8}, "batch_size=16.*batch_size=8"),
            ({"shuffle": False}, "shuffle=True.*shuffle=False"),
            ({"validation_split": 0.5}, "steps_per_epoch=5.*steps_per_epoch=3"),
            ({"replacement": True}, "replacement=False.*replacement=True"),
        ],
    )
    @pytest.mark.parametrize("saved", [False, True])
    def test_in_another_order_it_would_miss_rows_and_is_refused(
        self, cut, clouds, same, tmp_path, changed, words, saved
    ):
        model = models.load_model(cut.save(tmp_path / "cut"), engine="eager") if saved else cut
        before = model.get_weights()
        with pytest.raises(SettingError, match=words):
            model.fit(*clouds, verbose=0, resume=True, **{"batch_size": 16, "epochs": 3} | changed)
        assert same(model, before) and model.position == 2

    def test_between_epochs_the_order_may_change(self, dense, clouds):
        model = dense()
        model.fit(*clouds, batch_size=16, epochs=1, verbose=0)
        assert model.fit(*clouds, batch_size=8, epochs=2, verbose=0, resume=True).epoch == [0, 1]


class TestValidationSplit:
    def test_shuffled_stratified_seeded_and_stored(self, dense, clouds):
        x, y = clouds
        records = [dense(seed=seed).fit(x, y, validation_split=0.2, verbose=0) for seed in (1, 1, 2)]
        held = [record.params["validation_rows"] for record in records]
        assert held[0] == held[1] != held[2]
        assert np.bincount(y[held[0]]).tolist() == [6, 5, 3]
        assert held[0] != list(range(56, 70))  # Keras takes the last rows

    def test_these_rows_are_validated_and_no_others_trained(self, dense, clouds, same):
        x, y = clouds
        split, given = dense(), dense()
        history = split.fit(x, y, validation_split=0.2, verbose=0, epochs=2)
        held = np.array(history.params["validation_rows"])
        kept = np.setdiff1d(np.arange(70), held)
        other = given.fit(x[kept], y[kept], validation_data=(x[held], y[held]), verbose=0, epochs=2)
        assert same(split, given)
        assert history.history == other.history
        assert set(history.history) == LOSS | {"val_loss", "val_acc"}

    def test_one_hot_targets_are_stratified_too(self, dense, clouds):
        x, y = clouds
        model = dense(loss="categorical_crossentropy")
        held = model.fit(x, np.eye(3)[y], validation_split=0.2, verbose=0).params["validation_rows"]
        assert np.bincount(y[held]).tolist() == [6, 5, 3]

    @pytest.mark.parametrize("share", [1.0, -0.1, "half"])
    def test_a_share_out_of_range(self, dense, clouds, share):
        with pytest.raises(SettingError, match="validation_split"):
            dense().fit(*clouds, validation_split=share, verbose=0)

    def test_a_share_that_leaves_nothing(self, dense, clouds):
        with pytest.raises(SettingError, match="leaves no row"):
            dense().fit(clouds[0][:1], clouds[1][:1], validation_split=0.2, verbose=0)

    def test_not_beside_validation_data(self, dense, clouds):
        with pytest.raises(SettingError, match="not both"):
            dense().fit(*clouds, validation_split=0.2, validation_data=clouds, verbose=0)


class TestValidationData:
    def test_it_is_what_evaluate_says(self, dense, clouds):
        x, y = clouds
        weight = np.linspace(0, 1, 20)
        model = dense()
        for given in ((x[:20], y[:20]), (x[:20], y[:20], weight)):
            history = model.fit(x, y, validation_data=given, verbose=0).history
            found = model.evaluate(*given[:2], sample_weight=given[2] if len(given) == 3 else None)
            assert [history["val_loss"][-1], history["val_acc"][-1]] == found

    def test_it_must_be_a_pair_or_three(self, dense, clouds):
        with pytest.raises(SettingError, match="got 1 values"):
            dense().fit(*clouds, validation_data=clouds[:1], verbose=0)


class TestWeights:
    def test_a_row_of_weight_zero_moves_nothing(self, dense, clouds, same):
        x, y = clouds
        weight = np.ones(70)
        weight[10:] = 0
        model, other = dense(), dense()
        spoilt = y.copy()
        spoilt[10:] = 0
        model.fit(x, y, sample_weight=weight, shuffle=False, verbose=0)
        other.fit(x, spoilt, sample_weight=weight, shuffle=False, verbose=0)
        assert same(model, other)

    def test_class_weight_is_sample_weight_by_class(self, dense, clouds, same):
        x, y = clouds
        by_class, by_row, one_hot = dense(), dense(), dense(loss="categorical_crossentropy")
        by_class.fit(x, y, class_weight={0: 2.0, 1: 0.5}, verbose=0)
        by_row.fit(x, y, sample_weight=np.array([2.0, 0.5, 1.0])[y], verbose=0)
        one_hot.fit(x, np.eye(3)[y], class_weight={0: 2.0, 1: 0.5}, verbose=0)
        assert same(by_class, by_row)
        assert all(map(np.allclose, by_class.get_weights(), one_hot.get_weights()))

    def test_class_weight_leaves_rows_held_back_as_they_are(self, dense, clouds):
        x, y = clouds
        weighted = dense().fit(x, y, class_weight={0: 9.0}, validation_split=0.3, verbose=0)
        held = weighted.params["validation_rows"]
        model = dense()
        kept = [row for row in range(70) if row not in held]
        pair = (x[held], y[held])
        again = model.fit(x[kept], y[kept], class_weight={0: 9.0}, validation_data=pair, verbose=0)
        assert again.history["val_loss"] == weighted.history["val_loss"]
        assert again.history["loss"] == weighted.history["loss"]

    def test_one_weight_a_row(self, dense, clouds):
        with pytest.raises(ShapeError, match="sample_weight must have as many rows along axis 0 as x, 70"):
            dense().fit(*clouds, sample_weight=np.ones(69), verbose=0)

    def test_class_weight_needs_classes(self, clouds):
        from garasu import layers, models

        model = models.Sequential([layers.Dense(1, input_shape=(6,))], seed=0)
        model.compile("sgd", "mse", run_eagerly=True)
        with pytest.raises(SettingError, match="class_weight"):
            model.fit(clouds[0], np.ones(70), class_weight={0: 2.0}, verbose=0)


class TestBadSettings:
    @pytest.mark.parametrize(
        ("name", "value"), [("epochs", 0), ("epochs", 2.5), ("batch_size", 0), ("initial_epoch", -1)]
    )
    def test_out_of_range(self, dense, clouds, name, value):
        with pytest.raises(SettingError, match=f"fit: {name} must be .* Got {value} instead"):
            dense().fit(*clouds, **{name: value}, verbose=0)

    def test_not_compiled(self, clouds):
        from garasu import layers, models

        model = models.Sequential([layers.Dense(3, input_shape=(6,))], seed=0)
        for verb in ("fit", "evaluate"):
            with pytest.raises(RunError, match=rf"not been compiled.*before {verb}"):
                getattr(model, verb)(*clouds)

    def test_no_layers(self, clouds):
        from garasu import models

        model = models.Sequential()
        model.compile("sgd", "mse")
        with pytest.raises(RunError, match="no layers"):
            model.fit(*clouds)


class TestWhatItShows:
    def test_verbose_0_says_nothing(self, dense, clouds, capsys):
        dense().fit(*clouds, verbose=0)
        assert capsys.readouterr() == ("", "")

    @pytest.mark.parametrize("verbose", ["auto", 1, 2])
    def test_a_line_an_epoch_where_there_is_no_terminal(self, dense, clouds, capsys, verbose):
        dense().fit(*clouds, verbose=verbose, epochs=2, validation_data=clouds)
        lines = capsys.readouterr().out.splitlines()
        number = r"\d\.\d{4}"
        means = " - ".join(f"{name}: {number}" for name in ("loss", "acc", "val_loss", "val_acc"))
        assert len(lines) == 2
        for epoch, line in enumerate(lines, start=1):
            assert re.fullmatch(rf"Epoch {epoch}/2 - \d+\.\ds - {means}", line), line

    def test_in_japanese(self, dense, clouds, capsys):
        from garasu.messages import set_language

        set_language("ja")
        dense().fit(*clouds, verbose=2)
        assert capsys.readouterr().out.startswith("エポック 1/1 - ")

    def test_a_bar_in_a_terminal_that_leaves_one_line(self, dense, clouds):
        from io import StringIO

        from rich.console import Console

        from garasu.models.console import ConsoleProgress

        out = StringIO()
        console = Console(file=out, force_terminal=True, width=100, highlight=False)
        dense().fit(*clouds, epochs=2, verbose=0, callbacks=[ConsoleProgress(2, 1, console)])
        assert "━" in out.getvalue()
        assert re.search(r"Epoch 2/2 - .* - acc: \S+$", out.getvalue().rstrip())
        quiet = StringIO()
        dense().fit(*clouds, verbose=0, callbacks=[ConsoleProgress(1, 2, Console(file=quiet, force_terminal=True))])
        assert "━" not in quiet.getvalue()
