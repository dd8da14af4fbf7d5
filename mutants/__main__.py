"""python -m mutants: see ``python -m mutants --help``."""

import argparse
import json
import os
import sys
import time
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from attrs import asdict

from mutants.report import note
from mutants.run import run

_EXPLAINED = Path(__file__).parent / "explained.toml"
_LEAST = 0.98


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m mutants", description="Change the rules one thing at a time: do the proofs notice?"
    )
    made.add_argument("--only", default="", metavar="PART", help="targets whose name holds this, as layers/dense")
    made.add_argument("--workers", type=int, metavar="N", help="processes at once (as many as there are cores)")
    made.add_argument("--json", action="store_true", help="every mutant as one JSON object on stdout")
    made.add_argument("--out", type=Path, metavar="FILE.md", help="write the table there")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, then print or write. 0 if at least 98 % were noticed and the others are explained, else 1."""
    asked = parser().parse_args(arguments)
    began = time.perf_counter()
    fates = run(asked.only, asked.workers)
    if not fates:
        print(f"no target's name holds {asked.only!r}", file=sys.stderr)
        return 2
    explained = tomllib.loads(_EXPLAINED.read_text(encoding="utf-8"))
    minutes = (time.perf_counter() - began) / 60
    when = f"{date.today().isoformat()}, {minutes:.0f} minutes on {os.cpu_count()} cores"  # noqa: DTZ011 - a day is enough
    page = note(fates, explained, when)
    if asked.out:
        asked.out.write_text(page, encoding="utf-8")
    print(json.dumps({"mutants": [asdict(fate) for fate in fates]}, indent=1) if asked.json else page)
    survivors = [fate for fate in fates if not fate.caught]
    enough = len(survivors) <= (1 - _LEAST) * len(fates)
    return 0 if enough and all(fate.id in explained for fate in survivors) else 1


if __name__ == "__main__":
    sys.exit(main())
