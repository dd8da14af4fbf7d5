"""``garasu evaluate [RUN]``: how good a trained network is, class by class."""

from typing import Any

import click

from garasu.cli.options import a_run, common, reopened
from garasu.cli.worded import Verb
from garasu.messages import text

_WIDEST = 100_000


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
    """Accuracy, loss, confusion matrix (rows true) and figures by class."""
    from garasu.models.measure import measure

    found = measure(one)
    return {
        "data": one.dataset.name,
        "rows": len(found.labels),
        "right": found.right,
        "accuracy": found.accuracy,
        "loss": found.loss,
        "confusion_matrix": found.matrix.tolist(),
        "per_class": [dict(row) for row in found.per_class],
    }


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    # As wide as many classes with long names are: a count that is cut is a wrong one.
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=_WIDEST)
    line = {name: found[name] for name in ("run", "data", "rows", "right")}
    figures = {"accuracy": f"{100 * found['accuracy']:.2f}", "loss": f"{found['loss']:.4f}"}
    console.print(text("cli.evaluated", **line, **figures))
    names = [row["class"] for row in found["per_class"]]
    table = Table(title=text("cli.confusion"), box=None, title_justify="left", padding=(0, 1))
    for column in ("", *names, text("cli.recall"), text("cli.precision_column")):
        table.add_column(column, justify="right")
    for name, counts, row in zip(names, found["confusion_matrix"], found["per_class"], strict=True):
        cells = [str(number) if number else "·" for number in counts]
        table.add_row(name, *cells, f"{row['recall']:.3f}", f"{row['precision']:.3f}")
    console.print(table)
