"""Medians, spreads and ratios, on numbers a reader can check by eye."""

from benchmarks.summary import pair_ratios, spread, summarise


def test_ratios_compare_within_a_round_only(record):
    ours = [record(0, "garasu", 2.0), record(1, "garasu", 4.0)]
    theirs = [record(0, "pytorch", 3.0), record(1, "pytorch", 4.0), record(2, "pytorch", 9.0)]
    assert pair_ratios(ours, theirs) == [1.5, 1.0]  # the third round has no partner


def test_the_fastest_peer_is_the_best_setting_by_its_median(record):
    records = [
        *(record(k, "garasu", 1.0) for k in range(3)),
        *(record(k, "pytorch", seconds) for k, seconds in enumerate((1.0, 3.0, 3.0))),
        *(record(k, "pytorch", 2.0, setting="channels last") for k in range(3)),
    ]
    found = summarise(records, floor=0.5)
    assert found["fastest_peer"] == "pytorch channels last"
    assert found["ratio_to_fastest"] == {"median": 2.0, "min": 2.0, "max": 2.0}
    assert {row["name"]: row["floor_ratio"] for row in found["rows"]} == {
        "garasu": 2.0,
        "pytorch": 6.0,
        "pytorch channels last": 4.0,
    }


def test_a_failed_measurement_is_named_and_counts_nothing(record):
    failed = {
        "round": 1,
        "peer": "pytorch",
        "setting": "",
        "name": "pytorch",
        "error": "no answer",
        "others_share": 0.0,
    }
    found = summarise([record(0, "garasu", 1.0), record(0, "pytorch", 2.0), failed], floor=0.5)
    row = found["rows"][1]
    assert (row["count"], row["failed"], row["step_seconds"]["max"]) == (1, ["no answer"], 2.0)


def test_a_peer_that_only_fails_is_no_fastest_peer():
    failed = {
        "round": 0,
        "peer": "pytorch",
        "setting": "",
        "name": "pytorch",
        "error": "no answer",
        "others_share": None,
    }
    found = summarise([failed], floor=0.5)
    assert found["fastest_peer"] is None
    assert found["rows"][0]["step_seconds"] is None


def test_spread_of_nothing_is_none():
    assert spread([]) is None
