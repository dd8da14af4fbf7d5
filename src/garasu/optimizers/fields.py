"""The settings that several optimizers share."""

from typing import Any

from attrs import field

from garasu.schedules import Schedule
from garasu.settings import is_number, must_be


def _is_rate(value: Any) -> bool:
    return isinstance(value, Schedule) or (is_number(value) and value >= 0)


def learning_rate(default: float) -> Any:
    """A setting that holds a learning rate: a number of 0 or more, or a schedule."""
    return field(default=default, validator=must_be("settings.rate", _is_rate))
