"""Which language a text comes in: the one chosen, else the environment's, else English."""

import pytest

from garasu.messages import LANGUAGES, language, set_language, text

ENGLISH = "There is no network named 'c99'. Known: c4, c9."
JAPANESE = "「c99」というネットワークはありません。使えるもの: c4, c9。"


@pytest.fixture
def environment(monkeypatch):
    """Sets LC_ALL, LC_MESSAGES and LANG, with nothing chosen."""
    set_language(None)

    def put(**variables):
        for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("variables", "answer"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "JA_JP"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LC_MESSAGES": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "en"),
    ],
)
def test_the_environment_decides(environment, variables, answer):
    environment(**variables)
    assert language() == answer


def sentence():
    return text("names.unknown", kind=text("kinds.network"), name="c99", known="c4, c9")


def test_a_text_comes_in_the_language_in_use(environment):
    environment(LANG="ja_JP.UTF-8")
    assert sentence() == JAPANESE
    environment(LANG="en_US.UTF-8")
    assert sentence() == ENGLISH


def test_a_choice_stands_above_the_environment(environment):
    environment(LC_ALL="ja_JP.UTF-8")
    set_language("en")
    assert sentence() == ENGLISH
    set_language("ja")
    environment(LC_ALL="en_US.UTF-8")
    assert sentence() == JAPANESE
    set_language(None)
    assert sentence() == ENGLISH


@pytest.mark.parametrize("code", ["de", "JA", "", "ja_JP", 0])
def test_a_language_that_there_is_not(code):
    with pytest.raises(ValueError, match=r"must be one of .*Got .* instead"):
        set_language(code)
    assert language() == "en"


def test_all_languages_can_be_chosen():
    for code in LANGUAGES:
        set_language(code)
        assert language() == code


@pytest.mark.parametrize("key", ["names.no_such", "no_such_area.key", "names", ""])
def test_a_key_that_there_is_not(key):
    with pytest.raises((KeyError, FileNotFoundError)):
        text(key)


def test_a_field_that_is_missing():
    with pytest.raises(KeyError, match="known"):
        text("names.unknown", kind="network", name="c99")


def test_braces_in_a_value_stay_as_they_are():
    assert "'{known}'" in text("names.unknown", kind="network", name="{known}", known="c4")
