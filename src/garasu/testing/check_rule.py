"""The rungs that any pair of a forward and a backward rule climbs."""

from collections.abc import Collection
from functools import cache

from garasu.array import Tree
from garasu.testing import differences, engines, purity, vjp
from garasu.testing.judge import Judge
from garasu.testing.ladder import Step, climb, known
from garasu.testing.report import Report
from garasu.testing.subject import Backward, Forward, Subject

DIFFERENCES = (1e-6, 1e-8)
"""How much may differ, and what is nothing but rounding; see ``Judge``."""
VJP_LIMIT = 1e-9


def steps(subject: Subject) -> list[Step]:
    """dtype, purity, differences, vjp, float64, float32."""

    @cache
    def smooth() -> differences.Smooth:
        return differences.away_from_kinks(subject, Judge(subject.label, "differences"))

    return [
        Step("dtype", lambda judge: purity.check_dtypes(subject, judge)),
        Step("purity", lambda judge: purity.check_pure(subject, judge), purity.STRICT_LIMIT, 1e-13),
        Step("differences", lambda judge: differences.compare(smooth(), judge), *DIFFERENCES),
        Step("vjp", lambda judge: vjp.compare(smooth().subject, judge), VJP_LIMIT, 1e-13),
        *(
            Step(
                precision,
                lambda judge, precision=precision: engines.compare(subject, precision, judge),
                limit,
                engines.VANISHING[precision],
            )
            for precision, limit in engines.LIMITS.items()
        ),
    ]


def check_rule(
    label: str,
    forward: Forward,
    backward: Backward,
    inputs: Tree,
    held: Tree | None = None,
    *,
    seed: int = 0,
    skip: Collection[str] = (),
) -> Report:
    """Audit any forward rule with its backward rule: a few layers and their loss together, a formula of a text.

    Args:
        label: how the report and errors call it.
        forward: ``forward(inputs, held) -> (outputs, cache)``; ``outputs["y"]`` is what ``dy`` belongs to.
        backward: ``backward(inputs, held, cache, dy) -> gradients``, under the names of ``inputs``.
        inputs: a (nested) dict of the arrays to differentiate by.
        held: a dict of arrays that are given but not differentiated by (states, keys, targets).
        seed: for dy and for random directions.
        skip: names of rungs to leave out.

    Raises:
        CheckFailure: a rung failed.
        SettingError: no rung is called as ``skip`` says.

    Example:
        >>> import numpy as np
        >>> def forward(inputs, held):
        ...     return {"y": inputs["x"] ** 2}, {"x": inputs["x"]}
        >>> def backward(inputs, held, cache, dy):
        ...     return {"x": 2.0 * cache["x"] * dy}
        >>> check_rule("square", forward, backward, {"x": np.array([1.0, 2.0])}).label
        'square'
    """
    subject = Subject(label, forward, backward, inputs, held or {}, seed)
    return Report(label, climb(label, steps(subject), skip=known(skip)))
