"""The report: Markdown for people; the same figures stand in the JSON beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.peers import OURS

_COLUMNS = ("", "their time / ours", "x floor", "start, s", "peak memory, MB", "loss")
_SCALES = ((1.0, "s", 2), (1e3, "ms", 1), (1e6, "µs", 0))
"""Factor, unit and digits of times."""


def markdown(result: Mapping[str, Any]) -> str:
    """The whole note."""
    parts = ["# Benchmarks", _opening(result), _machine(result)]
    parts += [_case(result, case) for case in result["cases"]]
    parts += [_practices(result), _versions(result)]
    return "\n\n".join(parts) + "\n"


def _opening(result: Mapping[str, Any]) -> str:
    lines = [
        "Written by `python -m benchmarks`; every single measurement stands in the `.json` beside this file.",
        "Every measurement is a process of its own; the peers take turns, so that a change of the machine's mood meets",
        "all of them. A step's time is the wall time of an epoch divided by its steps, after a warm-up and without",
        "compilation, that of a call likewise: median (least - greatest). A ratio compares two measurements of one",
        "round: above 1, Garasu is quicker. Start: what the warm-up took, compilation included, above the time its",
        "steps take later. Memory: the most the process held.",
    ]
    if any(case["run"]["quick"] for case in result["cases"]):
        lines.append("\n**This was a quick run: it shows that everything runs. Its figures mean nothing.**")
    return "\n".join(lines)


def _machine(result: Mapping[str, Any]) -> str:
    found = result["machine"]
    memory = f", {found['memory_bytes'] / 2**30:.0f} GiB" if found["memory_bytes"] else ""
    vectors = f" with {found['vectors']}" if found["vectors"] else ""
    rows = [
        ("processor", f"{found['processor']}, {found['cores']} cores{vectors}{memory}"),
        ("system", f"{found['system']}, Python {found['python']}"),
    ]
    return _table(("machine", ""), rows)


def _run(run: Mapping[str, Any]) -> str:
    """When and how a case was measured, and how quiet it was."""
    load = " ".join(map(str, run["load_average"] or ["not known"]))
    return (
        f"Measured {run['date']} by `{run['command']}`: float32 products {_rates(run['rates'])}, copying "
        f"{run['rates']['bandwidth'] / 1e9:.1f} GB/s (read and written); at the start load average {load}, "
        f"also running: {_others(run['others'])}."
    )


def _rates(rates: Mapping[str, Any]) -> str:
    each = ", ".join(f"{name} {rate / 1e9:.0f}" for name, rate in rates["products"].items())
    return f"{rates['product_rate'] / 1e9:.0f} GFLOP/s (the best of {each})"


def _others(others: Sequence[str] | None) -> str:
    if others is None:
        return "not known (psutil is not installed)"
    return ", ".join(others) or "nothing above 5 % of a core"


def _case(result: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    summary = case["summary"]
    parts = [f"## {case['title']}", f"{case['note']} {_size(case)}", _floor(case, case["run"]["rates"])]
    parts += [_rows(summary, case["unit"]), _verdict(summary), _run(case["run"])]
    parts += [_list(lines) for lines in (_more(result, case), _left_out(case), _failed(summary)) if lines]
    return "\n\n".join(filter(None, parts))


def _size(case: Mapping[str, Any]) -> str:
    """How much was measured, on what."""
    steps = f"{case['steps']:,} steps"
    units = {"step": steps, "copy's step": f"{steps} of each copy", "call": f"{case['steps']:,} calls"}
    warmed = "" if case["unit"] == "process" else f" after {case['warm_up']} of warm-up"
    rows = f", batch {case['batch_size']:,}" if "step" in case["unit"] else ""
    measured = units.get(case["unit"], "one process")
    return f"{case['repeats']} repetitions of {measured}{warmed}{rows}; data: {case['data']}."


def _floor(case: Mapping[str, Any], rates: Mapping[str, Any]) -> str:
    floor = case["summary"]["floor_seconds"]
    if not floor:
        return ""
    factor, unit, digits = _scale(floor)
    return (
        f"Floor: {case['operations'] / 1e6:,.2f} million operations / {rates['product_rate'] / 1e9:.0f} GFLOP/s "
        f"+ {case['bytes'] / 1e6:,.2f} MB / {rates['bandwidth'] / 1e9:.1f} GB/s "
        f"= {factor * floor:.{digits}f} {unit} a {case['unit']}."
    )


def _scale(seconds: float) -> tuple[float, str, int]:
    """The unit in which a time reads best.

    Example:
        >>> [_scale(seconds)[1] for seconds in (3.0, 0.02, 0.00003)]
        ['s', 'ms', 'µs']
    """
    return next((one for one in _SCALES if seconds * one[0] >= 1), _SCALES[-1])


def _rows(summary: Mapping[str, Any], unit: str) -> str:
    timed = [row for row in summary["rows"] if row["step_seconds"]]
    scale = _scale(min((row["step_seconds"]["median"] for row in timed), default=1.0))
    ordered = sorted(timed, key=lambda row: row["step_seconds"]["median"])
    rows = [_row(row, scale) for row in ordered] + [
        (row["name"], "failed", *("" for _ in _COLUMNS[1:])) for row in summary["rows"] if not row["step_seconds"]
    ]
    return _table(("", f"{scale[1]} a {unit}", *_COLUMNS[1:]), rows)


def _row(row: Mapping[str, Any], scale: tuple[float, str, int]) -> tuple[str, ...]:
    return (
        f"**{row['name']}**" if row["peer"] == OURS else row["name"],
        _spread(row["step_seconds"], scale[0], scale[2]),
        "" if row["peer"] == OURS else _spread(row["ratio"], 1, 2),
        f"{row['floor_ratio']:.2f}" if row["floor_ratio"] else "",
        _spread(row["start_seconds"], 1, 1),
        _spread(row["peak_bytes"], 1e-6, 0),
        " to ".join(f"{loss:.3f}" for loss in row["losses"]),
    )


def _spread(values: Mapping[str, float] | None, scale: float, digits: int) -> str:
    if values is None:
        return ""
    middle, least, most = (f"{values[key] * scale:.{digits}f}" for key in ("median", "min", "max"))
    return f"{middle} ({least} - {most})"


def _verdict(summary: Mapping[str, Any]) -> str:
    ratio, share = summary["ratio_to_fastest"], summary["others_share"]
    lines: list[str] = []
    if ratio:
        lines.append(
            f"The fastest peer is {summary['fastest_peer']}; its time over ours: {_spread(ratio, 1, 2)}, pair by pair."
        )
    lines += [_checks(row) for row in summary["rows"] if row["peer"] == OURS and row["checks"]]
    if share:
        lines.append(f"Meanwhile other programs used {_spread(share, 100, 0)} % of the machine.")
    return " ".join(lines)


def _checks(row: Mapping[str, Any]) -> str:
    checks, (factor, unit, digits) = row["checks"], _scale(row["checks"]["engine_step_seconds"]["median"])
    return (
        f"Garasu compiled for {_spread(checks['compile_seconds'], 1, 1)} s with an empty cache; by the engine's own "
        f"clock (only its programs) a step took {_spread(checks['engine_step_seconds'], factor, digits)} {unit}."
    )


def _practices(result: Mapping[str, Any]) -> str:
    """How each library is used, as its own guides advise."""
    infos = result["peers"].values()
    said = _list([f"{info['title']}: {info['practice']}" for info in infos if info["practice"]])
    return f"## How each is used\n\n{said}"


def _more(result: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    """What is to be said of a library's use in this case only."""
    infos = [result["peers"][peer] for peer in dict.fromkeys(record["peer"] for record in case["records"])]
    said = [(info["title"], info["more_practice"].get(case["kind"], "")) for info in infos]
    return [f"{title}: {words}" for title, words in said if words]


def _left_out(case: Mapping[str, Any]) -> list[str]:
    return [f"{name} is left out: {reason}." for name, reason in case["left_out"].items()]


def _failed(summary: Mapping[str, Any]) -> list[str]:
    return [f"{row['name']} failed: {text}" for row in summary["rows"] for text in row["failed"]]


def _versions(result: Mapping[str, Any]) -> str:
    found: dict[str, str] = {}
    for info in result["peers"].values():
        found |= info.get("versions", {})
    return "## Versions\n\n" + _table(("package", "version"), sorted(found.items()))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
