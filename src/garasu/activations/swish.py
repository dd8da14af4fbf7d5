"""swish (also called silu): z = u s(u) with s = sigmoid; du = dz (s + z (1 - s)).

Source: Ramachandran, Zoph and Le, "Searching for activation functions" (2017); as silu, Elfwing et al. (2017).
"""

from garasu.activations.rule import Rule
from garasu.activations.sigmoid import sigmoid
from garasu.array import Array


def forward(u: Array) -> Array:
    """z = u / (1 + e^-u).

    Example:
        >>> import numpy as np
        >>> forward(np.array([-1000.0, 0.0, 1000.0])).round(6).tolist()
        [-0.0, 0.0, 1000.0]
    """
    return u * sigmoid.forward(u)


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz (s + z (1 - s)).

    Example:
        >>> import numpy as np
        >>> u = np.array([0.0])
        >>> float(backward(u, forward(u), np.array([8.0]))[0])
        4.0
    """
    s = sigmoid.forward(u)
    return dz * (s + z * (1.0 - s))


swish = Rule("swish", "z = u / (1 + e^-u)", forward, backward)
