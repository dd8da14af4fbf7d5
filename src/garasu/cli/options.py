"""Options that several verbs share, and types whose complaints come from our catalogue."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from garasu.messages import LANGUAGES, SettingError, text

F = TypeVar("F", bound=Callable[..., Any])


class Value(click.ParamType[Any]):
    """A value that ``accepts`` lets through; otherwise one sentence says what was expected."""

    def __init__(
        self, kind: Callable[[Any], Any], accepts: Callable[[Any], bool], expected: str, name: str = "number"
    ) -> None:
        self.kind, self.accepts, self.expected, self.name = kind, accepts, expected, name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value as its kind."""
        try:
            found = self.kind(value)
            if self.accepts(found):
                return found
        except ValueError:
            pass
        raise must_be(param, text(self.expected), value)


class Word(click.ParamType[Any]):
    """One of a few words."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return f"[{'|'.join(self.words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word itself."""
        if value in self.words:
            return value
        raise must_be(param, text("settings.one_of", choices=", ".join(self.words)), value)


class Size(click.ParamType[Any]):
    """Rows and columns: ``64``, or ``48x64``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """(rows, columns)."""
        parts = str(value).lower().split("x")
        if len(parts) in (1, 2) and all(part.isascii() and part.isdigit() and 0 < int(part) <= _SIDE for part in parts):
            return int(parts[0]), int(parts[-1])
        raise must_be(param, text("cli.size"), value)


class Shape(click.ParamType[Any]):
    """The sizes of axes: ``28,28,1``."""

    name = "shape"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """One whole number an axis."""
        parts = str(value).split(",")
        if all(part.isascii() and part.isdigit() and 0 < int(part) <= LARGEST for part in parts):
            return tuple(map(int, parts))
        raise must_be(param, text("cli.check_shape"), value)


def must_be(param: click.Parameter | None, expected: str, value: object) -> SettingError:
    """The error of an option whose value is not what was expected."""
    option = param.human_readable_name if isinstance(param, click.Argument) else param.opts[0] if param else "?"
    return SettingError("cli.must_be", option=option, expected=expected, value=repr(value))


LARGEST = 2**31 - 1
"""Counts stop here: they are numbers of epochs and of pictures."""

_SIDE = 2048
"""Rows or columns: pictures are read with no more."""

COUNT = Value(int, lambda value: 0 < value <= LARGEST, "cli.count")
BATCH = Value(
    lambda value: value if value == "all" else int(value),
    lambda value: value == "all" or 0 < value <= LARGEST,
    "cli.count_or_all",
)
SEED = Value(int, lambda value: 0 <= value < 2**64, "settings.seed")
RATE = Value(float, lambda value: 0 <= value < 2.0**128, "cli.rate")
SHARE = Value(float, lambda value: 0 < value < 1, "cli.share")
NAME = Value(str, lambda value: bool(value) and value == Path(value).name, "cli.run_name", "word")


def common(function: F) -> F:
    """--json and --lang, which every verb takes."""
    function = click.option("--lang", type=Word(*LANGUAGES), expose_value=False, help=text("cli.lang"))(function)
    return click.option("--json", "as_json", is_flag=True, help=text("cli.json"))(function)


def out(function: F) -> F:
    """--out, the folder of runs."""
    folder = click.Path(path_type=Path, readable=False)  # whether it can be read says who reads it, in our words
    return click.option("--out", type=folder, default=Path("runs"), help=text("cli.out"))(function)


def a_run(function: F) -> F:
    """RUN with --checkpoint, --data, --device and --out: what a verb needs that opens a run with its pictures."""
    function = out(function)
    for option in (
        click.option("--device", help=text("cli.device")),
        click.option("--data", help=text("cli.where")),
        click.option("--checkpoint", type=Word("last", "best"), default="last", help=text("cli.checkpoint")),
        click.argument("run", required=False),
    ):
        function = option(function)
    return function


def reopened(out: Path, run: str | None, checkpoint: str, data: str | None, device: str | None) -> Any:
    """The run that these options name, with its model and its data."""
    from garasu.models import run as runs
    from garasu.train import run_folder

    path = run_folder.BEST if checkpoint == "best" else run_folder.LAST
    return runs.reopen(run_folder.find(out, run), path, device, data)
