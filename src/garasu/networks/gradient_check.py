"""Numerical differentiation against backpropagation (誤差逆伝播法), over a whole network and its loss, in float64.

    slope of w_k = (L(w_k + h) - L(w_k - h)) / 2h        two forward passes for each number
    dL/dw        = backward(dL/dy)                       one forward and one backward pass for all numbers

Small arrays are checked number by number, of large ones a sample, and then all of them at once along one random
direction d: (L(w + h d) - L(w - h d)) / 2h against <dL/dw, d>; so no number escapes. Where ReLU or a maximum switches
within the step there is no slope; ``garasu.networks.slopes`` recognises such kinks, and they are counted apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from garasu.array import Array, Tree, map_leaves, paths, random
from garasu.layers import Chain, Layer, Run
from garasu.layers.chain import gather
from garasu.losses import Loss
from garasu.messages import NonFiniteError, RunError
from garasu.networks.faults import Fault, Pass, faults
from garasu.networks.gradient_rows import Along, GradientRow, judged, misshapen
from garasu.networks.network import Network
from garasu.networks.reach import is_exact
from garasu.networks.slopes import Slope, measured
from garasu.networks.trace import starts_at_u

SAMPLES = 32
"""Arrays of at most so many numbers are checked whole; of larger ones, so many of their numbers."""

_SATURATED = 1e-6
_ATTEMPTS = 4
_ALL, _INPUT = "all", "input"

Penalised = Callable[[Tree, Tree], tuple[Any, Tree]]
"""What is added to the loss beside the rows' own: (params, gradients) -> (P or None, the gradients with its slopes)."""


@frozen
class Checked:
    """Every row of a check; what one pass cost. ``left_out``: how many rows of the data had to be.

    ``faults`` are the rules that are wrong by themselves, from the loss back to the input; ``suspects`` where to look.
    """

    rows: tuple[GradientRow, ...]
    loss: float
    data_rows: int
    left_out: int
    forward_seconds: float
    backprop_seconds: float
    suspects: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


@define(eq=False)
class _Subject:
    """L as a function of what it is differentiated by, {"input": x, "params": ...}; it counts and times its calls."""

    network: Network
    loss: Loss
    state: Tree
    t: Array
    r: Array
    run: Run
    penalised: Penalised
    calls: int = field(init=False, default=0)
    seconds: float = field(init=False, default=0.0)

    def __call__(self, inputs: Tree) -> float:
        began = perf_counter()
        loss = self.behind(self.network.chain, inputs["params"], inputs[_INPUT])
        self.calls, self.seconds = self.calls + 1, self.seconds + perf_counter() - began
        return loss

    def behind(self, chain: Chain, params: Tree, x: Array) -> float:
        """L, where ``x`` is what comes into ``chain``: the whole network, or what is left of it from a layer on."""
        y, _, _ = chain.apply(params, self.state, x, self.run)
        extra, _ = self.penalised(params, {})
        return float(np.sum(self.r * self.loss.value(y, self.t))) + (0.0 if extra is None else float(extra))

    @property
    def size(self) -> float:
        """What rounding is a share of, also where the loss is nearly 0: a loss of 1 for every row."""
        return float(np.sum(np.abs(self.r)))

    def backprop(self, inputs: Tree) -> tuple[Tree, dict[str, float]]:
        """Every gradient by one pass forward and one back; the seconds of each layer's backward rule, and of all."""
        began = perf_counter()
        params, chain, seconds = inputs["params"], self.network.chain, {}
        stages = list(chain.walk(params, self.state, inputs[_INPUT], self.run))
        y, fused = stages[-1].y, starts_at_u(self.network, self.loss)
        slope = self.loss.delta(y, self.t) if fused else self.loss.backward(y, self.t)
        dy = slope * np.reshape(self.r, (-1,) + (1,) * (y.ndim - 1))
        caches = {stage.name: stage.cache for stage in stages}
        grads: dict[str, Any] = {}
        for name, layer in reversed(chain.children[: -1 if fused else None]):
            start, arrays = perf_counter(), chain.arrays_of(name, layer, params)
            try:
                dy, mine = layer.backward(arrays, caches[name], dy)
            except (LookupError, TypeError, ValueError) as error:
                raise self.stopped(layer, {"params": arrays, "dy": dy}, error) from error
            grads = gather(grads, name, layer, mine)
            seconds[name] = perf_counter() - start
        _, grads = self.penalised(params, grads)
        return {_INPUT: dy, "params": grads}, {**seconds, _ALL: perf_counter() - began}

    def stopped(self, layer: Layer, given: Tree, error: Exception) -> RunError:
        """What to say of a backward rule that does not run: most often two arrays whose shapes do not fit."""
        shapes = ", ".join(f"{path.removeprefix('params/')} {np.shape(array)}" for path, array in paths(given))
        said = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
        names = {"network": self.network.name, "layer": layer.label}
        return RunError("gradients.raised", **names, error=said, shapes=shapes)

    def saturated(self, inputs: Tree) -> Array:
        """The rows (N,) whose loss holds its logarithm still, so near 0 or 1 are their outputs.

        There the loss is flat, while ``delta`` goes on as if there were no floor: the two differ on purpose.
        """
        rows = np.zeros(len(self.t), dtype=bool)
        if not starts_at_u(self.network, self.loss):
            return rows
        stages = list(self.network.chain.walk(inputs["params"], self.state, inputs[_INPUT], self.run))
        y, cache = stages[-1].y, stages[-1].cache
        du, _ = self.network.chain.children[-1][1].backward({}, cache, self.loss.backward(y, self.t))
        apart = np.abs(du - self.loss.delta(y, self.t)) > _SATURATED
        extreme = (y < _SATURATED) | (y > 1.0 - _SATURATED)
        axes = tuple(range(1, y.ndim))
        return np.any(apart, axis=axes) & np.any(extreme, axis=axes)


