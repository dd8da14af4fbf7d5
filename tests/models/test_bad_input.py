"""Data that do not fit: the sentence names the layer and the axis, in both languages; trying changes nothing."""

import re

import numpy as np
import pytest

from garasu import layers, models
from garasu.messages import NonFiniteError, SettingError, ShapeError, set_language

ONES = np.ones((4, 6), np.float32)
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


class TestShapes:
    @pytest.mark.parametrize("verb", ["fit", "evaluate", "predict"])
    def test_a_wrong_axis(self, dense, verb):
        arguments = [np.ones((4, 7))] if verb == "predict" else [np.ones((4, 7)), np.zeros(4, int)]
        with pytest.raises(ShapeError) as caught:
            getattr(dense(), verb)(*arguments)
        for part in ('layer "hidden"', "('N', 6)", "('N', 7)", "axis 1 should be 6, not 7"):
            assert part in str(caught.value)

    def test_too_many_axes(self, cnn):
        with pytest.raises(ShapeError, match=r'layer "reshape".*\(\'N\', 64\).*\(\'N\', 8, 8\)'):
            cnn().predict(np.ones((4, 8, 8)))

    def test_one_picture_without_batch_axis(self, dense):
        with pytest.raises(ShapeError, match="N is the number of rows"):
            dense().predict(np.ones(6))

    def test_one_wrong_word(self, dense):
        with pytest.raises(ShapeError, match="x must hold numbers"):
            dense().predict([["a", "b"]])

    def test_rows_that_differ(self, dense):
        with pytest.raises(ShapeError, match="y must have as many rows along axis 0 as x, 4, but has 3"):
            dense().fit(ONES, [0, 1, 2], verbose=0)

    def test_no_rows(self, dense):
        with pytest.raises(ShapeError, match="x has no rows"):
            dense().fit(ONES[:0], [], verbose=0)

    def test_predict_of_no_rows_is_no_rows(self, dense):
        for eager in (True, False):
            assert dense(eager=eager).predict(ONES[:0]).shape == (0, 3)


class TestLayersThatDoNotFit:
    @pytest.mark.parametrize(
        ("inner", "part"),
        [
            ([layers.Conv2D(2, 3, input_shape=(64,), name="c")], 'Conv2D "c" takes inputs of 4 axes'),
            ([layers.Conv2D(2, 5, input_shape=(4, 4, 1), name="c")], r'Conv2D "c": its window \(5, 5\) does not fit'),
            ([layers.Reshape((3, 3), input_shape=(8,), name="r")], 'Reshape "r" cannot turn'),
            ([layers.Dense(2, input_shape=(3,), name="a"), layers.Dense(2, name="a")], "named 'a'"),
            ([layers.Dense(2, input_shape=(3,)), layers.TiedDense("encode", name="t")], 'TiedDense "t" borrows'),
            ([layers.Residual([layers.Dense(2)], input_shape=(3,), name="r")], 'Residual "r" adds its input'),
        ],
    )
    def test_where_the_mistake_was_made(self, inner, part):
        with pytest.raises(ShapeError, match=part):
            models.Sequential(inner)

    def test_a_layer_that_does_not_fit_is_not_added(self, dense, clouds):
        model = dense()
        with pytest.raises(ShapeError):
            model.add(layers.Conv2D(2, 3))
        assert len(model.layers) == 2
        model.fit(*clouds, verbose=0)


class TestLabels:
    @pytest.mark.parametrize(("wrong", "first", "count"), [([0, 1, 3, 4], 3, 2), ([0, -1, 2, 2], -1, 1)])
    def test_out_of_range(self, dense, wrong, first, count):
        with pytest.raises(ShapeError) as caught:
            dense().fit(ONES, wrong, verbose=0)
        assert str(caught.value).startswith(f'Dense "out" answers with classes 0 to 2, but {count} of the labels')
        assert f"the first is {first}" in str(caught.value)

    def test_not_whole(self, dense):
        with pytest.raises(ShapeError, match=r"the first is 0\.5"):
            dense().evaluate(ONES, [0.0, 0.5, 1.0, 2.0])

    def test_one_hot_for_a_loss_of_class_numbers(self, dense):
        with pytest.raises(ShapeError, match=r"one class number for each row.*Use categorical_crossentropy"):
            dense().fit(ONES, np.eye(3)[[0, 1, 2, 0]], verbose=0)

    def test_class_numbers_for_a_loss_of_rows(self, dense):
        with pytest.raises(ShapeError, match=r"sparse_categorical_crossentropy.*to_categorical"):
            dense(loss="categorical_crossentropy").fit(ONES, [0, 1, 2, 0], verbose=0)

    def test_forms_that_fit(self, dense, same):
        """A column of class numbers, as bytes or floats, is what a row of them is."""
        trained = []
        for labels in ([0, 1, 2, 0], np.array([[0], [1], [2], [0]], np.uint8), np.array([0.0, 1.0, 2.0, 0.0])):
            model = dense()
            model.fit(ONES, labels, verbose=0)
            trained.append(model)
        assert same(trained[0], trained[1])
        assert same(trained[0], trained[2])


