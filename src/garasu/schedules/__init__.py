"""Schedules of the learning rate, one file each: large first, then smaller. An optimizer takes one for a number.

    SGD(learning_rate=CosineDecay(0.1, decay_steps=10_000))

Names, settings and values are Keras's where it has the schedule, and PyTorch's for ``StepDecay`` and ``OneCycle``.
"""

from typing import Any

from garasu.messages import alike, nearest, refused
from garasu.schedules.constant_rate import ConstantRate
from garasu.schedules.cosine_decay import CosineDecay
from garasu.schedules.cosine_decay_restarts import CosineDecayRestarts
from garasu.schedules.exponential_decay import ExponentialDecay
from garasu.schedules.inverse_time_decay import InverseTimeDecay
from garasu.schedules.one_cycle import OneCycle
from garasu.schedules.piecewise_constant_decay import PiecewiseConstantDecay
from garasu.schedules.polynomial_decay import PolynomialDecay
from garasu.schedules.schedule import Schedule
from garasu.schedules.step_decay import StepDecay
from garasu.schedules.warm_up import WarmUp
from garasu.settings import is_number

NAMES: dict[str, type[Schedule]] = {
    "constant": ConstantRate,
    "piecewise_constant_decay": PiecewiseConstantDecay,
    "step_decay": StepDecay,
    "exponential_decay": ExponentialDecay,
    "inverse_time_decay": InverseTimeDecay,
    "polynomial_decay": PolynomialDecay,
    "cosine_decay": CosineDecay,
    "cosine_decay_restarts": CosineDecayRestarts,
    "warm_up": WarmUp,
    "one_cycle": OneCycle,
}
CLASSES = tuple(NAMES.values())


def get(schedule: Any, **settings: Any) -> Schedule:
    """A schedule from itself, from a number, or from its name, or its class, and settings.

    Raises:
        UnknownNameError: no schedule has this name; the nearest one is offered.
        ArgumentError: settings that it needs are missing, or it has no such settings.
        SettingError: none of these, or a setting out of range.

    Example:
        >>> get("step_decay", initial_learning_rate=0.1, decay_steps=100)(0), get(0.5)(7)
        (0.1, 0.5)
    """
    if isinstance(schedule, Schedule):
        return schedule
    if is_number(schedule):
        return ConstantRate(schedule)
    if isinstance(schedule, str):
        kind = alike(NAMES, schedule)
        if kind is None:
            raise nearest("schedule", schedule, NAMES)
        return kind(**settings)
    if schedule in CLASSES:
        return schedule(**settings)
    raise refused("schedule", schedule, NAMES, "schedules.get", "schedule")


__all__ = [
    "CLASSES",
    "NAMES",
    "ConstantRate",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "OneCycle",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
    "StepDecay",
    "WarmUp",
    "get",
]
