"""ExponentialDecay: the rate falls by the same factor in every equal stretch of steps.

    eta(s) = eta_0 r^(s / d)              as a staircase: eta_0 r^floor(s / d)

As Keras's.
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array
from garasu.schedules.schedule import Schedule, laps, real
from garasu.settings import not_negative, positive, truth


@frozen(eq=False)
class ExponentialDecay(Schedule):
    """``initial_learning_rate``, multiplied by ``decay_rate`` over every ``decay_steps`` steps, smoothly or at once.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> halving = ExponentialDecay(0.1, decay_steps=2, decay_rate=0.25)
        >>> halving(0), halving(1), halving(2)
        (0.1, 0.05, 0.025)
    """

    initial_learning_rate: float = field(validator=not_negative)
    decay_steps: float = field(validator=positive)
    decay_rate: float = field(validator=positive)
    staircase: bool = field(default=False, validator=truth)

    def at(self, step: Array, dtype: Any) -> Array:
        """eta_0 r^p with p = s / d, or its floor."""
        s, d = real(step, dtype), float(self.decay_steps)
        p = laps(s, d) if self.staircase else s / d
        return float(self.initial_learning_rate) * float(self.decay_rate) ** p
