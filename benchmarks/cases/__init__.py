"""The cases, one file each."""

from benchmarks.cases.c9 import C9
from benchmarks.cases.case import Case

CASES: dict[str, Case] = {case.id: case for case in (C9,)}

__all__ = ["CASES", "Case"]
