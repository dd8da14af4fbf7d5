"""Preparation: from a picture as it is stored to the numbers a network takes. Part of the network and of its file.

    "none"   x as it is
    "unit"   x / 255, so that stored bytes fall in [0, 1]
    "sum"    x / sum of x, so that each picture sums to 1

``pool`` k first replaces each k x k block of a picture by its mean (28 x 28 becomes 14 x 14 for k = 2).
``picture`` says how any picture from outside becomes one as they are stored: what is asked must look like what was
learned.
"""

import math
from collections.abc import Iterable

from attrs import field, frozen

from garasu.array import Array, Precision, Shape, as_float, namespace
from garasu.messages import SettingError, text
from garasu.pictures import PicturePreparation
from garasu.settings import count, one_of

SCALES = ("none", "unit", "sum")


def _shape(value: Iterable[int] | None) -> Shape | None:
    """A converter: lists become tuples."""
    return None if value is None else tuple(value)


@frozen(eq=False)
class Preparation:
    """How pictures of ``image_shape`` become inputs; without an ``image_shape`` inputs come in the network's own shape.

    Raises:
        SettingError: an unknown scale, or a block size that does not divide the picture.

    Example:
        >>> import numpy as np
        >>> Preparation("unit", image_shape=(2, 2))(np.full((1, 2, 2), 255, dtype=np.uint8), (4,)).tolist()
        [[1.0, 1.0, 1.0, 1.0]]
    """

    scale: str = field(default="none", validator=one_of(*SCALES))
    pool: int = field(default=1, validator=count)
    image_shape: Shape | None = field(default=None, converter=_shape)
    picture: PicturePreparation | None = None

    def __attrs_post_init__(self) -> None:
        """A block must divide the picture."""
        if self.pool > 1 and (self.image_shape is None or any(size % self.pool for size in self.image_shape[:2])):
            raise SettingError(
                "settings.must_be",
                owner="Preparation",
                name="pool",
                expected=text("networks.pool_divides", shape=self.image_shape),
                value=self.pool,
            )

    def __call__(self, x: Array, in_shape: Shape, precision: Precision = "float32") -> Array:
        """Inputs of ``in_shape`` from stored pictures."""
        xp = namespace(x)
        x = as_float(x, precision)
        if self.pool > 1:
            rows, columns = x.shape[1] // self.pool, x.shape[2] // self.pool
            x = xp.mean(xp.reshape(x, (x.shape[0], rows, self.pool, columns, self.pool, *x.shape[3:])), axis=(2, 4))
        x = xp.reshape(x, (x.shape[0], *in_shape))
        if self.scale == "unit":
            return x / 255.0
        if self.scale == "sum":
            total = xp.sum(x, axis=tuple(range(1, x.ndim)), keepdims=True)
            return x / xp.where(total == 0, xp.ones_like(total), total)
        return x

    def prepared_size(self) -> int | None:
        """How many numbers one picture becomes, where the picture's shape is known.

        Example:
            >>> Preparation("sum", pool=2, image_shape=(28, 28)).prepared_size()
            196
        """
        return None if self.image_shape is None else math.prod(self.image_shape) // self.pool**2

    def prepared_shape(self) -> Shape:
        """Rows, columns and channels of a prepared picture; (0, 0, 0) where its shape is not known.

        Example:
            >>> Preparation("sum", pool=2, image_shape=(28, 28)).prepared_shape()
            (14, 14, 1)
        """
        rows, columns, *channels = self.image_shape or (0, 0, 0)
        return (rows // self.pool, columns // self.pool, *(channels or (1,)))
