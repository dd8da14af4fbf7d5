"""gelu: z = u P(u), P the normal distribution's share below u; du = dz (P(u) + u p(u)), p its density.

    P(u) = (1 + erf(u / sqrt(2))) / 2        p(u) = e^(-u^2 / 2) / sqrt(2 pi)

The exact form, Keras's and PyTorch's default; texts often print an approximation by tanh.
Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016).
"""

import math

from garasu.activations.rule import Rule
from garasu.array import Array, erf, namespace

_FAR = 40.0
"""Beyond it the density is 0 in float64 too; its square still fits into float32."""


def _below(u: Array) -> Array:
    """P(u)."""
    return 0.5 * (1.0 + erf(math.sqrt(0.5) * u))


def forward(u: Array) -> Array:
    """z = u P(u).

    Example:
        >>> import numpy as np
        >>> forward(np.array([-1000.0, 0.0, 1.0, 1000.0])).round(6).tolist()
        [-0.0, 0.0, 0.841345, 1000.0]
    """
    return u * _below(u)


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz (P(u) + u p(u)).

    Example:
        >>> import numpy as np
        >>> u = np.array([-1000.0, 0.0, 1000.0])
        >>> backward(u, forward(u), np.array([8.0, 8.0, 8.0])).tolist()
        [0.0, 4.0, 8.0]
    """
    xp = namespace(u)
    near = xp.clip(u, -_FAR, _FAR)
    density = xp.exp(-0.5 * near * near) / math.sqrt(2.0 * math.pi)
    return dz * (_below(u) + near * density)


gelu = Rule("gelu", "z = u P(u)", forward, backward)
