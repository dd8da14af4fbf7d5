"""Trace: every number of one forward and backward pass, by name; and the first one that is not finite."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from garasu.array import Array, Tree, namespace, paths
from garasu.layers import Activation, Run
from garasu.layers.chain import gather
from garasu.losses import Loss
from garasu.messages import text
from garasu.networks.network import Network
from garasu.networks.trace_html import trace_html


@frozen(eq=False)
class Trace:
    """One pass over one mini-batch.

    ``outputs``: what each child of the chain hands on; ``loss``: each row's; ``errors``: the error at each child's
    output; ``grads``: every gradient. Names as in ``Network.chain``: "hidden" is u, "hidden.activation" is z.
    """

    inputs: Array
    outputs: dict[str, Array]
    caches: Tree
    loss: Array
    errors: dict[str, Array]
    grads: Tree

    def numbers(self) -> Iterator[tuple[str, Array]]:
        """Every array in the order it arose: (name of the layer and what it is, array)."""
        yield text("networks.trace_input"), self.inputs
        for name, y in self.outputs.items():
            yield text("networks.trace_output", name=name), y
        yield text("networks.trace_loss"), self.loss
        for name, dy in self.errors.items():
            yield text("networks.trace_error", name=name), dy
        for path, grad in paths(self.grads):
            yield text("networks.trace_gradient", name=path), grad

    def first_non_finite(self) -> str | None:
        """The name of the first array that holds NaN or infinity."""
        return next((name for name, array in self.numbers() if not _finite(array)), None)

    def _repr_html_(self) -> str:
        """How large the numbers are, layer by layer, for notebooks."""
        wrong = self.first_non_finite()
        return trace_html(self.inputs, self.outputs, self.errors, self.grads, self.loss, wrong)


def _finite(array: Array) -> bool:
    xp = namespace(array)
    return bool(xp.all(xp.isfinite(array)))


def starts_at_u(network: Network, loss: Loss) -> bool:
    """Whether the last activation is the loss's partner, so that the error is known before it (delta)."""
    children = network.chain.children
    last = children[-1][1] if children else None
    return isinstance(last, Activation) and last.activation == loss.partner


def trace(network: Network, loss: Loss, params: Tree, state: Tree, x: Array, t: Array, r: Array, run: Run) -> Trace:
    """Run one pass over prepared inputs and keep everything. ``r`` (N,) weighs the rows: L = sum_i r_i l_i."""
    stages = list(network.chain.walk(params, state, x, run))
    y = stages[-1].y
    fused = starts_at_u(network, loss)
    slope = loss.delta(y, t) if fused else loss.backward(y, t)
    dy = slope * namespace(y).reshape(r, (-1,) + (1,) * (y.ndim - 1))
    children = network.chain.children[: -1 if fused else None]
    caches = {stage.name: stage.cache for stage in stages}
    errors: dict[str, Any] = {}
    grads: dict[str, Any] = {}
    for name, layer in reversed(children):
        errors[name] = dy
        dy, mine = layer.backward(network.chain.arrays_of(name, layer, params), caches[name], dy)
        grads = gather(grads, name, layer, mine)
    return Trace(x, {stage.name: stage.y for stage in stages}, caches, loss.value(y, t), errors, grads)
