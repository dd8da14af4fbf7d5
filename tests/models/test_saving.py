"""Saving and loading whole models: exact, one file, never over another, own layers by class and never by code."""

import json
import os

import numpy as np
import pytest
from attrs import field, frozen
from safetensors import safe_open

from garasu import layers, losses, models
from garasu.array import namespace
from garasu.layers import Layer, Param, Spec
from garasu.messages import FileError, RunError, UnknownNameError
from garasu.networks import Preparation
from garasu.settings import positive


@frozen(eq=False)
class Scaled(Layer):
    """A user's own layer: y = a x with one trained number a, and a setting."""

    start: float = field(default=2.0, validator=positive)

    def spec(self, in_shape):
        from garasu.initializers import Constant

        return Spec(in_shape, {"a": Param((1,), Constant(self.start))})

    def forward(self, params, x):
        return x * params["a"], {"x": x}

    def backward(self, params, cache, dy):
        return dy * params["a"], {"a": namespace(dy).reshape(namespace(dy).sum(dy * cache["x"]), (1,))}


class TestRoundTrip:
    def test_everything_comes_back(self, cnn, pictures, same, tmp_path):
        model = cnn()
        model.class_names = ("猫", "犬", "鳥")
        model.fit(*pictures, epochs=2, verbose=0, validation_split=0.2)
        model.get_layer("conv").trainable = False
        path = model.save(tmp_path / "モデル")
        loaded = models.load_model(path, engine="eager")
        assert path.name == "モデル.safetensors"
        assert same(model, loaded)
        assert np.array_equal(model.predict(pictures[0]), loaded.predict(pictures[0]))
        assert loaded.evaluate(*pictures) == model.evaluate(*pictures)
        assert [view.trainable for view in loaded.layers] == [view.trainable for view in model.layers]
        for name in ("name", "seed", "class_names", "epoch", "position", "step", "epochs_trained"):
            assert getattr(loaded, name) == getattr(model, name), name
        assert loaded.history.history == model.history.history
        assert loaded.history.params == model.history.params
        assert len(loaded.history.params["validation_rows"]) == 14

    @pytest.mark.parametrize("engine", ["eager", "jit"])
    def test_on_the_engine_that_was_asked_for(self, dense, clouds, tmp_path, engine):
        """Whether the model was ever compiled or not."""
        bare = models.Sequential([layers.Dense(3, input_shape=(6,))], seed=0)
        for model in (bare, dense()):
            loaded = models.load_model(model.save(tmp_path / "m", overwrite=True), engine=engine)
            assert loaded.engine.name == engine
            np.testing.assert_allclose(loaded.predict(clouds[0]), model.predict(clouds[0]), rtol=1e-5, atol=1e-6)
        with pytest.raises(UnknownNameError, match="Did you mean 'eager'"):
            models.load_model(tmp_path / "m.safetensors", engine="eagre")

    def test_every_setting_is_written(self, dense, tmp_path):
        """A default that a later version changes must not change what a file means."""
        with safe_open(dense("adam").save(tmp_path / "m"), framework="numpy") as file:
            document = json.loads(file.metadata()["garasu"])
        assert document["layers"][0]["settings"]["use_bias"] is True
        assert document["layers"][0]["settings"]["bias_initializer"] == {"class": "Zeros", "settings": {}}
        assert document["compiled"]["optimizer"]["settings"]["beta_1"] == 0.9

    def test_the_preparation_is_part_of_it(self, tmp_path):
        x = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
        prepared = Preparation("sum", pool=2, image_shape=(28, 28))
        model = models.Sequential([layers.Dense(3, input_shape=(196,))], seed=0, preparation=prepared)
        loaded = models.load_model(model.save(tmp_path / "m"))
        np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
        assert loaded.predict(x).shape == (2, 3)

    @pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
    @pytest.mark.parametrize("eager", [True, False])
    def test_training_goes_on_as_if_never_saved(self, dense, clouds, same, tmp_path, optimizer, eager):
        """At the boundary of an epoch, with the optimizer's memory and the changed rate."""
        whole, first = dense(optimizer, eager=eager), dense(optimizer, eager=eager)
        for model in (whole, first):
            model.optimizer.learning_rate = 0.05
        whole.fit(*clouds, batch_size=16, epochs=4, verbose=0)
        first.fit(*clouds, batch_size=16, epochs=2, verbose=0)
        second = models.load_model(first.save(tmp_path / "half"), engine="eager" if eager else "jit")
        assert second.optimizer.learning_rate == 0.05
        second.fit(*clouds, batch_size=16, epochs=4, verbose=0, resume=True)
        assert same(whole, second)
        assert second.history.history == whole.history.history
        assert second.history.epoch == [0, 1, 2, 3]

    def test_every_kind_of_layer(self, tmp_path):
        inner = [
            layers.Conv2D(2, 3, padding="same", activation="relu", input_shape=(4, 4, 2)),
            layers.Residual([layers.Conv2D(2, 3, padding="same", activation="tanh"), layers.BatchNormalization()]),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.25),
            layers.Dense(4, name="encode"),
            layers.TiedDense("encode", activation="sigmoid"),
            layers.Reshape((2, 2, 2)),
            layers.Activation("softmax"),
        ]
        model = models.Sequential(inner, seed=0)
        loaded = models.load_model(model.save(tmp_path / "all"))
        x = np.random.default_rng(0).normal(size=(3, 4, 4, 2)).astype(np.float32)
        assert np.array_equal(loaded.predict(x), model.predict(x))
        assert [repr(view.settings) for view in loaded.layers] == [repr(view.settings) for view in model.layers]

    def test_float64(self, dense, clouds, same, tmp_path):
        model = dense(precision="float64")
        model.fit(*clouds, verbose=0)
        loaded = models.load_model(model.save(tmp_path / "m"), engine="eager")
        assert loaded.get_weights()[0].dtype == np.float64
        assert same(model, loaded)

    def test_a_loss_with_settings_of_its_own(self, clouds, tmp_path):
        model = models.Sequential([layers.Dense(2, input_shape=(6,))], seed=0)
        model.compile("sgd", losses.SumOfSquares(half=True, reduction="sum"), run_eagerly=True)
        loaded = models.load_model(model.save(tmp_path / "m"), engine="eager")
        t = np.ones((70, 2))
        assert loaded.evaluate(clouds[0], t) == model.evaluate(clouds[0], t)
        model.fit(clouds[0], t, verbose=0)
        loaded.fit(clouds[0], t, verbose=0)
        assert np.array_equal(model.get_weights()[0], loaded.get_weights()[0])

    def test_a_history_with_nan(self, dense, clouds, tmp_path):
        model = dense()
        spoilt = np.full((2, 6), np.nan)
        model.fit(*clouds, verbose=0, validation_data=(spoilt, [0, 1]))
        loaded = models.load_model(model.save(tmp_path / "m"))
        assert np.isnan(loaded.history.history["val_loss"]).all()

    def test_plain_data_only(self, dense, tmp_path):
        path = dense().save(tmp_path / "m")
        with safe_open(path, framework="numpy") as file:
            document = json.loads(file.metadata()["garasu"])
            assert min(file.keys()) == "params/hidden/bias"
        assert document["layers"][0]["class"] == "Dense"
        assert len(document["sha256"]) == 64
        assert {"python", "numpy", "jax"} <= document["versions"].keys()


