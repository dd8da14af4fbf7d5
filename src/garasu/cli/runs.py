"""``garasu runs``: what has been trained here."""

from pathlib import Path
from typing import Any

import click

from garasu.cli.options import common, out
from garasu.cli.worded import Verb
from garasu.messages import FileError, text

COLUMNS = ("name", "network", "data", "status", "epochs", "test_accuracy", "created")


@click.command("runs", cls=Verb, help=text("cli.runs"), short_help=text("cli.runs"))
@out
@common
def command(out: Path, as_json: bool) -> None:
    """Print the runs, oldest first."""
    import json

    from garasu.train import run_folder

    rows = [_row(out / name) for name in run_folder.names(out)]
    if as_json:
        print(json.dumps({"runs": rows}, ensure_ascii=False))
    elif not rows:
        print(text("runs.none", out=out))
    else:
        _print(rows)


def _row(folder: Path) -> dict[str, Any]:
    from garasu.train import run_folder

    try:
        record = run_folder.read_record(folder)
    except FileError as error:
        return {"name": folder.name, "status": "damaged", "error": str(error)}
    results = record.get("results") or {}
    return {
        "name": folder.name,
        "network": record["network"],
        "data": record["data"]["name"],
        "status": record["status"],
        "epochs": run_folder.epochs_written(folder),
        "test_accuracy": results.get("test_accuracy"),
        "created": record["created"],
    }


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    # Wide enough for any name: a name that is cut cannot be copied.
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=1000)
    table = Table(box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(text(f"cli.column_{column}"), no_wrap=True)
    for row in rows:
        table.add_row(*(_cell(column, row.get(column)) for column in COLUMNS))
    console.print(table)
    for row in rows:
        if "error" in row:
            console.print(row["error"])


def _cell(column: str, value: Any) -> str:
    if value is None:
        return "-"
    if column == "test_accuracy":
        return f"{value:.4f}"
    if column == "created":
        return str(value)[:16].replace("T", " ")
    if column == "status" and value in ("training", "finished", "interrupted", "failed", "damaged"):
        return text(f"cli.status_{value}")
    return str(value)
