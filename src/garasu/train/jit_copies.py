# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false
# (JAX ships without complete types.)
"""Copies together under XLA: the step of one copy with one more axis, in a loop over mini-batches.

Forward and backward run for all copies; then one branch for all: where every copy was finite the new arrays are taken
as they are, otherwise chosen copy by copy. (A branch for each copy would become a choice for each number, and every
array would be copied in every step.) Where the optimizer keeps nothing, the choice needs no copy and no branch.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from garasu.array import Array, Tree, paths
from garasu.train import buckets
from garasu.train import step as steps
from garasu.train.batches import Order
from garasu.train.copy_places import found_places, places
from garasu.train.copy_run import Copy
from garasu.train.jit import JitEngine
from garasu.train.task import numbers
from garasu.train.traced import contains

_ONE_BY_ONE = ("conv_general_dilated", "cond", "while")
"""What stays out of a program for many copies: XLA has no good form of it with one more axis (a branch would be run on
both sides for every copy)."""

_LARGE, _LARGE_WITH_MEMORY = 1 << 24, 1 << 20
"""Together on a CPU up to so many weights times rows of a mini-batch; where each copy has an order of its own and the
optimizer keeps arrays, up to the second.

Microseconds for a copy's step, 24 copies on two cores, one after another, together, and together with shared batches:

                                     descent                 Adam
    64-16-10 by 32 (0.04 million)      28    11     8          59    16    15
    196-32-10 by 50 (0.3)              75    35    26          80    46    34
    784-40-20-10 by 100 (3)           244   171    97         288   349   137
    784-128-10 by 100 (10)            444   326   231         525   590   443
    784-512-10 by 100 (40)           1050  1940  3490        1360  2980  8020
