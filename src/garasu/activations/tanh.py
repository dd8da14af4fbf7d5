"""tanh: z = tanh(u), du = dz (1 - z^2)."""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = tanh(u)."""
    return namespace(u).tanh(u)


def backward(z: Array, dz: Array) -> Array:
    """du = dz (1 - z^2).

    Example:
        >>> import numpy as np
        >>> float(backward(np.array(0.5), np.array(2.0)))
        1.5
    """
    return dz * (1.0 - z * z)


tanh = Rule("tanh", "z = tanh(u)", forward, backward)
