"""tanh: z = tanh(u), du = dz (1 - z^2)."""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = tanh(u)."""
    return namespace(u).tanh(u)


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz (1 - z^2).

    Example:
        >>> import numpy as np
        >>> u = np.array([0.0])
        >>> float(backward(u, forward(u), np.array([2.0]))[0])
        2.0
    """
    return dz * (1.0 - z * z)


tanh = Rule("tanh", "z = tanh(u)", forward, backward)
