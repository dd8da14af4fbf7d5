"""softplus: z = log(1 + e^u), relu with its corner rounded; du = dz / (1 + e^-u), the slope being sigmoid."""

from garasu.activations.rule import Rule
from garasu.activations.sigmoid import sigmoid
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = max(u, 0) + log(1 + e^-|u|): the same number, but the exponent is never positive, so nothing overflows.

    Example:
        >>> import numpy as np
        >>> forward(np.array([-1000.0, 0.0, 1000.0])).round(6).tolist()
        [0.0, 0.693147, 1000.0]
    """
    xp = namespace(u)
    return xp.maximum(u, xp.zeros_like(u)) + xp.log1p(xp.exp(-xp.abs(u)))


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz / (1 + e^-u).

    Example:
        >>> import numpy as np
        >>> u = np.array([0.0])
        >>> float(backward(u, forward(u), np.array([8.0]))[0])
        4.0
    """
    return dz * sigmoid.forward(u)


softplus = Rule("softplus", "z = log(1 + e^u)", forward, backward)
