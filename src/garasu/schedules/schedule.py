"""What a schedule is: the learning rate as a function of the step, and of nothing else.

    at(step, dtype) -> rate

``step`` counts updates from 0 over the whole training (uint32), so a training that is saved and goes on later finds its
rate again. The same lines run on NumPy and inside a compiled step, in the type of the run.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from garasu.array import Array, namespace
from garasu.messages import SettingError, shown, text
from garasu.settings import Plain, is_whole

_LAST = 2**32 - 1
"""The last step that can be counted."""


class Schedule(Plain, ABC):
    """The base of all schedules; an optimizer takes one as its ``learning_rate``.

    Called with a number, a schedule answers with a number:

    Example:
        >>> from garasu.schedules import ExponentialDecay
        >>> halving = ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)
        >>> [halving(step) for step in (0, 10, 20)]
        [0.1, 0.05, 0.025]
    """

    @abstractmethod
    def at(self, step: Array, dtype: Any) -> Array:
        """The rate at ``step``, an array of whole numbers of any shape, as numbers of type ``dtype``."""

    def __call__(self, step: int) -> float:
        """The rate at one step, in float64.

        Raises:
            SettingError: no step.
        """
        if not is_whole(step) or step > _LAST:
            owner, expected = type(self).__name__, text("settings.step")
            raise SettingError("settings.must_be", owner=owner, name="step", expected=expected, value=shown(step))
        return float(self.at(np.asarray(step, dtype=np.uint32), np.float64))


def real(step: Array, dtype: Any) -> Array:
    """Steps as real numbers. (float32 tells them apart up to 16,777,216, and rounds to a part in that many beyond.)"""
    return namespace(step).astype(step, dtype)


def whole(number: int, step: Array) -> Array:
    """A whole number to compare steps with, in their type; one that no step reaches becomes the last there is.

    Example:
        >>> whole(10**12, np.asarray(7, dtype=np.uint32)).tolist()
        4294967295
    """
    xp = namespace(step)
    return xp.asarray(min(int(number), xp.iinfo(step.dtype).max), dtype=step.dtype)


def laps(s: Array, d: float) -> Array:
    """floor(s / d): how many times ``d`` lies behind ``s``.

    XLA multiplies by 1 / d, and 49 (1 / 49) is below 1: so the quotient is set right by looking at the multiples of d.

    Example:
        >>> laps(np.array([48.0, 49.0, 98.0]), 49.0).tolist()
        [0.0, 1.0, 2.0]
    """
    xp = namespace(s)
    i = xp.floor(s / d)
    i = i - xp.astype(s < i * d, s.dtype)
    return i + xp.astype(s >= (i + 1.0) * d, s.dtype)
