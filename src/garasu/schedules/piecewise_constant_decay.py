"""PiecewiseConstantDecay: one rate up to a step, another one after it, and so on.

    eta(s) = r_0 for s <= b_0,   r_i for b_(i-1) < s <= b_i,   r_n for s > b_(n-1)

As Keras's. (Optax and PyTorch's MultiStepLR change at s = b, one step earlier, and multiply instead of naming rates.)
"""

from itertools import pairwise
from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.schedule import Schedule, real, whole
from garasu.settings import as_tuple, is_number, is_tuple, is_whole, must_be


def _are_boundaries(value: Any) -> bool:
    if not is_tuple(value) or value == () or not all(map(is_whole, value)):
        return False
    return all(a < b for a, b in pairwise(value))


def _one_more(owner: Any, attribute: Any, value: Any) -> None:
    """A validator: as many rates as there are pieces."""
    count = len(owner.boundaries) + 1

    def fits(value: Any) -> bool:
        return is_tuple(value) and len(value) == count and all(is_number(rate) and rate >= 0 for rate in value)

    must_be("settings.rates", fits, count=count)(owner, attribute, value)


@frozen(eq=False)
class PiecewiseConstantDecay(Schedule):
    """``values[0]`` up to and including step ``boundaries[0]``, then ``values[1]``, and so on.

    Raises:
        SettingError: boundaries that do not increase, or not one rate more than boundaries.

    Example:
        >>> steps = PiecewiseConstantDecay([100, 110], [1.0, 0.5, 0.1])
        >>> [steps(step) for step in (0, 100, 101, 110, 111)]
        [1.0, 1.0, 0.5, 0.5, 0.1]
    """

    boundaries: tuple[int, ...] = field(converter=as_tuple, validator=must_be("settings.boundaries", _are_boundaries))
    values: tuple[float, ...] = field(converter=as_tuple, validator=_one_more)

    def at(self, step: Array, dtype: Any) -> Array:
        """The rate of the piece in which s lies; steps are compared as whole numbers."""
        xp = namespace(step)
        one = xp.ones_like(real(step, dtype))
        rate = one * float(self.values[0])
        for boundary, value in zip(self.boundaries, self.values[1:], strict=True):
            rate = xp.where(step > whole(boundary, step), one * float(value), rate)
        return rate
