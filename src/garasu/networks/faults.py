"""Which rules are wrong by themselves: each layer alone, with the numbers that it is given in the whole network.

    s(x, w) = <g, f(x, w)>        g drawn at random, once; f the layer's forward rule
    ds along d, by differences    against        <backward(g), d>        for x and for each array w

A wrong error makes every gradient in front of the layer wrong too, so gradients over the whole network do not tell how
many rules are to blame. Of the loss, and of the activation that it starts behind, the same at its own input.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from garasu.array import Array, Tree, map_leaves, paths, random
from garasu.layers import Run
from garasu.losses import Loss
from garasu.networks.gradient_rows import Along, judged
from garasu.networks.network import Network
from garasu.networks.reach import is_exact
from garasu.networks.slopes import measured
from garasu.networks.trace import starts_at_u

INPUT = "input"
_ATTEMPTS = 4

_Rule = Callable[[Tree], tuple[Array, Callable[[Array], Tree]]]
"""inputs -> (y, the backward rule there: g -> gradients under the names of the inputs)."""


@frozen
class Fault:
    """A rule that is wrong: whose, and what of it: arrays by their paths, "input" for the error it hands back."""

    name: str
    arrays: tuple[str, ...]


@frozen(eq=False)
class Pass:
    """What a pass over the network needs: ``r`` (N,) weighs the rows, ``run`` is the same for every pass."""

    network: Network
    loss: Loss
    params: Tree
    state: Tree
    x: Array
    t: Array
    r: Array
    run: Run
    seed: int = 0


def faults(given: Pass) -> tuple[Fault, ...]:
    """Every rule that is wrong, from the loss back to the input.

    Example:
        >>> from garasu.layers import Dense
        >>> from garasu.losses import MeanSquaredError
        >>> net, ones = Network([Dense(2, name="out")], (3,)), np.ones((4, 3))
        >>> faults(Pass(net, MeanSquaredError(), *net.init(0), ones, ones[:, :2], ones[:, 0], Run()))
        ()
    """
    found: dict[str, list[str]] = {}
    for name, rule, inputs in reversed(list(_rules(given))):
        wrong = [path for path in _wrong(rule, inputs, f"{given.seed}/{name}") if path not in found.get(name, ())]
        if wrong:
            found.setdefault(name, []).extend(wrong)
    return tuple(Fault(name, tuple(arrays)) for name, arrays in found.items())


def _rules(given: Pass) -> Iterator[tuple[str, _Rule, Tree]]:
    """Every rule with what it is given, from the input on: (the user's name for it, the rule, its inputs)."""
    chain, x = given.network.chain, given.x
    stages = list(chain.walk(given.params, given.state, x, given.run))
    last = len(stages) - starts_at_u(given.network, given.loss)
    for (name, layer), stage in zip(chain.children[:last], stages, strict=False):
        inputs = {INPUT: x, "params": chain.arrays_of(name, layer, given.params)}
        if is_exact(layer):
            yield name.partition(".")[0], _layer(given, name), inputs
        x = stage.y
    yield type(given.loss).__name__, _loss(given, behind=last < len(stages)), {INPUT: x}


def _layer(given: Pass, name: str) -> _Rule:
    """A layer's rule."""
    layer = dict(given.network.chain.children)[name]

    def rule(inputs: Tree) -> tuple[Array, Callable[[Array], Tree]]:
        y, _, cache = layer.apply(inputs["params"], given.state.get(name, {}), inputs[INPUT], given.run.child(name))

        def back(g: Array) -> Tree:
            dx, grads = layer.backward(inputs["params"], cache, g)
            return {INPUT: dx, "params": grads}

        return y, back

    return rule


def _loss(given: Pass, *, behind: bool) -> _Rule:
    """The loss of each row; ``behind`` an activation that is its partner, as a function of u."""

    def rule(inputs: Tree) -> tuple[Array, Callable[[Array], Tree]]:
        y = inputs[INPUT]
        if behind:
            y, _, _ = given.network.chain.children[-1][1].apply({}, {}, y, given.run)
        slope = given.loss.delta(y, given.t) if behind else given.loss.backward(y, given.t)

        def back(g: Array) -> Tree:
            return {INPUT: slope * np.reshape(given.r * g, (-1,) + (1,) * (slope.ndim - 1))}

        return given.r * given.loss.value(y, given.t), back

    return rule


def _wrong(rule: _Rule, inputs: Tree, name: str) -> Sequence[str]:
    """The arrays whose gradient by the rule is not what the differences say."""
    g = _drawn(f"g/{name}", np.shape(rule(inputs)[0]))
    return [path for path, _ in paths(inputs) if _is_wrong(rule, inputs, g, path, name)]


def _is_wrong(rule: _Rule, inputs: Tree, g: Array, path: str, name: str) -> bool:
    """One array, along one random direction; where a kink lies on it, from points a little beside."""
    for attempt in range(_ATTEMPTS):
        verdict = _verdict(rule, inputs, g, path, f"{name}/{path}/{attempt}")
        if verdict != "undecided":
            return verdict == "wrong"
        size = 0.01 * 2.0**attempt
        inputs = _moved(inputs, {one: size * _drawn(f"{name}/{one}", np.shape(a)) for one, a in paths(inputs)})
    return False


def _verdict(rule: _Rule, inputs: Tree, g: Array, path: str, name: str) -> str:
    y, back = rule(inputs)
    array = dict(paths(inputs))[path]
    grad = dict(paths(back(g))).get(path, np.zeros_like(array))
    if np.shape(grad) != array.shape:
        return "wrong"
    d = _drawn(f"d/{name}", array.shape)
    d = d / max(float(np.sqrt(np.sum(np.square(d)))), 1e-300)

    def along(step: float) -> float:
        return float(np.sum(g * rule(_moved(inputs, {path: step * d}))[0]))

    slope = measured(along, float(np.sum(g * y)), float(np.sum(np.abs(g * y))))
    typical = float(np.sqrt(np.sum(np.square(grad)) / max(array.size, 1)))
    line = Along(slope, float(np.sum(grad * d)), typical, int(array.size))
    return judged(path, np.zeros(0), {}, line, on_purpose=False).verdict


def _moved(inputs: Tree, by: Mapping[str, Array]) -> Tree:
    names = iter([path for path, _ in paths(inputs)])

    def one(array: Array) -> Array:
        name = next(names)
        return array + by[name] if name in by else array

    return map_leaves(one, inputs)


def _drawn(name: str, shape: tuple[int, ...]) -> Array:
    return random.normal(random.fold_name(random.key(0), f"faults/{name}"), shape, "float64")
