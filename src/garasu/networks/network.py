"""A network: layers in a chain, an input shape, how pictures are prepared for it. Plain data and pure functions.

Its arrays stand apart: ``init`` draws them, every call takes them. A parameter's path is "layer/parameter".
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define, field

from garasu.array import Array, Precision, Shape, Tree, kept_in, paths, random
from garasu.layers import Chain, Composite, Layer, Param, Run, Spec, chain, named
from garasu.layers.chain import placed
from garasu.layers.composite import Place
from garasu.messages import ShapeError
from garasu.networks.preparation import Preparation


@define(eq=False, slots=False, frozen=True)
class Network:
    """Named layers for inputs of ``in_shape``.

    Raises:
        ShapeError: the layers do not fit together, or the preparation does not fit the input.

    Example:
        >>> from garasu.layers import Dense
        >>> net = Network([Dense(3, activation="relu"), Dense(2)], (4,))
        >>> params, state = net.init(seed=0)
        >>> params["dense"]["kernel"].shape, net.parameter_count
        ((4, 3), 23)
    """

    layers: tuple[Layer, ...] = field(converter=named)
    in_shape: Shape = field(converter=tuple)
    preparation: Preparation = field(factory=Preparation)
    name: str = "sequential"

    def __attrs_post_init__(self) -> None:
        """The preparation must make as many numbers as the network takes."""
        found, wanted = self.preparation.prepared_size(), math.prod(self.in_shape)
        if found is not None and found != wanted:
            shape = self.preparation.image_shape
            raise ShapeError("networks.preparation_size", network=self.name, wanted=wanted, found=found, shape=shape)

    @cached_property
    def chain(self) -> Chain:
        """The layers unfolded and settled."""
        return chain(self.layers, self.in_shape)

    @cached_property
    def spec(self) -> Spec:
        """Output shape, parameters, states and varying numbers of the whole network; nothing is allocated."""
        return self.chain.spec(self.in_shape)

    @property
    def image_shape(self) -> Shape:
        """The shape of one stored picture: what ``prepare`` takes."""
        return self.preparation.image_shape or self.in_shape

    @property
    def parameter_count(self) -> int:
        """How many numbers are trained."""
        return sum(math.prod(param.shape) for _, param in paths(self.spec.params))

    def init(self, seed: int, precision: Precision = "float32") -> tuple[Tree, Tree]:
        """Parameters and state at their first values (NumPy): each drawn from the seed and its own path."""
        root = random.key(seed)
        return _draw(self.spec.params, root, "params/", precision), _draw(self.spec.state, root, "state/", precision)

    def prepare(self, x: Array, precision: Precision = "float32") -> Array:
        """Inputs from stored pictures."""
        return self.preparation(x, self.in_shape, precision)

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y, the new state and the cache, from prepared inputs."""
        return self.chain.apply(params, state, x, run)

    def backward(self, params: Tree, cache: Tree, dy: Array, last: int | None = None) -> tuple[Array, Tree]:
        """The error at the input and every gradient; ``last=-1`` starts before the last activation."""
        return self.chain.backward(params, cache, dy, last)

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the named layers hand on (after their activation), and "input": x.

        The path of an activation, "hidden.activation", and "NAME.u" for what stands before it, are names too;
        "outer/inner" is a layer inside another.
        """
        return self.chain.outputs(params, state, x, names, run)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every layer at any depth by its path ("outer/inner"), each where it stands."""
        return dict(_by_path(placed(self.layers, self.in_shape), ""))

    def hyper(self) -> Tree:
        """The layers' numbers that may vary within a run, at their first values."""
        return self.spec.hyper

    def frozen_paths(self) -> frozenset[str]:
        """The paths of parameters that are not to be trained."""
        return self._frozen

    @cached_property
    def _frozen(self) -> frozenset[str]:
        frozen = tuple(f"{path}/" for path, place in self.places.items() if not place.layer.trainable)
        return frozenset(path for path, _ in paths(self.spec.params) if path.startswith(frozen))

    def check_input(self, shape: Shape) -> None:
        """Check the shape of stored pictures, batch axis first.

        Raises:
            ShapeError: naming the first axis that does not fit.
        """
        expected, got = ("N", *self.image_shape), ("N", *shape[1:]) if shape else ()
        first = self.layers[0].name if self.layers else ""
        owner = f'{self.name} (layer "{first}")'
        if len(shape) != len(expected):
            raise ShapeError("networks.input_rank", network=owner, expected=expected, got=got)
        for axis, (wanted, found) in enumerate(zip(self.image_shape, shape[1:], strict=True), start=1):
            if wanted != found:
                raise ShapeError(
                    "networks.input_shape",
                    network=owner,
                    expected=expected,
                    got=got,
                    axis=axis,
                    wanted=wanted,
                    found=found,
                )


def _draw(spec: Mapping[str, Any], root: Array, prefix: str, precision: Precision) -> Tree:
    """The arrays of a spec, each from a key made of the seed and its path."""
    drawn: dict[str, Any] = {}
    for name, param in spec.items():
        if isinstance(param, Param):
            values = param.initializer.draw(random.fold_name(root, prefix + name), param.shape)
            drawn[name] = np.asarray(values, dtype=kept_in(precision))
        else:
            drawn[name] = _draw(param, root, f"{prefix}{name}/", precision)
    return drawn


def _by_path(places: Sequence[Place], prefix: str) -> Iterator[tuple[str, Place]]:
    """Layers and those inside them."""
    for place in places:
        path = f"{prefix}{place.layer.name}"
        yield path, place
        if isinstance(place.layer, Composite):
            yield from _by_path(place.layer.inner(place.in_shape), f"{path}/")
