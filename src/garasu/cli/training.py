"""What ``garasu train`` does once its options are known."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from garasu.cli import own_pictures
from garasu.cli.data import offer
from garasu.messages import GarasuError, NonFiniteError, SettingError, text
from garasu.models import run as runs
from garasu.models.console import ConsoleProgress
from garasu.train import run_folder

_ANEW = ("epochs", "steps", "device")
"""What may be chosen anew when a run is gone on with: its end and its device."""


def run(
    out: Path, name: str | None, resume: str | None, with_report: bool, as_json: bool, chosen: dict[str, Any]
) -> None:
    """Start or resume, train, say what came out, write the report."""
    console = Console(
        file=sys.stderr if as_json else sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True
    )
    if resume is None and not as_json:
        offer(str(chosen.get("data", "digits")))
    one = _started(console, chosen, out, name) if resume is None else _resumed(console, out, name, resume, chosen)
    settings, model = one.settings, one.model
    engine = f"{model.engine.name}, {settings.precision}"
    console.print(text("cli.device_line", device=model.engine.device, engine=engine))
    said = {
        "network": f"{settings.network} ({model.name})",
        "data": one.dataset.name,
        "train": f"{len(one.dataset.train_labels):,}",
        "test": f"{len(one.dataset.test_labels):,}",
        "parameters": f"{one.record['parameters']:,}",
        "seed": settings.seed,
    }
    console.print(text("cli.run_line", **said))
    own_pictures.describe(console, one)
    bar = ConsoleProgress(one.settled().epochs, 1, console)
    try:
        results = one.train([bar])
    except KeyboardInterrupt:
        bar.close()
        console.print(_how_to_go_on(one))
        raise
    except NonFiniteError:
        bar.close()
        console.print(text("cli.kept", path=one.folder / run_folder.LAST))
        raise
    finally:
        bar.close()
    _say(console, one, results)
    page = _report(console, one) if with_report else None
    console.print(text("cli.next", run=_words_for(one.folder)))
    if as_json:
        print(json.dumps(_as_json(one, results, page), ensure_ascii=False))


def _started(console: Console, chosen: dict[str, Any], out: Path, name: str | None) -> runs.Run:
    """A new run; while pictures of one's own are decoded, a bar says how far that is."""
    settings = runs.RunSettings(**chosen)
    with own_pictures.decoding(console) as tell:
        return runs.start(settings, out, name, tell)


def _how_to_go_on(one: runs.Run) -> str:
    """Where a run was stopped, and the command that goes on with it."""
    place, words = one.model.place_in_training(), _words_for(one.folder)
    if place["position"] == 0:
        return text("cli.stopped_between", epoch=place["epoch"], run=words)
    return text("cli.stopped", epoch=place["epoch"] + 1, position=place["position"], run=words)


def _words_for(folder: Path) -> str:
    """A run as the command line takes it, ready to be copied into a shell."""
    name, out = shlex.quote(folder.name), folder.parent
    return name if out == Path("runs") else f"{name} --out {shlex.quote(str(out))}"


def _resumed(console: Console, out: Path, name: str | None, run: str, chosen: dict[str, Any]) -> runs.Run:
    """A cut run; only its end and its device may be chosen anew."""
    for setting in [*chosen, *([] if name is None else ["name"])]:
        if setting not in _ANEW:
            option = "NETWORK" if setting == "network" else "--" + setting.replace("_", "-")
            raise SettingError("cli.resume_only", option=option)
    with own_pictures.decoding(console) as tell:
        return runs.resume(run_folder.find(out, run), tell=tell, **chosen)


def _report(console: Console, one: runs.Run) -> Path | None:
    """The report; what was trained is kept whatever becomes of it."""
    from garasu import reports

    try:
        page = reports.write(one).page
    except GarasuError as error:
        console.print(text("cli.report_failed", reason=error, run=_words_for(one.folder)))
        return None
    console.print(text("cli.report_in", path=page))
    return page


def _say(console: Console, one: runs.Run, results: dict[str, Any]) -> None:
    console.print(
        text(
            "cli.results",
            test=f"{100 * results['test_accuracy']:.2f}",
            train=f"{100 * results['train_accuracy']:.2f}",
            loss=f"{results['test_loss']:.4f}",
        )
    )
    console.print(
        text(
            "cli.times",
            seconds=f"{results['seconds']:.1f}",
            compile=f"{results['compile_seconds']:.1f}",
            rate=f"{results['steps_per_second']:.1f}",
        )
    )
    console.print(text("cli.kept_in", path=one.folder))


def _as_json(one: runs.Run, results: dict[str, Any], page: Path | None) -> dict[str, Any]:
    record = one.record
    files = {"files": record["data"]["files"]} if "files" in record["data"] else {}
    return {
        "run": str(one.folder),
        "report": None if page is None else str(page),
        **files,
        "network": record["network"],
        "data": record["data"]["name"],
        "seed": record["seed"],
        "parameters": record["parameters"],
        "device": record["device"],
        **results,
    }
