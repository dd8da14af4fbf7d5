"""CosineDecayRestarts: waves of the cosine one after another, each longer than the last.

    wave i = 0, 1, ...:   from step b_i = d (t^i - 1) / (t - 1) on, d t^i steps long           (t = 1: b_i = i d)
    eta(s) = eta_0 ((1 - alpha) m^i (1 + cos(pi p)) / 2 + alpha)       p = (s - b_i) / (d t^i)

Source: Loshchilov and Hutter (2017), "SGDR". As Keras's. The number of the wave is found by a logarithm, which rounding
may put beside the restart it stands on; it is set right by looking at b_i, where Keras leaves it.
"""

import math
from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.schedule import Schedule, laps, real
from garasu.settings import is_number, must_be, not_negative, positive

_not_below_one = must_be("settings.not_below_one", lambda value: is_number(value) and value >= 1)


@frozen(eq=False)
class CosineDecayRestarts(Schedule):
    """Down from ``initial_learning_rate`` in ``first_decay_steps`` steps, and again, and again.

    Each wave is ``t_mul`` times as long as the one before, and ``m_mul`` times as high.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> waves = CosineDecayRestarts(0.1, first_decay_steps=10, t_mul=2.0, m_mul=0.5)
        >>> waves(0), waves(5), waves(10), waves(20), waves(30)
        (0.1, 0.05, 0.05, 0.025, 0.025)
    """

    initial_learning_rate: float = field(validator=not_negative)
    first_decay_steps: float = field(validator=positive)
    t_mul: float = field(default=2.0, validator=_not_below_one)
    m_mul: float = field(default=1.0, validator=positive)
    alpha: float = field(default=0.0, validator=not_negative)

    def at(self, step: Array, dtype: Any) -> Array:
        """The wave in which s lies, and how far along it."""
        s = real(step, dtype)
        xp = namespace(s)
        i, p = self._equal_waves(s) if self.t_mul == 1 else self._longer_waves(s)
        wave = 0.5 * float(self.m_mul) ** i * (1.0 + xp.cos(math.pi * xp.clip(p, 0.0, 1.0)))
        return float(self.initial_learning_rate) * ((1.0 - float(self.alpha)) * wave + float(self.alpha))

    def _equal_waves(self, s: Array) -> tuple[Array, Array]:
        """The number of the wave and the share of it that lies behind."""
        d = float(self.first_decay_steps)
        i = laps(s, d)
        return i, (s - i * d) / d

    def _longer_waves(self, s: Array) -> tuple[Array, Array]:
        """The same where waves grow; both sides are multiplied by t - 1, so that whole numbers stay whole."""
        xp, t, d = namespace(s), float(self.t_mul), float(self.first_decay_steps)
        s = s * (t - 1.0)

        def begin(i: Array) -> Array:
            return d * (t**i - 1.0)

        i = xp.floor(xp.log(1.0 + s / d) / math.log(t))
        i = i - xp.astype(s < begin(i), s.dtype)
        i = i + xp.astype(s >= begin(i + 1.0), s.dtype)
        return i, (s - begin(i)) / (d * (t - 1.0) * t**i)
