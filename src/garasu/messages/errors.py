"""Errors for what a user can put right. Each says what was expected, what came, and the fix."""

from garasu.messages.catalogue import text


class GarasuError(Exception):
    """Base of all errors a user can put right: a catalogue key and the fields of its sentence.

    Example:
        >>> from garasu.messages import set_language
        >>> set_language("en")
        >>> str(GarasuError("names.unknown", kind="loss", name="mze", known="mse"))
        "There is no loss named 'mze'. Known: mse."
        >>> set_language(None)
    """

    def __init__(self, key: str, /, **fields: object) -> None:
        self.key = key
        self.fields = fields
        super().__init__(text(key, **fields))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.key, self.fields)


def _rebuild(kind: type[GarasuError], key: str, fields: dict[str, object]) -> GarasuError:
    return kind(key, **fields)


class SettingError(GarasuError, ValueError):
    """A setting has a value it cannot have."""


class ArgumentError(SettingError, TypeError):
    """A call does not fit: an argument that there is not, one that is missing, or one too many."""


class UnknownNameError(GarasuError, ValueError):
    """A name stands for nothing Garasu knows; the sentence offers the nearest one."""


class ShapeError(GarasuError, ValueError):
    """Shapes, labels or data types do not fit together."""


class DataError(GarasuError, ValueError):
    """A data set is missing, damaged or not what it claims to be."""


class FileError(GarasuError, OSError):
    """A file or folder cannot be read, written or trusted."""


class RunError(GarasuError, RuntimeError):
    """A run cannot be found, continued or asked for this."""


class GarasuWarning(UserWarning):
    """Something runs, but is probably not what was meant."""


class NonFiniteError(GarasuError, FloatingPointError):
    """A loss or a gradient stopped being a finite number."""
