"""sigmoid: z = 1 / (1 + e^-u), du = dz z (1 - z); its slope at u = 0 is 1/4, its largest."""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = 1 / (1 + e^-u), with the exponent never positive, so that nothing overflows.

    Example:
        >>> import numpy as np
        >>> forward(np.array([-1000.0, 0.0, 1000.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    xp = namespace(u)
    e = xp.exp(-xp.abs(u))
    return xp.where(u >= 0, 1.0 / (1.0 + e), e / (1.0 + e))


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz z (1 - z).

    Example:
        >>> import numpy as np
        >>> u = np.array([0.0])
        >>> float(backward(u, forward(u), np.array([1.0]))[0])
        0.25
    """
    return dz * z * (1.0 - z)


sigmoid = Rule("sigmoid", "z = 1 / (1 + e^-u)", forward, backward)
