"""InverseTimeDecay: the rate falls as one over time, the classical condition of stochastic approximation.

    eta(s) = eta_0 / (1 + r s / d)              as a staircase: eta_0 / (1 + r floor(s / d))

As Keras's. The sum of the rates is infinite and that of their squares finite (Robbins and Monro, 1951).
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array
from garasu.schedules.schedule import Schedule, laps, real
from garasu.settings import not_negative, positive, truth


@frozen(eq=False)
class InverseTimeDecay(Schedule):
    """``initial_learning_rate``, divided by 1 + ``decay_rate`` for every ``decay_steps`` steps.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> decay = InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.5)
        >>> decay(0), decay(2), decay(6)
        (0.1, 0.05, 0.025)
    """

    initial_learning_rate: float = field(validator=not_negative)
    decay_steps: float = field(validator=positive)
    decay_rate: float = field(validator=not_negative)
    staircase: bool = field(default=False, validator=truth)

    def at(self, step: Array, dtype: Any) -> Array:
        """eta_0 / (1 + r p) with p = s / d, or its floor."""
        s, d = real(step, dtype), float(self.decay_steps)
        p = laps(s, d) if self.staircase else s / d
        return float(self.initial_learning_rate) / (1.0 + float(self.decay_rate) * p)
