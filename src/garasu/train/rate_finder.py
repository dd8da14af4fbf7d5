"""The learning-rate finder: one short training in which the rate grows until the loss explodes.

    rate_k = low (high / low)^(k / (steps - 1))        one mini-batch each; l_k its loss before the step of that rate
    s_k    = b s_(k-1) + (1 - b) l_k                   smoothed, s_(-1) = 0, and divided by 1 - b^(k+1)

Too small a rate changes nothing, one that suits lets the loss fall, one too large throws the weights away. The rate
suggested is the middle of the decade of rates over which the smoothed loss falls most before it is lowest: where it is
lowest the rate is too large already. Sources: L. N. Smith, "Cyclical learning rates for training neural networks"
(2015; WACV 2017), section 3.3; that the rate grows exponentially and the loss is smoothed is fastai's form.
"""

# NumPy's linspace and interp are typed in part only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import itertools
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import numpy as np
from attrs import field, frozen

from garasu.array import Array, Tree, random
from garasu.messages import SettingError, text
from garasu.settings import count, fraction, positive
from garasu.train import batches
from garasu.train.diagnosis import non_finite
from garasu.train.engine import Engine
from garasu.train.feed import Feed, feed
from garasu.train.loop import Progress, means
from garasu.train.task import Task

_FIRST = 5
"""Mini-batches whose losses say where the loss began; before them nothing is judged."""
_HALF = 0.5
"""Decades of rates on either side of the one suggested."""
_MIDDLES = 101
"""Rates among which the one suggested is sought."""


@frozen(eq=False)
class LearningRateFinder:
    """How to look: ``steps`` mini-batches, the rate growing from ``low`` to ``high``.

    Raises:
        SettingError: a setting out of range, or ``high`` not above ``low``.

    Example:
        >>> LearningRateFinder(0.001, 0.1, steps=3).rates().round(6).tolist()
        [0.001, 0.01, 0.1]
    """

    low: float = field(default=1e-7, validator=positive)
    high: float = field(default=10.0, validator=positive)
    steps: int = field(default=100, validator=count)
    smoothing: float = field(default=0.9, validator=fraction)

    def __attrs_post_init__(self) -> None:
        """The rate must grow."""
        if self.high <= self.low:
            expected = text("train.above_low", low=self.low)
            raise SettingError(
                "settings.must_be", owner="LearningRateFinder", name="high", expected=expected, value=repr(self.high)
            )

    def rates(self) -> Array:
        """Every rate, in float64."""
        return np.geomspace(self.low, self.high, self.steps)


@frozen(eq=False, repr=False)
class FoundRates:
    """What the finder saw: ``rates`` tried, the loss at each, the losses ``smoothed``, and the ``suggestion``.

    ``suggestion`` is None where the loss never fell; ``exploded`` says whether the search ended before the last rate.
    ``figures.learning_rate_finder`` draws it, as does ``plot`` of what a model gives back.

    Example:
        >>> FoundRates(np.array([0.1, 1.0]), np.array([2.0, 1.0]), np.array([2.0, 1.5]), 0.316, exploded=False)
        FoundRates(suggestion=0.316, tried=2, exploded=False)
    """

    rates: Array
    losses: Array
    smoothed: Array
    suggestion: float | None
    exploded: bool

    def __repr__(self) -> str:
        said = {"suggestion": self.suggestion, "tried": len(self.rates), "exploded": self.exploded}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in said.items())})"


