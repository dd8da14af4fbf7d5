"""The record of a climb: every rung with its measured error, printed as a table."""

from attrs import frozen
from rich.cells import cell_len

from garasu.messages import text


@frozen
class Rung:
    """One proof passed, or left out.

    ``error`` is the largest deviation measured, as a share of the largest value of its array, and ``limit`` the most
    that is allowed; both are None where nothing is measured. ``skipped`` says why a rung was left out.
    """

    name: str
    mode: str = ""
    error: float | None = None
    limit: float | None = None
    skipped: str = ""

    @property
    def title(self) -> str:
        """The rung's name, with the mode it was climbed in.

        Example:
            >>> Rung("vjp", "training").title
            'vjp, training'
        """
        return f"{self.name}, {self.mode}" if self.mode else self.name


@frozen
class Report:
    """Every rung that one rule climbed.

    Example:
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> print(Report("Dense", (Rung("spec"), Rung("vjp", error=2e-16, limit=1e-9))))
        Dense: all rungs passed
        rung    error  allowed
        spec        -        -  shapes and names as announced; the cache holds named arrays only
        vjp   2.0e-16  1.0e-09  the backward rule = JAX's derivative of the forward rule
        >>> set_language(None)
    """

    label: str
    rungs: tuple[Rung, ...]

    @property
    def complete(self) -> bool:
        """Whether no rung was left out."""
        return not any(rung.skipped for rung in self.rungs)

    def __str__(self) -> str:
        head = text("testing.passed" if self.complete else "testing.passed_but", layer=self.label)
        rows = [(*(text(f"testing.column_{name}") for name in ("rung", "error", "allowed")), "")]
        rows += [(rung.title, _number(rung.error), _number(rung.limit), _about(rung)) for rung in self.rungs]
        room = [max(cell_len(row[column]) for row in rows) for column in range(3)]
        gaps = [[" " * (wide - cell_len(cell)) for wide, cell in zip(room, row, strict=False)] for row in rows]
        lines = [
            f"{a}{left}  {middle}{b}  {right}{c}  {d}".rstrip()
            for (a, b, c, d), (left, middle, right) in zip(rows, gaps, strict=True)
        ]
        return "\n".join([head, *lines])


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1e}"


def _about(rung: Rung) -> str:
    return rung.skipped or text(f"testing.what_{rung.name}")
