"""The note: everything the reader must know stands in it."""

import pytest

from benchmarks import report
from benchmarks.cases import CASES
from benchmarks.summary import summarise

MACHINE = {
    "processor": "Some Processor",
    "vectors": "AVX2",
    "cores": 2,
    "memory_bytes": 8 * 2**30,
    "system": "Linux 6",
    "python": "3.11.2",
    "date": "2026-01-02 03:04 UTC",
    "load_average": [0.1, 0.2, 0.3],
    "others": ["editor 12 %"],
}
PEERS = ("garasu", "pytorch")
RATES = {"products": {"NumPy": 100e9, "XLA": 150e9}, "product_rate": 150e9, "bandwidth": 20e9}
RUN = {
    "command": "python -m benchmarks",
    "quick": False,
    "rates": RATES,
    **{name: MACHINE[name] for name in ("date", "load_average", "others")},
}


@pytest.fixture
def result(record):
    """A whole result of two rounds."""
    times = ((0.03, 0.04), (0.02, 0.05))
    records = [record(k, peer, t) for k, pair in enumerate(times) for peer, t in zip(PEERS, pair, strict=True)]
    info = {"missing": [], "title": "PyTorch", "practice": "Fused Adam.", "versions": {"torch": "2.0"}}
    info["more_practice"] = {"copies": "One after another."}
    case = CASES["c9"].facts() | {
        "repeats": 2,
        "data": "MNIST",
        "left_out": {"keras-jax": "not installed (keras)"},
        "records": records,
        "summary": summarise(records, 0.01),
        "run": RUN,
    }
    peers = {"garasu": {**info, "title": "Garasu", "practice": "", "more_practice": {}}, "pytorch": info}
    return {"machine": MACHINE, "peers": peers, "cases": [case]}


def test_figures_stand_in_the_table(result):
    note = report.markdown(result)
    assert "| **garasu** | 25.0 (20.0 - 30.0) |  | 2.50 |" in note
    assert "| pytorch | 45.0 (40.0 - 50.0) | 1.92 (1.33 - 2.50) | 4.50 |" in note  # 4/3 and 5/2, pair by pair
    assert "|  | ms a step | their time / ours |" in note
    assert "The fastest peer is pytorch; its time over ours: 1.92 (1.33 - 2.50)" in note


@pytest.mark.parametrize(
    "said",
    [
        "Some Processor, 2 cores with AVX2, 8 GiB",
        "Measured 2026-01-02 03:04 UTC by `python -m benchmarks`: float32 products 150 GFLOP/s ",
        "(the best of NumPy 100, XLA 150), copying 20.0 GB/s (read and written); ",
        "at the start load average 0.1 0.2 0.3, also running: editor 12 %.",
        "2,634.68 million operations / 150 GFLOP/s + 90.24 MB / 20.0 GB/s = 10.0 ms",
        "keras-jax is left out: not installed (keras).",
        "- PyTorch: Fused Adam.",
        "| torch | 2.0 |",
    ],
)
def test_what_a_reader_must_know_is_said(result, said):
    assert said in report.markdown(result)


def test_copies_are_measured_a_copys_step(result):
    assert "One after another." not in report.markdown(result)
    result["cases"][0] |= CASES["copies"].facts()
    note = report.markdown(result)
    assert "2 repetitions of 120 steps of each copy after 20 of warm-up, batch 100; data: MNIST." in note
    assert "13.14 million operations / 150 GFLOP/s + 0.39 MB / 20.0 GB/s = 10.0 ms a copy's step." in note
    assert "|  | ms a copy's step | their time / ours |" in note
    assert "- PyTorch: One after another." in note


def test_a_quick_run_says_that_it_proves_nothing(result):
    assert "figures mean nothing" not in report.markdown(result)
    result["cases"][0]["run"] = {**RUN, "quick": True}
    assert "figures mean nothing" in report.markdown(result)


def test_a_peer_that_failed_has_a_row_and_a_reason(result, record):
    case = result["cases"][0]
    failed = {"round": 0, "peer": "pytorch", "setting": "", "name": "x", "error": "no answer", "others_share": None}
    case["summary"] = summarise([*case["records"], failed], 0.01)
    note = report.markdown(result)
    assert "| x | failed |" in note
    assert "x failed: no answer" in note
