"""The rounds: peers one after another, A B C A B C ..., every measurement in a fresh process."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks import processes
from benchmarks.cases import Case
from benchmarks.machine import Neighbours

Tell = Callable[[str], None]


@frozen
class Runner:
    """One column of the comparison: a peer in one of its settings."""

    peer: str
    setting: str
    info: Mapping[str, Any]

    @property
    def name(self) -> str:
        """For tables: "PyTorch (eager), channels last"."""
        return ", ".join(filter(None, (self.info["title"], self.setting)))


def runners(
    described: Mapping[str, Mapping[str, Any]], wanted: Sequence[tuple[str, str | None]], case: str
) -> list[Runner]:
    """Those of ``wanted`` (peer, setting or None for all its usual ones) that are installed and can do the case.

    Example:
        >>> info = {"a": {"missing": [], "title": "A", "cases": {"c9": ["", "x"]}}, "b": {"missing": ["b"]}}
        >>> [runner.name for runner in runners(info, [("a", None), ("b", None)], "c9")]
        ['A', 'A, x']
    """
    found: list[Runner] = []
    for peer, setting in wanted:
        info = described[peer]
        usual = () if info["missing"] else info["cases"].get(case, ())
        found += [Runner(peer, one, info) for one in ([setting] if usual and setting is not None else usual)]
    return found


def schedule(runners: Sequence[Runner], repeats: int) -> Iterator[tuple[int, Runner]]:
    """(round, runner): all runners once, then all again.

    Example:
        >>> [(number, who) for number, who in schedule("AB", 2)]
        [(0, 'A'), (0, 'B'), (1, 'A'), (1, 'B')]
    """
    for number in range(repeats):
        for runner in runners:
            yield number, runner


def run(case: Case, runners: Sequence[Runner], repeats: int, file: Path, tell: Tell) -> list[dict[str, Any]]:
    """Every measurement, in the order made; one that failed has "error" and no figures."""
    records: list[dict[str, Any]] = []
    for number, runner in schedule(runners, repeats):
        records.append(_one(case, runner, number, file))
        tell(f"{case.id}  round {number + 1}/{repeats}  {runner.name:34}  {_said(records[-1])}")
    return records


def _one(case: Case, runner: Runner, number: int, file: Path) -> dict[str, Any]:
    record: dict[str, Any] = {"round": number, "peer": runner.peer, "setting": runner.setting, "name": runner.name}
    with Neighbours() as neighbours:
        try:
            found = _measured(case, runner, file)
            record |= found | _faults(case, found)
        except processes.WorkerError as error:
            record["error"] = str(error)
    return record | {"others_share": neighbours.share}


def _measured(case: Case, runner: Runner, file: Path) -> dict[str, Any]:
    """What a process measured of itself; where the whole process is the case, how long that took."""
    extra = runner.info["environment"]
    if case.kind == "load":
        return processes.run_timed(runner.info["commands"][case.id], extra)
    job = ("measure", case.id, runner.peer, runner.setting, file, case.steps, case.warm_up)
    found, seconds = processes.ask_timed(*job, extra=extra)
    whole = {"step_seconds": seconds, "start_seconds": None} if case.kind == "start" else {}
    return found | {"process_seconds": seconds} | whole


def _faults(case: Case, found: Mapping[str, Any]) -> dict[str, str]:
    """What makes a measurement worthless: another network, another number of steps, a loss that does not fall."""
    if case.kind == "load":
        return {}
    if found["weights"] != case.network.weights:
        return {"error": f"it trained {found['weights']} weights, the case has {case.network.weights}"}
    if found["steps"] != case.steps:
        return {"error": f"it made {found['steps']} steps, the case has {case.steps}"}
    if not all(map(math.isfinite, found["losses"])):
        return {"error": "its loss is not finite"}
    if case.kind in ("train", "copies") and case.falls and not found["losses"][1] < found["losses"][0]:
        return {"error": "its loss did not fall: {:.4f}, then {:.4f}".format(*found["losses"])}
    return {}


def _said(record: Mapping[str, Any]) -> str:
    if "error" in record:
        return f"FAILED: {record['error']}"
    share = record["others_share"]
    quiet = "" if share is None else f"  others used {100 * share:.0f} % of the machine"
    return f"{1e3 * record['step_seconds']:10.3f} ms{quiet}"
