"""What an optimizer is: a state for one array, and one step of that array.

    init(param)                            -> state
    update(grad, state, param, step, hyper) -> param, state

``step`` counts from 0 (uint32, no axes); ``hyper`` holds the numbers that may vary within a run, such as the learning
rate, as arrays; the settings give their first values. What concerns all arrays together (clipping) stands in ``train``.
"""

from abc import ABC, abstractmethod

from attrs import field, frozen
from attrs.validators import optional

from garasu.array import Array, Arrays
from garasu.settings import fraction, not_negative, positive, truth


@frozen(eq=False)
class Optimizer(ABC):
    """What every optimizer can be told: its learning rate, and what ``train`` does beside it, under Keras's names.

    ``clipvalue`` cuts each number of a gradient to +-clipvalue; ``clipnorm`` scales each gradient down to that norm;
    ``global_clipnorm`` all gradients together. ``use_ema`` keeps an average of the weights beside them,
    a <- m a + (1 - m) w with m = ``ema_momentum``; predictions and files then use the average.
    """

    learning_rate: float = field(default=0.01, validator=not_negative)
    clipvalue: float | None = field(default=None, kw_only=True, validator=optional(positive))
    clipnorm: float | None = field(default=None, kw_only=True, validator=optional(positive))
    global_clipnorm: float | None = field(default=None, kw_only=True, validator=optional(positive))
    use_ema: bool = field(default=False, kw_only=True, validator=truth)
    ema_momentum: float = field(default=0.99, kw_only=True, validator=fraction)

    def hyper(self) -> dict[str, float]:
        """The numbers that may vary within a run, at their first values."""
        return {"learning_rate": float(self.learning_rate)}

    @abstractmethod
    def init(self, param: Array) -> Arrays:
        """The state before the first step."""

    @abstractmethod
    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The array after one step, and the new state."""
