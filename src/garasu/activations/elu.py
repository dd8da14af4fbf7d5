"""elu: z = u where u > 0, else e^u - 1; du = dz where u > 0, else dz e^u. It has no kink.

The layer ``ELU`` takes the size of its lower part, here 1, as a setting.
Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by ELUs" (2015).
"""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = u where u > 0, else e^u - 1, with the exponent never positive, so that nothing overflows.

    Example:
        >>> import numpy as np
        >>> forward(np.array([-1000.0, 0.0, 3.0])).tolist()
        [-1.0, 0.0, 3.0]
    """
    xp = namespace(u)
    return xp.where(u > 0, u, xp.expm1(xp.minimum(u, xp.zeros_like(u))))


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz where u > 0, else dz e^u.

    Example:
        >>> import numpy as np
        >>> u = np.array([-1000.0, 0.0, 3.0])
        >>> backward(u, forward(u), np.array([8.0, 8.0, 8.0])).tolist()
        [0.0, 8.0, 8.0]
    """
    xp = namespace(u)
    return dz * xp.exp(xp.minimum(u, xp.zeros_like(u)))


elu = Rule("elu", "z = u where u > 0, else e^u - 1", forward, backward)
