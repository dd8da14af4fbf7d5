"""A metric of the user's own: a plain function of outputs and targets, called and checked."""

from collections.abc import Callable
from inspect import signature
from typing import Any

from attrs import frozen

from garasu.array import Array, namespace
from garasu.messages import ShapeError


def _keras_order(function: Callable[..., Any]) -> bool:
    """Whether the first argument is called y_true."""
    try:
        return next(iter(signature(function).parameters), "") == "y_true"
    except (TypeError, ValueError):  # something compiled that does not tell
        return False


@frozen(eq=False)
class OwnMetric:
    """``function(y, t)``, or ``function(y_true, y_pred)`` where it calls its arguments so.

    Example:
        >>> import numpy as np
        >>> def largest_error(y_true, y_pred):
        ...     return abs(y_true - y_pred).max(axis=-1)
        >>> OwnMetric(largest_error)(np.array([[3.0, 1.0]]), np.array([[1.0, 0.0]])).tolist()
        [2.0]
    """

    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """What error messages call it."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    def __call__(self, y: Array, t: Array) -> Array:
        """One number a row, in the type of the outputs.

        Raises:
            ShapeError: the function answers with something else.
        """
        found = self.function(t, y) if _keras_order(self.function) else self.function(y, t)
        shape = getattr(found, "shape", None)
        if shape != y.shape[:1]:
            raise ShapeError("losses.metric_rows", name=self.name, expected=y.shape[:1], got=shape)
        return namespace(y).astype(found, y.dtype)
