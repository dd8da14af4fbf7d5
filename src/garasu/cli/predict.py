"""``garasu predict [RUN] IMAGE...``: what a trained network says of any pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from garasu.cli.options import Word, common, out
from garasu.cli.worded import Verb
from garasu.messages import SettingError, text

FAILED = 1
_SHOWN = 3


@click.command("predict", cls=Verb, help=text("cli.predict"), short_help=text("cli.predict_short"))
@click.argument("words", nargs=-1, required=True, metavar="[RUN] IMAGE...")
@click.option("--checkpoint", type=Word("last", "best"), default="last", help=text("cli.checkpoint"))
@click.option("--device", help=text("cli.device"))
@click.option("--show-stages", is_flag=True, help=text("cli.show_stages"))
@out
@common
@click.pass_context
def command(
    ctx: click.Context,
    words: Sequence[str],
    checkpoint: str,
    device: str | None,
    show_stages: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Predict, picture by picture; those that cannot be read are named, and the exit code says so."""
    import json

    from garasu.models import run as runs
    from garasu.models.pictures import Answer, predict_pictures
    from garasu.train import run_folder

    run, images = _divided(words, out)
    folder = run_folder.find(out, run)
    path = run_folder.BEST if checkpoint == "best" else run_folder.LAST
    answers = predict_pictures(runs.load_model(folder, path, device), images)
    kept = {one.file: _keep_stages(one, folder) for one in answers if show_stages and isinstance(one, Answer)}
    if as_json:
        print(json.dumps(_as_json(answers, kept), ensure_ascii=False))
    else:
        for one in answers:
            _print(one, kept)
    if any(not isinstance(one, Answer) for one in answers):
        ctx.exit(FAILED)


def _divided(words: Sequence[str], out: Path) -> tuple[str | None, Sequence[str]]:
    """The run and the pictures: the first word is the run if it names one."""
    from garasu.train import run_folder

    first = words[0]
    if first not in run_folder.names(out) and not (Path(first) / run_folder.RECORD).is_file():
        return None, words
    if len(words) == 1:
        raise SettingError("cli.no_images", run=first)
    return first, words[1:]


def _keep_stages(one: Any, folder: Path) -> Path:
    """The stages of a picture's preparation as a figure in the run's folder."""
    from garasu import figures

    place = folder / "figures" / f"stages-{one.file.stem}.png"
    return figures.save(figures.stages(one.stages, title=one.file.name), place)


def _as_json(answers: Sequence[Any], kept: dict[Path, Path]) -> dict[str, Any]:
    from garasu.models.pictures import Answer

    found: dict[str, Any] = {"predictions": [], "errors": []}
    for one in answers:
        if isinstance(one, Answer):
            said = {"file": str(one.file), "class": one.predicted, "probabilities": dict(one.probabilities)}
            found["predictions"].append(said | ({"stages": str(kept[one.file])} if one.file in kept else {}))
        else:
            found["errors"].append({"file": str(one.file), "error": one.reason})
    return found


def _print(one: Any, kept: dict[Path, Path]) -> None:
    import sys

    from garasu.models.pictures import Answer

    if not isinstance(one, Answer):
        print(text("cli.error", message=one.reason), file=sys.stderr)
        return
    likely = sorted(one.probabilities.items(), key=lambda pair: -pair[1])[:_SHOWN]
    shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in likely)
    print(text("cli.predicted", file=one.file, predicted=one.predicted, shares=shares))
    if one.file in kept:
        print("  " + text("cli.stages_in", path=kept[one.file]))
