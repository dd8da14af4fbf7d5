"""Options that several verbs share, and types whose complaints come from our catalogue."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from garasu.messages import LANGUAGES, SettingError, nearest, text

F = TypeVar("F", bound=Callable[..., Any])


class Number(click.ParamType[Any]):
    """A number that ``accepts`` lets through; otherwise one sentence says what was expected."""

    name = "number"

    def __init__(self, kind: type, accepts: Callable[[Any], bool], expected: str) -> None:
        self.kind, self.accepts, self.expected = kind, accepts, expected

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value as a number."""
        try:
            number = self.kind(value)
            if math.isfinite(number) and self.accepts(number):
                return number
        except ValueError:
            pass
        owner = ctx.command_path if ctx else "garasu"
        name = param.opts[0] if param else "?"
        raise SettingError("settings.must_be", owner=owner, name=name, expected=text(self.expected), value=repr(value))


class Word(click.ParamType[Any]):
    """One of a few words; for any other the nearest is offered."""

    name = "word"

    def __init__(self, kind: str, words: Sequence[str]) -> None:
        self.kind, self.words = kind, tuple(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return f"[{'|'.join(self.words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word itself."""
        if value in self.words:
            return value
        raise nearest(self.kind, value, self.words)


COUNT = Number(int, lambda value: value > 0, "settings.count")
SEED = Number(int, lambda value: 0 <= value < 2**64, "settings.seed")


def common(function: F) -> F:
    """--json and --lang, which every verb takes."""
    function = click.option("--lang", type=Word("option", LANGUAGES), expose_value=False, help=text("cli.lang"))(
        function
    )
    return click.option("--json", "as_json", is_flag=True, help=text("cli.json"))(function)


def out(function: F) -> F:
    """--out, the folder of runs."""
    return click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), help=text("cli.out"))(function)
