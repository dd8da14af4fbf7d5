"""What an error looks like often tells what it is: a factor, a transpose, nothing at all."""

import numpy as np

from garasu.array import Array
from garasu.messages import text


def hint(expected: Array, got: Array) -> str:
    """A sentence on what ``got`` looks like beside ``expected``.

    Example:
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> hint(np.array([1.0, 2.0]), np.array([2.0, 4.0]))
        'All of it is 2 times what it should be: look for that factor in the rule.'
        >>> set_language(None)
    """
    if not np.all(np.isfinite(got)):
        return text("testing.hint_non_finite")
    if not np.any(got):
        return text("testing.hint_zero")
    if got.ndim == 2 and got.shape[0] == got.shape[1] and np.allclose(got.T, expected, rtol=1e-4):
        return text("testing.hint_transposed")
    factor = float(np.vdot(expected, got) / max(float(np.vdot(expected, expected)), 1e-300))
    if got.size > 1 and np.any(expected) and np.allclose(factor * expected, got, rtol=1e-4):
        return text("testing.hint_factor", factor=f"{factor:.4g}")
    return text("testing.hint_none")
