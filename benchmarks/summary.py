"""From measurements to figures: medians, spreads, and ratios pair by pair within a round."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.peers import OURS

Record = Mapping[str, Any]


def spread(values: Iterable[float]) -> dict[str, float] | None:
    """Median, least and greatest; None of nothing.

    Example:
        >>> spread([3.0, 1.0, 2.0])
        {'median': 2.0, 'min': 1.0, 'max': 3.0}
    """
    found = list(values)
    return {"median": median(found), "min": min(found), "max": max(found)} if found else None


def pair_ratios(ours: Sequence[Record], theirs: Sequence[Record]) -> list[float]:
    """Their time over ours within each round that both finished: above 1 we are quicker.

    Example:
        >>> pair_ratios([{"round": 0, "step_seconds": 2.0}, {"round": 1, "step_seconds": 1.0}],
        ...             [{"round": 0, "step_seconds": 3.0}])
        [1.5]
    """
    mine = {record["round"]: record["step_seconds"] for record in ours}
    return [record["step_seconds"] / mine[record["round"]] for record in theirs if record["round"] in mine]


def summarise(records: Sequence[Record], floor: float) -> dict[str, Any]:
    """The rows of the table, and the verdict against the fastest peer."""
    good = [record for record in records if "error" not in record]
    ours = [record for record in good if record["peer"] == OURS]
    names = dict.fromkeys(record["name"] for record in records)
    rows = [_row(name, [one for one in good if one["name"] == name], ours, floor) for name in names]
    peers = [row for row in rows if row["peer"] != OURS and row["step_seconds"]]
    fastest = min(peers, key=lambda row: row["step_seconds"]["median"], default=None)
    return {
        "floor_seconds": floor,
        "rows": [{**row, "failed": _failures(records, row["name"])} for row in rows],
        "fastest_peer": fastest["name"] if fastest else None,
        "ratio_to_fastest": fastest["ratio"] if fastest else None,
        "others_share": spread(one["others_share"] for one in good if one["others_share"] is not None),
    }


def _row(name: str, mine: Sequence[Record], ours: Sequence[Record], floor: float) -> dict[str, Any]:
    steps = spread(record["step_seconds"] for record in mine)
    checks = [record["checks"] for record in mine]
    return {
        "name": name,
        "peer": mine[0]["peer"] if mine else None,
        "count": len(mine),
        "step_seconds": steps,
        "ratio": spread(pair_ratios(ours, mine)),
        "floor_ratio": steps["median"] / floor if steps and floor else None,
        "start_seconds": spread(one["start_seconds"] for one in mine if one["start_seconds"] is not None),
        "peak_bytes": spread(record["peak_bytes"] for record in mine),
        "losses": mine[-1]["losses"] if mine else None,
        "checks": {key: spread(check[key] for check in checks) for key in (checks[0] if checks else ())},
    }


def _failures(records: Sequence[Record], name: str) -> list[str]:
    return [record["error"] for record in records if record["name"] == name and "error" in record]
