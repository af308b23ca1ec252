"""What goes wrong, as exceptions. Each is a ``KulttiError`` and, where Python has a name for it, that as well."""

from __future__ import annotations


class KulttiError(Exception):
    """Everything that Kultti raises.

    Attributes:
        code: Stable code, such as ``"K0401"``.
        message: The sentence, in the language of the release.
    """

    code: str
    message: str

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.code)


class NotFoundError(KulttiError, KeyError):
    """An id, name, code or period that does not exist, or has no data."""


class InvalidArgumentError(KulttiError, ValueError):
    """An argument that cannot be used as given."""


class InvalidDataError(KulttiError):
    """A file with content that breaks a rule."""


class ConflictError(KulttiError):
    """Somebody else wrote to the ledger at the same moment, again and again.

    Nothing of what was to be written is there, and nothing is lost: try again a moment later.
    """


class FileError(KulttiError, OSError):
    """A file that cannot be read or written."""

    def __init__(self, message: str, code: str, errno: int | None = None, filename: str | None = None) -> None:
        OSError.__init__(self, errno, message, filename)
        self.message = message
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.code, self.errno, self.filename)


class MissingFileError(FileError, FileNotFoundError):
    """A file that does not exist."""


class MissingPackageError(KulttiError, ImportError):
    """A package that is needed for this and not installed. The message names the extra that brings it."""


class TableWarning(UserWarning):
    """What a reader assumed of a table, or what another format cannot hold."""


for _class in (
    KulttiError,
    NotFoundError,
    InvalidArgumentError,
    InvalidDataError,
    ConflictError,
    FileError,
    MissingFileError,
    MissingPackageError,
    TableWarning,
):
    _class.__module__ = "kultti"
del _class
