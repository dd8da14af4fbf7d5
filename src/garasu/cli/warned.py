"""Warnings of Garasu's own, on the command line: the sentence on stderr, without a line of the program."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from garasu.messages import GarasuWarning, text


@contextmanager
def in_words() -> Iterator[None]:
    """Within it, a GarasuWarning is printed as a sentence, each once; other warnings are as before."""
    with warnings.catch_warnings():
        before, said = warnings.showwarning, set[str]()

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, GarasuWarning):
                before(message, category, filename, lineno, file, line)
            elif str(message) not in said:
                said.add(str(message))
                print(text("cli.warning", message=message), file=sys.stderr)

        warnings.simplefilter("always", GarasuWarning)
        warnings.showwarning = show
        yield
