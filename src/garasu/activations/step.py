"""step: z = 1 where u > 0, else 0 (at the jump u = 0 too); its slope is 0 everywhere, so no error passes back.

For a threshold unit whose weights are given. In training, layers in front of it would never change: ``fit`` refuses.
Source: McCulloch and Pitts (1943).
"""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace


def forward(u: Array) -> Array:
    """z = [u > 0].

    Example:
        >>> import numpy as np
        >>> forward(np.array([-2.0, 0.0, 3.0])).tolist()
        [0.0, 0.0, 1.0]
    """
    xp = namespace(u)
    return xp.astype(u > 0, u.dtype)


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = 0."""
    return namespace(dz).zeros_like(dz)


step = Rule("step", "z = [u > 0]", forward, backward, passes_error=False)