def check_gradients(
    network: Network,
    loss: Loss,
    params: Tree,
    state: Tree,
    x: Array,
    t: Array,
    r: Array,
    run: Run,
    *,
    seed: int = 0,
    samples: int = SAMPLES,
    penalised: Penalised = lambda params, grads: (None, grads),
) -> Checked:
    """Compare both ways over prepared inputs ``x``, on NumPy in float64, with the arrays as they are.

    Args:
        network: the network.
        loss: its loss.
        params: its trained arrays; every one of them is checked, frozen ones too.
        state: what it keeps.
        x: prepared inputs.
        t: targets.
        r: what each row weighs, (N,): L = sum_i r_i l_i.
        run: training or not, and with which key: one key, so that masks are the same in every pass.
        seed: for the sample and the random directions.
        samples: how many numbers of a large array.
        penalised: what is added beside the rows' losses.

    Raises:
        NonFiniteError: the loss is no finite number here.
        RunError: no row is left to compare on; or a backward rule does not run, most often as shapes do not fit.

    Example:
        >>> from garasu.layers import Dense
        >>> from garasu.losses import MeanSquaredError
        >>> net, ones = Network([Dense(2, activation="tanh", name="out")], (3,)), np.ones((4, 3))
        >>> found = check_gradients(net, MeanSquaredError(), *net.init(0), ones, ones[:, :2], ones[:, 0], Run())
        >>> [(row.name, row.compared, row.verdict) for row in found.rows]
        [('out/kernel', 6, 'right'), ('out/bias', 2, 'right'), ('input', 12, 'right'), ('all', 20, 'right')]
    """
    weight = None if run.weight is None else np.asarray(run.weight, np.float64)
    run = Run(run.training, run.key, _wide(run.hyper), weight)
    t = t.astype(np.float64) if t.dtype.kind == "f" else t
    subject = _Subject(network, loss, _wide(state), t, np.asarray(r, np.float64), run, penalised)
    inputs = _wide({"params": params, _INPUT: x})
    with np.errstate(all="ignore"):
        flat = subject.saturated(inputs)
        subject.r = np.where(flat, 0.0, subject.r)
        subject.backprop(inputs)  # once for the processor's caches; the next one is timed
        point = _Point.at(subject, inputs)
        if not np.isfinite(point.loss):
            raise NonFiniteError("gradients.not_finite", network=network.name, loss=point.loss)
        if np.all(flat):
            raise RunError("gradients.all_saturated", network=network.name, rows=len(flat))
        rows = tuple(_rows(point, seed, samples))
        found = _found(subject, inputs, rows, seed)
    suspects = tuple(one.name for one in found) or _suspects(network, rows, type(loss).__name__)
    forward = subject.seconds / subject.calls
    return Checked(rows, point.loss, len(flat), int(np.sum(flat)), forward, point.seconds[_ALL], suspects, found)


def _found(subject: _Subject, inputs: Tree, rows: Sequence[GradientRow], seed: int) -> tuple[Fault, ...]:
    """The rules that are to blame for rows that are wrong."""
    if not any(row.verdict == "wrong" for row in rows):
        return ()
    arrays = {"params": inputs["params"], "state": subject.state, "x": inputs[_INPUT], "t": subject.t, "r": subject.r}
    return faults(Pass(subject.network, subject.loss, **arrays, run=subject.run, seed=seed))


