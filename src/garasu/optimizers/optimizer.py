"""What an optimizer is: a state for one array, and one step of that array.

    init(param)                            -> state
    update(grad, state, param, step, hyper) -> param, state

``step`` counts from 0 (uint32, no axes); ``hyper`` holds the numbers that may vary within a run, such as the learning
rate, as arrays; the settings give their first values. What concerns all arrays together (clipping) stands in ``train``.
"""

from abc import ABC, abstractmethod

from attrs import field, frozen

from garasu.array import Array, Arrays
from garasu.settings import not_negative


@frozen(eq=False)
class Optimizer(ABC):
    """The setting every optimizer has: its learning rate."""

    learning_rate: float = field(default=0.01, validator=not_negative)

    def hyper(self) -> dict[str, float]:
        """The numbers that may vary within a run, at their first values."""
        return {"learning_rate": float(self.learning_rate)}

    @abstractmethod
    def init(self, param: Array) -> Arrays:
        """The state before the first step."""

    @abstractmethod
    def update(self, grad: Array, state: Arrays, param: Array, step: Array, hyper: Arrays) -> tuple[Array, Arrays]:
        """The array after one step, and the new state."""
