"""Every sentence a user reads, in English and Japanese, and the errors that carry them.

A text has a key ``area.name``; the area is a file of ``en/`` and of ``ja/`` with the same keys.
"""

from garasu.messages.caller import levels_to_the_caller
from garasu.messages.calls import in_words
from garasu.messages.catalogue import LANGUAGES, language, set_language, text
from garasu.messages.chosen import alike, chosen, refused
from garasu.messages.errors import (
    ArgumentError,
    DataError,
    FileError,
    GarasuError,
    GarasuWarning,
    NonFiniteError,
    RunError,
    SettingError,
    ShapeError,
    UnknownNameError,
)
from garasu.messages.nearest import nearest
from garasu.messages.shown import shown

__all__ = [
    "LANGUAGES",
    "ArgumentError",
    "DataError",
    "FileError",
    "GarasuError",
    "GarasuWarning",
    "NonFiniteError",
    "RunError",
    "SettingError",
    "ShapeError",
    "UnknownNameError",
    "alike",
    "chosen",
    "in_words",
    "language",
    "levels_to_the_caller",
    "nearest",
    "refused",
    "set_language",
    "shown",
    "text",
]
