"""``garasu train [NETWORK]``: train a network, say what it learned, keep it."""

from pathlib import Path
from typing import Any

import click

from garasu.cli.options import BATCH, COUNT, NAME, RATE, SEED, SHARE, Size, Word, common, out
from garasu.cli.worded import Verb
from garasu.messages import text


@click.command("train", cls=Verb, help=text("cli.train"), short_help=text("cli.train_short"))
@click.argument("network", required=False)
@click.option("--data", help=text("cli.data"))
@click.option("--image-size", type=Size(), metavar="64|48x64", help=text("cli.image_size"))
@click.option("--image-fit", type=Word("stretch", "crop", "pad"), help=text("cli.image_fit"))
@click.option("--color", type=Word("auto", "grey", "rgb"), help=text("cli.color"))
@click.option("--test-share", type=SHARE, help=text("cli.test_share"))
@click.option("--epochs", type=COUNT, help=text("cli.epochs"))
@click.option("--steps", type=COUNT, help=text("cli.steps"))
@click.option("--batch-size", type=BATCH, metavar="NUMBER|all", help=text("cli.batch_size"))
@click.option("--steps-per-epoch", type=COUNT, help=text("cli.steps_per_epoch"))
@click.option("--replacement/--no-replacement", default=None, help=text("cli.replacement"))
@click.option("--optimizer", help=text("cli.optimizer"))
@click.option("--learning-rate", type=RATE, help=text("cli.learning_rate"))
@click.option("--loss-reduction", type=Word("mean", "sum"), help=text("cli.loss_reduction"))
@click.option("--seed", type=SEED, help=text("cli.seed"))
@click.option("--engine", type=Word("eager", "jit"), help=text("cli.engine"))
@click.option("--device", help=text("cli.device"))
@click.option("--precision", type=Word("float32", "float64", "bfloat16"), help=text("cli.precision"))
@click.option("--name", type=NAME, help=text("cli.name"))
@click.option("--no-report", is_flag=True, help=text("cli.no_report"))
@click.option("--resume", metavar="RUN", help=text("cli.resume"))
@out
@common
def command(out: Path, name: str | None, resume: str | None, no_report: bool, as_json: bool, **chosen: Any) -> None:
    """Start or go on with a run, and report."""
    from garasu.cli import training

    training.run(
        out, name, resume, not no_report, as_json, {key: value for key, value in chosen.items() if value is not None}
    )
