"""A frozen front run once: the same weights as without, whatever the head has in it; and freezing in general."""

import numpy as np
import pytest

from garasu import layers, models
from garasu.callbacks import EarlyStopping, LambdaCallback, ModelCheckpoint
from garasu.data.stored import StoredPictures
from garasu.messages import RunError, set_language
from garasu.models import frozen_front
from garasu.networks import Network
from garasu.optimizers import Adam

FRONT = ["low", "norm"]


@pytest.fixture
def make():
    """A maker: a frozen Dense layer and its normalisation in front; dropout, a penalty and a Dense layer behind."""

    def build(optimizer="adam", *, eager=True, precision="float64"):
        model = models.Sequential(
            [
                layers.Dense(8, activation="tanh", input_shape=(6,), name="low"),
                layers.BatchNormalization(name="norm"),
                layers.Dropout(0.3, name="drop"),
                layers.Block([layers.Dense(5, activation="relu", kernel_regularizer="l2", name="deep")], name="box"),
                layers.BatchNormalization(name="norm_2"),
                layers.Dense(3, activation="softmax", name="out"),
            ],
            seed=2,
        )
        for name in FRONT:
            model.get_layer(name).trainable = False
        loss = "sparse_categorical_crossentropy"
        model.compile(optimizer, loss, ["acc"], run_eagerly=eager, precision=precision)
        return model

    return build


def both(make, clouds, *arguments, **settings):
    """The model trained without and with the cache, and their histories."""
    fit = settings.pop("fit", {"epochs": 3, "batch_size": 16, "validation_split": 0.3})
    pair = [make(*arguments, **settings) for _ in range(2)]
    records = [
        model.fit(*clouds, verbose=0, cache_frozen=cached, **fit)
        for model, cached in zip(pair, (False, True), strict=True)
    ]
    return pair, records


def agree(pair, limit):
    for first, second in zip(*(model.get_weights() for model in pair), strict=True):
        scale = max(np.abs(first).max(), 1e-6)
        np.testing.assert_allclose(second / scale, first / scale, rtol=0, atol=limit)


class TestTheSameWeights:
    @pytest.mark.parametrize(
        ("settings", "limit"),
        [
            ({"eager": True, "precision": "float64"}, 1e-9),
            ({"eager": False, "precision": "float64"}, 1e-9),
            ({"eager": False, "precision": "float32"}, 1e-4),
        ],
        ids=["eager", "jit", "jit, float32"],
    )
    def test_over_epochs_with_validation(self, make, clouds, settings, limit):
        pair, records = both(make, clouds, **settings)
        agree(pair, limit)
        for name, values in records[0].history.items():
            np.testing.assert_allclose(records[1].history[name], values, rtol=limit, err_msg=name)
        assert records[1].params["cached_layers"] == FRONT and "cached_layers" not in records[0].params

    @pytest.mark.parametrize(
        "fit",
        [
            {"epochs": 2, "class_weight": {0: 3.0}, "sample_weight": np.linspace(0.1, 1, 70)},
            {"steps": 7, "batch_size": 9, "shuffle": False},
            {"epochs": 2, "replacement": True},
        ],
        ids=["weights", "steps", "replacement"],
    )
    def test_however_rows_are_drawn(self, make, clouds, fit):
        agree(both(make, clouds, fit=fit)[0], 1e-9)

    def test_with_averages_and_clipping(self, make, clouds):
        pair, _ = both(make, clouds, Adam(use_ema=True, ema_momentum=0.9, global_clipnorm=0.5))
        agree(pair, 1e-9)
        for model in pair:  # and what is kept beside the weights: training goes on alike
            model.fit(*clouds, epochs=2, verbose=0)
        agree(pair, 1e-9)

    def test_cut_and_gone_on_with(self, make, clouds):
        pair, _ = both(make, clouds, fit={"steps": 7, "batch_size": 16})
        for model, cached in zip(pair, (True, False), strict=True):
            model.fit(*clouds, epochs=3, batch_size=16, verbose=0, resume=True, cache_frozen=cached)
        agree(pair, 1e-9)

    def test_then_thawed(self, make, clouds):
        pair, _ = both(make, clouds)
        for model in pair:
            model.trainable = True
            model.fit(*clouds, epochs=1, verbose=0)
        agree(pair, 1e-9)

    def test_pictures_in_a_file(self, cnn, pictures, tmp_path, same):
        x, y = pictures
        path = tmp_path / "pictures.u8"
        path.write_bytes(x.tobytes())
        stored = StoredPictures.open(path, (64,), len(x))
        pair = [cnn(), cnn()]
        for model, rows in zip(pair, (x, stored), strict=True):
            model.get_layer("conv").trainable = False
            model.fit(rows, y, epochs=2, verbose=0, cache_frozen=rows is stored)
        assert pair[1].history.params["cached_layers"] == ["reshape", "conv", "pool", "flat"]
        agree(pair, 1e-5)


