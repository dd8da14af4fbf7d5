"""``garasu report [RUN]``: one page that shows a run, and its pictures as PNG."""

from pathlib import Path

import click

from garasu.cli.options import Word, common, out
from garasu.cli.worded import Verb
from garasu.messages import text


@click.command("report", cls=Verb, help=text("cli.report"), short_help=text("cli.report_short"))
@click.argument("run", required=False)
@click.option("--checkpoint", type=Word("last", "best"), default="last", help=text("cli.checkpoint"))
@click.option("--data", help=text("cli.where"))
@click.option("--device", help=text("cli.device"))
@out
@common
def command(run: str | None, checkpoint: str, data: str | None, device: str | None, out: Path, as_json: bool) -> None:
    """Write the report of a run again, in the language in use."""
    import json

    from garasu import reports
    from garasu.models import run as runs
    from garasu.train import run_folder

    folder = run_folder.find(out, run)
    path = run_folder.BEST if checkpoint == "best" else run_folder.LAST
    found = reports.write(runs.reopen(folder, path, device, data))
    if as_json:
        figures = [str(path) for path in found.figures]
        print(json.dumps({"run": str(folder), "report": str(found.page), "figures": figures}, ensure_ascii=False))
    else:
        print(text("cli.report_in", path=found.page))
