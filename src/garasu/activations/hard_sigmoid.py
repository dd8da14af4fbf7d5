"""hard_sigmoid: z = min(max(u + 3, 0), 6) / 6, sigmoid as three straight lines; du = dz / 6 where -3 < u < 3, else 0.

Keras 3's and PyTorch's. (Keras 2's had the slope 0.2.) At the kinks u = -3 and u = 3 the slope is taken as 0.
"""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = min(max(u + 3, 0), 6) / 6.

    Example:
        >>> import numpy as np
        >>> forward(np.array([-4.0, 0.0, 1.5, 3.0])).tolist()
        [0.0, 0.5, 0.75, 1.0]
    """
    return namespace(u).clip(u + 3.0, 0.0, 6.0) / 6.0


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz / 6 where -3 < u < 3, else 0.

    Example:
        >>> import numpy as np
        >>> u = np.array([-4.0, 1.5, 3.0])
        >>> backward(u, forward(u), np.array([6.0, 6.0, 6.0])).tolist()
        [0.0, 1.0, 0.0]
    """
    xp = namespace(u)
    return xp.where(xp.abs(u) < 3.0, dz / 6.0, xp.zeros_like(dz))


hard_sigmoid = Rule("hard_sigmoid", "z = min(max(u + 3, 0), 6) / 6", forward, backward)
