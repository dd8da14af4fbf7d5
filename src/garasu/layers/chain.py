"""Chain: layers one after another, and the error back through them in reverse.

    y = f_L(... f_2(f_1(x)))        dx = f_1'^T(... f_L'^T(dy))

A chain is itself a layer: its parameters, states and caches are dicts by the names of its children. Where a layer has
an activation as a setting, the chain holds two children: the layer ("hidden", which gives u) and the activation
("hidden.activation", which gives z); users see one name. A child that borrows an array gets the owner's handed in, and
its gradient is added to the owner's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from attrs import frozen

from garasu.array import Array, Shape, Tree
from garasu.layers.activation import Activation
from garasu.layers.composite import Composite, Place, below, under
from garasu.layers.layer import Layer, Param, Run, Spec
from garasu.messages import ShapeError


@frozen(eq=False)
class Stage:
    """One child's part of a forward pass."""

    name: str
    y: Array
    state: Tree
    cache: Tree


@frozen(eq=False)
class Chain(Layer):
    """Children as (name, layer), unfolded and settled; made by ``chain``."""

    children: tuple[tuple[str, Layer], ...]

    def specs(self, in_shape: Shape) -> Iterator[tuple[str, Spec]]:
        """Each child's spec, from the input on."""
        for name, layer in self.children:
            spec = layer.spec(in_shape)
            yield name, spec
            in_shape = spec.out_shape

    def spec(self, in_shape: Shape) -> Spec:
        """The output shape of the last child, and every child's arrays under its name."""
        params: dict[str, Any] = {}
        state: dict[str, Any] = {}
        hyper: dict[str, Any] = {}
        out_shape = in_shape
        for name, spec in self.specs(in_shape):
            out_shape = spec.out_shape
            for whole, part in ((params, spec.params), (state, spec.state), (hyper, spec.hyper)):
                if part:
                    whole[name] = part
        return Spec(out_shape, params, state, hyper)

    def arrays_of(self, name: str, layer: Layer, params: Tree) -> Tree:
        """A child's own arrays, and those it borrows."""
        own = params.get(name, {})
        if not layer.borrows:
            return own
        return {**own, **{key: params[owner][key] for key, owner in layer.borrows.items()}}

    def walk(self, params: Tree, state: Tree, x: Array, run: Run) -> Iterator[Stage]:
        """The forward pass, child by child."""
        for name, layer in self.children:
            x, new, cache = layer.apply(self.arrays_of(name, layer, params), state.get(name, {}), x, run.child(name))
            yield Stage(name, x, new, cache)

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y of the last child; states and caches by name."""
        stages = list(self.walk(params, state, x, run))
        states = {stage.name: stage.state for stage in stages if stage.name in state}
        caches = {stage.name: stage.cache for stage in stages}
        return (stages[-1].y if stages else x), states, caches

    def outputs(self, params: Tree, state: Tree, x: Array, names: Sequence[str], run: Run) -> dict[str, Array]:
        """What the named children hand on (after their activation), and "input": x.

        "hidden.activation", the path of an activation, and "hidden.u" for what stands before it are names too;
        "outer/inner" reaches into a composite. The walk ends where all is known.
        """
        values: dict[str, Array] = {"input": x}
        wanted = {name.split("/")[0].partition(".")[0] for name in names}
        last = max((at for at, (name, _) in enumerate(self.children) if name.partition(".")[0] in wanted), default=-1)
        before: Layer | None = None
        for (name, layer), stage in zip(self.children[: last + 1], self.walk(params, state, x, run), strict=False):
            inside, owner = below(names, name), name.partition(".")[0]
            if inside and isinstance(layer, Composite):
                mine = self.arrays_of(name, layer, params)
                values |= under(name, layer.outputs(mine, state.get(name, {}), x, inside, run.child(name)))
            x = values[name] = values[owner] = stage.y
            if name == owner:
                values[f"{name}.u"] = x
            else:  # the activation of a block is that of the last layer inside it
                ends = [f"{owner}/{end}" for end in getattr(before, "ends", ())]
                values |= dict.fromkeys([*ends, *(f"{end}.activation" for end in ends)], x)
            before = layer
        return {name: values[name] for name in names if name in values}

    def backward(self, params: Tree, cache: Tree, dy: Array, last: int | None = None) -> tuple[Array, Tree]:
        """The error back through the children; ``last`` leaves out those from there on (a loss may start at u)."""
        grads: dict[str, Any] = {}
        for name, layer in reversed(self.children[:last]):
            arrays = self.arrays_of(name, layer, params)
            dy, mine = layer.backward(arrays, cache[name], dy)
            _check_shapes(layer, arrays, mine)
            grads = gather(grads, name, layer, mine)
        return dy, grads


def _check_shapes(layer: Layer, arrays: Tree, grads: Tree) -> None:
    """A gradient has the shape of its array: one that is the transpose would fail far away, in the optimizer.

    Raises:
        ShapeError: one has another.
    """
    for name, grad in grads.items():
        if not isinstance(grad, Mapping) and name in arrays and grad.shape != arrays[name].shape:
            shapes = {"expected": arrays[name].shape, "got": grad.shape}
            raise ShapeError("layers.gradient_shape", layer=layer.label, name=name, **shapes)


def gather(grads: Mapping[str, Any], name: str, layer: Layer, mine: Tree) -> dict[str, Any]:
    """All gradients so far with one child's: its own under its name, those of borrowed arrays added to the owner's."""
    result = dict(grads)
    own = {key: grad for key, grad in mine.items() if key not in layer.borrows}
    if own:
        waiting = result.get(name, {})  # what borrowers, which stand behind, have handed back already
        result[name] = {key: grad + waiting[key] if key in waiting else grad for key, grad in own.items()}
    for key, owner in layer.borrows.items():
        theirs = dict(result.get(owner, {}))
        theirs[key] = theirs[key] + mine[key] if key in theirs else mine[key]
        result[owner] = theirs
    return result


def unfold(layer: Layer) -> list[tuple[str, Layer]]:
    """A named layer as the chain's children: itself (u), and its activation (z) where it has one.

    Example:
        >>> from garasu.layers import Dense
        >>> [name for name, _ in unfold(Dense(3, activation="relu", name="hidden"))]
        ['hidden', 'hidden.activation']
    """
    name, function = str(layer.name), getattr(layer, "activation", "linear")
    if function == "linear" or isinstance(layer, Activation):
        return [(name, layer)]
    return [(name, layer.without_activation()), (f"{name}.activation", Activation(function, name=name))]


def chain(layers: Sequence[Layer], in_shape: Shape) -> Chain:
    """A chain of named layers for inputs of ``in_shape``: unfolded, and every borrower settled with its owner.

    Raises:
        ShapeError: two layers of one name, a borrower without an owner before it, or shapes that do not fit.
    """
    children: list[tuple[str, Layer]] = []
    owned: dict[str, Any] = {}
    for layer in layers:
        if any(name == layer.name for name, _ in children):
            raise ShapeError("layers.name_twice", name=layer.name)
        for name, child in unfold(layer):
            settled = child.settle(_lent(child, owned)) if child.borrows else child
            spec = settled.spec(in_shape)
            in_shape, owned[name] = spec.out_shape, spec.params
            children.append((name, settled))
    return Chain(tuple(children))


def placed(layers: Sequence[Layer], in_shape: Shape) -> list[Place]:
    """Layers one after another, each where it stands.

    Example:
        >>> from garasu.layers import Dense, named
        >>> [place.out_shape for place in placed(named([Dense(3, activation="relu"), Dense(2)]), (4,))]
        [(3,), (2,)]
    """
    specs = dict(chain(layers, in_shape).specs(in_shape))
    places: list[Place] = []
    for layer in layers:
        out_shape = specs[str(layer.name)].out_shape
        places.append(Place(layer, in_shape, out_shape))
        in_shape = out_shape
    return places


def _lent(layer: Layer, owned: Mapping[str, Any]) -> dict[str, Param]:
    """The specs of the arrays a layer borrows."""
    lent: dict[str, Param] = {}
    for key, owner in layer.borrows.items():
        param = owned.get(owner, {}).get(key)
        if not _can_be_lent(param):
            raise _no_owner(layer, owner, [name for name, params in owned.items() if _can_be_lent(params.get(key))])
        lent[key] = param
    return lent


def _can_be_lent(param: object) -> TypeGuard[Param]:
    return isinstance(param, Param) and len(param.shape) == 2


def _no_owner(layer: Layer, owner: str, known: Sequence[str]) -> ShapeError:
    """The error for a borrower whose owner is not there."""
    if not known:
        return ShapeError("layers.borrow_alone", layer=layer.label, owner=owner)
    return ShapeError("layers.borrow", layer=layer.label, owner=owner, known=", ".join(known))
