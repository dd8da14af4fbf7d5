"""The table of one rule's gradients: array by array beside the differences, and what either way takes."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np
from rich.cells import cell_len

from garasu.messages import text
from garasu.models.gradient_report import duration
from garasu.networks.markup import NONE
from garasu.testing.slope_rows import SlopeRow

COLUMNS = ("name", "numbers", "error", "numerical", "backprop", "verdict")
VERDICTS = {"right": "✓", "wrong": "✗", "undecided": "?"}


def lines(rows: Sequence[SlopeRow]) -> Iterator[str]:
    """The head and a line for each array; names to the left, numbers to the right."""
    if not rows:
        return
    head = [text(f"check.slope_{name}") for name in COLUMNS]
    table = [["  " + head[0], *head[1:]], *map(_cells, rows)]
    room = [max(cell_len(line[column]) for line in table) for column in range(len(COLUMNS))]
    for first, *middle, last in table:
        right = [" " * (wide - cell_len(cell)) + cell for cell, wide in zip(middle, room[1:], strict=False)]
        yield "  ".join([first + " " * (room[0] - cell_len(first)), *right, last])


def as_json(rows: Sequence[SlopeRow]) -> list[dict[str, Any]]:
    """The rows as JSON can hold them: None for an error that is not finite."""
    return [{**attrs.asdict(row), "error": _finite(row.error)} for row in rows]


def _finite(error: float | None) -> float | None:
    return error if error is not None and np.isfinite(error) else None


def _cells(row: SlopeRow) -> list[str]:
    name = row.name if row.mode in ("", row.name) else text("check.slope_mode", name=row.name, mode=row.mode)
    measured = row.error is not None
    return [
        f"{VERDICTS[row.verdict]} {name}",
        f"{row.numbers:,}",
        f"{row.error:.1e}" if _finite(row.error) is not None else NONE,
        duration(row.numerical_seconds) if measured else NONE,
        duration(row.backward_seconds) if measured else NONE,
        text(f"check.verdict_{row.verdict}"),
    ]
