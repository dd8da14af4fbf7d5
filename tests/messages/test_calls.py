"""Calls that do not fit: every public class answers them in a sentence of both languages, and as a TypeError."""

import copy
import inspect
import pickle
from typing import ClassVar

import attrs
import pytest

from garasu import callbacks, initializers, layers, losses, metrics, optimizers, regularizers, schedules
from garasu.messages import ArgumentError, in_words, text
from garasu.networks.preparation import Preparation
from garasu.pictures import DigitPreparation, PhotoPreparation, steps

FUNCTIONS = [kind for kind in initializers.NAMES.values() if inspect.isfunction(kind)]
FUNCTIONS += [regularizers.L1, regularizers.L2]
CLASSES = [
    *layers.CLASSES,
    *losses.CLASSES,
    *optimizers.CLASSES,
    *schedules.CLASSES,
    *initializers.CLASSES,
    *regularizers.CLASSES,
    *steps.CLASSES,
    metrics.BinaryAccuracy,
    metrics.TopKAccuracy,
    *(kind for kind in vars(callbacks).values() if attrs.has(kind)),
    Preparation,
    DigitPreparation,
    PhotoPreparation,
]


def parameters(kind):
    """The parameters of a call, but for ``self``."""
    return [one for name, one in inspect.signature(kind).parameters.items() if name != "self"]


def said(call, language):
    """What a call that does not fit is answered with: a whole sentence of the language."""
    with pytest.raises(TypeError) as caught:
        call()
    answer = str(caught.value)
    assert type(caught.value) is ArgumentError and caught.value.__suppress_context__ is False
    assert "{" not in answer and answer[-1] == (".", "。")[language == "ja"], answer
    assert any("ぁ" <= sign <= "ん" for sign in answer) == (language == "ja"), answer
    return answer


