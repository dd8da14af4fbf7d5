"""Values inside a network: activations by name before and after fit and from a file, and Keras's second model."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.messages import SettingError, UnknownNameError

NAMES = ["conv", "conv.u", "pool", "hidden", "hidden.u", "out"]


def by_hand(model, x):
    """The last two layers worked out from the pooled pictures."""
    W1, b1, W2, b2 = model.get_weights()[2:]
    flat = model.activations(x, ["pool"])["pool"].reshape(len(x), -1)
    u = flat @ W1 + b1
    z = np.maximum(u, 0)
    e = np.exp(z @ W2 + b2)
    return {"hidden.u": u, "hidden": z, "out": e / e.sum(axis=1, keepdims=True)}


class TestActivations:
    @pytest.mark.parametrize("eager", [True, False])
    def test_before_and_after_fit_and_from_a_file(self, cnn, pictures, tmp_path, eager):
        x, y = pictures[0] / np.float32(255), pictures[1]
        model = cnn(eager=eager)
        for moment in ("before", "after"):
            found = model.activations(x[:5], NAMES)
            assert list(found) == NAMES
            assert found["conv"].shape == found["conv.u"].shape == (5, 8, 8, 4)
            assert np.array_equal(found["conv"], np.maximum(found["conv.u"], 0))
            for name, values in by_hand(model, x[:5]).items():
                np.testing.assert_allclose(found[name], values, rtol=1e-4, atol=1e-6, err_msg=f"{moment} {name}")
            assert np.array_equal(found["out"], model.predict(x[:5]))
            if moment == "before":
                model.fit(x, y, verbose=0)
        model.save(tmp_path / "model")
        loaded = models.load_model(tmp_path / "model.safetensors", engine="eager" if eager else "jit")
        for name, values in loaded.activations(x[:5], NAMES).items():
            assert np.array_equal(values, found[name])

    def test_without_compile(self):
        model = models.Sequential([layers.Dense(3, activation="relu", input_shape=(4,), name="a")], seed=0)
        assert model.activations(np.ones((2, 4)), ["a", "a.u"])["a.u"].shape == (2, 3)

    def test_unknown_name(self, cnn, pictures):
        with pytest.raises(UnknownNameError, match="Did you mean 'conv'"):
            cnn().activations(pictures[0], ["convv"])

    def test_u_of_a_layer_without_activation(self, cnn, pictures):
        found = cnn().activations(pictures[0][:2], ["pool", "pool.u"])
        assert np.array_equal(found["pool"], found["pool.u"])


class TestInnerModel:
    def test_lists_and_single_outputs(self, cnn, pictures):
        x = pictures[0] / np.float32(255)
        model = cnn()
        outputs = [model.get_layer("conv").output, model.get_layer("pool").output]
        maps = models.Model(inputs=model.input, outputs=outputs).predict(x[:9])
        assert [part.shape for part in maps] == [(9, 8, 8, 4), (9, 4, 4, 4)]
        single = models.Model(inputs=model.inputs, outputs=model.get_layer("conv").output).predict(x[:9])
        assert np.array_equal(single, maps[0])
        assert np.array_equal(models.Model(model.input, model.output).predict(x[:9]), model.predict(x[:9]))

    def test_it_sees_the_latest_weights(self, cnn, pictures):
        x, y = pictures[0] / np.float32(255), pictures[1]
        model = cnn()
        inner = models.Model(model.input, model.get_layer("conv").output)
        before = inner.predict(x)
        model.fit(x, y, verbose=0)
        assert not np.array_equal(inner.predict(x), before)
        assert np.array_equal(inner.predict(x), model.activations(x, ["conv"])["conv"])

    def test_its_layers_are_the_whole_model_s(self, cnn):
        model = cnn()
        inner = models.Model(model.input, model.output)
        assert [view.name for view in inner.layers] == [view.name for view in model.layers]
        assert inner.get_layer("conv").get_weights()[0].shape == (3, 3, 1, 4)

    def test_the_input_itself_is_an_output_too(self, dense, clouds):
        model = dense()
        x, y = models.Model(model.input, [model.input, model.output]).predict(clouds[0])
        assert np.array_equal(x, clouds[0])
        assert np.array_equal(y, model.predict(clouds[0]))

    def test_two_models_do_not_mix(self, dense):
        first, second = dense(), dense()
        for wrong in (second.output, "hidden", [first.output, second.output]):
            with pytest.raises(SettingError, match="of one model"):
                models.Model(inputs=first.input, outputs=wrong)


class TestWithoutAnInputShape:
    def test_the_first_data_give_it(self, clouds):
        x = clouds[0]
        for use in (lambda model: model.predict(x), lambda model: model.activations(x, ["dense"])["dense"]):
            model = models.Sequential([layers.Dense(3)], seed=0)
            given = models.Sequential([layers.Dense(3, input_shape=(6,))], seed=0)
            assert np.array_equal(use(model), use(given)) and model.built


def test_a_model_starts_at_the_input(clouds):
    """Inputs from the middle would be taken for pictures, silently, where the shapes agree."""
    model = models.Sequential([layers.Dense(6, input_shape=(6,), name="a"), layers.Dense(6, name="b")], seed=0)
    for inputs in (model.get_layer("b").input, [model.get_layer("a").output], [model.input, model.input]):
        with pytest.raises(SettingError, match=r"starts at model\.input"):
            models.Model(inputs=inputs, outputs=model.output)
    assert np.array_equal(
        models.Model(model.get_layer("a").input, model.output).predict(clouds[0]), model.predict(clouds[0])
    )
