"""The library in a language that there is not: figures, what training prints, what a notebook shows, the audit kit.

The command line has its own test, tests/cli/test_cli_pseudo.py; the language is made in tests/cli/garasu_pseudo.py.
"""

import re
import string
from html import unescape

import numpy as np
import pytest
from matplotlib.text import Text

from garasu import callbacks, figures, layers, losses, models, networks, optimizers, testing
from garasu.messages import catalogue
from garasu.messages.catalogue import area
from garasu.pictures import DigitPreparation
from garasu.train import FoundRates
from tests.cli.garasu_pseudo import install, plain, pseudo, whole
from tests.messages.test_catalogue_texts import AREAS, placeholders

MEANS = "loss|accuracy|val_loss|val_accuracy|learning_rate"
"""The values of an epoch by the names that a history has them under, as Keras prints them."""
RUNGS = "|".join(testing.ladder.NAMES)
CODE = "Dense|Dropout|SGD|MeanSquaredError|Wrong|params|kernel|bias|x|y"


@pytest.fixture(autouse=True)
def language(monkeypatch):
    install(monkeypatch.setattr)


# ------------------------------------------------------------------------------------------------------ itself


@pytest.mark.parametrize("name", AREAS)
def test_a_pseudo_text_keeps_its_placeholders_and_nothing_else(monkeypatch, name):
    monkeypatch.undo()
    for key, sentence in area("en", name).items():
        changed = pseudo(sentence)
        assert placeholders(changed) == placeholders(sentence), key
        words = "".join(part for part, *_ in string.Formatter().parse(changed))
        assert plain(words, ["-"]) == [] and len(changed) > 1.2 * len(sentence), key


def test_every_text_is_changed():
    assert (
        catalogue.text("names.unknown", kind="c", name="x", known="{y}")
        == "⟦Ţĥéŕé îš ñó c ñáɱéđ 'x'. Ķñóŵñ: {y}.~~~~~~~~~~~~~~~⟧"
    )


# ------------------------------------------------------------------------------------------------------ figures

PICTURES = np.arange(3 * 8 * 8, dtype="uint8").reshape(3, 8, 8)
COLORED = np.stack([PICTURES] * 3, axis=-1)
NAMES = ["1", "2", "3"]
LABELS, ANSWERS, SHARES = np.array([0, 1, 2]), np.array([0, 2, 1]), np.full((3, 3), 1 / 3)
CURVES = {"loss": [900.0, 0.4], "val_loss": [0.8, 0.5], "accuracy": [0.5, 0.7], "val_accuracy": [0.4, 0.6]}
RATES = np.array([0.01, 0.1, 1.0])
SHAPES = [("conv", "Conv2D", (None, 8, 8, 4), 40), ("out", "Dense", (None, 3), 771)]

FIGURES = {
    "chain_of_shapes": [lambda: figures.chain_of_shapes(SHAPES, (8, 8, 1))],
    "confusion_matrix": [
        lambda: figures.confusion_matrix([[2, 1, 0], [0, 3, 0], [0, 0, 3]], NAMES),
        lambda: figures.confusion_matrix(np.eye(3), NAMES),
    ],
    "copies_band": [
        lambda: figures.copies_band([[0.9, 0.5], [0.8, 0.3]], "N"),
        lambda: figures.copies_band([[0.9, 0.5]], "N"),
    ],
    "feature_maps": [lambda: figures.feature_maps(np.ones((3, 3, 5, 4)), PICTURES, np.ones((3, 6, 6, 4)))],
    "image_numbers": [
        lambda: figures.image_numbers(PICTURES[0]),
        lambda: figures.image_numbers(COLORED[0]),
        lambda: figures.image_numbers(np.zeros((40, 40), "uint8")),
    ],
    "learning_rate_finder": [
        lambda: figures.learning_rate_finder(FoundRates(RATES, RATES, RATES[::-1], 0.1, False)),
        lambda: figures.learning_rate_finder(FoundRates(RATES, RATES, RATES, None, False)),
    ],
    "misclassified": [
        lambda: figures.misclassified(PICTURES, LABELS, ANSWERS, SHARES, NAMES),
        lambda: figures.misclassified(PICTURES, LABELS, LABELS, SHARES, NAMES),
    ],
    "one_hot": [
        lambda: figures.one_hot(LABELS, NAMES),
        lambda: figures.one_hot(LABELS, [str(number) for number in range(60)]),
    ],
    "sample_images": [
        lambda: figures.sample_images(PICTURES, LABELS, NAMES),
        lambda: figures.sample_images(COLORED, LABELS, NAMES),
    ],
    "settings_compared": [lambda: figures.settings_compared({"N": [0.5, 0.7], "2": [np.nan]}, "N")],
    "stages": [lambda: figures.stages(DigitPreparation().stages(np.where(np.eye(30) > 0, 0.0, 255.0)))],
    "training_curves": [
        lambda: figures.training_curves(CURVES),
        lambda: figures.training_curves({"loss": [0.5]}),
    ],
    "weight_images": [
        lambda: figures.weight_images(np.ones((64, 3)), (8, 8)),
        lambda: figures.weight_images(np.ones((192, 20)), (8, 8, 3)),
    ],
}
IN_FIGURES = [r"conv \(Conv2D\)|out \(Dense\)|N", "[0-9.]+e[+-]?[0-9]+"]


