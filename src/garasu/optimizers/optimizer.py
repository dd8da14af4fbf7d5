"""What an optimizer is: a state for one array, and one step of that array.

    init(param)                            -> state
    update(grad, state, param, step, hyper) -> param, state

``step`` counts from 0 (uint32, no axes); ``hyper`` holds the numbers that may vary within a run, such as the learning
rate, as arrays; the settings give their first values. Where the learning rate is a schedule, ``numbers_at`` puts the
rate of the step into ``hyper`` before the update. What concerns all arrays together (clipping) stands in ``train``.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen
from attrs.validators import optional

from garasu.array import Array, Arrays, namespace
from garasu.messages import SettingError
from garasu.optimizers import fields
from garasu.schedules import Schedule
from garasu.settings import Plain, fraction, positive, truth

_CLIPPINGS = ("clipvalue", "clipnorm", "global_clipnorm")


def _one_alone(optimizer: "Optimizer", attribute: object, value: object) -> None:
    """Gradients are clipped in one way at most, as in Keras."""
    given = [name for name in _CLIPPINGS if getattr(optimizer, name) is not None]
    if len(given) > 1:
        raise SettingError("settings.one_clipping", owner=type(optimizer).__name__, given=", ".join(given))


@frozen(eq=False)
class Optimizer(Plain, ABC):
    """What every optimizer can be told: its learning rate, and what ``train`` does beside it, under Keras's names.

    ``clipvalue`` cuts each number of a gradient to +-clipvalue; ``clipnorm`` scales each gradient down to that norm;
    ``global_clipnorm`` all gradients together; one of them at most. ``use_ema`` keeps an average of the weights beside
    them, a <- m a + (1 - m) w with m = ``ema_momentum``, and the model answers with it (see ``train.averages``).
    """

    elsewhere: ClassVar[Mapping[str, str]] = {
        "momentum": "calls.momentum_elsewhere",
        "nesterov": "calls.nesterov_elsewhere",
        "weight_decay": "calls.weight_decay_elsewhere",
    }

    learning_rate: float | Schedule = fields.learning_rate(0.01)
    clipvalue: float | None = field(default=None, kw_only=True, validator=optional(positive))
    clipnorm: float | None = field(default=None, kw_only=True, validator=optional(positive))
    global_clipnorm: float | None = field(default=None, kw_only=True, validator=[optional(positive), _one_alone])
    use_ema: bool = field(default=False, kw_only=True, validator=truth)
    ema_momentum: float = field(default=0.99, kw_only=True, validator=fraction)

    @property
    def first_rate(self) -> float:
        """The learning rate of the first step."""
        rate = self.learning_rate
        return rate(0) if isinstance(rate, Schedule) else float(rate)

    def hyper(self) -> dict[str, float]:
        """The numbers that may vary within a run, at their first values."""
        return {"learning_rate": self.first_rate}

    def numbers_at(self, step: Array, hyper: Arrays) -> Arrays:
        """``hyper`` with the learning rate that a schedule has at ``step``; without a schedule as it is.

        Example:
            >>> import numpy as np
            >>> from garasu.optimizers import SGD
            >>> from garasu.schedules import StepDecay
            >>> decaying, hyper = SGD(StepDecay(0.1, decay_steps=5)), {"learning_rate": np.asarray(0.1)}
            >>> float(decaying.numbers_at(np.asarray(7, np.uint32), hyper)["learning_rate"])
            0.01
        """
        rate = hyper["learning_rate"]
        if not isinstance(self.learning_rate, Schedule):
            return hyper
        return {**hyper, "learning_rate": self.learning_rate.at(namespace(rate).asarray(step), rate.dtype)}

    @abstractmethod
    def init(self, param: Array) -> Arrays:
        """The state before the first step."""

    @abstractmethod
    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The array after one step, and the new state."""
