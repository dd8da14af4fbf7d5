"""What a model shows of itself: the table, layers by name and number, arrays, what is trained."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.messages import SettingError, ShapeError, UnknownNameError, set_language
from garasu.networks.zoo import get


@pytest.fixture
def c9():
    return models.Sequential(get("c9").layers(), name="keras-cnn")


def told(model):
    lines = []
    model.summary(print_fn=lines.append)
    return "\n".join(lines)


class TestSummary:
    def test_c9(self):
        model = models.Sequential(name="c9")
        for layer in get("c9").layers():
            model.add(layer)
        model.build((None, 784))
        text = told(model)
        counts = [view.count_params() for view in model.layers]
        assert counts == [0, 416, 0, 0, 3_212_288, 10_250]
        assert model.count_params() == 3_222_954
        for part in ("416", "3,212,288", "10,250", "(None, 28, 28, 16)", "(None, 3136)", "conv_filter (Conv2D)"):
            assert part in text
        assert text.splitlines()[-3:] == [
            " Total params: 3,222,954 (12.29 MB)",
            " Trainable params: 3,222,954 (12.29 MB)",
            " Non-trainable params: 0 (0.00 B)",
        ]

    def test_it_allocates_nothing(self, c9):
        c9.build((None, 784))
        told(c9)
        assert c9._trees is None

    def test_frozen_layers_and_kept_averages_are_not_trainable(self):
        model = models.Sequential([layers.Dense(4, input_shape=(6,)), layers.BatchNormalization(), layers.Dense(3)])
        model.layers[0].trainable = False
        assert " Trainable params: 23 (92.00 B)" in told(model)  # 4 + 4 of gamma and beta, 15 of the last
        assert " Non-trainable params: 36 (144.00 B)" in told(model)  # 28 frozen, 8 averages

    def test_in_japanese(self, c9):
        c9.build((None, 784))
        set_language("ja")
        assert "パラメータ合計: 3,222,954 (12.29 MB)" in told(c9)
        assert "出力の形" in told(c9)


class TestLayers:
    def test_names_are_keras_s(self):
        kinds = [layers.Dense(2), layers.Dense(2), layers.MaxPooling2D(), layers.BatchNormalization(), layers.Dense(2)]
        names = [view.name for view in models.Sequential(kinds).layers]
        assert names == ["dense", "dense_1", "max_pooling2d", "batch_normalization", "dense_2"]

    def test_by_name_and_index(self, cnn):
        model = cnn()
        assert model.get_layer("conv").name == model.get_layer(index=1).name == model.layers[1].name == "conv"
        assert model.get_layer(index=-1).name == "out"
        view = model.get_layer("pool")
        assert (view.input_shape, view.output_shape) == ((8, 8, 4), (4, 4, 4))
        assert (view.input.name, view.output.shape) == ("conv", (None, 4, 4, 4))
        assert isinstance(view.settings, layers.MaxPooling2D)

    def test_the_nearest_name_is_offered(self, cnn):
        with pytest.raises(UnknownNameError, match="Did you mean 'conv'"):
            cnn().get_layer("convv")

    @pytest.mark.parametrize("arguments", [{}, {"name": "conv", "index": 1}, {"index": 6}, {"index": -7}])
    def test_bad_questions(self, cnn, arguments):
        with pytest.raises(SettingError):
            cnn().get_layer(**arguments)

    def test_add_answers_with_a_view(self):
        model = models.Sequential()
        view = model.add(layers.Dense(2, input_shape=(3,)))
        assert view.get_weights()[0].shape == (3, 2)

    @pytest.mark.parametrize("wrong", [None, "dense", layers.Dense])
    def test_only_layers(self, wrong):
        with pytest.raises(SettingError, match=r"garasu\.layers\.Dense\(10\)"):
            models.Sequential([wrong])

    def test_input_shape_only_for_the_first(self):
        with pytest.raises(SettingError, match="Only the first layer"):
            models.Sequential([layers.Dense(3, input_shape=(4,)), layers.Dense(3, input_shape=(3,))])


class TestWeights:
    def test_get_gives_copies(self, dense):
        model = dense()
        model.get_weights()[0][:] = 7
        assert not (model.get_weights()[0] == 7).any()

    def test_set_takes_copies_and_changes_answers(self, dense, clouds):
        model = dense()
        before = model.predict(clouds[0])
        arrays = [np.zeros_like(array) for array in model.get_weights()]
        model.set_weights(arrays)
        arrays[0][:] = 9
        assert (model.get_weights()[0] == 0).all()
        np.testing.assert_allclose(model.predict(clouds[0]), 1 / 3, rtol=1e-6)
        assert not np.allclose(before, 1 / 3)

    def test_of_one_layer(self, dense):
        model = dense()
        view = model.get_layer("out")
        kernel, bias = view.get_weights()
        view.set_weights([kernel + 1, bias + 2])
        assert all(map(np.array_equal, view.get_weights(), [kernel + 1, bias + 2]))
        assert np.array_equal(model.get_weights()[2], kernel + 1)

    def test_order_is_layer_by_layer_trained_before_kept(self):
        inner = [layers.Dense(4, input_shape=(6,)), layers.BatchNormalization(name="norm"), layers.Dense(3)]
        model = models.Sequential(inner, seed=0)
        assert [array.shape for array in model.get_weights()] == [(6, 4), (4,), (4,), (4,), (4,), (4,), (4, 3), (3,)]
        assert [path.split("/", 1)[1] for path in model.weight_paths()[2:6]] == [
            "norm/gamma",
            "norm/beta",
            "norm/moving_mean",
            "norm/moving_variance",
        ]

    def test_too_few_and_wrong_shapes(self, dense):
        model = dense()
        before = model.get_weights()
        with pytest.raises(ShapeError, match="4 weight arrays, but got 3"):
            model.set_weights(before[:3])
        with pytest.raises(ShapeError, match=r"Weight 1 \(params/hidden/bias\) has the shape \(8,\), but got \(7,\)"):
            model.set_weights([before[0], np.zeros(7), *before[2:]])
        assert all(map(np.array_equal, before, model.get_weights()))

    def test_a_borrowed_array_is_counted_once(self):
        tied = [layers.Dense(4, input_shape=(6,), name="encode"), layers.TiedDense("encode", name="decode")]
        model = models.Sequential(tied, seed=0)
        assert [array.shape for array in model.get_weights()] == [(6, 4), (4,), (6,)]
        assert model.count_params() == 34

    def test_adding_a_layer_keeps_the_weights_there_are(self, dense, clouds, same):
        model = dense()
        model.fit(*clouds, verbose=0)
        before = model.get_weights()
        model.add(layers.Dense(2))
        assert same(model.get_weights()[:4], before)
        assert model.get_weights()[4].shape == (3, 2)


class TestTrainable:
    @pytest.mark.parametrize("eager", [True, False])
    def test_a_frozen_layer_does_not_move(self, dense, clouds, same, eager):
        model = dense("adam", eager=eager)
        view = model.get_layer("hidden")
        before, others = view.get_weights(), model.get_layer("out").get_weights()
        view.trainable = False
        model.fit(*clouds, epochs=2, verbose=0)
        assert same(view.get_weights(), before)
        assert not same(model.get_layer("out").get_weights(), others)
        view.trainable = True
        model.fit(*clouds, verbose=0)
        assert not same(view.get_weights(), before)

    def test_frozen_batch_normalization_keeps_its_averages(self, clouds, same):
        inner = [layers.Dense(4, input_shape=(6,)), layers.BatchNormalization(name="norm", trainable=False)]
        model = models.Sequential([*inner, layers.Dense(3, activation="softmax")], seed=0)
        model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        before = model.get_layer("norm").get_weights()
        model.fit(*clouds, verbose=0)
        assert same(model.get_layer("norm").get_weights(), before)

    def test_all_at_once(self, dense, clouds, same):
        model = dense()
        before = model.get_weights()
        model.trainable = False
        assert not any(view.trainable for view in model.layers)
        model.fit(*clouds, verbose=0)
        assert same(model, before)

    def test_freezing_keeps_the_weights(self, dense, clouds, same):
        model = dense()
        model.fit(*clouds, verbose=0)
        before = model.get_weights()
        model.get_layer("out").trainable = False
        assert same(model, before)


class TestCompile:
    def test_names_are_checked_at_once(self, dense):
        for wrong, near in (
            ({"optimizer": "adm"}, "adam"),
            ({"loss": "msee"}, "mse"),
            ({"metrics": ["accuracyy"]}, "acc"),
        ):
            with pytest.raises(UnknownNameError, match=f"Did you mean '{near}"):
                dense(**wrong)

    def test_the_rate_is_read_and_set(self, dense):
        model = dense("adam")
        assert model.optimizer.learning_rate == 0.001
        model.optimizer.learning_rate = 0.5
        assert model.optimizer.learning_rate == 0.5

    @pytest.mark.parametrize(("first", "second"), [("adam", "sgd"), ("sgd", "adam"), ("momentum", "adam")])
    def test_again_with_another_optimizer_starts_it_anew(self, dense, clouds, same, first, second):
        model, fresh = dense(first), dense(second)
        model.fit(*clouds, verbose=0)
        fresh.set_weights(model.get_weights())
        model.compile(second, "sparse_categorical_crossentropy", ["acc"], run_eagerly=True)
        for one in (model, fresh):
            one.epochs_trained = 0  # the same order of rows
            one.fit(*clouds, verbose=0)
        assert same(model, fresh)

    def test_again_in_float64(self, dense, clouds):
        for eager in (True, False):
            model = dense(eager=eager)
            model.fit(*clouds, verbose=0)
            model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=eager, precision="float64")
            model.fit(*clouds, verbose=0)
            assert {array.dtype.name for array in model.get_weights()} == {"float64"}
            assert model.predict(clouds[0]).dtype == np.float64


def test_frozen_blocks_keep_their_inner_averages(clouds):
    """As a frozen BatchNormalization does when it stands alone: the averages stay, and are what it normalises by."""
    inside = [layers.Dense(6, name="inner"), layers.BatchNormalization(name="norm")]
    model = models.Sequential(
        [layers.Residual(inside, input_shape=(6,), name="block"), layers.Dense(3, activation="softmax")], seed=0
    )
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    model.get_layer("block").trainable = False
    before = model.get_layer("block").get_weights()
    model.fit(*clouds, batch_size=16, epochs=2, verbose=0)
    assert len(before) == 6
    assert all(map(np.array_equal, before, model.get_layer("block").get_weights()))
    model.get_layer("block").trainable = True
    model.fit(*clouds, batch_size=16, epochs=1, verbose=0)
    assert not any(map(np.array_equal, before, model.get_layer("block").get_weights()))
