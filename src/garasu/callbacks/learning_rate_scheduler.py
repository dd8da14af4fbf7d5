"""Set the learning rate at the start of every epoch: eta <- schedule(epoch, eta)."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field

from garasu.callbacks import fields
from garasu.callbacks.callback import Callback
from garasu.messages import SettingError, text
from garasu.settings import is_number


@define(eq=False, slots=False)
class LearningRateScheduler(Callback):
    """Ask ``schedule(epoch, rate)``, or ``schedule(epoch)`` if it takes one argument, for each epoch's learning rate.

    Epochs count from 0. The rate is added to the logs as "learning_rate".

    Args:
        schedule: the function.
        verbose: 1 says so each time.

    Example:
        >>> from types import SimpleNamespace
        >>> model = SimpleNamespace(optimizer=SimpleNamespace(learning_rate=0.1))
        >>> halving = LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
        >>> halving.set_model(model)
        >>> for epoch in range(3):
        ...     halving.on_epoch_begin(epoch)
        >>> model.optimizer.learning_rate
        0.025
    """

    schedule: Callable[..., float] = field(validator=fields.function)
    verbose: int = field(default=0, validator=fields.verbose)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Set the rate.

        Raises:
            SettingError: the schedule returned something else than a finite number of 0 or more.
        """
        optimizer = self.model.optimizer
        taken = (epoch, float(optimizer.learning_rate)) if _takes_two(self.schedule) else (epoch,)
        answer: Any = self.schedule(*taken)
        one_number = getattr(answer, "shape", None) == ()  # what NumPy and JAX answer
        rate = float(answer) if one_number else answer
        if not is_number(rate) or rate < 0:
            raise SettingError("callbacks.schedule", epoch=epoch, value=repr(answer))
        optimizer.learning_rate = float(rate)
        if self.verbose:
            print(text("callbacks.learning_rate", epoch=epoch + 1, rate=float(rate)))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the rate of this epoch to the logs."""
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


def _takes_two(function: Callable[..., Any]) -> bool:
    """Whether a function can be called with two arguments; where Python cannot tell, it is taken to be so."""
    try:
        inspect.signature(function).bind(0, 0.0)
    except TypeError:
        return False
    except ValueError:  # some functions written in C have no signature
        return True
    return True
