"""The audit of a layer."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen

from garasu.array import Array, Shape, Tree, map_leaves, random
from garasu.layers import Chain, Layer, Param, Run, Spec, chain, named
from garasu.layers.chain import unfold
from garasu.messages import text
from garasu.testing import layer_rungs
from garasu.testing.check_rule import steps
from garasu.testing.ladder import Step, climb, known
from garasu.testing.purity import STRICT_LIMIT
from garasu.testing.report import Report
from garasu.testing.subject import Subject, draw


def check_layer(
    layer: Layer,
    in_shape: Shape,
    *,
    x: Array | None = None,
    params: Tree | None = None,
    state: Tree | None = None,
    batch: int = 3,
    seed: int = 0,
    skip: Collection[str] = (),
) -> Report:
    """Audit a layer; one with state, randomness or children in inference and in training.

    A layer with an activation as a setting is audited together with it. One that borrows an array is audited in the
    chain that lends it: ``check_layer(chain(named([Dense(2, name="a"), TiedDense("a")]), (3,)), (3,))``.

    Args:
        layer: the layer, of Garasu or your own.
        in_shape: its input shape, without the batch axis.
        x: inputs (batch, *in_shape); standard normal numbers unless given.
        params: its trained arrays; random numbers unless given, so that no bias is 0 and no scale is 1 by chance.
        state: its state; a little off its first values unless given.
        batch: how many rows.
        seed: for all that is drawn.
        skip: names of rungs to leave out, such as "differences" for a rule that hands back another error on purpose.

    Raises:
        CheckFailure: a rung failed. The sentence names the array, the place, what was expected and what came.
        ShapeError: the layer cannot take such inputs.
        SettingError: no rung is called as ``skip`` says.

    Example:
        >>> from garasu.layers import Dense
        >>> report = check_layer(Dense(2), (3,))
        >>> [rung.name for rung in report.rungs][:4]
        ['spec', 'dtype', 'purity', 'rows']
        >>> max(rung.error for rung in report.rungs if rung.name in ("vjp", "float64")) < 1e-9
        True
    """
    skip = known(skip)
    rungs = []
    for one in layer_passes(layer, in_shape, x=x, params=params, state=state, batch=batch, seed=seed):
        rungs += climb(layer.label, _steps(one.subject, one.spec, training=one.training), one.mode, skip)
    return Report(layer.label, tuple(rungs))


@frozen(eq=False)
class LayerPass:
    """A layer in inference or in training: what climbs, its spec, and the mode in words ("" where there is one)."""

    subject: Subject
    spec: Spec
    training: bool
    mode: str


def layer_passes(
    layer: Layer,
    in_shape: Shape,
    *,
    x: Array | None = None,
    params: Tree | None = None,
    state: Tree | None = None,
    batch: int = 3,
    seed: int = 0,
) -> Iterator[LayerPass]:
    """A layer in inference and, where that is another pass, in training. The arguments are those of ``check_layer``.

    Example:
        >>> from garasu.layers import Dense, Dropout
        >>> [one.training for one in layer_passes(Dense(2), (3,))], len(list(layer_passes(Dropout(0.5), (3,))))
        ([False], 2)
    """
    whole = _unfolded(layer, in_shape)
    spec = whole.spec(in_shape)
    inputs, held = drawn_inputs(whole, in_shape, batch, seed)
    inputs = {
        "x": inputs["x"] if x is None else np.asarray(x),
        "params": inputs["params"] if params is None else params,
    }
    held = held if state is None else {**held, "state": state}
    for training in (False,) if _plain(whole) else (False, True):
        subject = layer_subject(whole, inputs, held, training=training, label=layer.label, seed=seed)
        mode = "" if _plain(whole) else text("testing.mode_training" if training else "testing.mode_inference")
        yield LayerPass(subject, spec, training, mode)


def drawn_inputs(layer: Layer, in_shape: Shape, batch: int = 3, seed: int = 0) -> tuple[Tree, Tree]:
    """What an audit draws for a layer: the arrays to differentiate by (x, params), and the others (state, hyper, key).

    Example:
        >>> from garasu.layers import Dense
        >>> inputs, held = drawn_inputs(Dense(2), (3,))
        >>> inputs["x"].shape, inputs["params"]["kernel"].shape
        ((3, 3), (3, 2))
    """
    spec = layer.spec(in_shape)
    inputs = {"x": draw(seed, "x", (batch, *in_shape)), "params": _drawn(spec.params, seed, "params")}
    numbers = map_leaves(lambda value: np.asarray(float(value)), spec.hyper)
    return inputs, {"state": _drawn(spec.state, seed, "state"), "hyper": numbers, "key": random.key(seed)}


def layer_subject(layer: Layer, inputs: Tree, held: Tree, *, training: bool, label: str = "", seed: int = 0) -> Subject:
    """A layer with its arrays, as something that can be differentiated by ``x`` and by every parameter."""

    def forward(inputs: Tree, held: Tree) -> tuple[Tree, Tree]:
        run = Run(training, held["key"], held["hyper"], held.get("weight"))
        y, state, cache = layer.apply(inputs["params"], held["state"], inputs["x"], run)
        return {"y": y, "state": state}, cache

    def backward(inputs: Tree, held: Tree, cache: Tree, dy: Array) -> Tree:
        dx, grads = layer.backward(inputs["params"], cache, dy)
        return {"x": dx, "params": grads}

    return Subject(label or layer.label, forward, backward, inputs, held, seed, layer)


def _steps(subject: Subject, spec: Spec, *, training: bool) -> list[Step]:
    dtype, purity, *others = steps(subject)
    apart = Step("rows", lambda judge: layer_rungs.check_rows(subject, judge), STRICT_LIMIT, 1e-13)
    if training:
        apart = Step("padding", lambda judge: layer_rungs.check_padding(subject, judge), STRICT_LIMIT, 1e-13)
    return [Step("spec", lambda judge: layer_rungs.check_spec(subject, spec, judge)), dtype, purity, apart, *others]


def _unfolded(layer: Layer, in_shape: Shape) -> Layer:
    """The layer itself, or a chain of it and its activation."""
    (whole,) = named([layer])
    return layer if len(unfold(whole)) == 1 else chain([whole], in_shape)


def _plain(layer: Layer) -> bool:
    """Whether a pass is the same in training and inference: no state, no randomness, no children that have them."""
    if isinstance(layer, Chain):
        return all(_plain(child) for _, child in layer.children)
    return type(layer).apply is Layer.apply


def _drawn(spec: Mapping[str, Any], seed: int, path: str) -> Tree:
    """Arrays for a spec: kernels and biases around 0, scales around 1, states a little above their first values."""
    return {
        name: _one(param, seed, f"{path}/{name}") if isinstance(param, Param) else _drawn(param, seed, f"{path}/{name}")
        for name, param in spec.items()
    }


def _one(param: Param, seed: int, path: str) -> Array:
    key = random.fold_name(random.key(seed), path)
    if param.role == "scale":
        return 0.5 + random.uniform(key, param.shape, "float64")
    if param.role == "state":
        return param.initializer.draw(key, param.shape) + 0.1 + 0.5 * random.uniform(key, param.shape, "float64")
    return 0.5 * random.normal(key, param.shape, "float64")
