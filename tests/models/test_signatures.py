"""What a model's verbs take stands in their signatures; a word that is none of it is answered with the nearest."""

import inspect

import numpy as np
import pytest

from garasu import layers, models
from garasu.messages import SettingError, set_language
from garasu.models import gradient_report, pretraining, rate_finder, training

X, Y = np.zeros((4, 3)), np.zeros((4, 2))

WORK = {
    "fit": training.fit,
    "evaluate": training.evaluate,
    "pretrain": pretraining.pretrain,
    "find_learning_rate": rate_finder.find_learning_rate,
    "check_gradients": gradient_report.check,
}

MISSPELT = [
    ("fit", (X, Y), "replacment", "replacement"),
    ("fit", (X, Y), "epoch", "epochs"),
    ("evaluate", (X, Y), "return_dicts", "return_dict"),
    ("predict", (X,), "batchsize", "batch_size"),
    ("pretrain", (X,), "optimiser", "optimizer"),
    ("find_learning_rate", (X, Y), "lo", "low"),
    ("check_gradients", (X, Y), "sample", "samples"),
    ("compile", (), "optimiser", "optimizer"),
]


def model():
    one = models.Sequential([layers.Dense(2, input_shape=(3,))], seed=0)
    one.compile("sgd", "mse", run_eagerly=True)
    return one


@pytest.mark.parametrize(("verb", "given", "wrong", "near"), MISSPELT)
def test_the_nearest_word_is_offered(verb, given, wrong, near, language):
    with pytest.raises(TypeError) as caught:
        getattr(model(), verb)(*given, **{wrong: 1})
    assert isinstance(caught.value, SettingError)
    assert all(part in str(caught.value) for part in (verb, wrong, near))


def test_a_model_takes_no_other_words_either():
    with pytest.raises(TypeError, match=r"Sequential has no argument 'names'\. Did you mean 'name'\?"):
        models.Sequential([], names="m")


def test_data_are_missing():
    with pytest.raises(TypeError, match="fit needs a value for y"):
        model().fit(X)


@pytest.mark.parametrize("verb", WORK)
def test_every_word_stands_in_the_signature_and_is_explained(verb):
    """No word is hidden behind ``**settings``, and each means what the function that does the work takes it for."""
    method = getattr(models.Sequential, verb)
    mine, theirs = (inspect.signature(one).parameters for one in (method, WORK[verb]))
    assert all(
        one.kind is not one.VAR_KEYWORD and one.annotation is not one.empty
        for one in mine.values()
        if one.name != "self"
    )
    stated_twice = [name for name, one in theirs.items() if one.default is not one.empty]
    assert {name: mine[name].default for name in stated_twice} == {name: theirs[name].default for name in stated_twice}
    assert set(theirs) - {"model"} <= set(mine)
    assert [name for name in mine if name != "self" and f"\n            {name}: " not in str(method.__doc__)] == []


@pytest.mark.parametrize("settings", [{"epochs": 0}, {"epochs": 2.5}, {"batch_size": 0}])
def test_pretrain_speaks_of_itself(settings, language):
    ((name, value),) = settings.items()
    with pytest.raises(SettingError) as caught:
        models.Sequential([layers.Dense(2, input_shape=(3,))], seed=0).pretrain(X, verbose=0, **settings)
    assert str(caught.value).startswith("pretrain") and name in str(caught.value) and str(value) in str(caught.value)


class TestLearningRates:
    def test_they_draw_themselves(self):
        found = model().find_learning_rate(X + 1, Y, low=0.001, high=1.0, steps=12)
        (axes,) = found.plot().axes
        assert axes.get_xscale() == "log" and len(axes.lines[0].get_xdata()) == len(found.rates)
        assert repr(found) == f"LearningRates(suggestion={found.suggestion!r}, tried=12, exploded=False)"

    def test_in_a_notebook(self):
        set_language("ja")
        page = model().find_learning_rate(X + 1, Y, low=0.001, high=1.0, steps=12)._repr_html_()
        assert page.startswith("<div") and "推奨値" in page and "data:image/png;base64," in page

    def test_where_one_rate_was_tried_there_is_no_picture(self):
        found = model().find_learning_rate(X + 1, Y, low=0.001, high=1.0, steps=1)
        assert "<img" not in found._repr_html_()
