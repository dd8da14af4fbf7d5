"""The audit kit's sentences: both languages, the same keys and placeholders, and every key is used."""

import re
import tomllib
from pathlib import Path

import garasu.messages
import garasu.testing
from garasu.testing.ladder import NAMES

FOLDER = Path(garasu.messages.__file__).parent
TEXTS = {code: tomllib.loads((FOLDER / code / "testing.toml").read_text(encoding="utf-8")) for code in ("en", "ja")}
SOURCE = "".join(path.read_text(encoding="utf-8") for path in Path(garasu.testing.__file__).parent.glob("*.py"))


def test_both_languages_say_the_same_things():
    assert list(TEXTS["en"]) == list(TEXTS["ja"])
    for key, english in TEXTS["en"].items():
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", TEXTS["ja"][key])), key


def test_every_rung_is_described():
    assert {key.removeprefix("what_") for key in TEXTS["en"] if key.startswith("what_")} == set(NAMES)


def test_every_text_is_used():
    for key in TEXTS["en"]:
        start = key.partition("_")[0]
        assert any(f'"{name}"' in SOURCE for name in (key, f"testing.{key}")) or f'f"testing.{start}_' in SOURCE, key