class TestInTheMiddleOfAFit:
    def test_callbacks_see_the_whole_model(self, make, clouds, tmp_path, same):
        model = make()
        path = tmp_path / "best.safetensors"
        model.fit(
            *clouds,
            epochs=2,
            validation_split=0.3,
            verbose=0,
            cache_frozen=True,
            callbacks=[ModelCheckpoint(path, monitor="loss")],
        )
        again = models.load_model(path, engine="eager")
        assert same(model, again)
        for each in (model, again):
            each.fit(*clouds, epochs=1, verbose=0)
        assert same(model, again)

    def test_the_best_weights_come_back(self, make, clouds):
        stop = {"monitor": "loss", "mode": "max", "patience": 1, "restore_best_weights": True}
        pair = [make(), make()]
        for model, cached in zip(pair, (False, True), strict=True):
            model.fit(*clouds, epochs=6, verbose=0, cache_frozen=cached, callbacks=[EarlyStopping(**stop)])
        agree(pair, 1e-9)
        assert pair[1].history.epoch == pair[0].history.epoch and len(pair[0].history.epoch) < 6

    def test_weights_of_the_front_are_not_replaced_under_it(self, make, clouds):
        """They would count for nothing: the outputs kept are those of the weights before."""

        def halve(epoch, logs=None):
            model.get_layer(where).set_weights([0.5 * w for w in model.get_layer(where).get_weights()])

        for where in ("out", "low"):
            model, before = make(), make().get_layer("low").get_weights()
            settings = {"verbose": 0, "cache_frozen": True, "callbacks": [LambdaCallback(on_epoch_end=halve)]}
            if where == "out":
                model.fit(*clouds, **settings)
                continue
            with pytest.raises(RunError, match=r"worked out before this fit \(cache_frozen\).*; low/kernel would"):
                model.fit(*clouds, **settings)
            assert all(map(np.array_equal, before, model.get_layer("low").get_weights()))


class TestWhatStandsStill:
    @pytest.mark.parametrize("cached", [False, True])
    def test_frozen_arrays_and_what_the_optimizer_keeps_of_them(self, make, clouds, same, cached):
        model = make()
        before = [model.get_layer(name).get_weights() for name in FRONT]
        model.fit(*clouds, epochs=2, verbose=0, cache_frozen=cached)
        assert all(same(old, model.get_layer(name).get_weights()) for name, old in zip(FRONT, before, strict=True))
        memory = model.trees()["optimizer"]
        assert not any(array.any() for array in memory.get("low", {}).get("kernel", {}).values())
        assert any(array.any() for array in memory["out"]["kernel"].values())

    def test_programs_are_made_once(self, make, clouds):
        model = make(eager=False)
        model.fit(*clouds, verbose=0, cache_frozen=True)
        made = model.head.engine.compile_seconds
        model.fit(*clouds, verbose=0, cache_frozen=True)
        assert model.head.engine.compile_seconds == made
        model.get_layer("norm").trainable = True
        assert model.head is None


def network(*parts):
    return Network(parts, (4,))


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ([layers.Dense(3), layers.Dense(2)], 0),
        ([layers.Rescaling(0.5), layers.Dense(2)], 1),
        ([layers.Dense(3, trainable=False), layers.Dropout(0.5), layers.Dense(2)], 1),
        ([layers.Dense(3, trainable=False), layers.GaussianNoise(0.5, trainable=False), layers.Dense(2)], 1),
        ([layers.BatchNormalization(trainable=False), layers.Dense(2)], 1),
        ([layers.BatchNormalization(center=False, scale=False), layers.Dense(2)], 0),
        ([layers.Block([layers.Dense(3), layers.BatchNormalization()], trainable=False), layers.Dense(2)], 1),
        ([layers.Block([layers.Dense(3), layers.Dropout(0.5)], trainable=False), layers.Dense(2)], 0),
        ([layers.Block([layers.Dense(3, trainable=False), layers.Dense(3)]), layers.Dense(2)], 0),
        ([layers.Residual([layers.Dense(4)], trainable=False), layers.Flatten(), layers.Dense(2)], 2),
        ([layers.Parallel([[layers.Dense(4)], []], trainable=False), layers.Dense(2)], 1),
        ([layers.PerChannel([layers.Dense(4)], trainable=False), layers.Dense(2)], 1),
        (
            [
                layers.Dense(3, trainable=False),
                layers.Dense(2, trainable=False, name="code"),
                layers.Flatten(),
                layers.Dense(2),
                layers.TiedDense("code"),
            ],
            1,
        ),
    ],
)
def test_how_far_the_front_goes(parts, count):
    assert frozen_front.front_length(network(*parts)) == count


def small(*frozen):
    parts = [layers.Dense(3, input_shape=(4,), name="a"), layers.Dense(2, name="b")]
    model = models.Sequential(parts, seed=0, name="net")
    for name in frozen:
        model.get_layer(name).trainable = False
    model.compile("sgd", "mse", run_eagerly=True)
    return model


@pytest.mark.parametrize(
    ("frozen", "said", "in_japanese"),
    [
        (
            (),
            ["net", "first layer, a,", "get_layer('a').trainable = False"],
            ["net", "最初の層 a ", "cache_frozen を外して"],
        ),
        (("a", "b"), ["net", "Set trainable = True"], ["net", "trainable = True にして"]),
    ],
    ids=["none", "all"],
)
def test_nothing_to_keep_or_nothing_to_train(frozen, said, in_japanese):
    for code, parts in (("en", said), ("ja", in_japanese)):
        set_language(code)
        with pytest.raises(RunError) as caught:
            small(*frozen).fit(np.ones((5, 4)), np.ones((5, 2)), verbose=0, cache_frozen=True)
        assert all(part in str(caught.value) for part in parts), str(caught.value)


def test_too_much_to_keep(monkeypatch):
    monkeypatch.setattr(frozen_front, "MOST", 100)
    for code, parts in (
        ("en", ["a in net", "10 rows of (3,)", "leave cache_frozen out"]),
        ("ja", ["net の a", "(3,) が 10 行"]),
    ):
        set_language(code)
        with pytest.raises(RunError) as caught:
            small("a").fit(np.ones((10, 4)), np.ones((10, 2)), verbose=0, cache_frozen=True)
        assert all(part in str(caught.value) for part in parts), str(caught.value)
