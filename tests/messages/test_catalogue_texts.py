"""The catalogue itself: both languages whole and alike, and every key that the source names exists with its fields."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

import garasu
from garasu.messages import LANGUAGES

SOURCE = Path(garasu.__file__).parent
FOLDER = SOURCE / "messages"
AREAS = sorted(path.stem for path in (FOLDER / "en").glob("*.toml"))
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
RAISERS = re.compile(r"text|must_be|\w+Error")


def texts(code, area):
    """One file of the catalogue."""
    return tomllib.loads((FOLDER / code / f"{area}.toml").read_text(encoding="utf-8"))


def placeholders(sentence):
    """The fields of a sentence, each with its conversion and format."""
    return {(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_areas():
    assert AREAS and [sorted(path.stem for path in (FOLDER / code).iterdir()) for code in LANGUAGES] == [AREAS, AREAS]


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_keys_in_the_same_order(area):
    assert list(texts("en", area)) == list(texts("ja", area))


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_placeholders(area):
    english, japanese = texts("en", area), texts("ja", area)
    for key in english:
        assert placeholders(english[key]) == placeholders(japanese[key]), key
        assert all(name.isidentifier() for name, _, _ in placeholders(english[key])), key


@pytest.mark.parametrize("area", AREAS)
def test_each_text_is_in_its_language(area):
    english, japanese = texts("en", area), texts("ja", area)
    for key, sentence in english.items():
        assert sentence.strip() == sentence != "" and not JAPANESE.search(sentence), key
        assert japanese[key].strip() == japanese[key] != "", key
        words = re.sub(r"\{.*?\}|[^A-Za-z]", "", sentence)
        assert JAPANESE.search(japanese[key]) or not words or japanese[key] == sentence, key


# ------------------------------------------------------------------------------------------- against the source


def calls():
    """Every call in the source that names a key of the catalogue: (place, what is called, key, its fields or None)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                key = node.args[0].value
                if RAISERS.fullmatch(name) and isinstance(key, str) and re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", key):
                    fields = [keyword.arg for keyword in node.keywords]
                    yield (
                        f"{path.relative_to(SOURCE)}:{node.lineno}",
                        name,
                        key,
                        None if None in fields else set(fields),
                    )


CALLS = list(calls())


def test_every_key_that_the_source_names_exists():
    known = {f"{area}.{key}" for area in AREAS for key in texts("en", area)}
    assert len(CALLS) > 20
    assert [(place, key) for place, _, key, _ in CALLS if key not in known] == []


def test_every_call_gives_the_fields_of_its_sentence():
    wrong = []
    for place, _, key, fields in CALLS:
        area, _, entry = key.partition(".")
        wanted = {name for name, _, _ in placeholders(texts("en", area).get(entry, ""))}
        if fields is not None and fields != wanted:
            wrong.append((place, key, sorted(fields ^ wanted)))
    assert wrong == []


def test_every_error_is_a_whole_sentence():
    for place, name, key, _ in CALLS:
        if name.endswith("Error"):
            area, _, entry = key.partition(".")
            assert texts("en", area)[entry][-1] in ".!?" and texts("ja", area)[entry][-1] in "。？", (place, key)


def test_every_text_is_used():
    """A text that nothing says any more misleads its translators. (The area "kinds" is asked for by a variable.)"""
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    written = set(re.findall(r"[\"']([a-z_]+\.[a-z_0-9]+)[\"']", source))
    started = tuple(re.findall(r"f[\"']([a-z_]+\.[a-z_0-9]*)\{", source))
    keys = [f"{area}.{key}" for area in AREAS for key in texts("en", area)]
    assert [key for key in keys if key not in written and not key.startswith(started)] == []


def test_every_kind_that_the_source_asks_for_exists():
    kinds = texts("en", "kinds")
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "nearest":
                first = node.args[0]
                assert not isinstance(first, ast.Constant) or first.value in kinds, f"{path}:{node.lineno}"
