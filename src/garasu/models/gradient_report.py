"""``model.check_gradients``: numerical differentiation against backpropagation, and what comes out as a table."""

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from attrs import frozen
from rich.cells import cell_len

from garasu.array import Tree, random
from garasu.layers import Run
from garasu.messages import SettingError, text
from garasu.models import arguments
from garasu.models import seed as seeds
from garasu.networks.faults import INPUT, Fault
from garasu.networks.gradient_check import SAMPLES, Checked, check_gradients
from garasu.networks.gradient_rows import GradientRow
from garasu.networks.markup import NONE, Html, number, table, tag
from garasu.settings import is_count
from garasu.train import averages, penalties
from garasu.train.task import numbers, row_weights

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential

_WIDTH = 80
_MARKS = {"right": "✓", "wrong": "✗", "undecided": "?", "intended": "~"}
_COLUMNS = ("name", "numbers", "compared", "kinks", "error", "relative", "numerical", "backprop")
_LONG = (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0), ("seconds", 1.0))
_UNITS = (*_LONG, ("milliseconds", 1e-3), ("microseconds", 1e-6))


@frozen(eq=False)
class GradientReport:
    """What ``check_gradients`` found: printed, a table; ``ok`` says whether backpropagation is right.

    ``rows`` hold the numbers, one row for each parameter, one for the input, one for all of them along one direction.
    """

    model: str
    found: Checked

    @property
    def rows(self) -> tuple[GradientRow, ...]:
        """A row for each parameter ("hidden/kernel"), then "input" and "all"."""
        return self.found.rows

    @property
    def ok(self) -> bool:
        """Whether no array has a wrong gradient; kinks and what differs on purpose do not count."""
        return not self.wrong

    @property
    def wrong(self) -> tuple[str, ...]:
        """The names of the arrays whose gradient is wrong."""
        return tuple(row.name for row in self.rows if row.verdict == "wrong")

    @property
    def numbers(self) -> int:
        """How many numbers the loss is differentiated by, all parameters and inputs."""
        return sum(row.numbers for row in self.rows if row.name != "all")

    @property
    def numerical_seconds(self) -> float:
        """What numerical differentiation of all numbers takes: two forward passes for each."""
        return 2 * self.numbers * self.found.forward_seconds

    @property
    def spent_seconds(self) -> float:
        """What the differences of this check took, number by number and along directions."""
        return sum(row.numerical_seconds for row in self.rows)

    def __str__(self) -> str:
        return "\n".join([self._head(), *self._table(), *self._foot()])

    def _repr_html_(self) -> str:
        """The same table, and the sentences around it, for notebooks."""
        columns = [text(f"gradients.column_{name}") for name in _COLUMNS]
        rows = [(f"{_MARKS[row.verdict]} {_said(row.name)}", *_cells(row)) for row in self.rows]
        foot = [tag("div", line) for line in self._foot()]
        return Html(table(self._head(), columns, rows, range(1, len(columns))) + "".join(foot))

    def as_json(self) -> dict[str, Any]:
        """The verdict, the seconds of both ways and every row, as JSON can hold them: None for what is not finite."""
        return {
            "ok": self.ok,
            "model": self.model,
            "loss": self.found.loss,
            "rows": self.found.data_rows,
            "rows_left_out": self.found.left_out,
            "numbers": self.numbers,
            "backprop_seconds": self.found.backprop_seconds,
            "numerical_seconds": self.numerical_seconds,
            "spent_seconds": self.spent_seconds,
            "look_at": list(self.found.suspects),
            "faults": {one.name: list(one.arrays) for one in self.found.faults},
            "gradients": [_finite(attrs.asdict(row)) for row in self.rows],
        }

    def _head(self) -> str:
        about = {"model": self.model, "rows": self.found.data_rows - self.found.left_out}
        about["loss"] = f"{self.found.loss:.6g}"
        if self.ok:
            return text("gradients.agree", **about)
        return text("gradients.differ", names=", ".join(map(_said, self.wrong)), **about)

    def _table(self) -> list[str]:
        """Columns of one width each, names to the left, numbers to the right, within 80 cells where names allow it."""
        head = [text(f"gradients.column_{name}") for name in _COLUMNS]
        lines = [["  " + head[0], *head[1:]]]
        lines += [[f"{_MARKS[row.verdict]} {_said(row.name)}", *_cells(row)] for row in self.rows]
        room = [max(cell_len(line[column]) for line in lines) for column in range(len(head))]
        gap = "  " if sum(room) + 2 * (len(room) - 1) <= _WIDTH else " "
        return [gap.join([_left(line[0], room[0]), *map(_right, line[1:], room[1:])]).rstrip() for line in lines]

    def _foot(self) -> list[str]:
        """What was wrong and where to look; what was left out; what either way costs."""
        lines = [_difference(row) for row in self.rows if row.verdict == "wrong"]
        lines += self._to_blame()
        if any(row.kinks for row in self.rows):
            lines.append(text("gradients.kinks"))
        if any(row.beside for row in self.rows):
            beside = [_said(row.name) for row in self.rows if row.beside]
            lines.append(text("gradients.beside", names=", ".join(beside)))
        if any(row.verdict == "intended" for row in self.rows):
            lines.append(text("gradients.on_purpose", mark=_MARKS["intended"]))
        if self.found.left_out:
            lines.append(text("gradients.left_out", count=self.found.left_out))
        backprop, whole = self.found.backprop_seconds, self.numerical_seconds
        lines.append(text("gradients.by_backprop", numbers=f"{self.numbers:,}", seconds=duration(backprop)))
        ratio = whole / max(backprop, 1e-9)
        times = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1g}"  # a small network's may be below 1
        lines.append(text("gradients.by_differences", ratio=times, seconds=duration(whole)))
        lines.append(text("gradients.spent", seconds=duration(self.spent_seconds)))
        return lines

    def _to_blame(self) -> list[str]:
        """The rules that are wrong by themselves, and the one to begin with; else where to look."""
        faults = self.found.faults
        if not faults:
            suspects = ", ".join(self.found.suspects)
            return [text("gradients.look", layers=suspects)] if suspects else []
        lines = [text("gradients.faulty", layers=", ".join(map(_blamed, faults)))]
        cause = next((one.name for one in faults if INPUT in one.arrays), None)
        return lines if cause is None else [*lines, text("gradients.cause", layer=cause)]