def test_every_figure_is_looked_at():
    assert set(FIGURES) == set(figures.__all__) - {"save"}


@pytest.mark.parametrize(("name", "draw"), [(name, draw) for name, drawn in FIGURES.items() for draw in drawn])
def test_every_text_in_a_figure_comes_from_the_catalogue(name, draw):
    said = "\n".join(one.get_text() for one in draw().findobj(Text))
    assert plain(said, IN_FIGURES) == [] and whole(said), said


# ---------------------------------------------------------------------------------------------------- training


SHOWN = r"Dense|None|a\.activation|a|b|m|kernel|bias|\d+\.\d+ B|\d+\.\d+s|[0-9.]*e[+-]?\d+"


def model():
    one = models.Sequential(
        [layers.Dense(3, "relu", name="a", input_shape=(4,)), layers.Dense(2, name="b")], name="m", seed=0
    )
    one.compile("sgd", "mse", metrics=["accuracy"], run_eagerly=True)
    return one


def fitted(**settings):
    one = model()
    return one, one.fit(np.ones((6, 4)), np.ones((6, 2)), validation_split=0.5, batch_size=3, **settings)


def test_what_training_prints(capsys, tmp_path):
    watch = [
        callbacks.EarlyStopping(patience=1, verbose=1, restore_best_weights=True, min_delta=9.0),
        callbacks.ReduceLROnPlateau(patience=1, verbose=1, min_delta=9.0),
        callbacks.ModelCheckpoint(tmp_path / "{epoch}.safetensors", verbose=1),
        callbacks.ModelCheckpoint(tmp_path / "b{epoch}.safetensors", verbose=1, save_best_only=True),
        callbacks.ModelCheckpoint(tmp_path / "n{epoch}.safetensors", verbose=1, save_best_only=True, monitor="nothing"),
        callbacks.LearningRateScheduler(lambda epoch, rate: rate, verbose=1),
        callbacks.EarlyStopping(monitor="nothing"),
    ]
    with pytest.warns(UserWarning, match="⟦") as warned:
        one, _ = fitted(epochs=3, verbose=2, callbacks=watch)
    one.summary()
    out = capsys.readouterr().out + "\n".join(str(each.message) for each in warned)
    assert plain(out, [MEANS, SHOWN, "ModelCheckpoint|EarlyStopping|nothing", rf"{tmp_path}/\w+\.safetensors"]) == [], (
        out
    )
    assert whole(out)


def without_tags(page):
    return unescape(re.sub(r"<[^>]*>", " ", page))


def test_what_a_notebook_shows():
    one, history = fitted(epochs=20, verbose=0)
    ones = np.ones((6, 4)), np.ones((6, 2)), np.ones(6)
    trace = networks.trace(one.network, one.task.loss, one.trees()["params"], {}, *ones, layers.Run(False))
    unbuilt = models.Sequential([layers.Dense(2, name="a")], name="m")
    for shown in (one, history, trace, unbuilt, models.Sequential([], name="m")):
        said = without_tags(shown._repr_html_())
        assert plain(said, [MEANS, SHOWN]) == [] and whole(said), said


# ---------------------------------------------------------------------------------------------------------- kit


class Wrong(layers.Dense):
    """A layer that hands back twice the error."""

    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return 2 * dx, grads


REPORTS = {
    "layer": lambda: testing.check_layer(layers.Dense(2), (3,), skip=["vjp"]),
    "layer-in-training": lambda: testing.check_layer(layers.Dropout(0.5), (3,)),
    "loss": lambda: testing.check_loss(losses.MeanSquaredError()),
    "optimizer": lambda: testing.check_optimizer(optimizers.SGD()),
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_text_in_a_report_of_the_audit_kit(name):
    said = str(REPORTS[name]())
    assert plain(said, [RUNGS, CODE, r"\d\.\de[+-]\d+"]) == [] and whole(said), said


def test_every_text_in_a_failure_of_the_audit_kit():
    with pytest.raises(testing.CheckFailure) as failed:
        testing.check_layer(Wrong(2), (3,))
    said = str(failed.value)
    assert plain(said, [RUNGS, CODE, r"[0-9.]+e[+-]?\d+"]) == [] and whole(said), said
