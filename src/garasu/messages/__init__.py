"""Every sentence a user reads, in English and Japanese, and the errors that carry them.

A text has a key ``area.name``; the area is a file of ``en/`` and of ``ja/`` with the same keys.
"""

from garasu.messages.catalogue import LANGUAGES, language, set_language, text
from garasu.messages.errors import (
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

__all__ = [
    "LANGUAGES",
    "DataError",
    "FileError",
    "GarasuError",
    "GarasuWarning",
    "NonFiniteError",
    "RunError",
    "SettingError",
    "ShapeError",
    "UnknownNameError",
    "language",
    "nearest",
    "set_language",
    "text",
]
