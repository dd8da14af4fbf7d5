"""Help in both languages, the version, and that neither waits for the big libraries."""

import json

import pytest

import garasu

VERBS = {
    "train": "NETWORK --data --epochs --steps --batch-size --steps-per-epoch --replacement "
    "--optimizer --learning-rate --loss-reduction --seed --engine "
    "--device --precision --out --name --resume --lang --json",
    "evaluate": "RUN --checkpoint --device --out --lang --json",
    "summary": "NETWORK --lang --json",
    "check": "LAYER RUN FILE.py:CLASS --settings --in-shape --full --rows --samples --checkpoint --data --out "
    "--lang --json",
    "runs": "--out --lang --json",
    "doctor": "--lang --json",
}
WORDS = {"en": ["Usage: ", "Options:", "Show this message"], "ja": ["使い方: ", "オプション:", "表示"]}
LOADED = "import sys; {}; import json; json.dump([m for m in {} if m in sys.modules], sys.stdout)"
"""A program that does something, then names which of some modules it loaded."""


@pytest.mark.parametrize("language", ["en", "ja"])
def test_help_names_every_verb(cli, language):
    result = cli("--help", "--lang", language)
    assert (result.code, result.err) == (0, "")
    for word in [*VERBS, *WORDS[language]]:
        assert word in result.out


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_names_all_its_options(cli, verb, language):
    result = cli(verb, "--help", "--lang", language)
    assert (result.code, result.err) == (0, "")
    for word in [*VERBS[verb].split(), *WORDS[language]]:
        assert word in result.out


def test_lang_stands_before_the_verb_too_and_otherwise_the_environment_decides(cli):
    japanese = cli("--help", "--lang", "ja").out
    assert cli("--lang", "ja", "--help").out == cli("-h", "--lang=ja").out == japanese
    assert cli("--help", LANG="ja_JP.UTF-8").out == japanese
    assert cli("--help", "--lang", "en", LANG="ja_JP.UTF-8").out == cli("--help").out


def test_without_a_verb_the_help_is_shown(cli):
    for words, language in [((), "en"), (("--lang", "ja"), "ja")]:
        result = cli(*words)
        assert (result.code, result.out) == (2, "")
        assert result.err == cli("--help", "--lang", language).out


def test_the_version_is_the_packages(cli):
    result = cli("--version")
    assert (result.code, result.err) == (0, "") and result.out.split()[-1] == garasu.__version__


@pytest.mark.parametrize(
    ("act", "big"),
    [
        ("import garasu", ["numpy", "jax", "matplotlib", "sklearn", "rich", "click"]),
        ("from garasu.cli import main; main(['--help'])", ["numpy", "jax", "matplotlib", "sklearn", "rich"]),
        ("from garasu.cli import main; main(['train', '--help'])", ["numpy", "jax", "matplotlib", "sklearn", "rich"]),
    ],
    ids=["import", "help", "train-help"],
)
def test_a_quick_start_loads_no_big_library(cli, act, big):
    result = cli(first=("-c", LOADED.format(act, big)))
    assert result.code == 0 and json.loads(result.out.splitlines()[-1]) == []
