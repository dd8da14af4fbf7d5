"""Is B better than A? A paired test over the seeds that both were trained from.

    d_s = b_s - a_s             for every seed s
    t = mean(d) / (sd(d) / sqrt(n))

The same seed draws the same first values (where shapes agree) and the same order of rows, so the differences d vary
less than a and b do by themselves. Student's t test takes the d as normal; Wilcoxon's signed-rank test asks only which
are larger, and cannot find anything at 5 % with fewer than six. Sources: Student (1908), Wilcoxon (1945).
"""

import math
from typing import Any

import numpy as np
from attrs import frozen
from scipy import stats

from garasu.array import Array
from garasu.messages import text

_LEVEL = 0.05
_LEAST_FOR_RANKS = 6


@frozen(eq=False)
class Comparison:
    """What ``Sweep.compare`` found: printed, a sentence.

    ``difference`` is the mean of b - a over the seeds both have, ``interval`` its 95 % interval, ``p`` that of the
    paired t test, ``wilcoxon_p`` that of the signed-rank test (None with fewer than six seeds). ``better`` is "a", "b",
    or None where p is not below 0.05: then it cannot be told.
    """

    metric: str
    a: str
    b: str
    seeds: tuple[int, ...]
    mean_a: float
    mean_b: float
    difference: float
    interval: tuple[float, float]
    p: float
    wilcoxon_p: float | None
    less_is_better: bool

    @property
    def n(self) -> int:
        """How many seeds."""
        return len(self.seeds)

    @property
    def better(self) -> str | None:
        """Which is better, "a" or "b"; None where that cannot be told."""
        if not self.p < _LEVEL:
            return None
        return "b" if (self.difference > 0) != self.less_is_better else "a"

    @property
    def sentence(self) -> str:
        """What was found, in the language in use."""
        found = {
            "a": self.a,
            "b": self.b,
            "metric": self.metric,
            "mean_a": f"{self.mean_a:.4g}",
            "mean_b": f"{self.mean_b:.4g}",
            "difference": f"{self.difference:+.4g}",
            "low": f"{self.interval[0]:+.4g}",
            "high": f"{self.interval[1]:+.4g}",
            "p": f"{self.p:.2g}",
            "n": self.n,
        }
        if self.better is None:
            return text("copies.undecided", **found)
        return text("copies.b_is_better" if self.better == "b" else "copies.a_is_better", **found)

    def __str__(self) -> str:
        return self.sentence


def compare(
    metric: str, names: tuple[str, str], seeds: tuple[int, ...], a: Array, b: Array, *, less_is_better: bool
) -> Comparison:
    """The paired tests of ``b`` against ``a``, (seeds,) each, two at least.

    Example:
        >>> a, b = np.array([0.90, 0.91, 0.89, 0.92]), np.array([0.93, 0.93, 0.92, 0.94])
        >>> found = compare("acc", ("A", "B"), (0, 1, 2, 3), a, b, less_is_better=False)
        >>> found.better, round(found.difference, 3), found.p < 0.01
        ('b', 0.025, True)
    """
    d = b - a
    middle = float(np.mean(d))
    p, low, high = _student(d)
    means = {"mean_a": float(np.mean(a)), "mean_b": float(np.mean(b))}
    tests: dict[str, Any] = {"p": p, "wilcoxon_p": _wilcoxon(d)}
    return Comparison(
        metric, *names, seeds, **means, difference=middle, interval=(low, high), **tests, less_is_better=less_is_better
    )


def _student(d: Array) -> tuple[float, float, float]:
    """p and the 95 % interval; where all differences are one number there is nothing to doubt."""
    middle = float(np.mean(d))
    if np.ptp(d) <= 1e-12 * max(abs(middle), 1e-300):
        return (1.0 if middle == 0 else 0.0), middle, middle
    found: Any = stats.ttest_1samp(d, 0.0)
    half = float(np.std(d, ddof=1)) / math.sqrt(len(d)) * float(stats.t.ppf(1 - _LEVEL / 2, len(d) - 1))
    return float(found.pvalue), middle - half, middle + half


def _wilcoxon(d: Array) -> float | None:
    """p of the signed-rank test; differences of 0 count for neither side."""
    if len(d) < _LEAST_FOR_RANKS:
        return None
    found: Any = stats.wilcoxon(d) if np.any(d) else None
    return 1.0 if found is None else float(found.pvalue)
