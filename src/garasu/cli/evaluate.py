"""``garasu evaluate [RUN]``: how good a trained network is, class by class."""

from typing import Any

import click

from garasu.cli.options import a_run, common, reopened
from garasu.cli.worded import Verb
from garasu.messages import text

_WIDEST = 100_000

_USUAL = 80
"""The cells of a line in most terminals."""

_SHARES = ("recall", "precision", "f1")

COLUMNS = ("class", "rows", *_SHARES)
"""What is said of each class, by the names of the columns' titles."""


@click.command("evaluate", cls=Verb, help=text("cli.evaluate"), short_help=text("cli.evaluate_short"))
@a_run
@common
def command(as_json: bool, **chosen: Any) -> None:
    """Evaluate on the test pictures of the run's data set."""
    import json

    one = reopened(**chosen)
    found = {"run": str(one.folder), "checkpoint": one.checkpoint.stem, **_found(one)}
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)


def _found(one: Any) -> dict[str, Any]:
    """Accuracy, loss, confusion matrix (rows true), figures by class and mistakes, each share with its interval."""
    from garasu.models.measure import measure

    found = measure(one)
    return {
        "data": one.dataset.name,
        "rows": len(found.labels),
        "right": found.right,
        "accuracy": found.accuracy,
        "accuracy_interval": found.accuracy_interval,
        "loss": found.loss,
        "confusion_matrix": found.matrix.tolist(),
        "per_class": [dict(row) for row in found.per_class],
        "mistakes": [dict(row) for row in found.mistakes],
    }


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console

    # As wide as many classes with long names are: a count that is cut is a wrong one.
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=_WIDEST)
    line = {name: found[name] for name in ("run", "data", "rows", "right")}
    low, high = (f"{100 * share:.1f}" for share in found["accuracy_interval"])
    figures = {"accuracy": f"{100 * found['accuracy']:.2f}", "loss": f"{found['loss']:.4f}"}
    console.print(text("cli.evaluated", **line, **figures, low=low, high=high))
    names = [row["class"] for row in found["per_class"]]
    counts = [[str(number) if number else "·" for number in row] for row in found["confusion_matrix"]]
    console.print(_confusion(names, counts))
    console.print()
    columns = [text(f"cli.column_{name}") for name in COLUMNS]
    console.print(_table(text("cli.by_class"), columns, [_scores(row) for row in found["per_class"]]))


def _confusion(names: list[str], counts: list[list[str]]) -> Any:
    """The confusion matrix; where its columns' titles would make it too wide, they are the numbers of the classes."""
    from rich.cells import cell_len

    def rows(firsts: list[str]) -> list[list[str]]:
        return [[first, *row] for first, row in zip(firsts, counts, strict=True)]

    if max(map(cell_len, names)) + 2 + sum(cell_len(name) + 2 for name in names) <= _USUAL:
        return _table(text("cli.confusion"), ["", *names], rows(names))
    numbers = [str(number) for number in range(len(names))]
    numbered = [f"{name} {number}" for name, number in zip(names, numbers, strict=True)]
    return _table(text("cli.confusion_numbered"), ["", *numbers], rows(numbered))


def _scores(row: dict[str, Any]) -> list[str]:
    """One class: how many pictures, and its shares with their intervals."""
    from garasu.models.measure import with_interval

    shares = [with_interval(row[name], row[f"{name}_interval"]) for name in _SHARES]
    return [row["class"], f"{row['rows']:,}", *shares]


def _table(title: str, columns: list[str], rows: list[list[str]]) -> Any:
    from rich.table import Table

    table = Table(title=title, box=None, title_justify="left", padding=(0, 1))
    for column in columns:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*row)
    return table
