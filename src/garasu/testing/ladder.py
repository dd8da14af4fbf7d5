"""Climbing: one step after another, each judged; what a rule raises by itself becomes a failure of that rung too."""

from collections.abc import Callable, Collection, Sequence

from attrs import frozen

from garasu.messages import SettingError, text
from garasu.testing.failure import CheckFailure
from garasu.testing.judge import Judge
from garasu.testing.report import Rung

NAMES = (
    "spec",
    "settings",
    "dtype",
    "purity",
    "rows",
    "padding",
    "differences",
    "vjp",
    "float64",
    "float32",
    "descends",
)


class Missing(Exception):  # noqa: N818 - no error: the rung is left out, and the report says why
    """A rung cannot be climbed here, because a library is not installed."""


@frozen(eq=False)
class Step:
    """One rung to climb: its name, how much may differ, and what measures it."""

    name: str
    measure: Callable[[Judge], float | None]
    limit: float | None = None
    vanishing: float = 0.0


def known(skip: Collection[str]) -> Collection[str]:
    """The names of rungs to leave out, checked.

    Raises:
        SettingError: there is no such rung.
    """
    if isinstance(skip, str) or not set(skip) <= set(NAMES):
        expected = text("testing.some_of", choices=", ".join(map(repr, NAMES)))
        raise SettingError("settings.must_be", owner="garasu.testing", name="skip", expected=expected, value=repr(skip))
    return skip


def climb(label: str, steps: Sequence[Step], mode: str = "", skip: Collection[str] = ()) -> tuple[Rung, ...]:
    """Every step in its order.

    Raises:
        CheckFailure: at the first rung that fails.
    """
    return tuple(_step(label, step, mode, skip) for step in steps)


def _step(label: str, step: Step, mode: str, skip: Collection[str]) -> Rung:
    if step.name in skip:
        return Rung(step.name, mode, skipped=text("testing.asked"))
    judge = Judge(f"{label} ({mode})" if mode else label, step.name, step.limit or 0.0, step.vanishing)
    try:
        return Rung(step.name, mode, step.measure(judge), step.limit)
    except CheckFailure:
        raise
    except Missing as missing:
        return Rung(step.name, mode, skipped=text("testing.missing", library=missing))
    except Exception as error:  # whatever a user's rule raises: its own error stays visible as the cause
        what, first = text(f"testing.what_{step.name}"), (str(error).strip().splitlines() or [""])[0]
        hint = text(f"testing.raised_{step.name}") if step.name in ("purity", "float64", "vjp") else ""
        raise CheckFailure(
            "testing.raised",
            layer=judge.label,
            rung=step.name,
            what=what,
            error=f"{type(error).__name__}: {first}",
            hint=hint,
        ) from error
