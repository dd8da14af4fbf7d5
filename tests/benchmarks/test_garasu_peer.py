"""Our own measurement, through the worker as a real run makes it, but with few steps."""

from benchmarks import processes
from benchmarks.cases import CASES


def test_ours_does_the_cases_work(tmp_path):
    file = tmp_path / "data.npz"
    processes.ask("data", file, 6 * 128, 28, 28)
    found = processes.ask("measure", "c9", "garasu", "", file, 6, 2, extra={"GARASU_COMPILE_CACHE": "off"})
    before, after = found["losses"]
    assert after < before
    assert (found["weights"], found["steps"]) == (CASES["c9"].network.weights, 6)
    assert found["seconds"] > 0
    assert 0 < found["checks"]["engine_step_seconds"] <= found["step_seconds"] * 1.01
    assert found["checks"]["compile_seconds"] > 0
    assert 100e6 < found["peak_bytes"] < 4e9
