"""``garasu predict [RUN] IMAGE...``: what a trained network says of any pictures."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from attrs import evolve

from garasu.cli.options import Word, common, out
from garasu.cli.worded import Verb
from garasu.messages import SettingError, nearest, text

FAILED = 1
_SHOWN = 3
_LONGEST = 60
_NEARLY = 1e-3  # outputs that do not add up to 1 are no shares: sigmoid's each stand by itself


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
    import warnings

    from garasu.models import run as runs
    from garasu.models.pictures import Answer, predict_pictures
    from garasu.train import run_folder

    run, images = _divided(words, out)
    folder = run_folder.find(out, run)
    model = runs.load_model(folder, run_folder.BEST if checkpoint == "best" else run_folder.LAST, device)
    answers, kept = [], {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders and fonts warn of what is odd in a file; what matters is said here
        for number, image in enumerate(images):  # one by one: the stages of many photos would fill the memory
            (one,) = predict_pictures(model, [image], keep_stages=show_stages)
            if show_stages and isinstance(one, Answer):
                kept[number] = _keep_stages(one, folder, number + 1)
                one = evolve(one, stages={})
            answers.append(one)
            if not as_json:
                _print(one, kept.get(number))
    if as_json:
        print(json.dumps(_as_json(answers, kept), ensure_ascii=False))
    if any(not isinstance(one, Answer) for one in answers):
        ctx.exit(FAILED)


def _divided(words: Sequence[str], out: Path) -> tuple[str | None, Sequence[str]]:
    """The run and the pictures: the first word is the run if it names one."""
    from garasu.train import run_folder

    first = words[0]
    known = run_folder.names(out)
    if first not in known and not os.path.isfile(Path(first) / run_folder.RECORD):  # noqa: PTH113
        if len(words) > 1 and not os.path.lexists(first) and not Path(first).suffix and known:
            raise nearest("run", first, known)
        return None, words
    if len(words) == 1:
        raise SettingError("cli.no_images", run=first)
    return first, words[1:]


def _keep_stages(one: Any, folder: Path, number: int) -> Path:
    """The stages of a picture's preparation as a figure in the run's folder; the number tells equal names apart."""
    from garasu import figures

    name = one.file.name.encode("utf-8", "backslashreplace").decode()
    stem = re.sub(r"[^\w.-]+", "-", Path(name).stem)[:_LONGEST]
    return figures.save(figures.stages(one.stages, title=name), folder / "figures" / f"stages-{number}-{stem}.png")


def _as_json(answers: Sequence[Any], kept: dict[int, Path]) -> dict[str, Any]:
    from garasu.models.pictures import Answer

    found: dict[str, Any] = {"predictions": [], "errors": []}
    for number, one in enumerate(answers):
        if isinstance(one, Answer):
            said = {"file": str(one.file), "class": one.predicted, "probabilities": dict(one.probabilities)}
            found["predictions"].append(said | ({"stages": str(kept[number])} if number in kept else {}))
        else:
            found["errors"].append({"file": str(one.file), "error": one.reason})
    return found


def _print(one: Any, stages: Path | None) -> None:
    import sys

    from garasu.models.pictures import Answer

    if not isinstance(one, Answer):
        print(text("cli.error", message=one.reason), file=sys.stderr)
        return
    likely = sorted(one.probabilities.items(), key=lambda pair: -pair[1])[:_SHOWN]
    shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in likely)
    together = abs(sum(one.probabilities.values()) - 1) < _NEARLY
    key = "cli.predicted" if together else "cli.predicted_alone"
    print(text(key, file=one.file, predicted=one.predicted, shares=shares))
    if stages is not None:
        print("  " + text("cli.stages_in", path=stages))
