"""``garasu report [RUN]``: one page that shows a run, and its pictures as PNG."""

from typing import Any

import click

from garasu.cli.options import a_run, common, reopened
from garasu.cli.worded import Verb
from garasu.messages import text


@click.command("report", cls=Verb, help=text("cli.report"), short_help=text("cli.report_short"))
@a_run
@common
def command(as_json: bool, **chosen: Any) -> None:
    """Write the report of a run again, in the language in use."""
    import json

    from garasu import reports

    one = reopened(**chosen)
    found = reports.write(one)
    if as_json:
        figures = [str(path) for path in found.figures]
        print(json.dumps({"run": str(one.folder), "report": str(found.page), "figures": figures}, ensure_ascii=False))
    else:
        print(text("cli.report_in", path=found.page))
