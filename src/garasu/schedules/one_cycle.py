"""OneCycle: up to a large rate and down again to a tiny one, once in the whole training.

    eta_max / div  ->  eta_max      up to step a = pct_start n - 1
    eta_max  ->  eta_max / (div final)     up to step n - 1

each way along half a wave of the cosine, or a straight line. With ``three_phase`` the way down ends where the way up
began, at step 2 a, and a third way leads from there to the last rate. After step n - 1 the last rate stays.

Source: Smith and Topin (2018). As PyTorch's OneCycleLR without its cycle of momentum; that one raises an error after
the last step. (Optax's cosine_onecycle_schedule arrives at the top, and at the end, one step later.)
"""

import math
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.schedule import Schedule, real
from garasu.settings import count, is_number, must_be, not_negative, one_of, positive, truth

_share = must_be("settings.share", lambda value: is_number(value) and 0 <= value <= 1)


@frozen(eq=False)
class _Way:
    """One way: from the step before it to its last step, from one rate to another."""

    begin: float
    end: float
    start: float
    stop: float


@frozen(eq=False)
class OneCycle(Schedule):
    """One cycle of ``total_steps`` steps with its top, ``max_learning_rate``, after the share ``pct_start`` of them.

    It starts at the top divided by ``div_factor`` and ends at that divided by ``final_div_factor``.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> cycle = OneCycle(1.0, total_steps=101, pct_start=21 / 101, anneal_strategy="linear", div_factor=10.0)
        >>> cycle(0), cycle(10), cycle(20), cycle(100)
        (0.1, 0.55, 1.0, 1e-05)
    """

    max_learning_rate: float = field(validator=not_negative)
    total_steps: int = field(validator=count)
    pct_start: float = field(default=0.3, validator=_share)
    anneal_strategy: str = field(default="cos", validator=one_of("cos", "linear"))
    div_factor: float = field(default=25.0, validator=positive)
    final_div_factor: float = field(default=1e4, validator=positive)
    three_phase: bool = field(default=False, validator=truth)

    def _ways(self) -> Iterator[_Way]:
        """The ways in their order."""
        top = float(self.max_learning_rate)
        first = top / float(self.div_factor)
        last = first / float(self.final_div_factor)
        up = float(self.pct_start * self.total_steps) - 1.0
        end = float(self.total_steps - 1)
        yield _Way(0.0, up, first, top)
        if self.three_phase:
            down = float(2 * self.pct_start * self.total_steps) - 2.0
            yield _Way(up, down, top, first)
            yield _Way(down, end, first, last)
        else:
            yield _Way(up, end, top, last)

    def _along(self, way: _Way, s: Array) -> Array:
        """The rate along one way; a way without length is at its end."""
        xp, length = namespace(s), way.end - way.begin
        p = xp.clip((s - way.begin) / length, 0.0, 1.0) if length > 0 else xp.ones_like(s)
        if self.anneal_strategy == "linear":
            return way.start + (way.stop - way.start) * p
        return way.stop + (way.start - way.stop) * 0.5 * (1.0 + xp.cos(math.pi * p))

    def at(self, step: Array, dtype: Any) -> Array:
        """The rate along the first way that has not ended before s, and along the last one for ever."""
        s = real(step, dtype)
        xp = namespace(s)
        *earlier, last = self._ways()
        rate = self._along(last, s)
        for way in reversed(earlier):
            rate = xp.where(s <= way.end, self._along(way, s), rate)
        return rate
