"""What climbs: a forward and a backward rule with their arrays, whatever they belong to."""

from collections.abc import Callable

import numpy as np
from attrs import evolve, field, frozen

from garasu.array import Array, Tree, map_leaves, paths, random
from garasu.testing.arrays import cast

Forward = Callable[[Tree, Tree], tuple[Tree, Tree]]
Backward = Callable[[Tree, Tree, Tree, Array], Tree]


@frozen(eq=False)
class Subject:
    """forward(inputs, held) -> (outputs, cache); backward(inputs, held, cache, dy) -> gradients, named as inputs.

    ``inputs`` are what is differentiated, ``held`` the other arrays (states, keys, targets), ``outputs`` a dict whose
    ``y`` is what ``dy`` belongs to. ``owner`` is the object whose settings must stay as they are.
    """

    label: str
    forward: Forward
    backward: Backward
    inputs: Tree
    held: Tree = field(factory=dict)
    seed: int = 0
    owner: object = None

    def at(self, precision: str) -> "Subject":
        """The same with arrays of another precision (fresh copies)."""
        return evolve(self, inputs=cast(self.inputs, precision), held=cast(self.held, precision))

    def error_like(self, y: Array) -> Array:
        """A fixed random dy in the shape and type of y."""
        y = np.asarray(y)
        return draw(self.seed, "dy", y.shape).astype(y.dtype)

    def gradients(self) -> tuple[Tree, Array, Tree]:
        """outputs, dy and gradients, eagerly."""
        outputs, cache = self.forward(self.inputs, self.held)
        dy = self.error_like(outputs["y"])
        return outputs, dy, self.backward(self.inputs, self.held, cache, dy)

    def nudged(self, attempt: int) -> "Subject":
        """The same a little way off."""
        size = 0.01 * 2.0**attempt
        places = iter([name for name, _ in paths(self.inputs)])

        def move(array: Array) -> Array:
            return array + size * draw(self.seed, f"nudge {attempt} {next(places)}", array.shape)

        return evolve(self, inputs=map_leaves(move, self.inputs))


def draw(seed: int, name: str, shape: tuple[int, ...]) -> Array:
    """Standard normal numbers (NumPy, float64) that depend on nothing but the seed and the name.

    Example:
        >>> draw(0, "x", (2,)).shape
        (2,)
    """
    return random.normal(random.fold_name(random.key(seed), name), shape, "float64")
