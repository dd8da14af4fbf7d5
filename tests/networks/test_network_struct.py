"""The network as plain data and pure functions: shapes, first values, inner outputs, preparation, descriptions."""

import numpy as np
import pytest

from garasu import layers
from garasu.array import paths
from garasu.layers import Run
from garasu.messages import FileError, SettingError, ShapeError, UnknownNameError
from garasu.networks import Network, Preparation, describe, rebuild, trace, zoo


@pytest.fixture
def nested():
    """A network with a composite inside a composite."""
    inner = layers.Residual([layers.Dense(4, name="deep", activation="relu"), layers.Dense(3, name="back")], name="in")
    whole = [layers.Dense(3, name="first"), layers.Residual([inner, layers.BatchNormalization(name="bn")], name="out")]
    return Network(whole, (5,))


class TestArrays:
    def test_paths_shapes_and_counts(self, nested):
        params, state = nested.init(0)
        assert {path: array.shape for path, array in paths(params)} == {
            "first/kernel": (5, 3),
            "first/bias": (3,),
            "out/in/deep/kernel": (3, 4),
            "out/in/deep/bias": (4,),
            "out/in/back/kernel": (4, 3),
            "out/in/back/bias": (3,),
            "out/bn/gamma": (3,),
            "out/bn/beta": (3,),
        }
        assert [path for path, _ in paths(state)] == ["out/bn/moving_mean", "out/bn/moving_variance"]
        assert nested.parameter_count == 18 + 16 + 15 + 6

    def test_seed_and_path_decide_not_precision(self, nested):
        params, _ = nested.init(3)
        wide, _ = nested.init(3, "float64")
        other, _ = nested.init(4)
        kernel = params["first"]["kernel"]
        np.testing.assert_array_equal(kernel, wide["first"]["kernel"].astype(np.float32))
        assert wide["first"]["kernel"].dtype == np.float64
        assert not np.array_equal(kernel, other["first"]["kernel"])
        assert not np.array_equal(params["out"]["in"]["deep"]["kernel"].ravel()[:4], kernel.ravel()[:4])

    def test_vgg_sized_specs_cost_nothing(self):
        wide = [layers.Dense(30_000, name="a"), layers.Dense(30_000, name="b")]
        assert Network(wide, (30_000,)).parameter_count == 2 * (30_000**2 + 30_000)

    def test_frozen_paths_reach_inside(self, nested):
        from attrs import evolve

        first, out = nested.layers
        inner = evolve(out.layers[0], trainable=False)
        net = Network([evolve(first, trainable=False), evolve(out, layers=[inner, out.layers[1]])], (5,))
        assert net.frozen_paths() == {
            "first/kernel",
            "first/bias",
            *(f"out/in/{name}/{what}" for name in ("deep", "back") for what in ("kernel", "bias")),
        }


class TestOutputs:
    def test_u_and_z_by_name(self):
        net = Network([layers.Dense(3, activation="relu", name="a"), layers.Dense(2, name="b")], (4,))
        params, state = net.init(0)
        x = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
        found = net.outputs(params, state, x, ["a", "a.u", "a.activation", "b", "b.u"], Run())
        u = x @ params["a"]["kernel"] + params["a"]["bias"]
        np.testing.assert_allclose(found["a.u"], u, rtol=1e-6)
        np.testing.assert_array_equal(found["a"], np.maximum(found["a.u"], 0))
        np.testing.assert_array_equal(found["a"], found["a.activation"])
        np.testing.assert_array_equal(found["b"], found["b.u"])

    def test_trace_holds_what_apply_and_backward_give(self):
        from garasu.losses import SparseCategoricalCrossentropy

        net = Network([layers.Dense(3, activation="tanh"), layers.Dense(2, activation="softmax")], (4,))
        params, state = net.init(0, "float64")
        x, t = np.random.default_rng(1).normal(size=(5, 4)), np.array([0, 1, 1, 0, 1])
        loss, r = SparseCategoricalCrossentropy(), np.full(5, 0.2)
        found = trace(net, loss, params, state, x, t, r, Run(True))
        y, _, cache = net.apply(params, state, x, Run(True))
        _, grads = net.backward(params, cache, loss.delta(y, t) * r[:, None], last=-1)
        np.testing.assert_array_equal(found.outputs["dense_1.activation"], y)
        np.testing.assert_array_equal(found.loss, loss.value(y, t))
        for path, grad in paths(grads):
            np.testing.assert_array_equal(grad, dict(paths(found.grads))[path])
        assert found.first_non_finite() is None
        assert [name for name, _ in found.numbers()][:2] == ["input", "dense: output"]


