"""Regularisation (正則化): a penalty on the size of weights, added to the loss.

    P(w) = c sum |w|^p                      dP/dw = c p sign(w) |w|^(p-1)         (Lp; 0 where w is 0)
    P(w) = l1 sum |w| + l2 sum w^2          dP/dw = l1 sign(w) + 2 l2 w           (L1 and L2 together)

L1 brings some weights to exactly 0, L2 (ridge) makes all of them smaller and none exactly 0. Biases are left alone
unless a layer is given a ``bias_regularizer``. L2's share goes through the optimizer like the rest of the gradient;
decoupled weight decay (``AdamW``) takes its share from the weights themselves, beside the optimizer: for SGD the two
are the same, for optimizers that scale each weight's step they are not (Loshchilov and Hutter, 2019).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from garasu.array import Array, Arrays, namespace
from garasu.messages import chosen, in_words
from garasu.settings import Plain, not_negative, positive


@frozen(eq=False)
class Regularizer(Plain, ABC):
    """What a regulariser is: a penalty for one array, and its slope.

        penalty(w, hyper)   -> P        a number without axes
        slope(w, hyper)     -> dP/dw    in the shape of w

    ``hyper`` holds the factors, which may vary within a run, as arrays; the settings give their first values.
    """

    @abstractmethod
    def hyper(self) -> dict[str, float]:
        """The factors, at their first values."""

    @abstractmethod
    def penalty(self, w: Array, hyper: Arrays) -> Array:
        """P(w)."""

    @abstractmethod
    def slope(self, w: Array, hyper: Arrays) -> Array:
        """dP/dw; where P has a kink, at 0, its slope is taken as 0."""


@frozen(eq=False)
class L1L2(Regularizer):
    """Both penalties, Keras's: ``l1`` times the sum of sizes, ``l2`` times the sum of squares.

    Raises:
        SettingError: a negative factor.

    Example:
        >>> import numpy as np
        >>> both, w = L1L2(l1=0.1, l2=0.01), np.array([3.0, -4.0])
        >>> float(both.penalty(w, both.hyper())), both.slope(w, both.hyper()).round(2).tolist()
        (0.95, [0.16, -0.18])
    """

    l1: float = field(default=0.0, validator=not_negative)
    l2: float = field(default=0.0, validator=not_negative)

    def hyper(self) -> dict[str, float]:
        """The two factors."""
        return {"l1": float(self.l1), "l2": float(self.l2)}

    def penalty(self, w: Array, hyper: Arrays) -> Array:
        """l1 sum |w| + l2 sum w^2."""
        xp = namespace(w)
        return hyper["l1"] * xp.sum(xp.abs(w)) + hyper["l2"] * xp.sum(w * w)

    def slope(self, w: Array, hyper: Arrays) -> Array:
        """l1 sign(w) + 2 l2 w."""
        return hyper["l1"] * namespace(w).sign(w) + 2.0 * hyper["l2"] * w


@frozen(eq=False)
class Lp(Regularizer):
    """The Lp penalty in general: ``factor`` times the sum of sizes to the power ``p``.

    p = 1 is L1, p = 2 is L2; the larger p, the more the largest weights pay. Below 1 the penalty is no longer convex,
    and its slope grows without bound near 0 (at 0 it is taken as 0): such a p drives small weights to and fro.

    Raises:
        SettingError: p is not above 0, or the factor is negative.

    Example:
        >>> import numpy as np
        >>> cubes, w = Lp(3, factor=0.1), np.array([2.0, 0.0, -1.0])
        >>> float(cubes.penalty(w, cubes.hyper())), cubes.slope(w, cubes.hyper()).round(2).tolist()
        (0.9, [1.2, 0.0, -0.3])
    """

    p: float = field(default=2.0, validator=positive)
    factor: float = field(default=0.01, validator=not_negative)

    def hyper(self) -> dict[str, float]:
        """The factor. ``p`` stays: it decides the form."""
        return {"factor": float(self.factor)}

    def penalty(self, w: Array, hyper: Arrays) -> Array:
        """c sum |w|^p."""
        xp = namespace(w)
        return hyper["factor"] * xp.sum(xp.abs(w) ** float(self.p))

    def slope(self, w: Array, hyper: Arrays) -> Array:
        """c p sign(w) |w|^(p-1), 0 where w is 0."""
        xp = namespace(w)
        size = xp.where(w == 0, xp.ones_like(w), xp.abs(w))  # no power of 0, which below p = 1 has no end
        return hyper["factor"] * float(self.p) * xp.sign(w) * size ** (float(self.p) - 1.0)


@in_words
def L1(l1: float = 0.01) -> L1L2:  # noqa: N802 - Keras's name
    """l1 times the sum of sizes."""
    return L1L2(l1=l1)


@in_words
def L2(l2: float = 0.01) -> L1L2:  # noqa: N802
    """l2 times the sum of squares: weight decay as a penalty."""
    return L1L2(l2=l2)


def _both() -> L1L2:
    """Both, each with the factor 0.01."""
    return L1L2(l1=0.01, l2=0.01)


CLASSES = (L1L2, Lp)
NAMES: dict[str, Callable[[], Regularizer]] = {"l1": L1, "l2": L2, "l1_l2": _both, "lp": Lp}


def get(regularizer: Any, owner: str = "regularizers.get", setting: str = "regularizer") -> Regularizer | None:
    """A regulariser from itself, from its class, from its name, or None for none.

    ``owner`` and ``setting`` say in the sentence of an error whose setting it is.

    Raises:
        UnknownNameError: no regulariser has this name; the nearest one is offered.
        SettingError: none of these.

    Example:
        >>> get("l2"), get(L1), get(None)
        (L1L2(l1=0.0, l2=0.01), L1L2(l1=0.01, l2=0.0), None)
    """
    if regularizer is None:
        return None
    return chosen("regularizer", regularizer, Regularizer, NAMES, owner, setting)
