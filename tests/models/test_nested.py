"""Models inside models: paths, start values, views, freezing, files; and a model cut in two."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.messages import SettingError, ShapeError, UnknownNameError, set_language
from garasu.models import summary
from garasu.networks import Preparation, starts_at_u


def front(name="front", **settings):
    """6 -> 5 -> 4, with normalisation; built, so that it has weights."""
    parts = [
        layers.Dense(5, activation="tanh", name="low", input_shape=(6,)),
        layers.BatchNormalization(name="norm"),
        models.Sequential([layers.Dense(4, activation="relu", kernel_regularizer="l2", name="deep")], name="box"),
    ]
    return models.Sequential(parts, name=name, seed=5, **settings)


@pytest.fixture
def nested():
    """A maker: the front, then a head that ends in softmax."""

    def make(*, eager=True, inner=None):
        head = models.Sequential([layers.Dense(3, activation="softmax", name="out")], name="head")
        model = models.Sequential([inner or front(), head], seed=1)
        model.compile("adam", "sparse_categorical_crossentropy", ["acc"], run_eagerly=eager, precision="float64")
        return model

    return make


def flat(model):
    """The same layers and weights in one list."""
    parts = [
        layers.Dense(5, activation="tanh", input_shape=(6,)),
        layers.BatchNormalization(),
        layers.Dense(4, activation="relu", kernel_regularizer="l2"),
        layers.Dense(3, activation="softmax"),
    ]
    one = models.Sequential(parts, seed=1)
    one.compile("adam", "sparse_categorical_crossentropy", ["acc"], run_eagerly=True, precision="float64")
    for view, path in zip(one.layers, ("front/low", "front/norm", "front/box/deep", "head/out"), strict=True):
        view.set_weights(model.get_layer(path).get_weights())
    return one


class TestBuilding:
    def test_paths(self, nested):
        assert nested().weight_paths() == [
            "params/front/low/kernel",
            "params/front/low/bias",
            "params/front/norm/gamma",
            "params/front/norm/beta",
            "state/front/norm/moving_mean",
            "state/front/norm/moving_variance",
            "params/front/box/deep/kernel",
            "params/front/box/deep/bias",
            "params/head/out/kernel",
            "params/head/out/bias",
        ]

    def test_it_starts_with_a_copy_of_the_weights(self, nested, clouds, same):
        inner = front()
        model = nested(inner=inner)
        assert all(np.allclose(*pair) for pair in zip(model.layers[0].get_weights(), inner.get_weights(), strict=True))
        before = inner.get_weights()
        model.fit(*clouds, verbose=0)
        assert same(before, inner)

    def test_one_that_has_no_shape_yet_is_drawn_with_the_outer_one(self):
        inner = models.Sequential([layers.Dense(4, name="low")], name="front", seed=7)
        model = models.Sequential([inner, layers.Dense(2)], seed=3)
        model.build((None, 6))
        block = layers.Block([layers.Dense(4, name="low")], name="front")
        other = models.Sequential([block, layers.Dense(2)], seed=3)
        other.build((None, 6))
        assert all(map(np.array_equal, model.get_weights(), other.get_weights()))

    def test_unnamed_models_are_numbered(self):
        inner = [models.Sequential([layers.Dense(2)]) for _ in range(3)]
        model = models.Sequential([*inner, layers.Dense(2)])
        assert [view.name for view in model.layers] == ["sequential", "sequential_1", "sequential_2", "dense"]

    def test_the_first_one_brings_its_preparation(self):
        bytes_to_unit = Preparation("unit")
        inner = front(preparation=bytes_to_unit)
        assert models.Sequential([inner]).preparation is bytes_to_unit
        own = Preparation("sum")
        assert models.Sequential([inner], preparation=own).preparation is own

    def test_a_model_that_was_fitted_grows_by_one(self, dense, clouds, same):
        model = dense()
        model.fit(*clouds, verbose=0)
        before = model.get_weights()
        inner = models.Sequential([layers.Dense(2, input_shape=(3,), name="more")], name="top", seed=4)
        model.add(inner)
        assert same(model.get_weights()[:4], before) and same(model.get_weights()[4:], inner)


class TestLikeOneList:
    def test_training(self, nested, clouds):
        model = nested()
        one = flat(model)
        histories = [each.fit(*clouds, epochs=3, verbose=0).history for each in (model, one)]
        for name, values in histories[0].items():
            np.testing.assert_allclose(values, histories[1][name], rtol=1e-12, err_msg=name)
        weights = [model.get_layer(path).get_weights() for path in ("front/low", "front/norm", "front/box", "head")]
        for got, expected in zip(weights, one.layers, strict=True):
            assert all(np.allclose(*pair, rtol=0, atol=1e-12) for pair in zip(got, expected.get_weights(), strict=True))

    def test_the_loss_starts_at_u_behind_a_block_too(self, nested):
        model = nested()
        assert starts_at_u(model.network, model.task.loss)
        explicit = layers.Block([layers.Dense(3, name="out"), layers.Activation("softmax", name="last")], name="head")
        model = models.Sequential([explicit], seed=0)
        model.build((None, 4))
        assert starts_at_u(model.network, nested().task.loss)
        values = model.activations(np.eye(4), ["head/last", "head/out", "head", "head.u"])
        assert np.array_equal(values["head/last"], values["head"]) and np.array_equal(
            values["head/out"], values["head.u"]
        )

    def test_eager_is_jit(self, nested, clouds):
        pair = [nested(eager=eager) for eager in (True, False)]
        for model in pair:
            model.fit(*clouds, epochs=2, verbose=0)
        for first, second in zip(*(model.get_weights() for model in pair), strict=True):
            np.testing.assert_allclose(first, second, rtol=0, atol=1e-9)

    def test_files(self, nested, clouds, tmp_path, same):
        model = nested()
        model.fit(*clouds, verbose=0)
        again = models.load_model(model.save(tmp_path / "nested"), engine="eager")
        assert same(model, again) and again.weight_paths() == model.weight_paths()
        for each in (model, again):
            each.fit(*clouds, epochs=1, verbose=0)
        assert same(model, again)


class TestInside:
    def test_activations(self, nested, clouds):
        model, x = nested(), clouds[0].astype(np.float64)
        names = ["front/low", "front/low.u", "front/box", "front/box/deep", "front", "head/out.u", "head/out", "head"]
        found, one = model.activations(x, names), flat(model)
        plain = one.activations(x, ["dense", "dense.u", "dense_1", "dense_2.u", "dense_2"])
        same_values = [
            ("front/low", "dense"),
            ("front/low.u", "dense.u"),
            ("front/box", "dense_1"),
            ("front/box/deep", "dense_1"),
            ("front", "dense_1"),
            ("head/out.u", "dense_2.u"),
            ("head/out", "dense_2"),
            ("head", "dense_2"),
        ]
        for inside, outside in same_values:
            np.testing.assert_allclose(found[inside], plain[outside], rtol=0, atol=1e-12, err_msg=inside)

    def test_the_nearest_path_is_offered(self, nested, clouds):
        with pytest.raises(UnknownNameError, match="Did you mean 'front/low'"):
            nested().activations(clouds[0], ["front/lov"])
        with pytest.raises(UnknownNameError, match="Did you mean 'front/box/deep'"):
            nested().get_layer("front/box/deap")

    def test_branches_and_channels(self):
        parallel = layers.Parallel([layers.Block([layers.Conv2D(2, 1)], name="small"), []], name="both")
        channels = layers.PerChannel([layers.Flatten(), layers.Dense(3, name="code")], name="each")
        model = models.Sequential([parallel, channels], seed=0)
        model.build((None, 2, 2, 2))
        x = np.arange(16.0).reshape(2, 2, 2, 2)
        found = model.activations(x, ["both/small", "both/1", "both", "each/0/code", "each/3", "each"])
        assert np.array_equal(found["both"], np.concatenate([found["both/small"], x.astype(np.float32)], -1))
        assert np.array_equal(found["each"][:, :3], found["each/0/code"])
        assert np.array_equal(found["each"][:, 9:], found["each/3"])

    def test_views(self, nested):
        model = nested()
        view = model.get_layer("front").get_layer("box").get_layer("deep")
        assert (view.name, view.path, view.input_shape, view.output_shape) == ("deep", "front/box/deep", (5,), (4,))
        assert isinstance(view.settings, layers.Dense)
        assert [one.name for one in model.layers[0].layers] == ["low", "norm", "box"]
        assert [one.path for one in model.get_layer("front/box").layers] == ["front/box/deep"]
        assert [array.shape for array in view.get_weights()] == [(5, 4), (4,)]
        view.set_weights([np.ones((5, 4)), np.zeros(4)])
        assert (model.get_layer("front").get_weights()[6] == 1).all()

    def test_where_a_layer_s_input_comes_from(self, nested):
        model = nested()
        names = {"front/low": "input", "front/norm": "front/low", "front/box/deep": "front/norm", "head/out": "front"}
        assert {path: model.get_layer(path).input.name for path in names} == names
        branches = models.Sequential([layers.Dense(2, input_shape=(3,)), layers.Parallel([[layers.Dense(2)], []])])
        assert (
            branches.get_layer("parallel/0/dense").input.name == branches.get_layer("parallel/1").input.name == "dense"
        )

    def test_a_channel_alone_is_handed_on_by_nobody(self):
        model = models.Sequential([layers.PerChannel([layers.Dense(2)], input_shape=(4, 3))])
        with pytest.raises(SettingError, match=r"per_channel/1 takes one channel .* get_layer\('per_channel'\)\.input"):
            _ = model.get_layer("per_channel/1").input
        set_language("ja")
        with pytest.raises(SettingError, match=r"1 チャネル分.*get_layer\('per_channel'\)\.input"):
            _ = model.get_layer("per_channel/1/dense").input

    def test_a_model_of_inner_outputs(self, nested, clouds):
        model = nested()
        inner = models.Model(inputs=model.input, outputs=model.get_layer("front/low").output)
        assert np.array_equal(inner.predict(clouds[0]), model.activations(clouds[0], ["front/low"])["front/low"])

    def test_summary(self, nested):
        network = nested().network
        assert summary.rows(network) == [("front", "Block", (None, 4), 79), ("head", "Block", (None, 3), 15)]
        assert [row[0] for row in summary.rows(network, expand_nested=True)] == [
            "front",
            "└ low",
            "└ norm",
            "└ box",
            "  └ deep",
            "head",
            "└ out",
        ]
        told = []
        nested().summary(told.append, expand_nested=True)
        assert "└ norm (BatchNormalization)" in told[0] and " Total params: 94 " in told[0]


class TestFreezing:
    def test_a_frozen_model_stands_still_with_its_averages(self, nested, clouds, same):
        model = nested()
        model.get_layer("front").trainable = False
        before, head = model.get_layer("front").get_weights(), model.get_layer("head").get_weights()
        model.fit(*clouds, verbose=0)
        assert same(before, model.get_layer("front").get_weights())
        assert not same(head, model.get_layer("head").get_weights())

    @pytest.mark.parametrize(
        ("frozen", "paths"),
        [
            ("front/box", {"front/box/deep/kernel", "front/box/deep/bias"}),
            ("front/norm", {"front/norm/gamma", "front/norm/beta"}),
            ("head/out", {"head/out/kernel", "head/out/bias"}),
        ],
    )
    def test_a_layer_inside(self, nested, frozen, paths):
        model = nested()
        model.get_layer(frozen).trainable = False
        assert model.network.frozen_paths() == paths

    def test_released_what_was_set_inside_holds_again(self, nested):
        model = nested()
        model.get_layer("front/low").trainable = False
        model.get_layer("front").trainable = False
        assert not model.get_layer("front/box/deep").trainable and len(model.network.frozen_paths()) == 6
        model.get_layer("front").trainable = True
        assert model.get_layer("front/box/deep").trainable
        assert model.network.frozen_paths() == {"front/low/kernel", "front/low/bias"}

    def test_copies_for_channels_have_one_setting(self):
        model = models.Sequential([layers.PerChannel([layers.Dense(2, name="a"), layers.Dense(1)], input_shape=(4, 2))])
        model.get_layer("per_channel/0/a").trainable = False
        assert model.network.frozen_paths() == {
            f"per_channel/{c}/a/{name}" for c in "01" for name in ("kernel", "bias")
        }

    def test_a_branch(self):
        parts = [layers.Parallel([[layers.Dense(2)], [layers.Dense(2)]], input_shape=(4,))]
        model = models.Sequential(parts)
        model.get_layer("parallel/1").trainable = False
        assert model.network.frozen_paths() == {"parallel/1/dense/kernel", "parallel/1/dense/bias"}


class TestSplitting:
    def test_both_parts_answer_as_the_whole(self, cnn, pictures):
        model = cnn()
        first, second = model.split_at("hidden")
        np.testing.assert_array_equal(second.predict(first.predict(pictures[0])), model.predict(pictures[0]))
        assert [view.name for view in first.layers] == ["reshape", "conv", "pool", "flat"]
        assert [view.name for view in second.layers] == ["hidden", "out"]

    def test_they_share_nothing(self, dense, clouds, same):
        model = dense()
        before = model.get_weights()
        _, second = model.split_at("out")
        second.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        second.fit(model.activations(clouds[0], ["hidden"])["hidden"], clouds[1], verbose=0)
        assert same(before, model)

    def test_what_each_part_keeps(self):
        prepared = models.Sequential(front().settings, seed=0, preparation=Preparation("unit"), class_names=["a", "b"])
        prepared.build((None, 6))
        first, second = prepared.split_at("box")
        assert (first.preparation.scale, second.preparation.scale) == ("unit", "none")
        assert (first.class_names, second.class_names) == (None, ("a", "b"))

    def test_a_front_becomes_part_of_another_model(self, dense, clouds, same):
        first, _ = dense().split_at("out")
        model = models.Sequential([first, layers.Dense(2, activation="softmax")], seed=0)
        assert same(model.layers[0].get_weights(), dense().layers[0].get_weights())


MISTAKES = {
    "empty": (
        lambda: models.Sequential([models.Sequential(name="void")]),
        SettingError,
        ["void", "Add its layers first"],
        ["void", "先に層を加えてから"],
    ),
    "preparation": (
        lambda: models.Sequential([layers.Dense(6), front(preparation=Preparation("unit"))], name="outer"),
        SettingError,
        ["front", "outer", "Put it first"],
        ["front", "outer", "先頭に置くか"],
    ),
    "weights": (
        lambda: models.Sequential([layers.Dense(7, input_shape=(3,)), front()]),
        ShapeError,
        ["front", "low/kernel", "(6, 5)", "(7, 5)", "without an input shape"],
        ["front", "low/kernel", "(6, 5)", "(7, 5)", "入力の形を決めずに"],
    ),
    "names": (
        lambda: models.Sequential([front(), front()]).build((None, 6)),
        ShapeError,
        ["'front'", "a name of its own"],
        ["「front」", "別の名前"],
    ),
    "split": (
        lambda: front().split_at("low"),
        SettingError,
        ["front", "low", "norm, box"],
        ["front", "low", "norm, box"],
    ),
    "tied": (
        lambda: models.Sequential(
            [layers.Dense(2, name="a", input_shape=(4,)), layers.TiedDense("a", name="b")]
        ).split_at("b"),
        ShapeError,
        ['TiedDense "b"', "'a'", "in the same list"],
        ['TiedDense "b"', "「a」", "同じリスト"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_sentences(mistake):
    call, kind, *said = MISTAKES[mistake]
    for code, parts in zip(("en", "ja"), said, strict=True):
        set_language(code)
        with pytest.raises(kind) as caught:
            call()
        assert all(part in str(caught.value) for part in parts), str(caught.value)


def test_a_model_that_does_not_fit_is_not_added():
    model = models.Sequential([layers.Dense(7, input_shape=(3,))], seed=0)
    with pytest.raises(ShapeError):
        model.add(front())
    assert [view.name for view in model.layers] == ["dense"]
    model.add(layers.Dense(2))
    assert model.predict(np.ones((1, 3))).shape == (1, 2)


def test_an_unknown_layer_cannot_be_split_at():
    with pytest.raises(UnknownNameError, match="Did you mean 'norm'"):
        front().split_at("nrm")
