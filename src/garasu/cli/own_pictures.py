"""What the command line says of pictures of one's own: how far decoding is, what was left out, what was found twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from garasu.data.picture_cache import TellPictures
from garasu.messages import text
from garasu.models.run import Run
from garasu.train import run_folder

_SHOWN = 10
"""Files and classes that are named."""


@contextmanager
def decoding(console: Console) -> Iterator[TellPictures]:
    """A bar in a terminal, at most four times a second; it appears with the first picture and goes with the last."""
    bar: Progress | None = None
    columns = (TextColumn(text("cli.decoding")), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())

    def tell(done: int, count: int) -> None:
        nonlocal bar
        if bar is None:
            bar = Progress(*columns, console=console, refresh_per_second=4, transient=True)
            bar.add_task("", total=count)
            bar.start()
        bar.update(bar.task_ids[0], completed=done)

    try:
        yield tell if console.is_terminal else lambda done, count: None
    finally:
        if bar is not None:
            bar.stop()


def describe(console: Console, one: Run) -> None:
    """How the pictures are taken, and what is to be known of them; nothing for a data set that has a name."""
    files, settings = one.dataset.files, one.settings
    if files is None or settings.image_size is None:
        return
    rows, columns = settings.image_size
    color = text("cli.in_color" if settings.color == "rgb" else "cli.in_grey")
    console.print(text("cli.pictures_line", rows=rows, columns=columns, color=color, classes=_some(one)))
    if files.reasons:
        path = one.folder / run_folder.SPLIT
        console.print(text("cli.skipped", count=len(files.reasons), path=path))
        for reason in list(files.reasons.values())[:_SHOWN]:
            console.print(f"  {reason}")
        if len(files.reasons) > _SHOWN:
            console.print("  " + text("cli.more", count=len(files.reasons) - _SHOWN))
    if files.copies:
        console.print(text("cli.copies", count=files.copies))
    if files.leaked:
        console.print(text("cli.leaked", count=files.leaked))


def _some(one: Run) -> str:
    names = one.dataset.class_names
    more = [text("cli.more", count=len(names) - _SHOWN)] if len(names) > _SHOWN else []
    return ", ".join([*names[:_SHOWN], *more])
