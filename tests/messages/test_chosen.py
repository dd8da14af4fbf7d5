"""Rules given as themselves, as classes, by name, or by mistake: one way for every registry, in both languages."""

import numpy as np
import pytest

from garasu import activations, initializers, layers, losses, metrics, models, optimizers, regularizers, schedules
from garasu.messages import ArgumentError, SettingError, UnknownNameError, alike

MADE = {
    "optimizer": (optimizers.get, optimizers.NAMES, optimizers.Optimizer),
    "loss": (losses.get, losses.NAMES, losses.Loss),
    "initializer": (initializers.get, initializers.NAMES, initializers.Initializer),
    "regularizer": (regularizers.get, regularizers.NAMES, regularizers.Regularizer),
}


@pytest.mark.parametrize("kind", MADE)
def test_a_class_that_needs_nothing_stands_for_its_rule(kind):
    get, names, base = MADE[kind]
    for maker in names.values():
        assert isinstance(get(maker), base) and repr(get(maker)) == repr(maker())


@pytest.mark.parametrize("kind", [*MADE, "activation", "schedule", "metric"])
def test_capitals_and_underscores_do_not_matter(kind):
    others = {
        "activation": (activations.get, activations.RULES),
        "schedule": (lambda name: alike(schedules.NAMES, name), schedules.NAMES),
        "metric": (lambda name: metrics.get(name, (3,), "values"), metrics.NAMES),
    }
    get, names = MADE[kind][:2] if kind in MADE else others[kind]
    for name in names:
        written = {name.upper(), name.title().replace("_", ""), name.replace("_", "")}
        assert {repr(get(one)) for one in written} == {repr(get(name))}


def test_the_names_of_keras_classes():
    assert type(losses.get("KLDivergence")) is losses.KLDivergence and losses.get("MSE") is not None
    assert initializers.get("GlorotUniform").distribution == "uniform"
    assert layers.Dense(2, "ReLU").activation == "relu" and layers.Activation("SiLU").activation == "swish"
    assert list(metrics.by_name(["ACC", "Top_3_Accuracy"])) == ["ACC", "Top_3_Accuracy"]
    assert metrics.get("ACC", (3,), "index") is metrics.sparse_categorical_accuracy
    assert metrics.get("Top_3_Accuracy", (3,), "index").k == 3


def test_short_names_in_python():
    assert [type(losses.get(one)).__name__ for one in (losses.bce, losses.kld, losses.mae, losses.mse)] == [
        "BinaryCrossentropy",
        "KLDivergence",
        "MeanAbsoluteError",
        "MeanSquaredError",
    ]
    assert metrics.by_name([metrics.mse]) == {"mean_squared_error": metrics.mean_squared_error}
    assert list(metrics.by_name(metrics.mae)) == ["mean_absolute_error"]
    for name, maker in initializers.NAMES.items():
        assert name in ("xavier", "he") or getattr(initializers, name) is maker, name
    kernel = layers.Dense(2, kernel_initializer=initializers.zeros).kernel_initializer
    assert type(kernel) is initializers.Zeros
    assert type(initializers.get("normal")) is initializers.RandomNormal
    assert type(initializers.get("uniform")) is initializers.RandomUniform


def test_activations_are_functions_too():
    u = np.array([-1.0, 2.0])
    assert activations.relu(u).tolist() == activations.get("relu")(u).tolist() == [0.0, 2.0]
    assert activations.linear is activations.get("linear") is activations.get("identity") is activations.get(None)
    assert activations.silu is activations.swish
    assert layers.Dense(2, activations.silu).activation == "swish"


def test_an_activation_layer_by_keras_word():
    assert layers.Activation(activation="relu").activation == layers.Activation("relu").activation == "relu"
    assert layers.Activation("tanh").without_activation().activation == "linear"
    model = models.Sequential([layers.Dense(3, input_shape=(2,)), layers.Activation(activation="softmax")], seed=0)
    assert [name for name, _ in model.network.chain.children] == ["dense", "activation"]
    np.testing.assert_allclose(model.predict(np.ones((4, 2))).sum(axis=1), 1.0, rtol=1e-6)


