"""Telling ink from paper: how far each pixel stands out from what it is written on.

The paper's brightness is the median at the rim. Where paper is uneven (a photo with a shadow), it is a smooth surface
instead, fitted to everything but the ink. Noise is known from the wrong side: what is lighter than the paper cannot be
dark ink, and paper's grain lies on both sides alike, so only what stands out further than that is ink. On clean paper
nothing lies on the wrong side, and every trace of ink counts where the picture is small.

A sheet on a table: where what stands out is a rectangle, straight or turned, with a little of the other shade in it,
that is the paper, and everything around it is left out.
"""

# SciPy is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from typing import Any

import numpy as np
from scipy import ndimage

from garasu.array import Array

_EVEN = 0.06
"""Of the whole range: below it the rim is even, and no surface is fitted."""

_LEAST = 0.08
"""Of the whole range: ink must stand out by more than this, or the picture is empty."""

_SPECK = 0.01
"""Of the largest piece of ink: on noisy paper smaller pieces are dirt."""

_SMALL = 48
"""Rows or columns: above it ink fainter than ``_FAINT`` of the darkest does not count."""

_FAINT = 0.1

_ROUNDS = 4

_SHEET, _FILLED = 0.2, 0.9
"""A sheet takes at least the first of the picture, and the second of the smallest rectangle round it."""

_LEAST_SHEET = 24
"""Rows or columns: nothing can be read on a smaller sheet."""

_WRITTEN = (0.001, 0.2)
"""So much of a sheet is ink; a hole that takes more is that of a thick nought."""


def standing_out(grey: Array, polarity: str = "auto") -> Array:
    """Ink as float64 from 0 (paper) up, in the shape of ``grey``; all 0 where nothing stands out.

    Example:
        >>> standing_out(np.array([[200, 200, 200], [200, 40, 200], [200, 200, 200]])).tolist()
        [[0.0, 0.0, 0.0], [0.0, 160.0, 0.0], [0.0, 0.0, 0.0]]
    """
    values = grey.astype(np.float64)
    if values.size == 0:
        return values
    ink = _standing_out(values, polarity)
    sheet = _sheet(values, ink)
    return ink if sheet is None else _standing_out(sheet, polarity)


def _sheet(values: Array, ink: Array) -> Array | None:
    """The picture with all that lies around its sheet of paper painted over; None where what stands out is no sheet."""
    if not ink.any():
        return None
    labelled: Any = ndimage.label(ink > 0.5 * ink.max())
    pieces, number = labelled
    sizes = ndimage.sum_labels(np.ones_like(ink), pieces, index=np.arange(1, number + 1))
    piece = pieces == 1 + int(np.argmax(sizes))
    box = ndimage.find_objects(piece.astype(np.int8))[0]
    whole: Array = ndimage.binary_fill_holes(piece[box])
    if min(whole.shape) < _LEAST_SHEET or whole.sum() < _SHEET * ink.size:
        return None
    if whole.sum() < _FILLED * _smallest_rectangle(whole):
        return None
    inside: Array = ndimage.binary_erosion(whole, iterations=max(2, max(whole.shape) // 40))
    if not inside.any():
        return None
    level = float(np.median(values[box][whole]))
    written = np.abs(values[box] - level) > 0.25 * 255.0
    if not _WRITTEN[0] <= float(written[inside].mean()) <= _WRITTEN[1]:
        return None
    return np.where(inside, values[box], level)


def _smallest_rectangle(piece: Array) -> float:
    """The area of the smallest rectangle round a piece, turned by whole degrees."""
    inner: Array = ndimage.binary_erosion(piece)
    edge = np.argwhere(piece & ~inner).astype(np.float64)
    angles = np.deg2rad(np.arange(90))
    along = edge @ np.stack([np.cos(angles), np.sin(angles)])
    across = edge @ np.stack([-np.sin(angles), np.cos(angles)])
    return float(((np.ptp(along, axis=0) + 1) * (np.ptp(across, axis=0) + 1)).min())


def _standing_out(values: Array, polarity: str) -> Array:
    """Ink, from the paper that lies at the rim."""
    above = values - _paper(values)
    # Ink is little and stands out far, grain lies on both sides: the sum of cubes has the sign of the ink.
    light = bool(np.sum(above**3) > 0) if polarity == "auto" else polarity == "light"
    right = np.maximum(above if light else -above, 0.0)
    noise = float(np.quantile(np.maximum(-above if light else above, 0.0), 0.999))
    if right.max() <= max(_LEAST * 255.0, 2.0 * noise):
        return np.zeros_like(values)
    # A picture as small as MNIST's means every trace of ink; in larger ones what is so faint is dirt or a compressor's.
    grain = max(noise, _FAINT * float(right.max()) if max(values.shape) > _SMALL else 0.0)
    return right if grain == 0 else _without_grain(right, grain)


def _rim(values: Array) -> Array:
    """The pixels at the edge."""
    return np.concatenate([values[0], values[-1], values[1:-1, 0], values[1:-1, -1]])


def _paper(values: Array) -> Array:
    """The paper's brightness at every pixel, or one number for all."""
    rim = _rim(values)
    level = float(np.median(rim))
    spread = float(np.median(np.abs(rim - level)))
    return np.asarray(level) if spread <= _EVEN * 255.0 else _surface(values)


def _surface(values: Array) -> Array:
    """A surface of second degree through the paper: fitted again and again without what lies far from it."""
    rows, columns = values.shape
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    step = max(1, int(np.sqrt(values.size) / 128))
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    few, wanted = basis[::step, ::step].reshape(-1, 6), values[::step, ::step].reshape(-1)
    kept = np.ones(len(wanted), dtype=bool)
    weights = np.zeros(6)
    for _ in range(_ROUNDS):
        weights = np.linalg.lstsq(few[kept], wanted[kept], rcond=None)[0]
        rest = wanted - few @ weights
        near = 2.5 * float(np.median(np.abs(rest[kept]))) + 1.0
        if np.count_nonzero(np.abs(rest) <= near) < 6:
            break
        kept = np.abs(rest) <= near
    return basis @ weights


def _without_grain(ink: Array, noise: float) -> Array:
    """What stands out from the paper's grain, with its soft edge; pieces that are only dirt are left out."""
    strong = ink > max(2.0 * noise, 0.2 * float(ink.max()))
    whole = ndimage.binary_propagation(strong, mask=ink > noise)
    found: Any = ndimage.label(whole, structure=np.ones((3, 3)))
    pieces, number = found
    if number > 1:
        sizes = ndimage.sum_labels(ink, pieces, index=np.arange(1, number + 1))
        kept = np.concatenate([[False], sizes >= _SPECK * sizes.max()])
        return np.where(kept[pieces], ink, 0.0)
    return np.where(pieces > 0, ink, 0.0)
