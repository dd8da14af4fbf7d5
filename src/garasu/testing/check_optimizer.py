"""The audit of an optimizer: it has no slope to check, but a state to keep and numbers to obey."""

from collections.abc import Collection
from typing import Any

import attrs
import jax
import numpy as np
from attrs import evolve

from garasu.array import Array, Shape, Tree, map_leaves, paths
from garasu.optimizers import Optimizer
from garasu.testing.arrays import cast, from_strict, on_jax, on_numpy, on_strict, read_only
from garasu.testing.engines import LIMITS
from garasu.testing.judge import Judge
from garasu.testing.ladder import Step, climb, known
from garasu.testing.purity import STRICT_LIMIT, check_arrays
from garasu.testing.report import Report
from garasu.testing.subject import draw

DESCENT_STEPS = 100


def check_optimizer(
    optimizer: Optimizer, shape: Shape = (4, 3), *, steps: int = 20, seed: int = 0, skip: Collection[str] = ()
) -> Report:
    """Audit an optimizer on one array of ``shape`` and ``steps`` random gradients.

    Rungs: spec, dtype, purity, settings (numbers come from ``hyper``, not from the settings), descends (a bowl, 100
    steps), float64 (NumPy against XLA over all steps, compiled once) and float32 (single steps from stored states).

    Raises:
        CheckFailure: a rung failed.
        SettingError: no rung is called as ``skip`` says.

    Example:
        >>> from garasu.optimizers import SGD
        >>> print(check_optimizer(SGD()).label)
        SGD
    """
    walk = _Walk(optimizer, shape, steps, seed)
    label = type(optimizer).__name__
    rungs = [
        Step("spec", walk.check_spec),
        Step("dtype", walk.check_dtypes),
        Step("purity", walk.check_pure, STRICT_LIMIT, 1e-13),
        Step("settings", walk.check_hyper, STRICT_LIMIT, 1e-13),
        Step("descends", walk.check_descent),
        Step("float64", walk.check_path, LIMITS["float64"], 1e-13),
        Step("float32", walk.check_single_steps, LIMITS["float32"], 1e-7),
    ]
    return Report(label, climb(label, rungs, skip=known(skip)))


@attrs.frozen(eq=False)
class _Walk:
    """An optimizer and what it is led along."""

    optimizer: Optimizer
    shape: Shape
    count: int
    seed: int

    def start(self, precision: str = "float64") -> Tree:
        """The arrays before the first step."""
        param = draw(self.seed, "param", self.shape)
        hyper = {name: np.asarray(float(value)) for name, value in self.optimizer.hyper().items()}
        tree = cast({"param": param, "hyper": hyper}, precision)
        return {**tree, "state": self.optimizer.init(tree["param"]), "step": np.asarray(0, dtype=np.uint32)}

    def grad(self, step: int) -> Array:
        """The gradient of one step."""
        return draw(self.seed, f"gradient {step}", self.shape)

    def at(self, now: Tree, step: int) -> Tree:
        """What one update takes: the arrays so far, the step and its gradient in the type of the array."""
        grad = self.grad(step).astype(now["param"].dtype)
        return {**now, "step": np.asarray(step, dtype=np.uint32), "grad": grad}

    def update(self, given: Tree) -> Tree:
        """One step."""
        param, state = self.optimizer.update(
            given["grad"], given["state"], given["param"], given["step"], given["hyper"]
        )
        return {"param": param, "state": state}

    def check_spec(self, judge: Judge) -> None:
        """Names and shapes stay; states are named arrays."""
        given = self.at(self.start(), 0)
        check_arrays("state", given["state"], judge)
        new = self.update(given)
        check_arrays("state", new["state"], judge)
        judge.same_shape("param", self.shape, new["param"].shape)
        judge.same_names("state", given["state"], new["state"])
        for (name, old), (_, array) in zip(paths(given["state"]), paths(new["state"]), strict=True):
            judge.same_shape(f"state/{name}", old.shape, array.shape)

    def check_dtypes(self, judge: Judge) -> None:
        """float32 stays float32, float64 stays float64."""
        for precision in LIMITS:
            for name, array in paths(self.update(self.at(self.start(precision), 0))):
                if array.dtype.kind == "f" and array.dtype != precision:
                    judge.fail("dtype", array=name, expected=precision, got=array.dtype)

    def check_pure(self, judge: Judge) -> float:
        """On arrays that cannot be written to, then on the strict library."""
        given = read_only(self.at(self.start(), 3))
        expected = self.update(given)
        return judge.same(expected, on_numpy(from_strict(self.update(on_strict(given)))))

    def check_hyper(self, judge: Judge) -> float:
        """Half of each number in ``hyper`` must do the same as half of it in the settings."""
        given = self.at(self.start(), 1)
        given["state"] = map_leaves(lambda array: array + 0.3, given["state"])
        worst = 0.0
        for name in set(self.optimizer.hyper()) & {field.name for field in attrs.fields(type(self.optimizer))}:
            half = 0.5 * float(given["hyper"][name])
            other = evolve(self, optimizer=_with(self.optimizer, name, half))
            changed = {**given, "hyper": {**given["hyper"], name: np.asarray(half)}}
            title = f"{name} = {half:g}"
            worst = max(worst, judge.same({title: other.update(changed)}, {title: self.update(changed)}))
        return worst

    def check_descent(self, judge: Judge) -> None:
        """A bowl, steeper in one direction than in the others."""
        target, slope = draw(self.seed, "target", self.shape), np.linspace(1.0, 4.0, int(np.prod(self.shape)))
        now, slope = self.start(), slope.reshape(self.shape)
        first = float(np.sum(slope * (now["param"] - target) ** 2) / 2.0)
        for step in range(DESCENT_STEPS):
            given = {**self.at(now, step), "grad": slope * (now["param"] - target)}
            now = {**now, **self.update(given)}
        last = float(np.sum(slope * (now["param"] - target) ** 2) / 2.0)
        if not last < first:
            judge.fail("climbs", steps=DESCENT_STEPS, first=f"{first:.4g}", last=f"{last:.4g}")

    def check_path(self, judge: Judge) -> float:
        """All steps in float64, each engine from its own last result; XLA compiles one program for all."""
        traced: list[Any] = []

        def update(given: Tree) -> Tree:
            traced.append(None)
            return self.update(given)

        program = jax.jit(update)
        eager = compiled = self.start()
        for step in range(self.count):
            eager = {**eager, **self.update(self.at(eager, step))}
            with jax.enable_x64(True):
                compiled = {**compiled, **on_numpy(program(on_jax(self.at(compiled, step))))}
        if len(traced) != 1:
            judge.fail("retraced", programs=len(traced), steps=self.count)
        return judge.same(_result(eager), _result(compiled))

    def check_single_steps(self, judge: Judge) -> float:
        """Each step in float32 from the same stored arrays; whole runs drift apart by rounding."""
        program = jax.jit(self.update)
        now, worst = self.start("float32"), 0.0
        for step in range(self.count):
            given = self.at(now, step)
            new = self.update(given)
            with jax.enable_x64(False):
                worst = max(worst, judge.same(new, on_numpy(program(on_jax(given)))))
            now = {**now, **new}
        return worst


def _with(optimizer: Optimizer, name: str, value: float) -> Optimizer:
    changes: dict[str, Any] = {name: value}
    return evolve(optimizer, **changes)


def _result(now: Tree) -> Tree:
    return {"param": now["param"], "state": now["state"]}
