"""The way in: language first, then the command; every mistake of a user's becomes one sentence and an exit code.

0 done, 1 failed, 2 wrong use, 130 interrupted.
"""

import json
import sys
from collections.abc import Sequence

import click

from garasu.messages import LANGUAGES, GarasuError, SettingError, UnknownNameError, nearest, set_language, text

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``garasu`` and give its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = _language(words)
    if chosen in LANGUAGES:
        set_language(chosen)
    from garasu.cli.group import group

    try:
        group.main(words, prog_name="garasu", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return _fail(text("cli.interrupted"), INTERRUPTED, words)
    except click.NoSuchOption as error:
        return _fail(_no_such_option(error), WRONG_USE, words)
    except click.UsageError as error:
        return _fail(error.format_message(), WRONG_USE, words)
    except click.exceptions.Exit as error:
        return int(error.exit_code)
    except (SettingError, UnknownNameError) as error:
        return _fail(str(error), WRONG_USE, words)
    except GarasuError as error:
        return _fail(str(error), FAILED, words)
    except BrokenPipeError:
        return FAILED
    return 0


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
