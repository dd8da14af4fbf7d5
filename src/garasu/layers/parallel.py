"""Parallel: several branches of the same x, put together at the end.

    "concatenate"   y = [F_1(x), ..., F_m(x)] along the last axis        dx = sum_k F_k'^T(dy_k), dy_k its part of dy
    "add"           y = F_1(x) + ... + F_m(x)                            dx = sum_k F_k'^T(dy)

Source: Szegedy et al., "Going deeper with convolutions" (2015), whose Inception module is the first form.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import accumulate
from operator import add
from typing import Any, Self, TypeGuard

from attrs import evolve, field, frozen

from garasu.array import Array, Shape, Tree, namespace
from garasu.layers import branches
from garasu.layers.block import Block
from garasu.layers.composite import Composite, Place, are_layers
from garasu.layers.layer import Layer, Run, Spec
from garasu.messages import ShapeError
from garasu.settings import as_tuple, is_tuple, must_be, one_of


def _are_branches(value: object) -> TypeGuard[tuple[Block, ...]]:
    return is_tuple(value) and len(value) > 0 and all(isinstance(one, Block) for one in value)


def _branch(place: int, value: Any) -> Any:
    """A converter: a branch as a block, called by its place unless it has a name; else left to the validator."""
    if isinstance(value, Block):
        return evolve(value, name=value.name or str(place))
    layers = (value,) if isinstance(value, Layer) else as_tuple(value)
    return Block(layers, name=str(place)) if are_layers(layers) else value


def _branches(value: Any) -> Any:
    """A converter: a list of branches as blocks; of anything else the validator says what was given."""
    given = as_tuple(value)
    if not is_tuple(given):
        return value
    found = tuple(_branch(place, one) for place, one in enumerate(given))
    return found if _are_branches(found) else value


@frozen(eq=False)
class Parallel(Composite, Layer):
    """``branches``, each a list of layers (an empty one hands on x) or one layer; ``mode`` "concatenate" or "add".

    Branches are called "0", "1", ..., so the kernel of "low" in the first has the path "parallel/0/low/kernel"; a
    ``Block`` with a name keeps it.

    Raises:
        SettingError: not a list of lists of layers, or an unknown mode.

    Example:
        >>> import numpy as np
        >>> from garasu.layers import Dense
        >>> layer = Parallel([[Dense(1, use_bias=False, name="double")], []])
        >>> params = {"0": {"double": {"kernel": np.array([[2.0]])}}}
        >>> y, _, cache = layer.apply(params, {}, np.array([[3.0]]), Run())
        >>> y.tolist(), layer.backward(params, cache, np.array([[1.0, 10.0]]))[0].tolist()
        ([[6.0, 3.0]], [[12.0]])
    """

    branches: tuple[Block, ...] = field(converter=_branches, validator=must_be("settings.branches", _are_branches))
    mode: str = field(default="concatenate", validator=one_of("concatenate", "add"))

    @property
    def within(self) -> tuple[Block, ...]:
        """The branches, frozen where this layer is."""
        return self.branches if self.trainable else tuple(evolve(one, trainable=False) for one in self.branches)

    def spec(self, in_shape: Shape) -> Spec:
        """The branches' shapes, which must agree (when concatenating: up to the last axis); arrays by branch."""
        specs: dict[str, Spec] = {}
        for branch in self.within:
            if branch.name in specs:
                raise ShapeError("layers.name_twice", name=branch.name)
            specs[str(branch.name)] = branch.spec(in_shape)
            self._check(specs)
        shapes = [spec.out_shape for spec in specs.values()]
        joined = (*shapes[0][:-1], sum(shape[-1] for shape in shapes)) if self.mode == "concatenate" else shapes[0]
        return Spec(joined, **branches.arrays_by_name(specs))

    def _check(self, specs: dict[str, Spec]) -> None:
        """The latest branch's shape must go with that of the first."""
        adds = self.mode == "add"
        first, name = next(iter(specs)), next(reversed(specs))
        expected, got = specs[first].out_shape, specs[name].out_shape
        fits = got == expected if adds else got[:-1] == expected[:-1] and len(got) == len(expected) > 0
        if not fits:
            sentence = "layers.parallel_add" if adds else "layers.parallel_concatenate"
            shapes = {"expected": ("N", *expected), "got": ("N", *got)}
            raise ShapeError(sentence, layer=self.label, first=first, branch=name, **shapes)

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y = [F_1(x), ..., F_m(x)], or their sum."""
        ys, states, caches = branches.forward(self.within, params, state, [x] * len(self.branches), run)
        y = reduce(add, ys) if self.mode == "add" else namespace(x).concat(ys, axis=-1)
        return y, states, {"x": x, "branches": caches}

    def backward(self, params: Tree, cache: Tree, dy: Array) -> tuple[Array, Tree]:
        """dx = sum_k F_k'^T(dy_k)."""
        dxs, grads = branches.backward(self.within, params, cache["branches"], self._errors(cache["x"], dy))
        return reduce(add, dxs), grads

    def _errors(self, x: Array, dy: Array) -> list[Array]:
        """Each branch's part of the error."""
        if self.mode == "add":
            return [dy] * len(self.branches)
        sizes = [branch.spec(x.shape[1:]).out_shape[-1] for branch in self.branches]
        return [dy[..., stop - size : stop] for size, stop in zip(sizes, accumulate(sizes), strict=True)]

    def inner(self, in_shape: Shape) -> Sequence[Place]:
        """The branches; all take x."""
        return [Place(branch, in_shape, branch.spec(in_shape).out_shape) for branch in self.within]

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the branches and the layers in them hand on."""
        return branches.outputs(self.within, params, state, [x] * len(self.branches), names, run)

    def converted(self, change: Callable[[Layer], Layer]) -> Self:
        """With others in place of the branches."""
        return evolve(self, branches=tuple(map(change, self.branches)))
