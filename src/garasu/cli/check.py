"""``garasu check [LAYER|RUN|FILE.py:CLASS]``: are the gradients right?"""

from pathlib import Path
from typing import Any

import click

from garasu.cli.options import COUNT, Shape, Word, common, out
from garasu.cli.worded import Verb
from garasu.messages import text


@click.command("check", cls=Verb, help=text("cli.check"), short_help=text("cli.check_short"))
@click.argument("what", required=False, metavar="[LAYER|RUN|FILE.py:CLASS]")
@click.option("--settings", multiple=True, metavar="NAME=VALUE|JSON", help=text("cli.check_settings"))
@click.option("--in-shape", type=Shape(), metavar="28,28,1", help=text("cli.check_in_shape"))
@click.option("--full", is_flag=True, help=text("cli.check_full"))
@click.option("--rows", type=COUNT, help=text("cli.check_rows"))
@click.option("--samples", type=COUNT, help=text("cli.check_samples"))
@click.option("--checkpoint", type=Word("last", "best"), help=text("cli.checkpoint"))
@click.option("--data", help=text("cli.where"))
@out
@common
def command(what: str | None, out: Path, as_json: bool, **chosen: Any) -> int:
    """Audit a rule, all of them, a class of the user's own, or the gradients of a run's model."""
    from garasu.cli import checking

    return checking.run(what, out, as_json, {name: value for name, value in chosen.items() if value})
