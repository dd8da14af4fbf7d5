"""The way in: language first, then the command; every mistake of a user's becomes one sentence and an exit code.

0 done, 1 failed, 2 wrong use, 130 interrupted.
"""

import io
import json
import sys
from collections.abc import Sequence

import click

from garasu.messages import LANGUAGES, GarasuError, SettingError, UnknownNameError, nearest, set_language, text

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``garasu`` and give its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file's name may hold bytes that are no letters
            stream.reconfigure(errors="backslashreplace")
    chosen = _language(words)
    if chosen in LANGUAGES:
        set_language(chosen)
    elif chosen is not None:
        known = text("settings.one_of", choices=", ".join(LANGUAGES))
        return _fail(text("cli.must_be", option="--lang", expected=known, value=repr(chosen)), WRONG_USE, words)
    from garasu.cli import warned
    from garasu.cli.group import group

    try:
        with warned.in_words():
            code = group.main(words, prog_name="garasu", standalone_mode=False)  # ctx.exit's code, or a verb's answer
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        return FAILED
    except (click.ClickException, click.Abort, KeyboardInterrupt, GarasuError) as error:
        return _fail(_sentence(error), _code(error), words)
    return code if isinstance(code, int) else 0


def _code(error: BaseException) -> int:
    """The exit code of a mistake."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED
    return WRONG_USE if isinstance(error, click.UsageError | SettingError | UnknownNameError) else FAILED


def _sentence(error: BaseException) -> str:
    """What to say of a mistake."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return text("cli.interrupted")
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, click.ClickException):
        from garasu.cli.worded import sentence

        return sentence(error)
    return str(error)


def _language(words: Sequence[str]) -> str | None:
    """The language asked for: help texts are made when commands are loaded, so it must be known before."""
    for number, word in enumerate(words):
        if word == "--lang" and number + 1 < len(words):
            return words[number + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _no_such_option(error: click.NoSuchOption) -> str:
    known = [] if error.ctx is None else [name for param in error.ctx.command.params for name in param.opts]
    return str(nearest("option", error.option_name, [name for name in known if name.startswith("-")]))


def _fail(message: str, code: int, words: Sequence[str]) -> int:
    """The sentence on stderr; with --json also as an object on stdout."""
    print(text("cli.error", message=message), file=sys.stderr)
    if "--json" in words:
        print(json.dumps({"error": message, "exit": code}, ensure_ascii=False))
    return code
