"""PolynomialDecay: from one rate to another along a power of what is left of the way.

    eta(s) = (eta_0 - eta_1) (1 - min(s, d) / d)^p + eta_1

As Keras's. With power 1 a straight line. With ``cycle`` d is instead the first multiple of itself that s does not
exceed, so the rate rises again each time it has arrived, less high every time.
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.schedule import Schedule, laps, real
from garasu.settings import not_negative, positive, truth


@frozen(eq=False)
class PolynomialDecay(Schedule):
    """From ``initial_learning_rate`` to ``end_learning_rate`` in ``decay_steps`` steps, and that rate from there on.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> line = PolynomialDecay(0.1, decay_steps=10, end_learning_rate=0.0)
        >>> line(0), line(5), line(10), line(20)
        (0.1, 0.05, 0.0, 0.0)
    """

    initial_learning_rate: float = field(validator=not_negative)
    decay_steps: float = field(validator=positive)
    end_learning_rate: float = field(default=0.0001, validator=not_negative)
    power: float = field(default=1.0, validator=positive)
    cycle: bool = field(default=False, validator=truth)

    def at(self, step: Array, dtype: Any) -> Array:
        """(eta_0 - eta_1) (1 - p)^power + eta_1, p the share of the way that lies behind, by rounding never above 1."""
        s = real(step, dtype)
        xp, d = namespace(s), float(self.decay_steps)
        if self.cycle:
            full = laps(s, d)
            ways = xp.where(full * d < s, full + 1.0, full)
            p = s / (d * xp.clip(ways, min=1.0))
        else:
            p = xp.where(s < d, s / d, xp.ones_like(s))
        p = xp.clip(p, 0.0, 1.0)
        start, end = float(self.initial_learning_rate), float(self.end_learning_rate)
        return (start - end) * (1.0 - p) ** float(self.power) + end