def search(
    task: Task,
    engine: Engine,
    carry: Tree,
    hyper: Mapping[str, Any],
    data: Mapping[str, Array],
    how: LearningRateFinder,
    *,
    batch_size: int,
    seed: int,
) -> FoundRates:
    """Train from ``carry``, which is used up, the rate growing with every mini-batch. The rate must be no schedule.

    Raises:
        NonFiniteError: a number was not finite in the very first step, so that no loss was seen.
    """
    losses: list[float] = []
    rates, key = how.rates(), random.fold_name(random.key(seed), "steps")
    zeros = {name: np.zeros((), str(value.dtype)) for name, value in carry["sums"].items()}
    with closing(feed(engine, data)) as rows:
        for rate, (part, order, at) in zip(rates, _mini_batches(rows, len(data["x"]), batch_size, seed), strict=False):
            now = {**hyper, "optimizer": {**hyper["optimizer"], "learning_rate": float(rate)}}
            carry = engine.train({**carry, "sums": engine.place(zeros)}, part, order, at, at + 1, now, key)
            told = engine.fetch({name: carry[name] for name in ("sums", "ok")})
            if not bool(told["ok"]):
                if not losses:
                    first = batches.draw(len(data["x"]), batch_size, seed=seed, epoch=0)
                    raise non_finite(task, engine.fetch(carry), data, first, Progress(carry, now), key)
                break
            losses.append(means(told["sums"])["loss"])
            if _exploded(smooth(losses, how.smoothing)):
                break
    smoothed = smooth(losses, how.smoothing)
    tried, suggestion = rates[: len(losses)], suggest(rates, smoothed)
    return FoundRates(tried, np.asarray(losses), smoothed, suggestion, len(losses) < how.steps)


def _mini_batches(rows: Feed, count: int, batch_size: int, seed: int) -> Iterator[tuple[Tree, batches.Order, int]]:
    """Mini-batch after mini-batch without an end, epoch by epoch in the orders that ``fit`` has."""
    for epoch in itertools.count():
        order = batches.draw(count, batch_size, seed=seed, epoch=epoch)
        rows.begin(order)
        yield from map(rows.at, range(order.steps))


def smooth(losses: Any, share: float) -> Array:
    """s_k: the mean of the losses up to k, recent ones weighing more.

    Example:
        >>> smooth([4.0, 2.0], 0.5).round(4).tolist()
        [4.0, 2.6667]
    """
    values, total = np.asarray(losses, float), 0.0
    result = np.zeros_like(values)
    for k, value in enumerate(values):
        total = share * total + (1.0 - share) * value
        result[k] = total / (1.0 - share ** (k + 1))
    return result


def _exploded(smoothed: Array) -> bool:
    """Whether the last loss is four times the lowest, or half as large again as it was at the beginning.

    Losses may be below 0 (Poisson's) or pass through it: a size is added, and half of the fall must be lost again.

    Example:
        >>> [_exploded(np.array([2.0, 2, 2, 2, 2, 1, end])) for end in (2.9, 3.1)]
        [False, True]
        >>> [_exploded(np.array([-2.0, -2, -2, -2, -2, -3, end])) for end in (-2.1, -0.9)]
        [False, True]
    """
    if len(smoothed) <= _FIRST:
        return False
    lowest, first = float(np.min(smoothed)), float(np.max(smoothed[:_FIRST]))
    bound = max(lowest + 3.0 * abs(lowest), (lowest + first) / 2)
    return bool(smoothed[-1] > min(bound, first + 0.5 * abs(first)))


def suggest(rates: Array, smoothed: Array) -> float | None:
    """The middle of the decade over which the smoothed loss falls most before it is lowest; None where it never falls.

    Where it takes less than a decade to the lowest point, the middle of the way there.

    Example:
        >>> suggest(np.array([0.001, 0.01, 0.1, 1.0, 10.0]), np.array([2.0, 1.9, 1.0, 0.9, 5.0]))
        0.0316
    """
    if not len(smoothed):
        return None
    fall = slice(0, int(np.argmin(smoothed)) + 1)
    x, y = np.log10(rates[fall]), smoothed[fall]
    half = min(_HALF, (x[-1] - x[0]) / 2)
    middles = np.linspace(x[0] + half, x[-1] - half, _MIDDLES)
    falls = np.interp(middles - half, x, y) - np.interp(middles + half, x, y)
    best = int(np.argmax(falls))
    return float(10.0 ** middles[best]) if falls[best] > 0 else None