class TestBothLanguages:
    """Each mistake, told in Japanese: Japanese words, the same names and numbers."""

    @pytest.mark.parametrize(
        ("mistake", "parts"),
        [
            (lambda model: model.predict(np.ones((4, 7))), ["hidden", "6", "7"]),
            (lambda model: model.predict(np.ones(6)), ["hidden"]),
            (lambda model: model.fit(ONES, [0, 1, 2], verbose=0), ["4", "3"]),
            (lambda model: model.fit(ONES[:0], [], verbose=0), ["x"]),
            (lambda model: model.fit(ONES, [0, 1, 2, 9], verbose=0), ['Dense "out"', "9"]),
            (lambda model: model.fit(ONES, np.eye(4)[:, :3], verbose=0), ["categorical_crossentropy"]),
            (lambda model: model.fit(ONES, [0, 1, 2, 0], epochs=0, verbose=0), ["epochs", "0"]),
            (lambda model: model.fit(ONES[:3], [0, 1, 2], validation_split=0.1, verbose=0), ["validation_split", "3"]),
            (lambda model: model.get_layer("hiden"), ["hiden", "hidden"]),
            (lambda model: model.get_layer(index=5), ["5"]),
            (lambda model: model.set_weights([]), ["4", "0"]),
            (lambda model: model.add(3), ["3", "garasu.layers.Dense(10)"]),
            (lambda model: model.compile("adm", "mse"), ["adm", "adam"]),
            (lambda model: model.save("m.h5"), [".safetensors", "m.h5"]),
            (lambda model: models.load_model("nowhere.safetensors"), ["nowhere.safetensors"]),
            (lambda model: models.Sequential([layers.Dense(2)]).summary(), ["sequential"]),
            (lambda model: models.Sequential([layers.Dense(2)]).fit(ONES, ONES), ["compile("]),
        ],
    )
    def test_told(self, dense, language, mistake, parts):
        model = dense()
        with pytest.raises((ValueError, OSError, RuntimeError)) as caught:
            mistake(model)
        sentence = str(caught.value)
        assert bool(JAPANESE.search(sentence)) == (language == "ja"), sentence
        for part in parts:
            assert part in sentence


class TestNonFinite:
    @pytest.mark.parametrize("eager", [True, False])
    def test_a_pixel_that_is_no_number(self, dense, clouds, same, eager):
        """The batch that holds it is named, and the weights are those before it."""
        x, y = clouds
        spoilt = x.copy()
        spoilt[40, 2] = np.nan
        model, good = dense(eager=eager), dense(eager=eager)
        with pytest.raises(NonFiniteError, match=r"epoch 1, batch 3: .* in input"):
            model.fit(spoilt, y, batch_size=16, shuffle=False, verbose=0)
        good.fit(x[:32], y[:32], batch_size=16, shuffle=False, verbose=0)
        assert same(model, good)
        assert (model.epoch, model.position, model.step) == (0, 2, 2)

    @pytest.mark.parametrize("eager", [True, False])
    def test_a_rate_far_too_large(self, dense, clouds, eager):
        model = dense(eager=eager)
        model.optimizer.learning_rate = 1e38
        with pytest.raises(NonFiniteError, match=r"epoch \d, batch \d: .*(hidden|out)") as caught:
            model.fit(*clouds, batch_size=16, epochs=9, verbose=0)
        assert all(np.isfinite(array).all() for array in model.get_weights())
        assert "smaller learning rate" in str(caught.value)

    @pytest.mark.parametrize("eager", [True, False])
    def test_a_rate_of_1e10_in_a_convolutional_network(self, cnn, pictures, eager):
        model = cnn("sgd", eager=eager)
        model.optimizer.learning_rate = 1e10
        with pytest.raises(NonFiniteError, match=r"epoch \d, batch \d: .* is in (conv|pool|hidden|out)"):
            model.fit(*pictures, batch_size=16, epochs=9, verbose=0)
        assert all(np.isfinite(array).all() for array in model.get_weights())

    def test_told_in_japanese(self, dense, clouds):
        model = dense()
        model.optimizer.learning_rate = 1e38
        set_language("ja")
        with pytest.raises(NonFiniteError, match=r"エポック .*学習率を小さく"):
            model.fit(*clouds, batch_size=16, epochs=9, verbose=0)

    @pytest.mark.parametrize("eager", [True, False])
    def test_terminate_on_nan_ends_quietly(self, dense, clouds, same, eager):
        from garasu.callbacks import TerminateOnNaN

        x, y = clouds
        spoilt = x.copy()
        spoilt[40, 2] = np.nan
        model, good = dense(eager=eager), dense(eager=eager)
        settings = {"batch_size": 16, "shuffle": False, "verbose": 0}
        history = model.fit(spoilt, y, epochs=5, callbacks=[TerminateOnNaN()], **settings)
        good.fit(x[:32], y[:32], **settings)
        assert same(model, good)
        assert history.epoch == [0]
        assert {name: np.isnan(values).all() for name, values in history.history.items()} == {"loss": True, "acc": True}
        model.fit(x, y, verbose=0)  # and it can be trained further
        assert not same(model, good)

    def test_what_training_does_after_a_catch(self, dense, clouds, same):
        """The good rows again: the model is as usable as before."""
        x, y = clouds
        spoilt = x.copy()
        spoilt[0, 0] = np.inf
        model, good = dense("adam"), dense("adam")
        with pytest.raises(NonFiniteError):
            model.fit(spoilt, y, shuffle=False, verbose=0)
        for one in (model, good):
            one.fit(x, y, shuffle=False, verbose=0)
        assert same(model, good)


class TestSettingsOfAModel:
    @pytest.mark.parametrize("seed", [-1, 1.5, "seven", True, 2**64])
    def test_seed(self, seed):
        with pytest.raises(SettingError, match="Sequential: seed must be"):
            models.Sequential(seed=seed)
