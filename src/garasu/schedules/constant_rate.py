"""ConstantRate: the same rate at every step.

eta(s) = eta
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.schedule import Schedule, real
from garasu.settings import not_negative


@frozen(eq=False)
class ConstantRate(Schedule):
    """Always ``learning_rate``: what ``WarmUp`` makes of a number.

    Raises:
        SettingError: the rate is negative.

    Example:
        >>> ConstantRate(0.1)(1000)
        0.1
    """

    learning_rate: float = field(validator=not_negative)

    def at(self, step: Array, dtype: Any) -> Array:
        """eta."""
        return namespace(step).full_like(real(step, dtype), float(self.learning_rate))
