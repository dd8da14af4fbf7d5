"""NumPy eager against XLA: forward and backward as two separate compiled programs, the cache crossing between them."""

import jax

import garasu.array.xla  # noqa: F401 - registers the forms that XLA runs
from garasu.array import Tree
from garasu.testing.arrays import on_jax, on_numpy
from garasu.testing.judge import Judge
from garasu.testing.subject import Subject

LIMITS = {"float64": 1e-9, "float32": 1e-5}
VANISHING = {"float64": 1e-13, "float32": 1e-5}
"""An array that should be 0, such as the gradient of a bias before batch normalisation, holds rounding of this size."""


def _compiled(subject: Subject) -> tuple[Tree, Tree]:
    """Outputs and gradients of the two programs (NumPy out)."""
    held, inputs = on_jax(subject.held), on_jax(subject.inputs)
    outputs, cache = jax.jit(subject.forward)(inputs, held)
    dy = on_jax({"dy": subject.error_like(outputs["y"])})["dy"]
    gradients = jax.jit(subject.backward)(inputs, held, cache, dy)
    return on_numpy(outputs), on_numpy(gradients)


def compare(subject: Subject, precision: str, judge: Judge) -> float:
    """Outputs and gradients of both engines."""
    subject = subject.at(precision)
    outputs, _, gradients = subject.gradients()
    with jax.enable_x64(precision == "float64"), jax.default_matmul_precision("highest"):
        compiled, pulled = _compiled(subject)
    forward = judge.same({"output": outputs}, {"output": compiled})
    return max(forward, judge.same({"gradient": gradients}, {"gradient": pulled}))