@pytest.mark.parametrize("kind", [*CLASSES, *FUNCTIONS], ids=lambda kind: kind.__name__)
class TestEveryPublicClass:
    def test_an_argument_that_there_is_not(self, kind, language):
        answer = said(lambda: kind(quux=1), language)
        names = [one.name for one in parameters(kind)]
        assert kind.__name__ in answer and "quux" in answer and ", ".join(names) in answer

    def test_too_many(self, kind, language):
        answer = said(lambda: kind(*range(40)), language)
        assert kind.__name__ in answer and (
            "40" in answer or "name=value" in answer or "名前=値" in answer or "()" in answer
        )

    def test_one_that_is_missing_or_given_twice(self, kind, language):
        needed = [one.name for one in parameters(kind) if one.default is inspect.Parameter.empty]
        if needed:
            answer = said(kind, language)
            assert ", ".join(needed) in answer and f"{kind.__name__}({needed[0]}=..." in answer
        by_place = [one.name for one in parameters(kind) if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        if by_place:
            assert f"'{by_place[0]}'" in said(lambda: kind(1, **{by_place[0]: 1}), language).replace("「", "'").replace(
                "」", "'"
            )

    def test_its_signature_is_still_its_own(self, kind):
        plan = inspect.signature(kind).parameters
        assert not {"args", "settings"} & set(plan) and list(plan) == [one.name for one in parameters(kind)]


# (the call, the nearest name or what stands in its place, in both languages)
NEAR = [
    (lambda: layers.Dense(unit=3), "Did you mean 'units'?", "「units」のことですか"),
    (lambda: layers.Conv2D(3, stride=2), "Did you mean 'strides'?", "「strides」のことですか"),
    (lambda: layers.Dense(3, Activation="relu"), "Did you mean 'activation'?", "「activation」のことですか"),
    (lambda: optimizers.SGD(lr=0.1), "Did you mean 'learning_rate'?", "「learning_rate」のことですか"),
    (lambda: callbacks.EarlyStopping(patince=3), "Did you mean 'patience'?", "「patience」のことですか"),
    (lambda: optimizers.SGD(momentum=0.9), "optimizers.Momentum(learning_rate, momentum=0.9)", "optimizers.Momentum("),
    (lambda: optimizers.SGD(nesterov=True), "optimizers.Nesterov(learning_rate, momentum=0.9)", "optimizers.Nesterov("),
    (lambda: optimizers.Adam(weight_decay=0.1), "AdamW, Lion and Muon", "AdamW、Lion、Muon"),
    (
        lambda: losses.CategoricalCrossentropy(from_logits=True),
        "Give the last layer activation='softmax'",
        "最後の層に activation='softmax'",
    ),
    (lambda: initializers.RandomNormal(seed=3), "Sequential(..., seed=3)", "Sequential(..., seed=3)"),
    (lambda: initializers.HeNormal(seed=3), "Leave 'seed' out.", "「seed」は外してください"),
    (lambda: layers.Dropout(0.5, seed=3), "the seed of the model", "モデルのシード"),
    (lambda: layers.Dense(3, dtype="float64"), "compile(..., precision='float64')", "precision='float64'"),
    (
        lambda: layers.Conv2D(3, data_format="channels_last"),
        "always (N, rows, columns, channels)",
        "(N, 行, 列, チャネル)",
    ),
    (lambda: layers.Dense(3, input_dim=784), "input_shape=(784,)", "input_shape=(784,)"),
    (lambda: layers.Dense(3, weights=[]), "set_weights", "set_weights"),
    (
        lambda: schedules.ExponentialDecay(0.1, decay_steps=5),
        "Write ExponentialDecay(..., decay_rate=...)",
        "decay_rate の",
    ),
    (lambda: schedules.get("step_decay"), "initial_learning_rate=..., decay_steps=...", "decay_steps の値"),
    (lambda: initializers.Zeros(3), "Zeros takes no arguments, but got 3. Write Zeros().", "Zeros() と書いて"),
    (lambda: losses.Huber(0.5, "sum", 3), "got 3 values without a name, but takes only 1: delta.", "1 個（delta）まで"),
    (lambda: losses.CategoricalCrossentropy(True), "by name only", "名前を付けて"),
]


@pytest.mark.parametrize(("call", "english", "japanese"), NEAR)
def test_what_was_probably_meant(call, english, japanese, language):
    assert (japanese if language == "ja" else english) in said(call, language)


# ------------------------------------------------------------------------------------------------- of one's own


@attrs.frozen(eq=False)
class Scaled(layers.Layer):
    """A layer of one's own."""

    by: float = 1.0

    def spec(self, in_shape):
        return layers.Spec(in_shape)

    def forward(self, params, x):
        return self.by * x, {}

    def backward(self, params, cache, dy):
        return self.by * dy, {}


class Doubled(Scaled):
    """A subclass without attrs, whose ``__init__`` is inherited."""


class Tripled(Scaled):
    """A subclass that writes its own."""

    def __init__(self):
        super().__init__(by=3.0)


@pytest.mark.parametrize("kind", [Scaled, Doubled])
def test_layers_of_ones_own_answer_too(kind):
    with pytest.raises(
        ArgumentError, match=rf"^{kind.__name__} has no argument 'bye'\. Did you mean 'by'\? It takes: by, "
    ):
        kind(bye=3)
    assert kind(by=2.0).by == 2.0 and Tripled().by == 3.0


@pytest.mark.parametrize("one", [layers.Dense(3), optimizers.Adam(), Doubled(2.0), schedules.StepDecay(0.1, 5)])
def test_copies_and_pickles_are_made_as_ever(one):
    for again in (copy.copy(one), copy.deepcopy(one), attrs.evolve(one)):
        assert type(again) is type(one) and repr(again) == repr(one)
    if type(one) is not Doubled:  # a class of this file is found by no other process
        assert repr(pickle.loads(pickle.dumps(one))) == repr(one)


# ----------------------------------------------------------------------------------------------------- functions


class Model:
    """Something with a method."""

    elsewhere: ClassVar = {"dtype": "calls.dtype_elsewhere"}

    @in_words
    def fit(self, x, *, epochs=1, **more):
        return epochs

    @in_words
    def check(self, x, samples=3):
        if samples is None:
            len(3)
        return samples

    @in_words
    def join(self, first, *more, sign):
        return first, more, sign

    @classmethod
    @in_words
    def given(cls, filters, channels=1):
        return cls, filters, channels


def test_a_method_is_called_by_its_name(language):
    model = Model()
    assert model.fit([], epochs=3, anything=4) == 3 and Model.given(1)[0] is Model
    english = "check has no argument 'sample'. Did you mean 'samples'? It takes: x, samples."
    japanese = "check に引数「sample」はありません。「samples」のことですか？ 使える引数: x, samples。"
    assert said(lambda: model.check([], sample=3), language) == (english, japanese)[language == "ja"]
    assert "given" in said(lambda: Model.given(), language) and "filters=..." in said(lambda: Model.given(), language)
    assert text("calls.dtype_elsewhere") in said(lambda: model.check([], dtype=3), language)


def test_a_method_that_takes_any_number(language):
    assert Model().join(1, 2, 3, sign="+") == (1, (2, 3), "+")
    assert "join(..., sign=...)" in said(lambda: Model().join(1, 2, 3), language)
    with pytest.raises(ArgumentError):
        Model.join()


def test_a_type_error_from_within_stays_what_it_is():
    with pytest.raises(TypeError, match=r"object of type 'int' has no len\(\)") as caught:
        Model().check([], samples=None)
    assert type(caught.value) is TypeError


def test_the_first_error_is_not_told_beside_it():
    """Python's own sentence would stand above ours in every traceback."""
    with pytest.raises(ArgumentError) as caught:
        layers.Dense(unit=3)
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_a_function_keeps_its_name_and_documentation():
    assert Model.fit.__name__ == "fit" and layers.Dense.__init__.__name__ == "__init__"
    assert initializers.HeNormal.__doc__ == "Truncated normal of variance 2 / fan_in."
