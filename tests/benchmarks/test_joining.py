"""Figures of several runs in one note: each case as it was measured last; two machines are not mixed."""

import json

import pytest

from benchmarks import __main__ as main
from benchmarks import joining, machine

MACHINE = {"processor": "P", "cores": 2, "python": "3.11", "system": "Linux 6"}


def run(peers, **cases):
    return {"machine": MACHINE, "peers": peers, "cases": [{"id": name, "figure": one} for name, one in cases.items()]}


def test_cases_as_they_were_measured_last():
    found = joining.joined(run({"garasu": 1, "numpy": 1}, c14=1, c9=1), run({"garasu": 2}, c5=2, c9=2))
    figures = {case["id"]: case["figure"] for case in found["cases"]}
    assert figures == {"c9": 2, "c5": 2, "c14": 1}
    assert list(figures) == ["c9", "c5", "c14"]  # in the order of the suite
    assert found["peers"] == {"garasu": 2, "numpy": 1}


def test_another_machine_is_refused_before_anything_is_measured(tmp_path, monkeypatch, capsys):
    there = machine.describe()
    (tmp_path / "note.json").write_text(json.dumps({**run({}, c9=1), "machine": {**there, "cores": 99}}))
    monkeypatch.setattr(main, "measure", lambda *_: pytest.fail("it was measured"))
    with pytest.raises(SystemExit):
        main.main(["--add", "--out", str(tmp_path / "note.md"), "--peers", "garasu"])
    assert f"another machine (cores 99, not {there['cores']})" in capsys.readouterr().err


def test_to_add_there_must_be_a_file_to_add_to(capsys):
    with pytest.raises(SystemExit):
        main.main(["--add", "--peers", "garasu"])
    assert "--add needs --out" in capsys.readouterr().err


def test_the_first_run_has_nothing_to_keep(tmp_path):
    assert joining.read(tmp_path / "note.json") is None
