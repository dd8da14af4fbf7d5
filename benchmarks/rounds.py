"""The rounds: peers one after another, A B C A B C ..., every measurement in a fresh process."""

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


def runners(described: Mapping[str, Mapping[str, Any]], wanted: Sequence[tuple[str, str | None]]) -> list[Runner]:
    """Those of ``wanted`` (peer, setting or None for all its usual ones) that are installed.

    Example:
        >>> info = {"a": {"missing": [], "title": "A", "settings": ["", "x"]}, "b": {"missing": ["b"]}}
        >>> [runner.name for runner in runners(info, [("a", None), ("b", None)])]
        ['A', 'A, x']
    """
    found: list[Runner] = []
    for peer, setting in wanted:
        info = described[peer]
        if not info["missing"]:
            found += [Runner(peer, one, info) for one in ([setting] if setting is not None else info["settings"])]
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
    job = ("measure", case.id, runner.peer, runner.setting, file, case.steps, case.warm_up)
    with Neighbours() as neighbours:
        try:
            found, seconds = processes.ask_timed(*job, extra=runner.info["environment"])
            record |= found | {"process_seconds": seconds}
            record |= _faults(case, found)
        except processes.WorkerError as error:
            record["error"] = str(error)
    return record | {"others_share": neighbours.share}


def _faults(case: Case, found: Mapping[str, Any]) -> dict[str, str]:
    """What makes a measurement worthless: another network, another number of steps, a loss that does not fall."""
    before, after = found["losses"]
    if found["weights"] != case.network.weights:
        return {"error": f"it trained {found['weights']} weights, the case has {case.network.weights}"}
    if found["steps"] != case.steps:
        return {"error": f"it made {found['steps']} steps, the case has {case.steps}"}
    if not after < before:
        return {"error": f"its loss did not fall: {before:.4f}, then {after:.4f}"}
    return {}


def _said(record: Mapping[str, Any]) -> str:
    if "error" in record:
        return f"FAILED: {record['error']}"
    share = record["others_share"]
    quiet = "" if share is None else f"  others used {100 * share:.0f} % of the machine"
    return f"{1e3 * record['step_seconds']:7.1f} ms a step{quiet}"
