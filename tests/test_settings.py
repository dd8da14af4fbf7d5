"""Constraints on settings: what each validator takes, what it says in both languages, and what ``pair`` makes."""

import math
from fractions import Fraction

import numpy as np
import pytest
from attrs import field, frozen

from garasu import settings
from garasu.messages import SettingError, set_language, shown

NUMBERS = [0.5, 1, -2, 0, 1e300, np.float32(0.25), np.float64(3), np.int64(7), np.uint8(3), Fraction(1, 3)]
NO_NUMBERS = ["0.1", None, True, False, math.nan, math.inf, -math.inf, np.float32(np.nan), 1j, [1], np.ones(2), 10**400]

# validator -> (what it takes, what it refuses, "a number ..." in English, in Japanese with the spaces around it)
VALIDATORS = {
    "number": (NUMBERS, NO_NUMBERS, "a finite number", "有限の数"),
    "positive": (
        [1e-9, 1, np.float32(2)],
        [0, 0.0, -1, np.float64(-1e-9), *NO_NUMBERS],
        "a number above 0",
        " 0 より大きい数",
    ),
    "not_negative": ([0, 0.0, 1e-9, 3], [-1e-9, -1, *NO_NUMBERS], "a number of 0 or more", " 0 以上の数"),
    "fraction": (
        [0, 0.0, 0.5, 0.999, np.float32(0.5)],
        [1, 1.0, -0.1, 1.5, *NO_NUMBERS],
        "a number from 0 up to, not including, 1",
        " 0 以上 1 未満の数",
    ),
    "count": (
        [1, 10**9, np.int64(3), np.uint8(5)],
        [0, -1, 1.0, 2.5, True, "3", None, (1,), np.float64(2)],
        "a whole number above 0",
        " 1 以上の整数",
    ),
    "pair_of_counts": (
        [(1, 1), (5, 3), (np.int64(2), 3)],
        [3, (0, 1), (1, -1), (1,), (1, 2, 3), [2, 2], (1.0, 2), (True, 1), "33", None],
        "a whole number above 0, or two of them",
        " 1 以上の整数（1 つまたは 2 つ）",
    ),
    "truth": ([True, False], [0, 1, "yes", None, 1.0], "True or False", " True か False "),
}
EVERY = [(name, value) for name, row in VALIDATORS.items() for value in row[0]]
NONE = [(name, value) for name, row in VALIDATORS.items() for value in row[1]]


def owner(validator):
    """A class with one setting."""

    @frozen(eq=False)
    class Owner:
        size: object = field(validator=validator)

    return Owner


@pytest.mark.parametrize(("name", "value"), EVERY, ids=lambda value: repr(value)[:20])
def test_a_value_is_taken_as_it_is(name, value):
    assert owner(getattr(settings, name))(value).size is value


@pytest.mark.parametrize(("name", "value"), NONE, ids=lambda value: repr(value)[:20])
def test_a_value_is_refused_in_one_sentence(name, value):
    with pytest.raises(SettingError) as caught:
        owner(getattr(settings, name))(value)
    assert str(caught.value) == f"Owner: size must be {VALIDATORS[name][2]}. Got {shown(value)} instead."


@pytest.mark.parametrize("name", VALIDATORS)
def test_the_sentence_in_japanese(name):
    set_language("ja")
    with pytest.raises(SettingError) as caught:
        owner(getattr(settings, name))(None)
    assert str(caught.value) == f"Owner の size には{VALIDATORS[name][3]}を指定してください（指定された値: None）。"


def test_the_language_is_that_of_the_moment():
    """Validators are made when a class is; their words are looked up when they speak."""
    make = owner(settings.count)
    said = []
    for code in ("ja", "en"):
        set_language(code)
        with pytest.raises(SettingError) as caught:
            make(0)
        said.append(str(caught.value))
    assert said[0] != said[1] and "above 0" in said[1]


@pytest.mark.parametrize("value", ["mean", "sum"])
def test_one_of_takes_its_words(value):
    assert owner(settings.one_of("mean", "sum"))(value).size == value


@pytest.mark.parametrize("value", ["Mean", "", None, 0, ("mean",), ["mean"]])
def test_one_of_refuses_all_else(value):
    with pytest.raises(SettingError) as caught:
        owner(settings.one_of("mean", "sum"))(value)
    assert str(caught.value) == f"Owner: size must be one of 'mean', 'sum'. Got {value!r} instead."


def test_a_subclass_is_named_by_its_own_name():
    base = owner(settings.count)

    class Dense(base):
        pass

    with pytest.raises(SettingError, match=r"^Dense: size must"):
        Dense(0)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (3, (3, 3)),
        (np.int64(3), (3, 3)),
        ([2, 1], (2, 1)),
        ((2, 1), (2, 1)),
        (0, (0, 0)),
        ([1, 2, 3], (1, 2, 3)),
        (2.0, 2.0),
        ("same", "same"),
        (None, None),
    ],
)
def test_pair(value, result):
    assert settings.pair(value) == result


@pytest.mark.parametrize("value", [0, -1, [2], [2, 0], [1, 2, 3], 2.5, "2", None, True])
def test_what_pair_makes_is_checked(value):
    @frozen(eq=False)
    class Pool:
        size: object = field(converter=settings.pair, validator=settings.pair_of_counts)

    with pytest.raises(SettingError, match=r"^Pool: size must be a whole number above 0, or two of them\."):
        Pool(value)
    assert Pool(2).size == (2, 2) and Pool([3, 1]).size == (3, 1)
