"""Small tables: printed in a terminal, drawn in a notebook, handed on as rows."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from rich.cells import cell_len

from garasu.networks import markup


@frozen(eq=False, repr=False)
class Table:
    """``columns``: their names as users see them; ``keys``: the same as words for a program; ``cells``: row by row.

    Example:
        >>> table = Table("seeds", ("seed", "loss"), ("seed", "loss"), ((0, 0.25), (1, 0.5)))
        >>> print(table)
        seeds
        seed    loss
        0     0.2500
        1     0.5000
        >>> table.rows[1]
        {'seed': 1, 'loss': 0.5}
    """

    caption: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    names: int = 1
    """So many columns in front name the row, and stand to the left."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each row as a dict, as ``pandas.DataFrame`` takes them."""
        return [dict(zip(self.keys, row, strict=True)) for row in self.cells]

    def __len__(self) -> int:
        return len(self.cells)

    def __str__(self) -> str:
        lines = [list(self.columns), *self._words()]
        room = [max(cell_len(line[column]) for line in lines) for column in range(len(self.columns))]
        return "\n".join([self.caption, *("  ".join(self._padded(line, room)).rstrip() for line in lines)])

    __repr__ = __str__

    def _padded(self, line: Sequence[str], room: Sequence[int]) -> list[str]:
        spaces = [" " * (width - cell_len(words)) for words, width in zip(line, room, strict=True)]
        return [
            words + space if column < self.names else space + words
            for column, (words, space) in enumerate(zip(line, spaces, strict=True))
        ]

    def _repr_html_(self) -> str:
        """The same table for notebooks."""
        return markup.table(self.caption, self.columns, self._words(), range(self.names, len(self.columns)))

    def _words(self) -> list[list[str]]:
        """The cells as users see them: what names a row as it was given."""
        return [
            [(str if place < self.names and cell is not None else _shown)(cell) for place, cell in enumerate(row)]
            for row in self.cells
        ]


def _shown(cell: Any) -> str:
    """A cell as users see it."""
    if cell is None or (isinstance(cell, float) and cell != cell):
        return markup.NONE
    if isinstance(cell, float):
        return markup.number(cell)
    return str(cell)
