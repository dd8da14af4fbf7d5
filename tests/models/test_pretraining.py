"""Layer-by-layer pre-training: it lowers each layer's loss, its weights stand in the model, the seed decides all."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from garasu import layers, models
from garasu.layers import MaskingNoise
from garasu.losses import BinaryCrossentropy, SumOfSquares
from garasu.messages import RunError, SettingError, ShapeError, UnknownNameError, set_language
from garasu.models.pretraining import Autoencoding
from garasu.optimizers import SGD, Adam


@pytest.fixture(scope="module")
def digits():
    """300 real digits of 64 pixels from 0 to 1."""
    return load_digits().data[:300] / 16.0


def stack(*more, seed=0, eager=True, precision=None):
    """64 -> 24 -> 12 by sigmoids."""
    parts = [
        layers.Dense(24, activation="sigmoid", name="low", input_shape=(64,)),
        layers.Dense(12, activation="sigmoid", name="high"),
    ]
    model = models.Sequential([*parts, *more], seed=seed)
    model.run_on("eager" if eager else "jit")
    if precision:
        model.compile("sgd", "mse", run_eagerly=eager, precision=precision)
    return model


class TestWhatIsAskedFor:
    def test_one_layer_by_its_name(self, digits):
        assert list(stack().pretrain(digits[:20], layers="high", verbose=0).histories) == ["high"]

    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ({"tied": "no"}, r"^pretrain: tied must be True or False. Got 'no' instead."),
            ({"noise": 0.3}, r"^pretrain: noise must be a layer such as .*MaskingNoise"),
            ({"noise": layers.Dense(3)}, r"must leave the shape as it is, but Dense makes \('N', 3\) of \('N', 64\)"),
        ],
    )
    def test_a_sentence_for_each_mistake(self, digits, settings, said):
        model = stack()
        before = model.get_weights()
        with pytest.raises(SettingError, match=said):
            model.pretrain(digits[:20], verbose=0, **settings)
        assert all(map(np.array_equal, before, model.get_weights()))


class TestDigits:
    @pytest.mark.parametrize("output", ["linear", "sigmoid"])
    @pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
    def test_each_layer_learns_to_hand_back_what_it_is_given(self, digits, output, tied, same):
        model = stack()
        before = model.get_weights()
        found = model.pretrain(digits, epochs=6, optimizer=Adam(0.01), output=output, tied=tied, verbose=0)
        assert list(found.histories) == ["low", "high"]
        for name, record in found.histories.items():
            losses = record.history["loss"]
            assert len(losses) == 6 and losses[-1] < 0.9 * losses[0], name
        assert not any(map(np.array_equal, before, model.get_weights()))

    def test_what_was_learned_stands_in_the_model(self, digits):
        """The pre-trained code holds the digit: a decoder fitted by least squares finds more of it than before."""

        def unexplained(model):
            h = np.c_[model.predict(digits), np.ones(len(digits))]
            return ((digits - h @ np.linalg.lstsq(h, digits, rcond=None)[0]) ** 2).sum()

        model = stack()
        before = unexplained(model)
        model.pretrain(digits, epochs=20, verbose=0)
        assert unexplained(model) < 0.9 * before

    def test_the_last_reported_loss_is_that_of_the_weights(self, digits):
        """A whole batch a step, at a rate of 0: the loss reported is that of the weights in the model."""
        model = stack(layers.TiedDense("high", name="back"), layers.TiedDense("low", name="out"))
        first = model.pretrain(digits, epochs=4, verbose=0, layers=["low"])
        loss = model.pretrain(digits, epochs=1, batch_size="all", optimizer=SGD(0.0), verbose=0, layers=["low"])
        assert first.histories["low"].history["loss"][0] > loss.histories["low"].history["loss"][0]

    def test_fine_tuning_with_a_classifier_on_top(self, digits, same):
        labels = load_digits().target[:300]
        model = stack()
        model.pretrain(digits, epochs=2, verbose=0)
        learned = model.get_weights()
        model.add(layers.Dense(10, activation="softmax", name="classes"))
        assert same(learned, model.get_weights()[:4])
        model.compile(Adam(0.01), "sparse_categorical_crossentropy", ["acc"], run_eagerly=True)
        record = model.fit(digits, labels, epochs=8, verbose=0)
        assert record.history["acc"][-1] > 0.5 > record.history["acc"][0]


class TestWhatIsTrained:
    def test_a_softmax_and_frozen_layers_are_left_out(self, digits):
        model = stack(layers.Dense(10, activation="softmax", name="classes"))
        model.get_layer("low").trainable = False
        assert list(model.pretrain(digits, verbose=0).histories) == ["high"]

    def test_by_name(self, digits, same):
        model = stack()
        low = model.get_layer("low").get_weights()
        assert list(model.pretrain(digits, verbose=0, layers=["high"]).histories) == ["high"]
        assert same(low, model.get_layer("low").get_weights())

    def test_inside_other_models_and_not_in_branches(self, digits):
        inner = models.Sequential([layers.Dense(8, activation="tanh", name="deep")], name="inner")
        model = stack(inner, layers.Residual([layers.Dense(8)]), layers.Parallel([[layers.Dense(2)], []]))
        assert list(model.pretrain(digits, verbose=0).histories) == ["low", "high", "inner/deep"]

    def test_layers_without_weights_stand_between(self, digits):
        parts = [
            layers.Reshape((8, 8, 1), input_shape=(64,)),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(6, activation="tanh", name="code"),
            layers.Dropout(0.5),
            layers.Dense(3, name="end"),
        ]
        model = models.Sequential(parts, seed=0)
        model.run_on("eager")
        assert list(model.pretrain(digits, verbose=0).histories) == ["code", "end"]

    def test_a_tied_decoder_gets_the_bias_that_was_learned_with_its_kernel(self, digits):
        """The stack unrolled: encoders, then their transposes in reverse."""
        model = stack(layers.TiedDense("high", name="back"), layers.TiedDense("low", name="out"))
        model.pretrain(digits, epochs=2, verbose=0)
        assert all(model.get_layer(name).get_weights()[0].any() for name in ("back", "out"))
        model = stack(layers.TiedDense("high", name="back"), layers.TiedDense("low", name="out"))
        model.pretrain(digits, epochs=2, verbose=0, tied=False)
        assert not any(model.get_layer(name).get_weights()[0].any() for name in ("back", "out"))

    def test_noise_spoils_what_is_given_not_what_is_asked_for(self, digits):
        losses = {}
        for noise in (None, MaskingNoise(0.5)):
            found = stack().pretrain(digits, epochs=3, noise=noise, verbose=0)
            losses[noise is None] = found.histories["low"].history["loss"][-1]
        assert losses[False] > losses[True]

    def test_a_model_takes_its_shape_from_the_pictures(self, digits):
        model = models.Sequential([layers.Dense(4, name="code")], seed=0)
        model.run_on("eager")
        model.pretrain(digits, verbose=0)
        assert model.get_weights()[0].shape == (64, 4)


class TestTheSeed:
    def test_it_decides_all(self, digits, same):
        pair = [stack(seed=0), stack(seed=0)]
        for model in pair:
            model.pretrain(digits, noise=MaskingNoise(0.3), tied=False, verbose=0)
        assert same(*pair)
        other = stack(seed=0)
        other.pretrain(digits, noise=MaskingNoise(0.3), tied=False, verbose=0, seed=1)
        assert not same(pair[0], other)

    def test_eager_is_jit(self):
        x = np.random.default_rng(3).uniform(size=(40, 64))
        pair = [stack(eager=eager, precision="float64") for eager in (True, False)]
        records = [model.pretrain(x, epochs=2, noise=MaskingNoise(0.3), verbose=0) for model in pair]
        for first, second in zip(*(model.get_weights() for model in pair), strict=True):
            np.testing.assert_allclose(first, second, rtol=0, atol=1e-9)
        for name, record in records[0].histories.items():
            np.testing.assert_allclose(record.history["loss"], records[1].histories[name].history["loss"], rtol=1e-9)

    def test_one_that_is_compiled_stays_so(self, digits):
        model = stack(precision="float64")
        model.pretrain(digits, verbose=0)
        assert model.compiled and model.get_weights()[0].dtype == np.float64 and model.step == 0


def test_the_loss_goes_with_the_output():
    assert isinstance(Autoencoding().chosen_loss(), SumOfSquares)
    assert Autoencoding(output="sigmoid").chosen_loss().outputs == "sum"
    assert isinstance(Autoencoding(output="sigmoid").chosen_loss(), BinaryCrossentropy)
    assert isinstance(Autoencoding(output="sigmoid", loss="sum_of_squares").chosen_loss(), SumOfSquares)


def outside():
    """What a tanh layer hands on lies from -1 to 1."""
    model = models.Sequential(
        [layers.Dense(4, activation="tanh", name="a", input_shape=(3,)), layers.Dense(2, name="b")]
    )
    model.run_on("eager")
    x = np.random.default_rng(0).uniform(size=(20, 3))
    return model.pretrain(x, output="sigmoid", loss=None, verbose=0)


def none_to_train():
    model = models.Sequential([layers.Dense(2, activation="softmax", input_shape=(3,))], name="net")
    return model.pretrain(np.ones((4, 3)), verbose=0)


def none_at_all():
    """By its name, too, there is nothing to offer instead."""
    model = models.Sequential([layers.Flatten(name="flat", input_shape=(3,))], name="net")
    return model.pretrain(np.ones((4, 3)), layers="flat", verbose=0)


MISTAKES = {
    "none at all": (none_at_all, RunError, ["net", "no layer to pre-train"], ["net", "事前学習できる層がありません"]),
    "head": (
        lambda: stack().pretrain(np.ones((4, 64)), loss="binary_crossentropy", verbose=0),
        SettingError,
        ["TiedDense", "activation='sigmoid'"],
        ["TiedDense", "activation='sigmoid'"],
    ),
    "none": (none_to_train, RunError, ["net", "no layer to pre-train"], ["net", "事前学習できる層がありません"]),
    "range": (outside, ShapeError, ['Dense "b"', "from -", "output='linear'"], ['Dense "b"', "output='linear'"]),
    "layer": (
        lambda: stack().pretrain(np.ones((4, 64)), layers=["hihg"], verbose=0),
        UnknownNameError,
        ["hihg", "Did you mean 'high'"],
        ["hihg", "「high」"],
    ),
    "not Dense": (
        lambda: stack(layers.Flatten(name="flat")).pretrain(np.ones((4, 64)), layers=["flat"], verbose=0),
        SettingError,
        ["flat cannot be pre-trained", "low, high"],
        ["flat は事前学習できません", "low, high"],
    ),
    "noise": (
        lambda: stack().pretrain(np.ones((4, 64)), noise=0.3, verbose=0),
        SettingError,
        ["noise must be", "MaskingNoise(0.3)", "0.3 instead"],
        ["noise には", "MaskingNoise(0.3)"],
    ),
    "tied": (
        lambda: stack().pretrain(np.ones((4, 64)), tied="yes", verbose=0),
        SettingError,
        ["tied must be True or False", "'yes'"],
        ["tied には", "True か False"],
    ),
    "output": (
        lambda: stack().pretrain(np.ones((4, 64)), output="sigmod", verbose=0),
        UnknownNameError,
        ["Did you mean 'sigmoid'"],
        ["「sigmoid」"],
    ),
    "seed": (
        lambda: stack().pretrain(np.ones((4, 64)), seed=-1, verbose=0),
        SettingError,
        ["pretrain: seed must be", "-1"],
        ["pretrain の seed", "-1"],
    ),
    "shape": (
        lambda: stack().pretrain(np.ones((4, 63)), verbose=0),
        ShapeError,
        ["64", "63", "axis 1"],
        ["64", "63"],
    ),
    "epochs": (
        lambda: stack().pretrain(np.ones((4, 64)), epochs=0, verbose=0),
        SettingError,
        ["epochs must be"],
        ["epochs"],
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


def test_stopped_in_the_middle_what_was_learned_stays(digits, monkeypatch, same):
    model = stack()
    before, kept = model.get_weights(), models.Sequential.fit

    def stop_behind_the_first(self, *arguments, **settings):
        record = kept(self, *arguments, **settings)
        if self.name == "high":
            raise KeyboardInterrupt
        return record

    monkeypatch.setattr(models.Sequential, "fit", stop_behind_the_first)
    with pytest.raises(KeyboardInterrupt):
        model.pretrain(digits, verbose=0)
    assert not any(map(np.array_equal, before, model.get_weights()))
