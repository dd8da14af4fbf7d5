"""Models within models: a Sequential inside another becomes a ``Block``; and a model cut in two.

Arrays are copied, never shared (Keras shares them): what one model learns, the other does not.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from garasu.array import Tree, map_leaves, merge_trees, paths
from garasu.layers import Block, Composite, Layer
from garasu.messages import SettingError, ShapeError, nearest
from garasu.networks import Network

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential

BRANCHES = ("params", "state")
_UNNAMED = "sequential"


def block_of(inner: "Sequential", outer: "Sequential") -> Block:
    """A model's layers as one layer for ``outer``, under its name; "sequential_1" where "sequential" is taken.

    Raises:
        SettingError: it has no layers, or prepares its inputs in a place where they come from another layer.
    """
    if not inner.settings:
        raise SettingError("models.empty_inner", model=inner.name)
    prepares = inner.preparation.scale != "none" or inner.preparation.pool > 1
    if outer.settings and prepares:
        raise SettingError("models.inner_preparation", model=inner.name, outer=outer.name)
    name, taken, number = inner.name, {layer.name for layer in outer.settings}, 0
    while inner.name == _UNNAMED and name in taken:
        number += 1
        name = f"{_UNNAMED}_{number}"
    shape = inner.network.in_shape if inner.built and not outer.settings else None
    return Block(inner.settings, name=name, input_shape=shape)


def copies(inner: "Sequential", name: str) -> dict[str, Tree]:
    """A model's arrays as those of the layer ``name``; nothing where its input shape is not known yet."""
    if not inner.built:
        return {}
    trees = inner.in_use()
    return {branch: {name: trees[branch]} if trees[branch] else {} for branch in BRANCHES}


def check_given(network: Network, given: Mapping[str, Tree]) -> None:
    """Check that the arrays that inner models brought along fit where these stand now.

    Raises:
        ShapeError: they do not; the sentence names the model and the first array.
    """
    specs = {"params": network.spec.params, "state": network.spec.state}
    wanted = {path: param.shape for path, param in paths(specs)}
    for path, array in paths(given):
        if wanted.get(path) != array.shape:
            _, name, inside = path.split("/", 2)
            raise ShapeError(
                "models.inner_weights", model=name, path=inside, expected=wanted.get(path), got=array.shape
            )


def with_given(trees: Mapping[str, Tree], given: Mapping[str, Tree], precision: str) -> dict[str, Tree]:
    """First values, those of inner models in the place of drawn ones."""
    theirs = map_leaves(lambda array: np.array(array, precision), given)
    return {branch: merge_trees(trees[branch], theirs.get(branch, {})) for branch in BRANCHES}


def changed(layer: Layer, inside: Sequence[str], change: Callable[[Layer], Layer]) -> Layer:
    """A layer with ``change`` applied to itself, or to the one that the names ``inside`` lead to."""
    if not inside:
        return change(layer)
    first, *rest = inside
    return layer.exchanged(first, lambda one: changed(one, rest, change)) if isinstance(layer, Composite) else layer


def split(model: "Sequential", name: str) -> tuple["Sequential", "Sequential"]:
    """The layers before ``name`` and those from it on, as two models with copies of the arrays; see ``split_at``."""
    from garasu.models.sequential import Sequential  # noqa: PLC0415 - the two build on each other

    network = model.network
    names = [str(layer.name) for layer in network.layers]
    if name not in names:
        raise nearest("layer", name, names)
    cut = names.index(name)
    if cut == 0:
        raise SettingError("models.split_at_first", model=model.name, layer=name, known=", ".join(names[1:]))
    shape = network.places[name].in_shape
    front = Sequential(network.layers[:cut], f"{model.name}_front", seed=model.seed, preparation=model.preparation)
    head = Sequential(
        [evolve(network.layers[cut], input_shape=shape), *network.layers[cut + 1 :]],
        f"{model.name}_head",
        seed=model.seed,
        class_names=model.class_names,
    )
    for part, shape_there in ((front, network.in_shape), (head, shape)):
        part.run_on(*model.runs_on)
        part.build((None, *shape_there))
        mine, trees = {str(layer.name) for layer in part.settings}, model.in_use()
        part.restore({branch: {key: tree for key, tree in trees[branch].items() if key in mine} for branch in BRANCHES})
    return front, head
