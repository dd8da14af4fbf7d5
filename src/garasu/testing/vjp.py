"""JAX's derivative of our own forward rule: the backward rule of a machine, beside ours."""

import jax

import garasu.array.xla  # noqa: F401 - registers the forms that XLA runs
from garasu.array import Array, Tree
from garasu.testing.arrays import on_jax, on_numpy
from garasu.testing.judge import Judge
from garasu.testing.subject import Subject


def derivative(subject: Subject, dy: Array) -> Tree:
    """jax.vjp of the subject's forward rule in float64, applied to dy (NumPy out)."""

    def pulled(inputs: Tree, held: Tree, dy: Array) -> Tree:
        _, pull = jax.vjp(lambda inputs: subject.forward(inputs, held)[0]["y"], inputs)
        return pull(dy)[0]

    with jax.enable_x64(True), jax.default_matmul_precision("highest"):
        arrays = on_jax({"inputs": subject.inputs, "held": subject.held, "dy": dy})
        return on_numpy(jax.jit(pulled)(arrays["inputs"], arrays["held"], arrays["dy"]))


def compare(subject: Subject, judge: Judge) -> float:
    """The backward rule against JAX's derivative."""
    _, dy, gradients = subject.gradients()
    return judge.same({"gradient": derivative(subject, dy)}, {"gradient": gradients})
