"""The rungs that only a layer has: what it announced, rows one by one, rows of padding."""

import numpy as np

from garasu.array import Array, Tree, map_leaves, paths
from garasu.layers import Spec
from garasu.messages import GarasuError
from garasu.testing.judge import Judge
from garasu.testing.purity import check_arrays
from garasu.testing.subject import Subject


def check_spec(subject: Subject, spec: Spec, judge: Judge) -> None:
    """Check real names and shapes against the announced ones, and what the cache is made of."""
    judge.same_names("params", spec.params, subject.inputs["params"])
    for name, param in paths(spec.params):
        judge.same_shape(f"params/{name}", param.shape, dict(paths(subject.inputs["params"]))[name].shape)
    outputs, cache = subject.forward(subject.inputs, subject.held)
    check_arrays("cache", cache, judge)
    x, y = subject.inputs["x"], outputs["y"]
    judge.same_shape("output", (x.shape[0], *spec.out_shape), y.shape)
    _same_shapes("state", subject.held["state"], outputs["state"], judge)
    gradients = _backward(subject, cache, subject.error_like(y), judge)
    check_arrays("gradient", gradients, judge)
    _same_shapes("gradient", subject.inputs, gradients, judge)


def _backward(subject: Subject, cache: Tree, dy: Array, judge: Judge) -> Tree:
    """The gradients; a backward rule that does not run is shown the shapes it was given."""
    try:
        return subject.backward(subject.inputs, subject.held, cache, dy)
    except GarasuError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        arrays = [*paths(subject.inputs), ("dy", dy)]
        shapes = ", ".join(f"{name.removeprefix('params/')} {np.shape(array)}" for name, array in arrays)
        said = f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
        judge.fail("backward_raised", error=said, shapes=shapes)


def _same_shapes(title: str, expected: Tree, got: Tree, judge: Judge) -> None:
    judge.same_names(title, expected, got)
    found = dict(paths(got))
    for name, array in paths(expected):
        judge.same_shape(f"{title}/{name}", array.shape, found[name].shape)


def check_rows(subject: Subject, judge: Judge) -> float:
    """The batch against its rows one by one: outputs and errors side by side, gradients added up."""
    whole, dy, gradients = subject.at("float64").gradients()
    x, params = subject.inputs["x"], subject.inputs["params"]
    ys, dxs, grads = [], [], map_leaves(np.zeros_like, gradients["params"])
    for row in range(x.shape[0]):
        inputs = {"x": x[row : row + 1], "params": params}
        outputs, cache = subject.forward(inputs, subject.held)
        single = subject.backward(inputs, subject.held, cache, dy[row : row + 1])
        ys.append(outputs["y"])
        dxs.append(single["x"])
        grads = map_leaves(np.add, grads, single["params"])
    together = {"output": whole["y"], "gradient": gradients}
    one_by_one = {"output": np.concatenate(ys), "gradient": {"x": np.concatenate(dxs), "params": grads}}
    return judge.same(one_by_one, together)


def check_padding(subject: Subject, judge: Judge) -> float:
    """A row of weight 0 and no error behind the real rows: nothing of theirs may change."""
    expected, dy, gradients = subject.at("float64").gradients()
    x, params = subject.inputs["x"], subject.inputs["params"]
    count = x.shape[0]
    inputs = {"x": _longer(x, 3.0 * x[:1] - 1.0), "params": params}
    held = {**subject.held, "weight": np.append(np.ones(count), 0.0)}
    outputs, cache = subject.forward(inputs, held)
    padded = subject.backward(inputs, held, cache, _longer(dy, 0.0 * dy[:1]))
    return judge.same(
        {"output": expected["y"], "state": expected["state"], "gradient": gradients},
        {
            "output": outputs["y"][:count],
            "state": outputs["state"],
            "gradient": {"x": padded["x"][:count], "params": padded["params"]},
        },
    )


def _longer(rows: Array, more: Array) -> Array:
    return np.concatenate([rows, more])
