"""Errors a user can put right: their sentence, their family, and the way through a pickle."""

import copy
import pickle

import pytest

from garasu.messages import (
    ArgumentError,
    DataError,
    FileError,
    GarasuError,
    NonFiniteError,
    RunError,
    SettingError,
    ShapeError,
    UnknownNameError,
    nearest,
    set_language,
)

FAMILY = {
    GarasuError: Exception,
    SettingError: ValueError,
    ArgumentError: TypeError,
    UnknownNameError: ValueError,
    ShapeError: ValueError,
    DataError: ValueError,
    FileError: OSError,
    RunError: RuntimeError,
    NonFiniteError: FloatingPointError,
}
FIELDS = {"kind": "loss", "name": "mze", "known": "mse"}
ENGLISH, JAPANESE = "There is no loss named 'mze'. Known: mse.", "「mze」という loss はありません。使えるもの: mse。"


def family(kind):
    """The kind and all its descendants, our own."""
    children = [child for child in kind.__subclasses__() if child.__module__.startswith("garasu.messages")]
    return {kind}.union(*map(family, children))


def test_the_family_is_the_one_listed_here():
    assert family(GarasuError) == set(FAMILY)


@pytest.mark.parametrize("kind", FAMILY)
def test_an_error_says_its_sentence(kind):
    error = kind("names.unknown", **FIELDS)
    assert str(error) == ENGLISH and error.args == (ENGLISH,)
    assert (error.key, error.fields) == ("names.unknown", FIELDS)
    assert isinstance(error, GarasuError) and isinstance(error, FAMILY[kind])
    with pytest.raises(FAMILY[kind], match="no loss named"):
        raise error


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_a_pickle(kind, protocol):
    again = pickle.loads(pickle.dumps(kind("names.unknown", **FIELDS), protocol))
    assert type(again) is kind
    assert (str(again), again.key, again.fields) == (ENGLISH, "names.unknown", FIELDS)


@pytest.mark.parametrize("kind", FAMILY)
def test_an_error_survives_a_copy(kind):
    for again in (copy.copy(kind("names.unknown", **FIELDS)), copy.deepcopy(kind("names.unknown", **FIELDS))):
        assert type(again) is kind and str(again) == ENGLISH


@pytest.mark.parametrize("kind", FAMILY)
def test_an_error_keeps_the_language_it_was_raised_in(kind):
    set_language("ja")
    error = kind("names.unknown", **FIELDS)
    set_language("en")
    assert str(error) == JAPANESE


def test_a_field_may_have_any_name():
    """``self`` and ``key`` too: a sentence may speak of a key."""
    assert GarasuError("names.unknown", **FIELDS, key=1, self=2).fields["self"] == 2


@pytest.mark.parametrize("key", ["names.no_such", "no_such_area.key"])
def test_a_key_that_there_is_not(key):
    with pytest.raises((KeyError, FileNotFoundError)):
        GarasuError(key)


# ------------------------------------------------------------------------------------------------------ nearest


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("adm", "adam"),
        ("Adam", "adam"),
        ("ADAM", "adam"),
        ("sdg", "sgd"),
        ("momentun", "momentum"),
        ("zzz", None),
        (3, None),
    ],
)
def test_the_nearest_name_is_offered(name, near):
    error = nearest("optimizer", name, {"sgd", "momentum", "adam"})
    assert isinstance(error, UnknownNameError)
    offer = f" Did you mean '{near}'?" if near else ""
    assert str(error) == f"There is no optimizer named '{name}'.{offer} Known: adam, momentum, sgd."


def test_the_nearest_name_in_japanese():
    set_language("ja")
    said = str(nearest("network", "c8", ["c9", "c4"]))
    assert said == "「c8」というネットワークはありません。「c9」のことですか？ 使えるもの: c4, c9。"


def test_nothing_is_known():
    assert str(nearest("run", "last", [])) == "There is no run named 'last'. Known: ."
