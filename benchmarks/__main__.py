"""python -m benchmarks: see ``python -m benchmarks --help``."""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import joining, machine, peers, processes, report, rounds
from benchmarks.cases import CASES, Case
from benchmarks.floor import floor_seconds
from benchmarks.summary import summarise


def parser() -> argparse.ArgumentParser:
    """The command line."""
    known = ", ".join(peers.MODULES)
    made = argparse.ArgumentParser(prog="python -m benchmarks", description="Garasu beside its peers, on this machine.")
    made.add_argument("--quick", action="store_true", help="one short round: does everything run?")
    made.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES), metavar="CASE", help=", ".join(CASES))
    made.add_argument(
        "--peers", nargs="+", type=peer, default=[], metavar="PEER[:SETTING]", help=f"{known}; ours always runs"
    )
    made.add_argument("--repeats", type=positive, default=5, metavar="N", help="rounds (5)")
    made.add_argument(
        "--steps", type=positive, metavar="N", help="timed steps of a measurement (the case says how many)"
    )
    made.add_argument("--json", action="store_true", help="all figures as one JSON object on stdout, not the note")
    made.add_argument("--out", type=Path, metavar="FILE.md", help="write the note there, and FILE.json beside it")
    made.add_argument("--add", action="store_true", help="keep what FILE.json has of other cases")
    return made


def positive(word: str) -> int:
    """A whole number above 0."""
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def peer(word: str) -> tuple[str, str | None]:
    """NAME or NAME:SETTING.

    Example:
        >>> peer("pytorch"), peer("pytorch:channels last")
        (('pytorch', None), ('pytorch', 'channels last'))
    """
    name, colon, setting = word.partition(":")
    if name not in peers.MODULES:
        raise argparse.ArgumentTypeError(f"no peer is called {name!r}; known: {', '.join(peers.MODULES)}")
    return name, setting if colon else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, then print or write. 0 if every measurement is good, 1 if one is not."""
    made = parser()
    asked = made.parse_args(arguments)
    wanted = asked.peers or [(name, None) for name in peers.MODULES]
    if peers.OURS not in dict(wanted):
        wanted = [(peers.OURS, None), *wanted]
    described = {name: processes.ask("peer", name) for name, _ in wanted}
    for name, setting in wanted:
        known = described[name].get("settings", [])
        if setting is not None and known and setting not in known:
            made.error(f"{name} has no setting {setting!r}; known: {', '.join(map(repr, known))}")
    earlier = _earlier(made, asked)
    result = measure(asked, wanted, described)
    good = all("error" not in record for case in result["cases"] for record in case["records"])
    if earlier:
        result = joining.joined(earlier, result)
    _hand_over(result, asked)
    return 0 if good and result["cases"] else 1


def _earlier(made: argparse.ArgumentParser, asked: argparse.Namespace) -> dict[str, Any] | None:
    """Earlier figures that are to be kept; what does not fit is said before hours are spent on measuring."""
    if not asked.add:
        return None
    if not asked.out:
        made.error("--add needs --out FILE.md, whose cases it keeps")
    file = asked.out.with_suffix(".json")
    earlier = joining.read(file)
    if earlier and (other := joining.other_machine(earlier, machine.describe())):
        made.error(f"{file} was measured on another machine ({other}); write to another file")
    return earlier


def tell(line: str) -> None:
    """Progress, on stderr: stdout is for results."""
    print(line, file=sys.stderr, flush=True)


def measure(asked: argparse.Namespace, wanted: Sequence[tuple[str, str | None]], described: Mapping[str, Any]) -> dict:
    """Everything the note and the JSON hold."""
    found = machine.describe()
    tell(f"{found['processor']}, {found['cores']} cores, load {found['load_average']}; also running: {found['others']}")
    rates = processes.ask("rates")
    tell(f"products {rates['product_rate'] / 1e9:.0f} GFLOP/s, copying {rates['bandwidth'] / 1e9:.1f} GB/s")
    run = {
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "quick": asked.quick,
        "rates": rates,
        **{name: found[name] for name in ("date", "load_average", "others")},
    }
    cases = [CASES[name].sized(asked.quick, asked.steps) for name in asked.cases]
    return {
        "machine": found,
        "peers": described,
        "cases": [{**one_case(case, asked, wanted, described, rates), "run": run} for case in cases],
    }


def one_case(
    case: Case,
    asked: argparse.Namespace,
    wanted: Sequence[tuple[str, str | None]],
    described: Mapping[str, Any],
    rates: Mapping[str, Any],
) -> dict[str, Any]:
    """One case's measurements and their summary."""
    repeats = 1 if asked.quick else asked.repeats
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.npz"
        data = processes.ask("data", file, case.rows, *case.picture)
        records = rounds.run(case, rounds.runners(described, wanted, case.id), repeats, file, tell)
    return {
        **case.facts(),
        "repeats": repeats,
        "data": data,
        "left_out": left_out(case, [name for name, _ in wanted], described),
        "records": records,
        "summary": summarise(records, floor_seconds(case, rates)),
    }


def left_out(case: Case, names: Sequence[str], described: Mapping[str, Any]) -> dict[str, str]:
    """The peers that take no part in a case, and why."""
    reasons = {name: _reason(case, described[name]) for name in names}
    return {name: reason for name, reason in reasons.items() if reason}


def _reason(case: Case, info: Mapping[str, Any]) -> str:
    if info["missing"]:
        return f"not installed ({', '.join(info['missing'])})"
    return "" if case.id in info["cases"] else "it cannot do this work"


def _hand_over(result: Mapping[str, Any], asked: argparse.Namespace) -> None:
    note, figures = report.markdown(result), json.dumps(result, indent=1) + "\n"
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(note, encoding="utf-8")
        asked.out.with_suffix(".json").write_text(figures, encoding="utf-8")
        tell(f"written: {asked.out}, {asked.out.with_suffix('.json')}")
    if asked.json:
        print(figures, end="")
    elif not asked.out:
        print(note, end="")


if __name__ == "__main__":
    sys.exit(main())
