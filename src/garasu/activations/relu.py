"""relu: z = max(u, 0), du = dz where z > 0, else 0 (at the kink u = 0 the slope is taken as 0)."""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = max(u, 0).

    Example:
        >>> import numpy as np
        >>> forward(np.array([-2.0, 3.0])).tolist()
        [0.0, 3.0]
    """
    xp = namespace(u)
    return xp.maximum(u, xp.zeros_like(u))


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz where z > 0, else 0.

    Example:
        >>> import numpy as np
        >>> u = np.array([0.0, 3.0])
        >>> backward(u, forward(u), np.array([5.0, 5.0])).tolist()
        [0.0, 5.0]
    """
    xp = namespace(z)
    return xp.where(z > 0, dz, xp.zeros_like(dz))


relu = Rule("relu", "z = max(u, 0)", forward, backward)
