"""The dtype policy: numbers are float32 unless a proof asks for float64; images stay integers until used."""

from typing import Literal

from garasu.array.namespace import namespace
from garasu.array.types import Array

Precision = Literal["float32", "float64"]
PRECISIONS: tuple[Precision, ...] = ("float32", "float64")


def as_float(x: Array, precision: Precision = "float32") -> Array:
    """``x`` in the floating type of the run; an array already of that type is returned as it is.

    Example:
        >>> import numpy as np
        >>> as_float(np.array([0, 255], dtype=np.uint8)).dtype
        dtype('float32')
    """
    xp = namespace(x)
    return xp.astype(x, getattr(xp, precision), copy=False)


def is_integer(x: Array) -> bool:
    """Whether ``x`` holds whole numbers: pictures as stored (uint8), or labels.

    Example:
        >>> import numpy as np
        >>> is_integer(np.zeros(2, dtype=np.uint8)), is_integer(np.zeros(2))
        (True, False)
    """
    return bool(namespace(x).isdtype(x.dtype, "integral"))
