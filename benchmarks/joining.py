"""Figures of several runs in one note: a whole suite takes longer than a machine stays quiet.

A case stands in the note as it was measured last, with the date, the command, the rates and the load of its own run.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES

_SAME = ("processor", "cores", "python", "system")


def read(file: Path) -> dict[str, Any] | None:
    """The figures of earlier runs, or None where there are none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def other_machine(earlier: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """What tells the machine of earlier figures from this one, in words; nothing where they are the same.

    Example:
        >>> here = {"processor": "P", "cores": 2, "python": "3.11", "system": "Linux 6"}
        >>> other_machine({"machine": {**here, "cores": 8}}, here)
        'cores 8, not 2'
    """
    differences = [(name, earlier["machine"][name], found[name]) for name in _SAME]
    return ", ".join(f"{name} {old}, not {new}" for name, old, new in differences if old != new)


def joined(earlier: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """``result`` with those cases of an earlier one that it has not measured itself."""
    cases = {case["id"]: case for case in [*earlier["cases"], *result["cases"]]}
    ordered = [cases[name] for name in CASES if name in cases]
    return {**result, "peers": {**earlier["peers"], **result["peers"]}, "cases": ordered}