def _finite(value: Any) -> Any:
    """Numbers as JSON can hold them: None for those that are not finite."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _blamed(fault: Fault) -> str:
    """A rule that is wrong, and what of it."""
    arrays = [text("gradients.error_back") if one == INPUT else one.removeprefix("params/") for one in fault.arrays]
    return text("gradients.blamed", layer=fault.name, arrays=", ".join(arrays))


def _difference(row: GradientRow) -> str:
    """What the two ways say where they are furthest apart."""
    if row.shapes is not None:
        expected, got = row.shapes
        if len(expected) == 2 and got == expected[::-1]:
            return text("gradients.shape_transposed", name=_said(row.name), expected=expected, got=got)
        return text("gradients.shape", name=_said(row.name), expected=expected, got=got)
    place, expected, got = row.worst or ((), 0.0, 0.0)
    name = _said(row.name) + (f" {list(place)}" if place else "")
    said = {"name": name, "expected": f"{expected:.6g}", "got": f"{got:.6g}"}
    if row.factor is None:
        return text("gradients.apart", **said)
    if row.factor == 0.0:
        return text("gradients.apart_zero", **said)
    return text("gradients.apart_by", factor=f"{row.factor:.4g}", **said)


def _said(name: str) -> str:
    """A row's name as users see it."""
    return text(f"gradients.row_{name}") if name in ("input", "all") else name


def _cells(row: GradientRow) -> list[str]:
    relative = NONE if row.relative is None else f"{row.relative:.1e}"
    error = f"{row.error:.1e}" if row.compared else NONE
    counts = [number(row.numbers), number(row.compared), number(row.kinks)]
    return [*counts, error, relative, duration(row.numerical_seconds), duration(row.backprop_seconds)]


def _left(words: str, room: int) -> str:
    return words + " " * (room - cell_len(words))


def _right(words: str, room: int) -> str:
    return " " * (room - cell_len(words)) + words


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    Example:
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> duration(0.0123), duration(2.5), duration(7_200.0), duration(1e7)
        ('12.3 ms', '2.5 s', '2 hours', '116 days')
        >>> set_language(None)
    """
    unit, size = next((one for one in _UNITS if seconds >= one[1]), _UNITS[-1])
    value = seconds / size
    return text(f"gradients.{unit}", value=f"{value:,.0f}" if value >= 100 else f"{value:.3g}")


def check(
    model: "Sequential", x: Any, y: Any, *, samples: int = SAMPLES, seed: int = 0, in_training: bool = True
) -> GradientReport:
    """Check the gradients of a compiled model; ``Sequential.check_gradients`` says what everything means."""
    model.needs_compile("check_gradients")
    if not is_count(samples):
        expected = text("settings.count")
        raise SettingError(
            "settings.must_be", owner="check_gradients", name="samples", expected=expected, value=repr(samples)
        )
    seed = seeds.check(seed, "check_gradients")
    model.build_for(x)
    task = model.task
    data = arguments.dataset(model.network, task.loss, x, y, "float64")
    key = random.fold_in(random.fold_name(random.key(model.seed), "steps"), np.uint32(model.step))
    mask = np.ones(len(data["x"]))
    run = Run(in_training, key, numbers(model.hyper["layers"], "float64"), mask)
    factors = numbers(model.hyper["regularizers"], "float64")

    def penalised(params: Tree, grads: Tree) -> tuple[Any, Tree]:
        found = penalties.penalty(task.regularizers, params, factors)
        return found, penalties.with_slopes(task.regularizers, grads, params, factors)

    found = check_gradients(
        task.network,
        task.loss,
        averages.in_use(model.trees()),
        model.trees()["state"],
        task.network.prepare(data["x"][:], "float64"),
        data["t"],
        row_weights(task.loss, data["weight"], mask),
        run,
        seed=seed,
        samples=samples,
        penalised=penalised,
    )
    return GradientReport(model.name, found)
