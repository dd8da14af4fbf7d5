"""``garasu`` in a language that there is not: what comes from the catalogue is accented, longer and in brackets.

    "Kept in {path}"  ->  "⟦Ķéþţ îñ {path}~~~⟧"

So a text that was written into the program shows itself by its plain letters, and a text that was cut by its bracket.

python garasu_pseudo.py COMMANDS

COMMANDS is a JSON list of {"words": [...], "typed": text or null}, run one after the other in one process; where
something is typed, a person sits at the terminal. Prints a JSON list: the exit code and what was said, of each.
"""

import io
import json
import re
import string
import sys
from contextlib import redirect_stderr, redirect_stdout

from garasu.messages import catalogue

ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀçđéƒğĥîĵķļɱñóþǫŕšţûṽŵẋýžÁƁÇĐÉƑĞĤÎĴĶĻḾÑÓÞǪŔŠŢÛṼŴẊÝŽ"
)
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LONGER = 0.3
"""By how much, as texts grow when they are translated."""


def pseudo(sentence):
    """A text of the catalogue, changed but for its placeholders."""
    parts = string.Formatter().parse(sentence)
    changed = "".join(_escaped(words.translate(ACCENTED)) + _placeholder(*field) for words, *field in parts)
    return f"⟦{changed}{'~' * max(1, round(LONGER * len(sentence)))}⟧"


def _escaped(words):
    return words.replace("{", "{{").replace("}", "}}")


def _placeholder(name, spec, conversion):
    if name is None:
        return ""
    return "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"


def install(put=setattr):
    """Put it in the place of every language; ``put`` may be a monkeypatch's."""
    real = catalogue.area
    put(catalogue, "area", lambda code, name: {key: pseudo(value) for key, value in real("en", name).items()})


def plain(said, values):
    """The letters of a real language in what was said, once the ``values`` (patterns) are taken out."""
    rest = re.sub(rf"(?<!\w)(?:{'|'.join(values)})(?!\w)", "", COLOURS.sub("", said))
    return re.findall(r"[A-Za-z぀-ヿ一-鿿]+", rest)


def whole(said):
    """Whether no text of the catalogue was cut, and there is one at all."""
    return said.count("⟦") == said.count("⟧") > 0


class Terminal(io.StringIO):
    """A stream with a person at its other end."""

    def isatty(self):
        return True


def run(words, typed):
    """What one command says."""
    from garasu.cli import main

    kind = io.StringIO if typed is None else Terminal
    out, err, sys.stdin = kind(), kind(), kind(typed or "")
    with redirect_stdout(out), redirect_stderr(err):
        code = main(words)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    install()
    print(json.dumps([run(one["words"], one["typed"]) for one in json.loads(sys.argv[1])]))
