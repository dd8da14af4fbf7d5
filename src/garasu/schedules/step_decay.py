"""StepDecay: the rate falls by a factor every so many steps.

    eta(s) = eta_0 r^floor(s / d)

PyTorch's StepLR, counted in steps; ExponentialDecay(staircase=True) under the name it is better known by.
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array
from garasu.schedules.schedule import Schedule, real, whole
from garasu.settings import count, not_negative, positive


@frozen(eq=False)
class StepDecay(Schedule):
    """``initial_learning_rate``, multiplied by ``decay_rate`` every ``decay_steps`` steps.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> steps = StepDecay(0.1, decay_steps=100)
        >>> steps(99), steps(100)
        (0.1, 0.01)
    """

    initial_learning_rate: float = field(validator=not_negative)
    decay_steps: int = field(validator=count)
    decay_rate: float = field(default=0.1, validator=positive)

    def at(self, step: Array, dtype: Any) -> Array:
        """eta_0 r^floor(s / d), the floor among whole numbers."""
        times = real(step // whole(self.decay_steps, step), dtype)
        return float(self.initial_learning_rate) * float(self.decay_rate) ** times
