"""softmax_straight_through: softmax forward, z_k = e^(u_k) / sum_j e^(u_j); backward du = dz, as if it were not there.

Not a derivative: the error goes straight through (Bengio, Leonard and Courville, 2013), which keeps it from shrinking
where softmax is nearly flat. With ``softmax`` itself the error passes its whole Jacobian.
"""

from garasu.activations.rule import Rule
from garasu.activations.softmax import softmax
from garasu.array import Array


def backward(u: Array, z: Array, dz: Array) -> Array:
    """du = dz.

    Example:
        >>> import numpy as np
        >>> u = np.array([[0.0, 0.0]])
        >>> backward(u, softmax.forward(u), np.array([[1.0, 0.0]])).tolist()
        [[1.0, 0.0]]
    """
    return dz


softmax_straight_through = Rule(
    "softmax_straight_through", "z = softmax(u); du = dz", softmax.forward, backward, exact=False
)
