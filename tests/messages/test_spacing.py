"""Japanese sentences: one space between Japanese letters and ASCII, none between Japanese letters, at every seam."""

import re
import string

import pytest

from garasu import layers
from garasu.messages import SettingError, set_language, shown
from garasu.messages.spacing import spaced
from tests.messages.test_catalogue_texts import AREAS, texts

LETTER = "[々ぁ-ゖァ-ヺー㐀-鿿]"


@pytest.mark.parametrize(
    ("sentence", "fields", "result"),
    [
        ("{a} には{b}を指定", {"a": "Dense", "b": "有限の数"}, "Dense には有限の数を指定"),
        ("{a} には{b}を指定", {"a": "Dense", "b": "1 以上の整数"}, "Dense には 1 以上の整数を指定"),
        ("{a} には{b}を指定", {"a": "写真", "b": "数、または None"}, "写真には数、または None を指定"),
        ("{a} には{b}を指定", {"a": "it's", "b": "'mean' か 'sum'"}, "it's には 'mean' か 'sum' を指定"),
        ("「{a}」という{b}は（値: {c}）。", {"a": "x", "b": "層", "c": 3}, "「x」という層は（値: 3）。"),
        ("形 {a} の", {"a": (1, 2)}, "形 (1, 2) の"),
        ("{a}{b}", {"a": "猫", "b": "cat"}, "猫 cat"),
        ("{a} {b}", {"a": "層", "b": "枝"}, "層 枝"),
        ("{a}  {b}", {"a": "層", "b": "枝"}, "層  枝"),
        ("{a:>4}枚", {"a": 3}, "   3 枚"),
        ("{{a}}{a!r}です", {"a": "q"}, "{a}'q' です"),
        ("{a}、{b}", {"a": "x", "b": "y"}, "x、y"),
        ("{a}の{b}", {"a": "写真 a", "b": " に"}, "写真 a の に"),
        ("何もない", {}, "何もない"),
    ],
)
def test_the_seams(sentence, fields, result):
    assert spaced(sentence, fields) == result


@pytest.mark.parametrize("area", AREAS)
def test_the_sentences_themselves_keep_the_rule(area):
    """What stands in the catalogue is written so already; only seams are set."""
    for key, sentence in texts("ja", area).items():
        for words, *_ in string.Formatter().parse(sentence):
            assert not re.search(rf"{LETTER}[0-9A-Za-z'\"]|[0-9A-Za-z'\"]{LETTER}", words), key


def test_an_error_in_japanese():
    set_language("ja")
    with pytest.raises(SettingError) as caught:
        layers.Dropout(1.5)
    assert str(caught.value) == "Dropout の rate には 0 以上 1 未満の数を指定してください（指定された値: 1.5）。"


@pytest.mark.parametrize(
    ("value", "room", "result"),
    [
        ("a" * 200, 20, "'aaaaaaaaa ... aaaaaaaaa'"),
        (["a" * 100, 3], 80, f"['{'a' * 19} ... {'a' * 19}', 3]"),
        ((layers.Dense(2), layers.Flatten()), 80, "(Dense(...), Flatten(...))"),
        (lambda u: u, 80, "<function <lambda>>"),
        (re, 80, "<module re>"),
        ({"a": "b\nc"}, 80, "{'a': 'b\\nc'}"),
    ],
)
def test_values_in_few_signs(value, room, result):
    assert shown(value, room) == result
