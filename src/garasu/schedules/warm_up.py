"""WarmUp: a straight way up to the first rate of another schedule, then that schedule.

    s < w:   eta(s) = eta_0 + (f(0) - eta_0) s / w
    s >= w:  eta(s) = f(s - w)

Source: Goyal et al. (2017), for large mini-batches, whose first steps would otherwise be too long. (Optax joins a
linear_schedule and another one; PyTorch a LinearLR, in SequentialLR.)
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.constant_rate import ConstantRate
from garasu.schedules.schedule import Schedule, real, whole
from garasu.settings import count, is_number, must_be, not_negative


def _schedule(value: Any) -> Any:
    """A converter: a number is a schedule that stays at it; anything else is left to the validator."""
    return ConstantRate(value) if is_number(value) and value >= 0 else value


@frozen(eq=False)
class WarmUp(Schedule):
    """``schedule``, or a number, after ``warmup_steps`` steps that lead to its start.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> from garasu.schedules import StepDecay
        >>> warm = WarmUp(StepDecay(0.1, decay_steps=10), warmup_steps=5)
        >>> warm(0), warm(1), warm(5), warm(14), warm(15)
        (0.0, 0.02, 0.1, 0.1, 0.01)
    """

    schedule: Schedule = field(
        converter=_schedule, validator=must_be("settings.rate", lambda value: isinstance(value, Schedule))
    )
    warmup_steps: int = field(validator=count)
    initial_learning_rate: float = field(default=0.0, validator=not_negative)

    def at(self, step: Array, dtype: Any) -> Array:
        """The line before step w, the schedule from there on."""
        xp, w = namespace(step), whole(self.warmup_steps, step)
        start = float(self.initial_learning_rate)
        warm = step < w
        after = self.schedule.at(xp.where(warm, xp.zeros_like(step), step - w), dtype)  # while warm, f(0)
        line = start + (after - start) * (real(step, dtype) / float(self.warmup_steps))
        return xp.where(warm, line, after)
