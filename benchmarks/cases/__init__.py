"""The cases: what is measured. A family of like cases stands in one file."""

from benchmarks.cases.c9 import C9
from benchmarks.cases.c10 import C10_50, C10_128
from benchmarks.cases.case import Case
from benchmarks.cases.copies import COPIES
from benchmarks.cases.more_training import AUTOENCODER, C5, C21, NORMALISED
from benchmarks.cases.online import C14, C16
from benchmarks.cases.predict import ALL, LOOP, ONE
from benchmarks.cases.start import HELP, IMPORT, START

_TRAINING = (C9, C10_50, C10_128, C5, C21, NORMALISED, AUTOENCODER, C14, C16, COPIES)
_ALL = (*_TRAINING, ONE, LOOP, ALL, START, IMPORT, HELP)

CASES: dict[str, Case] = {case.id: case for case in _ALL}

__all__ = ["CASES", "Case"]
