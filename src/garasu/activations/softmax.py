"""softmax: z_k = e^(u_k) / sum_j e^(u_j) over the last axis; du = z (dz - sum_k dz_k z_k), its whole Jacobian."""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = e^(u - max u) / sum e^(u - max u): the row's maximum is subtracted, which changes nothing but overflow.

    Example:
        >>> import numpy as np
        >>> forward(np.array([[1000.0, 1000.0]])).tolist()
        [[0.5, 0.5]]
    """
    xp = namespace(u)
    e = xp.exp(u - xp.max(u, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = z (dz - sum_k dz_k z_k).

    Example:
        >>> import numpy as np
        >>> u = np.array([[0.0, 0.0]])
        >>> backward(u, forward(u), np.array([[1.0, 0.0]])).tolist()
        [[0.25, -0.25]]
    """
    xp = namespace(z)
    return z * (dz - xp.sum(dz * z, axis=-1, keepdims=True))


softmax = Rule("softmax", "z_k = e^u_k / sum_j e^u_j", forward, backward)