class TestWeightsOnly:
    def test_into_the_same_layers(self, dense, clouds, same, tmp_path):
        trained, fresh = dense(), dense(seed=9)
        trained.fit(*clouds, verbose=0)
        trained.save_weights(tmp_path / "w")
        fresh.load_weights(tmp_path / "w.safetensors")
        assert same(trained, fresh)

    def test_into_other_layers(self, dense, cnn, same, tmp_path):
        path = dense().save(tmp_path / "w")
        model = cnn()
        before = model.get_weights()
        with pytest.raises(FileError, match=r"w\.safetensors are not those of sequential.*conv/bias"):
            model.load_weights(path)
        assert same(model, before)


class TestOwnLayers:
    def test_passed_by_class(self, clouds, same, tmp_path):
        model = models.Sequential([layers.Dense(3, input_shape=(6,)), Scaled(start=3.0, name="scale")], seed=0)
        model.compile("sgd", "mse", run_eagerly=True)
        model.fit(clouds[0], np.eye(3)[clouds[1]], verbose=0)
        path = model.save(tmp_path / "own")
        loaded = models.load_model(path, layers=[Scaled], engine="eager")
        assert loaded.get_layer("scale").settings.start == 3.0
        assert same(model, loaded)
        assert float(model.get_layer("scale").get_weights()[0][0]) != 3.0

    def test_not_passed(self, tmp_path):
        path = models.Sequential([Scaled(input_shape=(3,))]).save(tmp_path / "own")
        with pytest.raises(UnknownNameError, match="a class 'Scaled', which is not one of Garasu's") as caught:
            models.load_model(path)
        assert "load_model(path, layers=[Scaled])" in str(caught.value)

    def test_of_other_settings(self, tmp_path):
        path = models.Sequential([Scaled(start=3.0, input_shape=(3,))]).save(tmp_path / "own")

        @frozen(eq=False)
        class Other(Scaled):
            start: float = field(default=2.0, init=False)

        Other.__name__ = "Scaled"
        with pytest.raises(FileError, match="start"):
            models.load_model(path, layers=[Other])


class TestBesideTheFile:
    def test_others_may_read_it_as_any_new_file(self, dense, tmp_path):
        (tmp_path / "usual").touch()
        assert dense().save(tmp_path / "m").stat().st_mode == (tmp_path / "usual").stat().st_mode

    def test_what_a_killed_process_left_is_removed_once_it_is_old(self, dense, tmp_path):
        old, young, other = (
            tmp_path / name for name in (".m.safetensors.1.part", ".m.safetensors.2.part", ".x.1.part")
        )
        for path in (old, young, other):
            path.touch()
        for path in (old, other):
            os.utime(path, (0, 0))
        dense().save(tmp_path / "m")
        assert [path.exists() for path in (old, young, other)] == [False, True, True]


class TestRefusals:
    def test_it_does_not_overwrite(self, dense, clouds, same, tmp_path):
        model = dense()
        path = model.save(tmp_path / "m")
        before = path.read_bytes()
        model.fit(*clouds, verbose=0)
        for name in ("m", "m.safetensors"):
            with pytest.raises(FileError, match="exists already and is not overwritten"):
                model.save(tmp_path / name)
        assert path.read_bytes() == before
        model.save(path, overwrite=True)
        assert same(models.load_model(path), model)

    @pytest.mark.parametrize("name", ["m.h5", "m.keras", "m.weights.h5"])
    def test_other_endings(self, dense, tmp_path, name):
        with pytest.raises(FileError, match=r"\.safetensors"):
            dense().save(tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be(self, dense, tmp_path):
        (tmp_path / "file").write_text("")
        for place in (tmp_path / "file" / "deeper" / "m", "/proc/garasu/m"):
            with pytest.raises(FileError, match=r"Cannot write .*Nothing that was there has been changed"):
                dense().save(place)

    def test_without_input_shape(self, tmp_path):
        with pytest.raises(RunError, match="no input shape yet"):
            models.Sequential([layers.Dense(3)]).save(tmp_path / "m")

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(FileError, match="There is no file"):
            models.load_model(tmp_path / "m.safetensors")
