"""What a loss is: a number for each row, and its slope. How rows are put together is one setting.

    value(y, t)    -> l (N,)                  each row's loss
    backward(y, t) -> dy, dl_i / dy_i         by row
    delta(y, t)    -> du                      the same at u, where the last activation is the loss's ``partner``

L = sum_i r_i l_i with r_i = w_i / N ("mean") or w_i ("sum"), w_i the weight of row i, and so dy_i = r_i dl_i / dy_i.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import field, frozen

from garasu.array import Array, Shape
from garasu.messages import ShapeError
from garasu.settings import Plain, one_of


def _reduction(value: Any) -> Any:
    """A converter: Keras's long name for the mean."""
    return "mean" if isinstance(value, str) and value == "sum_over_batch_size" else value


@frozen(eq=False)
class Loss(Plain, ABC):
    """Settings every loss has: ``reduction`` "mean" or "sum" over the rows of a mini-batch.

    "sum_over_batch_size", Keras's name for the mean, is taken for it.
    """

    reduction: str = field(default="mean", kw_only=True, converter=_reduction, validator=one_of("mean", "sum"))

    elsewhere: ClassVar[Mapping[str, str]] = {"from_logits": "calls.from_logits_elsewhere"}

    partner: ClassVar[str | None] = None
    """The activation whose slope cancels with this loss's: their product is ``delta``."""

    target: ClassVar[str] = "values"
    """What t holds: "values" in the shape of y, or "index", one class number a row."""

    domain: ClassVar[str | None] = None
    """What y and t are:

    None             not said: y what the partner hands on, else any numbers; t like it (one-hot for softmax);
    "numbers"        any;
    "shares"         each from 0 to 1 by itself, as sigmoid's;
    "distributions"  rows that sum to 1, as softmax's; t may be one-hot, or class numbers;
    "scores"         any y, the largest of a row is the answer; t is one-hot;
    "signs"          any y, its sign is the answer; t is -1 or 1, or 0 or 1;
    "counts"         y above 0; t is 0, 1, 2 ...

    It decides what the audit kit draws, and which last activations are refused or warned of: none where it is not said.
    """

    @abstractmethod
    def value(self, y: Array, t: Array) -> Array:
        """Each row's loss, (N,)."""

    @abstractmethod
    def backward(self, y: Array, t: Array) -> Array:
        """dl_i / dy_i, in the shape of y."""

    def delta(self, y: Array, t: Array) -> Array:
        """dl_i / du_i, where y = partner(u)."""
        raise TypeError(f"{type(self).__name__} has no partner activation, so no delta")

    def check(self, out_shape: Shape, t_shape: Shape, layer: str = "-") -> None:
        """Check that targets fit the outputs of ``layer``, the last one; shapes without the batch axis.

        Raises:
            ShapeError: they do not fit.
        """
        wanted = () if self.target == "index" else out_shape
        if t_shape != wanted:
            key = "losses.wants_index" if self.target == "index" else "losses.wants_values"
            raise ShapeError(key, loss=type(self).__name__, layer=layer, expected=("N", *wanted), got=("N", *t_shape))
