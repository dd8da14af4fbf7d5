"""The report: Markdown for people; the same figures stand in the JSON beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.peers import OURS

_COLUMNS = ("", "ms a step", "their time / ours", "x floor", "start, s", "peak memory, MB", "loss")


def markdown(result: Mapping[str, Any]) -> str:
    """The whole note."""
    parts = ["# Benchmarks", _opening(result), _machine(result)]
    parts += [_case(result, case) for case in result["cases"]]
    parts.append(_versions(result))
    return "\n\n".join(parts) + "\n"


def _opening(result: Mapping[str, Any]) -> str:
    lines = [
        f"Written by `{result['command']}`; every single measurement stands in the `.json` beside this file.",
        "Every measurement is a process of its own; the peers take turns, so that a change of the machine's mood meets",
        "all of them. A step's time is the wall time of an epoch divided by its steps, after a warm-up and without",
        "compilation: median (least - greatest). A ratio compares two measurements of one round: above 1, Garasu is",
        "quicker. Start: what the warm-up took, compilation included, above the time its steps take later. Memory: the",
        "most the process held.",
    ]
    if result["quick"]:
        lines.append("\n**This was a quick run: it shows that everything runs. Its figures mean nothing.**")
    return "\n".join(lines)


def _machine(result: Mapping[str, Any]) -> str:
    found, rates = result["machine"], result["rates"]
    memory = f", {found['memory_bytes'] / 2**30:.0f} GiB" if found["memory_bytes"] else ""
    vectors = f" with {found['vectors']}" if found["vectors"] else ""
    rows = [
        ("date", found["date"]),
        ("processor", f"{found['processor']}, {found['cores']} cores{vectors}{memory}"),
        ("system", f"{found['system']}, Python {found['python']}"),
        ("load average at the start", " ".join(map(str, found["load_average"] or ["not known"]))),
        ("what else ran at the start", _others(found["others"])),
        ("float32 products", _rates(rates)),
        ("copying (read and written)", f"{rates['bandwidth'] / 1e9:.1f} GB/s"),
    ]
    return _table(("machine", ""), rows)


def _rates(rates: Mapping[str, Any]) -> str:
    each = ", ".join(f"{name} {rate / 1e9:.0f}" for name, rate in rates["products"].items())
    return f"{rates['product_rate'] / 1e9:.0f} GFLOP/s (the best of {each})"


def _others(others: Sequence[str] | None) -> str:
    if others is None:
        return "not known (psutil is not installed)"
    return ", ".join(others) or "nothing above 5 % of a core"


def _case(result: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    summary, rates = case["summary"], result["rates"]
    size = (
        f"{case['repeats']} repetitions of {case['steps']} steps after {case['warm_up']} steps of warm-up, "
        f"batch {case['batch_size']}; data: {case['data']}."
    )
    floor = (
        f"Floor: {case['operations'] / 1e6:,.1f} million operations / {rates['product_rate'] / 1e9:.0f} GFLOP/s "
        f"+ {case['bytes'] / 1e6:,.1f} MB / {rates['bandwidth'] / 1e9:.1f} GB/s "
        f"= {1e3 * summary['floor_seconds']:.1f} ms a step."
    )
    parts = [f"## {case['title']}", f"{case['note']} {size}", floor, _rows(summary), _verdict(summary)]
    parts += [_list(lines) for lines in (_practices(result, case), _left_out(result, case), _failed(summary)) if lines]
    return "\n\n".join(parts)


def _rows(summary: Mapping[str, Any]) -> str:
    ordered = sorted(summary["rows"], key=lambda row: row["step_seconds"]["median"] if row["step_seconds"] else 1e9)
    return _table(_COLUMNS, [_row(row) for row in ordered])


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    if not row["step_seconds"]:
        return (row["name"], "failed", *("" for _ in _COLUMNS[2:]))
    return (
        f"**{row['name']}**" if row["peer"] == OURS else row["name"],
        _spread(row["step_seconds"], 1e3, 1),
        "" if row["peer"] == OURS else _spread(row["ratio"], 1, 2),
        f"{row['floor_ratio']:.2f}",
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
    lines += [_checks(row["checks"]) for row in summary["rows"] if row["peer"] == OURS and row["checks"]]
    if share:
        lines.append(f"Meanwhile other programs used {_spread(share, 100, 0)} % of the machine.")
    return " ".join(lines)


def _checks(checks: Mapping[str, Any]) -> str:
    return (
        f"Garasu compiled for {_spread(checks['compile_seconds'], 1, 1)} s with an empty cache; by the engine's own "
        f"clock (only its programs) a step took {_spread(checks['engine_step_seconds'], 1e3, 1)} ms."
    )


def _practices(result: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    infos = [result["peers"][peer] for peer in dict.fromkeys(record["peer"] for record in case["records"])]
    return [f"{info['title']}: {info['practice']}" for info in infos if info["practice"]]


def _left_out(result: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
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
