"""Preparation: from a picture as it is stored to the numbers a network takes. Part of the network and of its file.

    "none"   x as it is
    "unit"   x / 255, so that stored bytes fall in [0, 1]
    "sum"    x / sum of x, so that each picture sums to 1

Before that, ``pool`` k replaces each k x k block of a picture by its mean (28 x 28 becomes 14 x 14 for k = 2). First of
all come the image steps, one after another, such as ``steps=[Erode(3)]``, on the pixels as they are stored.
``picture`` says how any picture from outside becomes one as they are stored: what is asked must look like what was
learned.
"""

import math
from collections.abc import Iterable
from typing import Any, NoReturn

from attrs import field, frozen

from garasu.array import Array, Precision, Shape, as_float, namespace
from garasu.messages import SettingError, text
from garasu.pictures import ImageStep, PicturePreparation, scale_to_sum
from garasu.settings import Answering, as_tuple, count, is_tuple, must_be, one_of

SCALES = ("none", "unit", "sum")


def _shape(value: Iterable[int] | None) -> Shape | None:
    """A converter: lists become tuples."""
    return None if value is None else tuple(value)


def _are_steps(value: Any) -> bool:
    return is_tuple(value) and all(isinstance(step, ImageStep) for step in value)


@frozen(eq=False)
class Preparation(Answering):
    """How pictures of ``image_shape`` become inputs; without an ``image_shape`` inputs come in the network's own shape.

    Raises:
        SettingError: an unknown scale, a block size that does not divide the picture, or steps for pictures of no
            known shape.

    Example:
        >>> import numpy as np
        >>> Preparation("unit", image_shape=(2, 2))(np.full((1, 2, 2), 255, dtype=np.uint8), (4,)).tolist()
        [[1.0, 1.0, 1.0, 1.0]]
    """

    scale: str = field(default="none", validator=one_of(*SCALES))
    pool: int = field(default=1, validator=count)
    image_shape: Shape | None = field(default=None, converter=_shape)
    picture: PicturePreparation | None = None
    steps: tuple[ImageStep, ...] = field(
        default=(), kw_only=True, converter=as_tuple, validator=must_be("settings.steps", _are_steps)
    )

    def __attrs_post_init__(self) -> None:
        """Steps need rows and columns, and a block must divide what they make."""
        if self.steps and (self.image_shape is None or len(self.image_shape) not in (2, 3)):
            self._refuse("image_shape", text("networks.steps_need"), self.image_shape)
        shape = self._stepped()
        if self.pool > 1 and (shape is None or any(size % self.pool for size in shape[:2])):
            self._refuse("pool", text("networks.pool_divides", shape=shape), self.pool)

    def _refuse(self, name: str, expected: str, value: object) -> NoReturn:
        raise SettingError("settings.must_be", owner="Preparation", name=name, expected=expected, value=repr(value))

    def _stepped(self) -> Shape | None:
        """The shape of a picture after its steps, where the picture's shape is known."""
        if self.image_shape is None or not self.steps:
            return self.image_shape
        size = (self.image_shape[0], self.image_shape[1])
        for step in self.steps:
            size = step.out_size(size)
        return (*size, *self.image_shape[2:])

    def __call__(self, x: Array, in_shape: Shape, precision: Precision = "float32") -> Array:
        """Inputs of ``in_shape`` from stored pictures."""
        xp = namespace(x)
        x = as_float(x, precision)
        for step in self.steps:
            x = step(x)
        if self.pool > 1:
            rows, columns = x.shape[1] // self.pool, x.shape[2] // self.pool
            x = xp.mean(xp.reshape(x, (x.shape[0], rows, self.pool, columns, self.pool, *x.shape[3:])), axis=(2, 4))
        x = xp.reshape(x, (x.shape[0], *in_shape))
        if self.scale == "unit":
            return x / 255.0
        return scale_to_sum(x) if self.scale == "sum" else x

    def prepared_size(self) -> int | None:
        """How many numbers one picture becomes, where the picture's shape is known.

        Example:
            >>> Preparation("sum", pool=2, image_shape=(28, 28)).prepared_size()
            196
        """
        shape = self._stepped()
        return None if shape is None else math.prod(shape) // self.pool**2

    def prepared_shape(self) -> Shape:
        """Rows, columns and channels of a prepared picture; (0, 0, 0) where its shape is not known.

        Example:
            >>> Preparation("sum", pool=2, image_shape=(28, 28)).prepared_shape()
            (14, 14, 1)
        """
        rows, columns, *channels = self._stepped() or (0, 0, 0)
        return (rows // self.pool, columns // self.pool, *(channels or (1,)))
