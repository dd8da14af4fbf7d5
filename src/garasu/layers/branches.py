"""Blocks side by side, as ``Parallel`` and ``PerChannel`` hold them: each with arrays of its own under its name."""

from collections.abc import Sequence
from typing import Any

from garasu.array import Array, Tree
from garasu.layers.block import Block
from garasu.layers.composite import below, under
from garasu.layers.layer import Run, Spec

_TREES = ("params", "state", "hyper")


def arrays_by_name(specs: dict[str, Spec]) -> dict[str, Any]:
    """The three trees of a spec that blocks make together; a block without arrays has no place in them."""
    parts = {part: {name: getattr(spec, part) for name, spec in specs.items()} for part in _TREES}
    return {part: {name: tree for name, tree in trees.items() if tree} for part, trees in parts.items()}


def forward(
    blocks: Sequence[Block], params: Tree, state: Tree, xs: Sequence[Array], run: Run
) -> tuple[list[Array], Tree, Tree]:
    """Every block's y = F(x), the new states, the caches."""
    ys: list[Array] = []
    states: dict[str, Any] = {}
    caches: dict[str, Any] = {}
    for block, x in zip(blocks, xs, strict=True):
        name = str(block.name)
        y, new, caches[name] = block.apply(params.get(name, {}), state.get(name, {}), x, run.child(name))
        ys.append(y)
        if name in state:
            states[name] = new
    return ys, states, caches


def backward(blocks: Sequence[Block], params: Tree, caches: Tree, dys: Sequence[Array]) -> tuple[list[Array], Tree]:
    """Every block's dx = F'^T(dy), and the gradients."""
    dxs: list[Array] = []
    grads: dict[str, Any] = {}
    for block, dy in zip(blocks, dys, strict=True):
        name = str(block.name)
        dx, mine = block.backward(params.get(name, {}), caches[name], dy)
        dxs.append(dx)
        if mine:
            grads[name] = mine
    return dxs, grads


def outputs(
    blocks: Sequence[Block], params: Tree, state: Tree, xs: Sequence[Array], names: Sequence[str], run: Run
) -> dict[str, Array]:
    """What the blocks that are named hand on, and layers in them."""
    values: dict[str, Array] = {}
    for block, x in zip(blocks, xs, strict=True):
        name, inside = str(block.name), below(names, str(block.name))
        arrays, around = (params.get(name, {}), state.get(name, {})), run.child(name)
        if name in names:
            values[name] = block.apply(*arrays, x, around)[0]
        if inside:
            values |= under(name, block.outputs(*arrays, x, inside, around))
    return values
