# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false
# (JAX ships without complete types.)
"""The jit engine: the same step compiled by XLA.

Several steps run in one program where that wins: a loop whose number of turns is an argument, so one program serves
the whole fit, and how the steps are cut into calls changes no bit. On a CPU, XLA's own convolutions are many times
slower inside a loop (jax#12868); a step that holds one is compiled alone and called from the host.
"""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np
from jax import lax

from garasu.array import Array, Tree, forms_for
from garasu.array.xla import SMALL  # the import registers the faster forms
from garasu.train import allocator, buckets, compile_cache, compile_options, devices, dispatch
from garasu.train import step as steps
from garasu.train.batches import Order
from garasu.train.task import Task, numbers
from garasu.train.traced import contains, largest

_SLOW_IN_LOOPS = ("conv_general_dilated",)


class JitEngine:
    """Runs a task on one device through XLA."""

    name = "jit"

    def __init__(self, task: Task, device: str | None = None) -> None:
        compile_cache.switch_on()
        dispatch.in_calling_thread()
        self.task = task
        self.asked_for, self._device = device, devices.find(device)
        self.device = devices.describe(self._device)
        self.compile_seconds = 0.0
        self._programs: dict[Any, Any] = {}
        self.for_copies: Any = None
        """The engine for many copies of the task, once there is one: it keeps its programs as this one does."""

    @contextmanager
    def _settings(self) -> Generator[None]:
        """For this thread and this moment only: JAX's 64-bit types where the run is in float64, the device's forms."""
        with jax.enable_x64(self.task.precision == "float64"), forms_for(self._device.platform):
            yield

    def for_task(self, task: Task) -> "JitEngine":
        """Another one, with programs of its own."""
        return JitEngine(task, self.asked_for)

    def start(self, params: Tree, state: Tree) -> dict[str, Any]:
        """Everything before the first step, on the device."""
        return self.place(steps.first_carry(self.task, params, state, np))

    def place(self, tree: Tree) -> Tree:
        """Copies of NumPy arrays on the device."""
        with self._settings():
            return jax.device_put(tree, self._device, may_alias=False)

    def place_order(self, order: Order) -> Order:
        """An epoch's order on the device."""
        placed = self.place({"index": order.index, "mask": order.mask.astype(self.task.kept)})
        return Order(placed["index"], placed["mask"])

    def train(
        self, carry: Tree, data: Mapping[str, Array], order: Order, start: int, stop: int, hyper: Tree, key: Array
    ) -> dict[str, Any]:
        """The carry after the mini-batches from ``start`` up to ``stop``, in one program or step by step."""
        placed = self.place({"hyper": numbers(hyper, self.task.kept), "key": key})
        fixed = (dict(data), order.index, order.mask, placed["hyper"], placed["key"])
        shapes = tuple((leaf.shape, str(leaf.dtype)) for leaf in jax.tree.leaves((carry, fixed)))
        with self._settings():
            program, loops = self._program(("train", shapes), lambda: self._training_program(carry, fixed))
            if loops:
                return program(carry, *fixed, np.int32(start), np.int32(stop))
            for at in range(start, stop):
                carry = program(carry, *fixed, np.int32(at))
            return carry

    def _training_program(self, carry: Tree, fixed: tuple[Any, ...]) -> tuple[Any, bool]:
        """The compiled loop over steps, or the compiled single step where a loop would be slow."""

        def one(carry: Tree, data: Tree, index: Array, mask: Array, hyper: Tree, key: Array, at: Array) -> Tree:
            rows, weights = (lax.dynamic_index_in_dim(array, at, keepdims=False) for array in (index, mask))
            return steps.train_step(self.task, carry, data, rows, weights, hyper, key)

        def many(
            carry: Tree, data: Tree, index: Array, mask: Array, hyper: Tree, key: Array, start: Array, stop: Array
        ) -> Tree:
            def turn(place: tuple[Array, Tree]) -> tuple[Array, Tree]:
                at, carry = place
                return at + 1, one(carry, data, index, mask, hyper, key, at)

            _, carry = lax.while_loop(lambda place: (place[0] < stop) & place[1]["ok"], turn, (start, carry))
            return carry

        zero = np.int32(0)
        traced = jax.jit(many, donate_argnums=0).trace(carry, *fixed, zero, zero)
        if self._device.platform == "cpu" and contains(traced.jaxpr, _SLOW_IN_LOOPS):
            allocator.keep()
            return self._compile(jax.jit(one, donate_argnums=0).trace(carry, *fixed, zero)), False
        return self._compile(traced), True

    def _compile(self, traced: Any) -> Any:
        """The program of a traced function, for this device."""
        small = largest(traced.jaxpr) <= SMALL
        return traced.lower().compile(compile_options.known(self._device.platform, small=small))

    def _program(self, name: Any, make: Callable[[], Any]) -> Any:
        """A compiled program from the engine's own store, made and timed at first use."""
        if name not in self._programs:
            began = time.perf_counter()
            self._programs[name] = make()
            allocator.give_back()
            self.compile_seconds += time.perf_counter() - began
        return self._programs[name]

    def evaluate(self, params: Tree, state: Tree, data: Mapping[str, Array], factors: Tree) -> dict[str, float]:
        """The sums over all rows, bucket by bucket."""
        sums, factors = self.place(steps.zero_sums(self.task, np)), self.place(numbers(factors, self.task.kept))
        with self._settings():
            for part, size in buckets.chunks(len(data["x"]), data["x"].shape[1:]):
                mask = np.ones(part.stop - part.start, dtype=self.task.kept)
                rows = (data["x"][part], data["t"][part], data["weight"][part], mask)
                batch = [jax.device_put(buckets.fill(array, size), self._device) for array in rows]
                arguments = (params, state, sums, *batch, factors)
                sums = self._call("evaluate", lambda *a: steps.evaluation_step(self.task, *a), arguments)
        return {name: float(value) for name, value in sums.items()}

    def predict(self, params: Tree, state: Tree, x: Array, names: Sequence[str]) -> list[Array]:
        """What the named layers hand on, bucket by bucket."""

        def outputs(params: Tree, state: Tree, x: Array) -> list[Array]:
            return steps.outputs(self.task, params, state, x, names)

        pieces: list[list[Array]] = []
        with self._settings():
            for part, size in buckets.chunks(max(len(x), 1), x.shape[1:]):
                batch = buckets.fill(x[part], size)  # NumPy: the program places it itself, in a tenth of the time
                found = self._call(("predict", *names), outputs, (params, state, batch))
                pieces.append([np.asarray(array)[: len(x[part])] for array in found])
        if len(pieces) == 1:
            return [array.copy() for array in pieces[0]]  # what the program handed over may not be written to
        return [np.concatenate(parts) for parts in zip(*pieces, strict=True)]

    def _call(self, name: Any, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Run ``function`` compiled for these shapes."""
        batch = tuple((a.shape, a.dtype) for a in arguments if hasattr(a, "shape"))
        program = self._program((name, batch), lambda: self._compile(jax.jit(function).trace(*arguments)))
        return program(*arguments)

    def fetch(self, tree: Tree) -> Tree:
        """Copies as NumPy; a view would be lost when the next step reuses the memory."""
        return jax.tree.map(np.array, tree)
