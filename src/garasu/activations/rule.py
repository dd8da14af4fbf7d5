"""What an activation is: a function of u and how it hands the error back."""

from collections.abc import Callable

from attrs import frozen

from garasu.array import Array


@frozen(eq=False)
class Rule:
    """z = f(u), and du from dz, written in u or in z, whichever is shorter: ``backward(u, z, dz)``.

    sigmoid' = z (1 - z), tanh' = 1 - z^2, relu' = [z > 0]; gelu and softplus need u. In a compiled program the one that
    is not read costs nothing. ``passes_error`` is False where the slope is 0 everywhere: then nothing in front learns.
    ``exact`` is False where what is handed back is on purpose no derivative: numerical differentiation says otherwise.
    """

    name: str
    formula: str
    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array, Array], Array]
    passes_error: bool = True
    exact: bool = True

    def __call__(self, u: Array) -> Array:
        """z = f(u).

        Example:
            >>> import numpy as np
            >>> from garasu.activations import relu
            >>> relu(np.array([-2.0, 3.0])).tolist()
            [0.0, 3.0]
        """
        return self.forward(u)