def _wide(tree: Tree) -> Tree:
    """Copies in float64, row by row, so that a flat view of one is the array itself."""

    def one(array: Array) -> Array:
        return np.array(array, np.float64, order="C")

    return map_leaves(one, tree)


@frozen(eq=False)
class _Point:
    """Where the loss is looked at: the inputs, what backpropagation says there, and the loss itself."""

    subject: _Subject
    inputs: Tree
    grads: Mapping[str, Array]
    seconds: Mapping[str, float]
    loss: float

    @classmethod
    def at(cls, subject: _Subject, inputs: Tree) -> "_Point":
        """The point, by one pass forward and one back."""
        grads, seconds = subject.backprop(inputs)
        found = dict(paths(grads))
        whole = {path: found.get(path, np.zeros_like(array)) for path, array in paths(inputs)}
        return cls(subject, inputs, whole, seconds, subject(inputs))

    def beside(self, seed: int, attempt: int, only: str | None) -> "_Point":
        """A point a little way off: one array moved, or all of them."""
        size, names = 0.01 * 2.0**attempt, iter([path for path, _ in paths(self.inputs)])

        def one(array: Array) -> Array:
            name = next(names)
            if only not in (None, name):
                return array.copy()
            return array + size * _drawn(seed, f"beside/{attempt}/{name}", array.shape)

        return _Point.at(self.subject, map_leaves(one, self.inputs))

    def loss_behind(self, layer: str) -> Callable[[], float]:
        """L worked out anew from a layer on: what stands before it does not change when its arrays are moved."""
        chain, params = self.subject.network.chain, self.inputs["params"]
        start = next(number for number, (name, _) in enumerate(chain.children) if name == layer)
        front, rest = (evolve(chain, children=part) for part in (chain.children[:start], chain.children[start:]))
        x, _, _ = front.apply(params, self.subject.state, self.inputs[_INPUT], self.subject.run)
        return lambda: self.subject.behind(rest, params, x)

    def slope(self, d: Mapping[str, Array]) -> Slope:
        """The slope along a direction, {path: how each array moves}."""

        def moved(step: float) -> float:
            places = iter([path for path, _ in paths(self.inputs)])

            def one(array: Array) -> Array:
                name = next(places)
                return array + step * d[name] if name in d else array

            return self.subject(map_leaves(one, self.inputs))

        return measured(moved, self.loss, self.subject.size)


def _rows(point: _Point, seed: int, samples: int) -> Iterator[GradientRow]:
    """A row for each parameter, one for the input, one for all of them together."""
    through = _straight_through(point.subject.network)
    first = point.subject.network.chain.children[0][0]
    arrays = dict(paths(point.inputs))
    in_order = [f"params/{path}" for path, _ in paths(point.subject.network.spec.params)]  # files have the alphabet's
    for path in [*in_order, _INPUT]:
        layer = first if path == _INPUT else path.split("/")[1]
        on_purpose = bool(through) if path == _INPUT else layer in through
        size = int(arrays[path].size)
        chosen = _sample(seed, path, size, samples)
        measure = partial(_one_array, path=path, chosen=chosen, seed=seed, along=size > samples, on_purpose=on_purpose)
        yield _moved_off_kinks(point, measure, seed, path, point.seconds.get(layer, 0.0))
    everywhere = partial(_everywhere, seed=seed, on_purpose=bool(through))
    yield _moved_off_kinks(point, everywhere, seed, None, point.seconds[_ALL])


def _moved_off_kinks(
    point: _Point, measure: Callable[[_Point], GradientRow], seed: int, path: str | None, backprop_seconds: float
) -> GradientRow:
    """A row; where there is a kink at every number (zero biases behind a black background), from a point beside."""
    began = perf_counter()
    row = measure(point)
    for attempt in range(_ATTEMPTS):
        if row.verdict != "undecided" or not row.kinks:
            break
        row = evolve(measure(point.beside(seed, attempt, path)), beside=True)
    return evolve(row, numerical_seconds=perf_counter() - began, backprop_seconds=backprop_seconds)


