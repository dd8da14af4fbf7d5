# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (JAX ships without complete types.)
"""What a traced program holds, read off before it is compiled."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
from jax.extend.core import Var


def contains(jaxpr: Any, names: Sequence[str]) -> bool:
    """Whether a traced program needs one of the named primitives, at any depth, for what it hands back.

    What nothing needs (the error at the pictures themselves) is left out by XLA, and so it is here.

    Example:
        >>> from jax import lax, numpy as jnp
        >>> traced = jax.make_jaxpr(lambda x: lax.while_loop(lambda y: y < 3, lambda y: (jnp.cos(y), jnp.sin(y))[1], x))
        >>> contains(traced(1.0), ["sin"]), contains(traced(1.0), ["cos"])
        (True, False)
    """
    inner = getattr(jaxpr, "jaxpr", jaxpr)
    needed = {value for value in inner.outvars if isinstance(value, Var)}
    for equation in reversed(inner.eqns):
        if not needed.intersection(equation.outvars) and not equation.effects:
            continue
        needed.update(value for value in equation.invars if isinstance(value, Var))
        if equation.primitive.name in names or any(contains(part, names) for part in _programs_in(equation)):
            return True
    return False


def _programs_in(equation: Any) -> list[Any]:
    """The programs that an equation runs: a loop's body, a branch."""

    def is_program(value: Any) -> bool:
        return hasattr(value, "eqns") or hasattr(value, "jaxpr")

    return [value for value in jax.tree.leaves(equation.params, is_leaf=is_program) if is_program(value)]


def largest(jaxpr: Any) -> int:
    """How many numbers the largest array has that a traced program works out, at any depth; inputs do not count.

    Example:
        >>> largest(jax.make_jaxpr(lambda x: (x[:, None] * x).sum())(jax.numpy.ones(5)))
        25
    """
    return max((value.aval.size for value in _worked_out(jaxpr) if hasattr(value.aval, "size")), default=0)


def _worked_out(jaxpr: Any) -> Iterator[Any]:
    for equation in getattr(jaxpr, "jaxpr", jaxpr).eqns:
        yield from equation.outvars
        for part in _programs_in(equation):
            yield from _worked_out(part)