"""


class JitCopies(JitEngine):
    """Runs many copies of a task on one device."""

    def suits(self, copies: Sequence[Copy], data: Mapping[str, Array], batch_size: int, *, shared: bool) -> bool:
        """Together unless the step holds what cannot have one more axis, or, on a CPU, is large by itself."""
        size = sum(prod(param.shape) for _, param in paths(self.task.network.spec.params))
        carry = steps.first_carry(self.task, copies[0].params, copies[0].state, np)
        most = _LARGE if shared or steps.by_number(carry) else _LARGE_WITH_MEMORY
        if self._device.platform == "cpu" and size * batch_size > most:
            return False
        rows = {name: jax.ShapeDtypeStruct(array.shape, array.dtype) for name, array in data.items()}
        index, mask = np.zeros(batch_size, np.int32), np.zeros(batch_size, self.task.kept)
        varying = numbers(copies[0].hyper, self.task.kept)
        with self._settings():
            traced = jax.make_jaxpr(partial(steps.attempt, self.task))(
                carry, rows, index, mask, varying, np.zeros(2, np.uint32)
            )
        return not contains(traced, _ONE_BY_ONE)

    def begin(self, copies: Sequence[Copy]) -> dict[str, Any]:
        """Everything before the first step."""
        return self.place(_stacked([steps.first_carry(self.task, one.params, one.state, np) for one in copies]))

    def place_orders(self, orders: Sequence[Order]) -> Order:
        """``index`` (steps, copies, B), or (steps, B) of a single order; the masks of all are the same."""
        index = orders[0].index if len(orders) == 1 else np.stack([order.index for order in orders], axis=1)
        return self.place_order(Order(index, orders[0].mask))

    def place_numbers(self, copies: Sequence[Copy], keys: Sequence[Array]) -> Tree:
        """{"hyper": ..., "key": ...}, (copies, ...) each."""
        hyper = _stacked([numbers(copy.hyper, self.task.kept) for copy in copies])
        return self.place({"hyper": hyper, "key": np.stack(keys)})

    def train_all(self, carry: Tree, data: Tree, order: Order, start: int, stop: int, varying: Tree) -> dict[str, Any]:
        """The carry after the mini-batches from ``start`` up to ``stop``."""
        fixed = (dict(data), order.index, order.mask, varying)
        shapes = tuple((leaf.shape, str(leaf.dtype)) for leaf in jax.tree.leaves((carry, fixed)))
        with self._settings():
            program = self._program(("copies", shapes), lambda: self._copies_program(carry, fixed))
            return program(carry, *fixed, np.int32(start), np.int32(stop))

    def _copies_program(self, carry: Tree, fixed: tuple[Any, ...]) -> Any:
        """The compiled loop over steps; it ends early where no copy is finite any more."""

        def many(carry: Tree, data: Tree, index: Array, mask: Array, varying: Tree, start: Array, stop: Array) -> Tree:
            shared = index.ndim == 2
            axes = places(self.task, carry, shared=shared)

            def turn(place: tuple[Array, Tree]) -> tuple[Array, Tree]:
                at, carry = place
                rows, weights = (lax.dynamic_index_in_dim(array, at, keepdims=False) for array in (index, mask))
                return at + 1, self._step(carry, axes, data, rows, weights, varying)

            def goes_on(place: tuple[Array, Tree]) -> Array:
                return (place[0] < stop) & jnp.any(place[1]["ok"])

            inside = jax.tree.map(lambda array, axis: jnp.moveaxis(array, 0, axis), carry, axes)
            _, carry = lax.while_loop(goes_on, turn, (start, inside))
            return jax.tree.map(lambda array, axis: jnp.moveaxis(array, axis, 0), carry, axes)

        zero = np.int32(0)
        return self._compile(jax.jit(many, donate_argnums=0).trace(carry, *fixed, zero, zero))

    def _step(self, carry: Tree, axes: Tree, data: Tree, rows: Array, mask: Array, varying: Tree) -> dict[str, Any]:
        """One step of every copy; ``rows`` (copies, B), or (B,) for all; ``axes`` say where the copies stand."""

        def attempt(carry: Tree, rows: Array, hyper: Tree, key: Array) -> tuple[Array, Tree]:
            return steps.attempt(self.task, carry, data, rows, mask, hyper, key)

        shared = rows.ndim == 1
        found_axes = found_places(self.task, axes, shared=shared)
        each = jax.vmap(attempt, in_axes=(axes, None if shared else 0, 0, 0), out_axes=(0, found_axes))
        ok, found = each(carry, rows, varying["hyper"], varying["key"])
        old, kept_axes = steps.unchanged(carry), steps.unchanged(axes)

        def stepped() -> Tree:
            step = partial(steps.stepped, self.task)
            return jax.vmap(step, in_axes=(axes, found_axes), out_axes=kept_axes)(carry, found)

        def where_finite() -> Tree:
            def choose(new: Array, old: Array, axis: int) -> Array:
                return jnp.where(jnp.expand_dims(ok, [k for k in range(new.ndim) if k != axis]), new, old)

            return jax.tree.map(choose, stepped(), old, kept_axes)

        if steps.by_number(carry):
            return {**where_finite(), "ok": ok}
        return {**lax.cond(jnp.all(ok), stepped, where_finite), "ok": ok}

    def evaluate_all(self, params: Tree, state: Tree, data: Mapping[str, Array], varying: Tree) -> dict[str, Array]:
        """The sums over all rows, (copies,) each, bucket by bucket."""

        def evaluated(params: Tree, state: Tree, sums: Tree, *batch: Any) -> Tree:
            *rows, factors = batch
            axes = (0, 0, 0, *(None for _ in rows), 0)
            evaluate: Any = partial(steps.evaluation_step, self.task)
            return jax.vmap(evaluate, in_axes=axes)(params, state, sums, *rows, factors)

        count = varying["key"].shape[0]
        sums, factors = self.place(_stacked([steps.zero_sums(self.task, np)] * count)), varying["hyper"]["regularizers"]
        with self._settings():
            for part, size in buckets.chunks(len(data["x"]), data["x"].shape[1:]):
                mask = np.ones(part.stop - part.start, dtype=self.task.kept)
                rows = (data["x"][part], data["t"][part], data["weight"][part], mask)
                batch = [jax.device_put(buckets.fill(array, size), self._device) for array in rows]
                sums = self._call("evaluate_all", evaluated, (params, state, sums, *batch, factors))
        return self.fetch(sums)


def _stacked(trees: Sequence[Tree]) -> Any:
    """Trees of one form as one tree, its leaves with one axis more in front."""
    return jax.tree.map(lambda *leaves: np.stack(leaves), *trees)
