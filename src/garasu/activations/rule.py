"""What an activation is: a function of u and how it hands the error back."""

from collections.abc import Callable

from attrs import frozen

from garasu.array import Array


@frozen(eq=False)
class Rule:
    """z = f(u), and du from dz; both functions see the same z, so nothing else needs remembering.

    ``backward(z, dz)`` is written in z alone: sigmoid' = z (1 - z), tanh' = 1 - z^2, relu' = [z > 0].
    """

    name: str
    formula: str
    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array], Array]
