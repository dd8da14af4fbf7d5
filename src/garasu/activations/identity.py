"""identity: z = u, du = dz. For regression outputs."""

from garasu.activations.rule import Rule
from garasu.array import Array


def forward(u: Array) -> Array:
    """z = u."""
    return u


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz."""
    return dz


identity = Rule("linear", "z = u", forward, backward)
