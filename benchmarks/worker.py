"""One measurement in a process of its own; called by ``benchmarks.rounds``, the answer is the last line of stdout.

worker data FILE ROWS Y X                              write the data, say what they are
worker rates                                           the machine's rates
worker peer NAME                                       what a peer says of itself
worker measure CASE PEER SETTING FILE STEPS WARM_UP    one measurement
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from attrs import evolve

from benchmarks import peers
from benchmarks.cases import CASES

MARK = "benchmark-answer:"
"""What the answer's line begins with; libraries write other lines."""


def peak_bytes() -> int:
    """The most memory this process has held so far (resident)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def measure(case: str, peer: str, setting: str, file: str, steps: str, warm_up: str) -> dict[str, Any]:
    """One peer's measurement of one case."""
    from benchmarks import data

    work = evolve(CASES[case], steps=int(steps), warm_up=int(warm_up))
    images, labels = data.read(Path(file))
    who = peers.get(peer)
    found = getattr(who, "train" if work.kind == "start" else work.kind)(work, setting, images, labels)
    return found.as_dict() | {"peak_bytes": peak_bytes()}


def describe(peer: str) -> dict[str, Any]:
    """Title, settings and versions of a peer; only ``missing`` if its libraries are not here."""
    try:
        who = peers.get(peer)
    except ModuleNotFoundError as error:
        return {"missing": [error.name]}
    if missing := who.missing():
        return {"missing": missing}
    return {
        "missing": [],
        "title": who.title,
        "settings": sorted({*who.settings, *who.more_settings, *sum(map(who.settings_for, CASES.values()), ())}),
        "practice": who.practice,
        "more_practice": dict(who.more_practice),
        "environment": dict(who.environment),
        "versions": {name: found for name, found in who.versions().items() if found[0].isdigit()},
        "cases": {case.id: who.settings_for(case) for case in CASES.values() if who.does(case)},
        "commands": {case.id: who.command(case) for case in CASES.values() if case.kind == "load" and who.does(case)},
    }


def answer(job: str, *arguments: str) -> Any:
    """Do what the command line asks."""
    if job == "data":
        from benchmarks import data

        file, rows, high, wide = arguments
        return data.write(Path(file), int(rows), (int(high), int(wide)))
    if job == "rates":
        from benchmarks import rates

        return rates.measure()
    return {"peer": describe, "measure": measure}[job](*arguments)


if __name__ == "__main__":
    print(MARK + json.dumps(answer(*sys.argv[1:])), flush=True)
