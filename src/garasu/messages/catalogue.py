"""The catalogue: a key and its fields in, one sentence in the reader's language out."""

import os
import tomllib
from functools import cache
from importlib.resources import files

from garasu.messages.spacing import spaced

LANGUAGES = ("en", "ja")

_chosen: str | None = None


def set_language(code: str | None) -> None:
    """Choose the language of every text from now on; ``None`` returns to the environment's.

    Raises:
        ValueError: the code is not one of ``LANGUAGES``.

    Example:
        >>> set_language("ja")
        >>> language()
        'ja'
        >>> set_language(None)
    """
    global _chosen
    if code is not None and code not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}. Got {code!r} instead.")
    _chosen = code


def language() -> str:
    """The language in use: the chosen one, else ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, else English."""
    if _chosen is not None:
        return _chosen
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


@cache
def area(code: str, name: str) -> dict[str, str]:
    """All texts of one area in one language, as the file holds them."""
    source = files("garasu.messages").joinpath(code, f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def text(key: str, /, **fields: object) -> str:
    """The sentence of ``key`` in the language in use, its placeholders filled from ``fields``.

    In Japanese the spaces around what is filled in are set by one rule: see ``garasu.messages.spacing``.

    Raises:
        KeyError: the catalogue has no such key (a defect of ours, never a user's mistake).

    Example:
        >>> set_language("en")
        >>> text("names.unknown", kind="network", name="c99", known="c4, c9")
        "There is no network named 'c99'. Known: c4, c9."
        >>> set_language(None)
    """
    name, _, entry = key.partition(".")
    sentence = area(language(), name)[entry]
    return spaced(sentence, fields) if language() == "ja" else sentence.format(**fields)
