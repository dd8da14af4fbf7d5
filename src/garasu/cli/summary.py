"""``garasu summary NETWORK``: the table of a network."""

import click

from garasu.cli.options import common
from garasu.cli.worded import Verb
from garasu.messages import text


@click.command("summary", cls=Verb, help=text("cli.summary"), short_help=text("cli.summary"))
@click.argument("network")
@common
def command(network: str, as_json: bool) -> None:
    """Print the table, or the same as one JSON object."""
    import json

    from garasu.models import summary
    from garasu.networks import zoo

    entry = zoo.get(network)
    built = entry.build()
    if not as_json:
        print(f"{entry.id}  {entry.name}")
        print(summary.render(built), end="")
        return
    rows = [
        {"name": name, "class": kind, "output_shape": list(shape), "parameters": count}
        for name, kind, shape, count in summary.rows(built)
    ]
    print(json.dumps({"network": entry.id, "name": entry.name, "layers": rows, "parameters": built.parameter_count}))