def test_keras_name_for_the_mean():
    for kind in losses.CLASSES:
        assert kind(reduction="sum_over_batch_size").reduction == "mean"
    assert losses.get("mse", "sum_over_batch_size").reduction == "mean"


# ------------------------------------------------------------------------------------------------------ refused


def said(call, kind, language):
    """What a call is answered with: a whole sentence of the language."""
    with pytest.raises(kind) as caught:
        call()
    answer = str(caught.value)
    assert "{" not in answer and answer[-1] in ("。" if language == "ja" else "."), answer
    assert any("ぁ" <= sign <= "ん" for sign in answer) == (language == "ja"), answer
    return answer


COMPILE = "compile: loss was given the module garasu.losses.{0}. Write loss='{0}'."
COMPILED = "compile の loss にモジュール garasu.losses.{0} が渡されました。loss='{0}' と書いてください。"
MODULES = [name for name in losses.NAMES if type(getattr(losses, name, None)).__name__ == "module"]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_a_loss_offers_its_name(name, language):
    """``losses.categorical_crossentropy`` is a file; in Keras it is a function."""
    answer = said(lambda: losses.get(getattr(losses, name)), SettingError, language)
    assert answer == (COMPILED if language == "ja" else COMPILE).format(name)


def test_other_modules(language):
    answer = said(lambda: metrics.by_name([metrics.accuracy]), SettingError, language)
    assert "garasu.metrics.accuracy" in answer and "metrics='accuracy'" in answer
    answer = said(lambda: optimizers.get(optimizers.adam), SettingError, language)
    assert "garasu.optimizers.adam" in answer and "optimizer='adam'" in answer
    assert "<module numpy>" in said(lambda: losses.get(np), SettingError, language)


@pytest.mark.parametrize("name", ["precision", "Recall", "f1", "F1Score"])
def test_a_metric_that_is_no_mean_over_rows(name, language):
    answer = said(lambda: metrics.by_name([name]), UnknownNameError, language)
    assert all(part in answer for part in (name, "garasu evaluate", "garasu report", "'accuracy'"))


@pytest.mark.parametrize(
    ("call", "owner", "value"),
    [
        (lambda: optimizers.get(None), "compile", "None"),
        (lambda: optimizers.get(3), "compile", "3"),
        (lambda: optimizers.get(optimizers.Optimizer), "compile", "<class Optimizer>"),
        (lambda: losses.get(layers.Dense), "compile", "<class Dense>"),
        (lambda: losses.get(np.ones(30)), "compile", "<array (30,) float64>"),
        (lambda: layers.Dense(2, kernel_initializer=3), "Dense", "3"),
        (lambda: layers.Dense(2, kernel_initializer=layers.Dense(2)), "Dense", "Dense(...)"),
        (lambda: layers.Conv2D(2, bias_regularizer=0.1), "Conv2D", "0.1"),
        (lambda: layers.Dense(2, activation=np.tanh), "Dense", "<ufunc 'tanh'>"),
        (lambda: layers.Dense(2, activation=layers.Conv2D(2)), "Dense", "Conv2D(...)"),
        (lambda: schedules.get([0.1]), "schedules.get", "[0.1]"),
        (lambda: layers.Parallel([[layers.Dense(2)], "relu"]), "Parallel", "[[Dense(...)], 'relu']"),
        (lambda: layers.Parallel(layers.Dense(2)), "Parallel", "Dense(...)"),
    ],
)
def test_what_is_none_of_these(call, owner, value, language):
    """The sentence names where it was given, and repeats it in few signs."""
    answer = said(call, SettingError, language)
    assert owner in answer and value in answer and len(answer) < 260


def test_a_class_that_needs_settings_says_which(language):
    assert "Given(values=...)" in said(
        lambda: layers.Dense(2, kernel_initializer=initializers.Given), ArgumentError, language
    )
    assert "StepDecay(initial" in said(lambda: schedules.get(schedules.StepDecay), ArgumentError, language)
    assert schedules.get(schedules.StepDecay, initial_learning_rate=0.5, decay_steps=3)(0) == 0.5
