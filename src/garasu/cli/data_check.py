"""``garasu data check FOLDER``: counts, sizes, files that cannot be read, and copies, before anything is trained."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from garasu.cli.own_pictures import decoding
from garasu.data.audit import Audit, audit
from garasu.messages import text

_SHOWN = 10
"""Files that are named of each kind."""


def run(path: str, as_json: bool) -> None:
    """Look through the folder, and say what was found."""
    with decoding(Console(file=sys.stderr if as_json else sys.stdout)) as tell:
        found = audit(path, tell)
    if as_json:
        print(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _print(found)


def _as_json(found: Audit) -> dict[str, Any]:
    sizes = dict(zip(("least", "median", "greatest"), map(list, found.sizes), strict=False))
    copies = [
        {"files": list(one.files), "across_split": one.across_split, "across_classes": one.across_classes}
        for one in found.copies
    ]
    return {
        "folder": str(found.root),
        "pictures": found.pictures,
        "classes": list(found.classes),
        "counts": {part or "all": dict(counts) for part, counts in found.counts.items()},
        "sizes": sizes,
        "formats": dict(found.formats),
        "modes": dict(found.modes),
        "unreadable": [{"file": name, "error": reason} for name, reason in found.unreadable.items()],
        "copies": copies,
        "outside": list(found.outside),
    }


def _print(found: Audit) -> None:
    # Wide enough for any name: a name that is cut cannot be looked for.
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=1000)
    console.print(text("cli.check_found", path=found.root, count=found.pictures, classes=len(found.classes)))
    console.print(_table(found))
    if found.sizes:
        least, median, greatest = (f"{rows} x {columns}" for rows, columns in found.sizes)
        console.print(text("cli.check_sizes", least=least, median=median, greatest=greatest))
        console.print(text("cli.check_formats", formats=_listed(found.formats), modes=_listed(found.modes)))
    _some(console, text("cli.check_unreadable", count=len(found.unreadable)), list(found.unreadable.values()))
    _some(console, text("cli.check_outside", count=len(found.outside)), found.outside)
    split = [" = ".join(one.files) for one in found.copies if one.across_split]
    classes = [" = ".join(one.files) for one in found.copies if one.across_classes]
    _some(console, text("cli.check_split", count=len(split)), split)
    _some(console, text("cli.check_labels", count=len(classes)), classes)
    rest = [" = ".join(one.files) for one in found.copies if not (one.across_split or one.across_classes)]
    _some(console, text("cli.check_copies", count=len(rest)), rest)


def _table(found: Audit) -> Table:
    """Pictures by class; a column for each part."""
    table = Table(box=None, pad_edge=False)
    table.add_column(text("cli.check_class"))
    for part in found.counts:
        table.add_column(text(f"cli.check_part_{part or 'all'}"), justify="right")
    for name in found.classes:
        table.add_row(name, *(f"{counts[name]:,}" for counts in found.counts.values()))
    return table


def _listed(counts: Any) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _some(console: Console, title: str, lines: Any) -> None:
    """A heading with its number; of many lines the first."""
    console.print(title)
    for line in list(lines)[:_SHOWN]:
        console.print(f"  {line}")
    if len(lines) > _SHOWN:
        console.print("  " + text("cli.more", count=len(lines) - _SHOWN))
