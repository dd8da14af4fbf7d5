"""Filters chosen by hand: what a network's first layer often learns anyway, written down.

Every function gives a small square of numbers (NumPy, float64) to lay over an image without turning it; ``bank`` puts
several together as the initial value of a kernel.

    from garasu import filters
    Conv2D.given([filters.edge_vertical(), filters.edge_horizontal()], padding="same")

u counts columns to the right and v rows downwards, both from the middle of the filter.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from garasu.array import Array
from garasu.array import random as streams
from garasu.initializers import Given
from garasu.messages import SettingError, shown, text
from garasu.settings import is_count, is_number, is_whole


def _is_positive(value: Any) -> bool:
    return is_number(value) and value > 0


def _is_seed(value: Any) -> bool:
    return is_whole(value) and value < 2**64


def _need(owner: str, expected: str, accepts: Callable[[object], bool], **values: object) -> None:
    """Check arguments by one rule.

    Raises:
        SettingError: one of them is not as ``expected`` (a text key) says.
    """
    for name, value in values.items():
        if not accepts(value):
            raise SettingError("settings.must_be", owner=owner, name=name, expected=text(expected), value=shown(value))


def _middle(size: int) -> tuple[Array, Array]:
    """u and v of every place."""
    steps = np.arange(size) - (size - 1) / 2
    return np.broadcast_to(steps, (size, size)), np.broadcast_to(steps[:, None], (size, size))


# ------------------------------------------------------------------------------------------ smoothing and sharpening


def smoothing(size: int = 3) -> Array:
    """The mean of ``size`` x ``size`` places (平滑化).

    Raises:
        SettingError: the size is no whole number above 0.

    Example:
        >>> smoothing(2).tolist()
        [[0.25, 0.25], [0.25, 0.25]]
    """
    _need("filters.smoothing", "settings.count", is_count, size=size)
    return np.full((size, size), 1.0 / size**2)


def gaussian(size: int = 5, sigma: float = 1.0) -> Array:
    """A mean that weighs near places more: exp(-(u^2 + v^2) / (2 sigma^2)), divided by its sum.

    Raises:
        SettingError: the size is no whole number above 0, or sigma no number above 0.

    Example:
        >>> gaussian(3, 0.85).round(2).tolist()
        [[0.06, 0.12, 0.06], [0.12, 0.25, 0.12], [0.06, 0.12, 0.06]]
    """
    _need("filters.gaussian", "settings.count", is_count, size=size)
    _need("filters.gaussian", "settings.positive", _is_positive, sigma=sigma)
    u, v = _middle(size)
    squares = u**2 + v**2  # less the least of them, or with an even size and a small sigma all weights would vanish
    weights = np.exp(-(squares - np.min(squares)) / 2 / sigma / sigma)
    return weights / np.sum(weights)


def sharpening() -> Array:
    """Five times the place less its four neighbours (鮮鋭化): flat parts stay, differences grow.

    Example:
        >>> sharpening().tolist()
        [[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]
    """
    return np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])


# ------------------------------------------------------------------------------------------------------------ edges


def edge_vertical() -> Array:
    """The seminar's filter for vertical edges: bright on the left gives plus, bright on the right minus.

    Example:
        >>> (23 * edge_vertical()).round().astype(int).tolist()[:3]
        [[2, 1, 0, -1, -2], [3, 2, 0, -2, -3], [4, 3, 0, -3, -4]]
    """
    rows = [[2, 1, 0, -1, -2], [3, 2, 0, -2, -3], [4, 3, 0, -3, -4], [3, 2, 0, -2, -3], [2, 1, 0, -1, -2]]
    return np.array(rows) / 23


def edge_horizontal() -> Array:
    """The seminar's filter for horizontal edges: the transpose of ``edge_vertical``.

    Example:
        >>> bool((edge_horizontal() == edge_vertical().T).all())
        True
    """
    return edge_vertical().T.copy()


def sobel() -> Array:
    """Sobel and Feldman's (1968) slope from left to right; ``sobel().T`` is the slope downwards.

    Example:
        >>> sobel().tolist()
        [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
    """
    return np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def laplacian() -> Array:
    """The sum of second differences: edges in all directions, nothing on flat or evenly rising parts.

    Example:
        >>> laplacian().tolist()
        [[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]
    """
    return np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])


# ------------------------------------------------------------------------------------------------- lines and waves


def line() -> Array:
    """An upright line of three places.

    Example:
        >>> line().tolist()
        [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
    """
    return np.array([[0.0, 1, 0]] * 3)


def diagonal() -> Array:
    """A line of three places that rises to the right.

    Example:
        >>> diagonal().tolist()
        [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return np.array([[0.0, 0, 1], [0, 1, 0], [1, 0, 0]])


def gabor(
    size: int = 11,
    wavelength: float = 5.0,
    orientation: float = 0.0,
    phase: float = 0.0,
    sigma: float = 2.5,
    aspect: float = 0.5,
) -> Array:
    """A wave that fades out to all sides (ガボールフィルタ): edges and stripes of one width and direction.

        g = exp(-(a^2 + aspect^2 b^2) / (2 sigma^2)) cos(2 pi a / wavelength + phase)
        a = u cos(orientation) + v sin(orientation)        b = v cos(orientation) - u sin(orientation)

    Orientation 0 answers upright stripes, pi / 2 lying ones. Phase 0 is a bright stripe, pi / 2 an edge.
    Sources: Gabor (1946); in two dimensions, as the simple cells of the visual cortex, Daugman (1985).

    Args:
        size: rows and columns.
        wavelength: places from stripe to stripe.
        orientation: the direction across the stripes, in radians, from rightwards to downwards.
        phase: where the wave stands in the middle, in radians.
        sigma: how far the wave reaches.
        aspect: below 1, the stripes are longer than the wave is wide.

    Raises:
        SettingError: an argument out of range.

    Example:
        >>> gabor(3, wavelength=4, sigma=1, aspect=1).round(2).tolist()
        [[0.0, 0.61, 0.0], [0.0, 1.0, 0.0], [0.0, 0.61, 0.0]]
    """
    _need("filters.gabor", "settings.count", is_count, size=size)
    _need("filters.gabor", "settings.positive", _is_positive, wavelength=wavelength, sigma=sigma, aspect=aspect)
    _need("filters.gabor", "settings.number", is_number, orientation=orientation, phase=phase)
    u, v = _middle(size)
    a = u * math.cos(orientation) + v * math.sin(orientation)
    b = v * math.cos(orientation) - u * math.sin(orientation)
    return np.exp(-(a**2 + (aspect * b) ** 2) / 2 / sigma / sigma) * np.cos(2 * math.pi * a / wavelength + phase)


def random(size: int = 3, seed: int = 0) -> Array:
    """Normal numbers of standard deviation 1 / size: a filter that looks for nothing. A seed means the same for ever.

    Raises:
        SettingError: the size is no whole number above 0, or the seed is out of range.

    Example:
        >>> random(5, seed=1).shape, bool((random(5, seed=1) == random(5, seed=2)).any())
        ((5, 5), False)
    """
    _need("filters.random", "settings.count", is_count, size=size)
    _need("filters.random", "settings.seed", _is_seed, seed=seed)
    return streams.normal(streams.key(int(seed)), (size, size), "float64") / size


# ---------------------------------------------------------------------------------------------------------- the bank


def bank(filters: Array | Sequence[Array], channels: int = 1, *, owner: str = "filters.bank") -> Given:
    """Filters of one size, or a single one, as the initial value of a kernel (F, F, channels, K).

    Over several channels every filter sees their mean: each value is divided by ``channels``, so that a grey picture
    gives the same in one channel as in three. ``owner`` is who is named when an error is said.

    Raises:
        SettingError: no filters, filters of several sizes, or numbers that are not finite.

    Example:
        >>> bank([line(), diagonal()]).shape, bank(line(), channels=3).shape
        ((3, 3, 1, 2), (3, 3, 3, 1))
    """
    _need(owner, "settings.count", is_count, channels=channels)
    _need(owner, "settings.filters", _are_filters, filters=filters)
    several = [filters] if np.ndim(filters) == 2 else filters
    kernel = np.stack([np.asarray(one, dtype=np.float64) for one in several], axis=-1)[:, :, None, :]
    return Given(np.repeat(kernel / channels, channels, axis=2))


def _are_filters(filters: object) -> bool:
    """Whether these are two-dimensional filters of one size, or one."""
    try:
        numbers: Array = np.asarray(filters)
    except ValueError:  # filters, or rows, of unequal length
        return False
    return (
        numbers.ndim in (2, 3) and numbers.size > 0 and numbers.dtype.kind in "iuf" and bool(np.isfinite(numbers).all())
    )
