"""leaky_relu: z = u where u > 0, else 0.2 u; du = dz where u > 0, else 0.2 dz (so is the slope at the kink u = 0).

0.2 is what Keras's function has by default; PyTorch's has 0.01. The layer ``LeakyReLU`` takes it as a setting.
Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013).
"""

from garasu.activations.rule import Rule
from garasu.array import Array, namespace

_SLOPE = 0.2


def forward(u: Array) -> Array:
    """z = u where u > 0, else 0.2 u.

    Example:
        >>> import numpy as np
        >>> forward(np.array([-2.0, 3.0])).tolist()
        [-0.4, 3.0]
    """
    return namespace(u).where(u > 0, u, _SLOPE * u)


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz where u > 0, else 0.2 dz.

    Example:
        >>> import numpy as np
        >>> u = np.array([-2.0, 3.0])
        >>> backward(u, forward(u), np.array([5.0, 5.0])).tolist()
        [1.0, 5.0]
    """
    return namespace(u).where(u > 0, dz, _SLOPE * dz)


leaky_relu = Rule("leaky_relu", "z = u where u > 0, else 0.2 u", forward, backward)
