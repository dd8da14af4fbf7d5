"""The floor: the least time a step can take on this machine if products and memory traffic do not overlap.

    floor = operations / product rate + bytes / bandwidth

Operations and bytes follow from the layers' shapes (``benchmarks.network``, ``benchmarks.cases``), the two rates are
measured before the first round (``benchmarks.rates``).
"""

from collections.abc import Mapping
from typing import Any

from benchmarks.cases import Case


def floor_seconds(case: Case, rates: Mapping[str, Any]) -> float:
    """Seconds for one step.

    Example:
        >>> from benchmarks.cases import CASES
        >>> round(floor_seconds(CASES["c9"], {"product_rate": 300e9, "bandwidth": 50e9}), 4)
        0.0106
    """
    return case.operations / rates["product_rate"] + case.bytes / rates["bandwidth"]
