"""Numbers as shades: how arrays of any range become pictures, each with the two ends of its scale."""

import numpy as np

_BYTE = 255


def ends(values: np.ndarray) -> tuple[float, float]:
    """Black and white: 0 and 255 for bytes, else the least and the greatest; never the same.

    Example:
        >>> ends(np.array([3.0, 5.0])), ends(np.zeros(2)), ends(np.zeros(2, "uint8"))
        ((3.0, 5.0), (0.0, 1.0), (0.0, 255.0))
    """
    if values.dtype == np.uint8:
        return 0.0, float(_BYTE)
    low, top = float(values.min()), float(values.max())
    return low, top if top > low else low + 1.0


def even(values: np.ndarray) -> tuple[float, float]:
    """The ends of a scale with 0 in its middle.

    Example:
        >>> even(np.array([-0.5, 0.2])), even(np.zeros(2))
        ((-0.5, 0.5), (-1.0, 1.0))
    """
    top = float(np.abs(values).max()) or 1.0
    return -top, top


def unit(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Values as shares of the way from the one end to the other.

    Example:
        >>> unit(np.array([-1.0, 0.0, 1.0]), (-1, 1)).tolist()
        [0.0, 0.5, 1.0]
    """
    low, top = limits
    return (np.asarray(values, dtype=float) - low) / (top - low)
