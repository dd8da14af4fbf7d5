"""Warnings on the command line: a sentence on stderr, once, and no line of the program."""

import warnings

import pytest

from garasu.cli import main, warned
from garasu.messages import GarasuWarning

TRAIN = ("train", "softmax-regression", "--data", "digits", "--engine", "eager", "--steps", "1", "--no-report")


@pytest.mark.parametrize(("language", "begins"), [("en", "Warning: CPUs have no"), ("ja", "注意: CPU には bfloat16")])
def test_bfloat16_on_a_cpu_gains_nothing(tmp_path, monkeypatch, capsys, language, begins):
    monkeypatch.chdir(tmp_path)
    assert main([*TRAIN, "--precision", "bfloat16", "--lang", language]) == 0
    said = capsys.readouterr().err.splitlines()
    assert len([line for line in said if "bfloat16" in line]) == 1 and said[0].startswith(begins)
    assert "float32" in said[0] and ".py" not in said[0]


def test_in_float32_nothing_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*TRAIN, "--lang", "en"]) == 0
    assert "Warning" not in capsys.readouterr().err


def test_each_sentence_is_said_once_and_others_warnings_are_as_before(capsys):
    heard = []
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *others: heard.append(str(message))
        with warned.in_words():
            for sentence in ("one", "two", "one"):
                warnings.warn(sentence, GarasuWarning, stacklevel=1)
            warnings.warn("another's", UserWarning, stacklevel=1)
    assert [line.rpartition(" ")[2] for line in capsys.readouterr().err.splitlines()] == ["one", "two"]
    assert heard == ["another's"]
