"""The dtype policy: numbers are float32 unless a proof asks for float64; images stay integers until used.

In "bfloat16" (脳浮動小数点数: a float32 without its lower 16 bits, so of the same range and with 8 bits of precision
instead of 24) a network works with rounded numbers, while its weights are kept, added to and summed up in float32.
NumPy has no such type: there, numbers are rounded to it and stay float32.
"""

from typing import Any, Literal

import numpy as np

from garasu.array.namespace import library, namespace
from garasu.array.types import Array

Precision = Literal["float32", "float64", "bfloat16"]
PRECISIONS: tuple[Precision, ...] = ("float32", "float64", "bfloat16")


def kept_in(precision: Precision) -> Literal["float32", "float64"]:
    """The type that weights, the optimizer's memory, sums and losses are kept in.

    Example:
        >>> kept_in("bfloat16"), kept_in("float64")
        ('float32', 'float64')
    """
    return "float32" if precision == "bfloat16" else precision


def as_float(x: Array, precision: Precision = "float32") -> Array:
    """``x`` in the floating type of the run; an array already of that type is returned as it is.

    Example:
        >>> import numpy as np
        >>> as_float(np.array([0, 255], dtype=np.uint8)).dtype
        dtype('float32')
        >>> as_float(np.array([1.0, 1.01, 255.0, 257.0]), "bfloat16").tolist()
        [1.0, 1.0078125, 255.0, 256.0]
    """
    xp: Any = namespace(x)
    if precision == "bfloat16" and library(x) == "numpy":
        return rounded(xp.astype(x, xp.float32, copy=False))
    return xp.astype(x, getattr(xp, precision), copy=False)


def rounded(x: Array) -> Array:
    """float32 numbers (NumPy) rounded to the nearest of 8 bits of precision, of two as near to the even one.

    Example:
        >>> rounded(np.array([1.00390625, 1.01171875, np.inf], np.float32)).tolist()
        [1.0, 1.015625, inf]
    """
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    half = np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    near = ((bits + half) & np.uint32(0xFFFF0000)).view(np.float32)
    return np.where(np.isnan(x), x, np.reshape(near, np.shape(x)))


def is_integer(x: Array) -> bool:
    """Whether ``x`` holds whole numbers: pictures as stored (uint8), or labels.

    Example:
        >>> import numpy as np
        >>> is_integer(np.zeros(2, dtype=np.uint8)), is_integer(np.zeros(2))
        (True, False)
    """
    return bool(namespace(x).isdtype(x.dtype, "integral"))
