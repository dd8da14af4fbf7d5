"""The order of the measurements, and what makes one worthless."""

from types import SimpleNamespace

import pytest

from benchmarks import processes, rounds
from benchmarks.__main__ import left_out
from benchmarks.cases import CASES

C9 = CASES["c9"].sized(quick=True)
INFO = {"missing": [], "title": "Peer", "cases": {"c9": ["", "other"]}, "environment": {}}
GOOD = {"losses": [2.0, 1.0], "weights": 3_222_954, "steps": 40, "step_seconds": 0.05}


@pytest.fixture
def answered(monkeypatch):
    """Measurements answered from a table by (peer, setting) instead of by a process; the calls made."""
    table, calls = {}, []

    def ask_timed(job, case, peer, setting, *rest, extra=None):
        calls.append((peer, setting))
        answer = table.get((peer, setting), GOOD)
        if isinstance(answer, Exception):
            raise answer
        return answer, 1.0

    monkeypatch.setattr(processes, "ask_timed", ask_timed)
    return SimpleNamespace(table=table, calls=calls)


def _runners():
    return rounds.runners({"a": INFO, "b": {**INFO, "cases": {"c9": [""]}}}, [("a", None), ("b", None)], "c9")


def test_peers_take_turns(answered, tmp_path):
    records = rounds.run(C9, _runners(), 2, tmp_path, tell=lambda line: None)
    once = [("a", ""), ("a", "other"), ("b", "")]
    assert answered.calls == once + once
    assert [record["round"] for record in records] == [0, 0, 0, 1, 1, 1]
    assert not any("error" in record for record in records)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"losses": [2.0, 2.0]}, "loss did not fall"),
        ({"losses": [2.0, float("nan")]}, "loss is not finite"),
        ({"weights": 3_000_000}, "3000000 weights"),
        ({"steps": 39}, "39 steps"),
    ],
)
def test_other_work_is_no_measurement(answered, tmp_path, change, said):
    answered.table["b", ""] = GOOD | change
    *_, last = rounds.run(C9, _runners(), 1, tmp_path, tell=lambda line: None)
    assert said in last["error"]


def test_the_loss_of_copies_must_fall_too(answered, tmp_path):
    case = CASES["copies"]
    answered.table["a", ""] = {**GOOD, "losses": [2.0, 2.0], "weights": case.network.weights, "steps": case.steps}
    (found,) = rounds.run(
        case, rounds.runners({"a": {**INFO, "cases": {"copies": [""]}}}, [("a", None)], "copies"), 1, tmp_path, print
    )
    assert "loss did not fall" in found["error"]


def test_a_worker_that_fails_is_told_and_the_others_go_on(answered, tmp_path):
    answered.table["a", ""] = processes.WorkerError("exit status 1: out of memory")
    lines = []
    records = rounds.run(C9, _runners(), 1, tmp_path, tell=lines.append)
    assert ["error" in record for record in records] == [True, False, False]
    assert "out of memory" in lines[0]


def test_a_setting_asked_for_is_the_only_one():
    assert [runner.setting for runner in rounds.runners({"a": INFO}, [("a", "other")], "c9")] == ["other"]


def test_peers_that_take_no_part_are_named_with_the_reason():
    described = {"here": INFO, "gone": {"missing": ["torch"]}, "unable": {**INFO, "cases": {}}}
    reasons = left_out(C9, list(described), described)
    assert reasons == {"gone": "not installed (torch)", "unable": "it cannot do this work"}


def test_a_start_is_its_whole_process(answered, tmp_path):
    answered.table["a", ""] = GOOD | {"losses": [2.0], "steps": CASES["start"].steps}
    info = {**INFO, "cases": {"start": [""]}}
    (found,) = rounds.run(CASES["start"], rounds.runners({"a": info}, [("a", None)], "start"), 1, tmp_path, print)
    assert (found["step_seconds"], found["start_seconds"]) == (1.0, None)


def test_an_import_is_a_command(tmp_path):
    info = {**INFO, "cases": {"import": [""]}, "commands": {"import": ["-c", "pass"]}}
    (found,) = rounds.run(CASES["import"], rounds.runners({"a": info}, [("a", None)], "import"), 1, tmp_path, print)
    assert 0 < found["step_seconds"] < 60
    assert found["peak_bytes"] > 1e6  # the test's own process counts into it