class TestPreparation:
    def test_scales(self):
        x = np.array([[0, 51, 204]], np.uint8)
        assert Preparation()(x, (3,)).tolist() == [[0, 51, 204]]
        np.testing.assert_allclose(Preparation("unit")(x, (3,)), [[0, 0.2, 0.8]], rtol=1e-6)
        np.testing.assert_allclose(Preparation("sum")(x, (3,)), [[0, 0.2, 0.8]], rtol=1e-6)
        assert Preparation("sum")(np.zeros((1, 3), np.uint8), (3,)).tolist() == [[0, 0, 0]]

    def test_pooling_is_the_mean_of_blocks(self):
        x = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)
        prepared = Preparation(pool=2, image_shape=(4, 4))(x, (4,), "float64")
        assert prepared.tolist() == [[2.5, 4.5, 10.5, 12.5]]

    def test_settings_are_checked(self):
        with pytest.raises(SettingError, match="scale"):
            Preparation("half")
        with pytest.raises(SettingError, match="pool"):
            Preparation(pool=3, image_shape=(28, 28))
        with pytest.raises(ShapeError, match="takes 100 numbers a picture, but its preparation makes 196"):
            Network([layers.Dense(2)], (100,), Preparation("sum", pool=2, image_shape=(28, 28)))

    def test_pictures_are_checked_as_stored(self):
        net = zoo.get("c14").build()
        net.check_input((5, 28, 28))
        with pytest.raises(ShapeError, match="axis 2 should be 28, not 27"):
            net.check_input((5, 28, 27))


class TestDescriptions:
    @pytest.mark.parametrize("name", ["c4", "c5", "c9", "c14"])
    def test_every_network_of_the_zoo_comes_back(self, name):
        for layer in zoo.get(name).layers():
            assert repr(rebuild(describe(layer))) == repr(layer)

    @pytest.mark.parametrize("broken", [{}, {"class": "Dense"}, {"class": "Dense", "settings": {"unit": 3}}])
    def test_damaged(self, broken):
        with pytest.raises(FileError, match="architecture"):
            rebuild(broken)

    def test_unknown(self):
        with pytest.raises(UnknownNameError, match=r"load_model\(path, layers=\[Dens\]\)"):
            rebuild({"class": "Dens", "settings": {}})


class TestZoo:
    @pytest.mark.parametrize(
        ("id", "name", "count"),
        [
            ("c4", None, 7_850),
            ("c5", "hidden-layer", 814_090),
            ("c9", "keras-cnn", 3_222_954),
            ("c14", "deep-online", 96_106),
            ("fast", "fast-cnn", 46_778),
        ],
    )
    def test_by_id_and_name(self, id, name, count):  # noqa: A002
        entry = zoo.get(id)
        assert zoo.get(entry.name) is zoo.get(id.upper()) is entry
        assert name in (None, entry.name)
        assert entry.build().parameter_count == count
        assert {"digits", "mnist"} <= set(entry.epochs)

    @pytest.mark.parametrize(("id", "inputs"), [("c4", 64), ("c5", 64), ("c14", 16)])
    def test_pictures_of_another_size(self, id, inputs):  # noqa: A002
        net = zoo.get(id).build((8, 8))
        assert net.in_shape == (inputs,) and net.spec.out_shape == (10,)
        assert zoo.get(id).epochs["digits-8x8"] == zoo.get(id).epochs["digits"]

    @pytest.mark.parametrize("id", ["c4", "c5", "c9", "c14", "photos", "fast"])
    @pytest.mark.parametrize("shape", [(8, 8), (32, 32, 3), (48, 64, 3), (40, 28)])
    def test_pictures_of_every_shape_and_classes_of_every_number(self, id, shape):  # noqa: A002
        net = zoo.get(id).build(shape, classes=3)
        assert net.image_shape == shape and net.spec.out_shape == (3,)
        assert net.prepare(np.zeros((2, *shape), np.uint8)).shape == (2, *net.in_shape)

    def test_a_picture_that_blocks_do_not_divide(self):
        with pytest.raises(SettingError, match=r"divides the rows and columns of the picture \(31, 31, 3\)"):
            zoo.get("c14").build((31, 31, 3))

    @pytest.mark.parametrize(("side", "blocks"), [(8, 1), (16, 2), (32, 3), (64, 4), (100, 4), (224, 5)])
    def test_photos_are_halved_until_little_is_left(self, side, blocks):
        net = zoo.get("photos").build((side, side, 3))
        last = dict(net.chain.specs(net.in_shape))[f"pool_{blocks}"].out_shape
        assert 4 <= last[0] < 8 and last[2] == (32, 64, 128)[min(blocks, 3) - 1]

    def test_shapes_of_c9(self):
        net = zoo.get("c9").build()
        shapes = [spec.out_shape for _, spec in net.chain.specs(net.in_shape)]
        assert shapes == [
            (28, 28, 1),
            (28, 28, 16),
            (28, 28, 16),
            (14, 14, 16),
            (3136,),
            (1024,),
            (1024,),
            (10,),
            (10,),
        ]

    def test_unknown(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'keras-cnn'"):
            zoo.get("keras-cn")