def _one_array(point: _Point, *, path: str, chosen: Array, seed: int, along: bool, on_purpose: bool) -> GradientRow:
    """Some numbers of an array one by one, and all of them along one direction where asked."""
    array = dict(paths(point.inputs))[path]
    grad, name = point.grads[path], path.removeprefix("params/")
    if np.shape(grad) != array.shape:
        return misshapen(name, array.shape, np.shape(grad), int(array.size), on_purpose=on_purpose)
    loss = point.loss_behind(name.partition("/")[0]) if name != path else lambda: point.subject(point.inputs)
    slopes = {int(place): _number(point, loss, array, int(place)) for place in chosen}
    if not along:
        return judged(name, grad, slopes, None, on_purpose=on_purpose)
    return judged(name, grad, slopes, _along(point, path, seed), on_purpose=on_purpose)


def _along(point: _Point, path: str, seed: int) -> Along:
    """All numbers of an array along one direction; where a kink lies on it, from a point beside."""
    d = {path: _unit(seed, path, np.shape(point.grads[path]))}
    slope = point.slope(d)
    for attempt in range(_ATTEMPTS):
        if not slope.kinked:
            break
        point = point.beside(seed, attempt, path)
        slope = point.slope(d)
    grad = point.grads[path]
    return Along(slope, float(np.sum(grad * d[path])), _typical([grad]), int(grad.size))


def _number(point: _Point, loss: Callable[[], float], array: Array, place: int) -> Slope:
    """The slope of one number: it is moved in its place and put back, for rules never write."""
    flat, before = array.reshape(-1), float(array.reshape(-1)[place])

    def moved(step: float) -> float:
        flat[place] = before + step
        found = loss()
        flat[place] = before
        return found

    return measured(moved, point.loss, point.subject.size)


def _everywhere(point: _Point, *, seed: int, on_purpose: bool) -> GradientRow:
    """All arrays at once along one direction."""
    arrays = dict(paths(point.inputs))
    fits = [path for path, array in arrays.items() if np.shape(point.grads[path]) == array.shape]
    length = float(np.sqrt(max(len(fits), 1)))
    d = {path: _unit(seed, f"{_ALL}/{path}", arrays[path].shape) / length for path in fits}
    grads = {path: point.grads[path] for path in fits}
    size = sum(int(grad.size) for grad in grads.values())
    said = sum(float(np.sum(grad * d[path])) for path, grad in grads.items())
    line = Along(point.slope(d), said, _typical(list(grads.values())), size)
    return judged(_ALL, np.zeros(0), {}, line, on_purpose=on_purpose)


def _typical(grads: Sequence[Array]) -> float:
    """The size of a slope along a random direction of length 1."""
    squares, size = sum(float(np.sum(grad * grad)) for grad in grads), sum(int(grad.size) for grad in grads)
    return (squares / max(size, 1)) ** 0.5


def _drawn(seed: int, name: str, shape: tuple[int, ...]) -> Array:
    return random.normal(random.fold_name(random.key(seed), name), shape, "float64")


def _unit(seed: int, name: str, shape: tuple[int, ...]) -> Array:
    """A random direction of length 1."""
    d: Array = _drawn(seed, f"direction/{name}", shape)
    return d / max(float(np.sqrt(np.sum(np.square(d)))), 1e-300)


def _sample(seed: int, path: str, size: int, samples: int) -> Array:
    """All places of a flat array, or so many of them, in order."""
    if size <= samples:
        return np.arange(size)
    return np.sort(random.permutation(random.fold_name(random.key(seed), f"sample/{path}"), size)[:samples])


def _straight_through(network: Network) -> set[str]:
    """The layers in front of one that hands the error straight through on purpose, and that one."""
    names = [str(layer.name) for layer in network.layers]
    holders = [number for number, layer in enumerate(network.layers) if not is_exact(layer)]
    return set(names[: max(holders, default=-1) + 1])


def _suspects(network: Network, rows: tuple[GradientRow, ...], loss: str) -> tuple[str, ...]:
    """Where to look: the error is right behind the first layer with right gradients, counted from the wrong one on."""
    names = [str(layer.name) for layer in network.layers]
    verdicts: dict[str, set[str]] = {}
    for row in rows:
        if row.name not in (_ALL, _INPUT):
            verdicts.setdefault(row.name.split("/")[0], set()).add(row.verdict)
    wrong = [k for k, name in enumerate(names) if "wrong" in verdicts.get(name, ())]
    if not wrong and not any(row.verdict == "wrong" for row in rows if row.name == _INPUT):
        return ()
    first = max(wrong, default=0)
    if "right" in verdicts.get(names[first], ()) and wrong:
        return (names[first],)
    behind = [k for k, name in enumerate(names) if k >= first + bool(wrong) and verdicts.get(name) == {"right"}]
    return tuple(names[first : behind[0] + 1]) if behind else (*names[first:], loss)
