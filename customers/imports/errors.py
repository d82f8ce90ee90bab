"""Why an import is refused."""

from collections.abc import Sequence
from typing import NamedTuple

from customers.models.errors import Refusal


class ImportRefused(Refusal):
    """A step of an import is refused. The message says why, and what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnreadableFile(ImportRefused):
    """The file is not a CSV or XLSX file, is broken, or is too large."""


class Reading(NamedTuple):
    """How a line of a file reads in an encoding."""

    encoding: str
    name: str
    line: str


class UnknownEncoding(UnreadableFile):
    """The file is not in Unicode. `readings` are what a person may choose from."""

    def __init__(self, message: str, readings: Sequence[Reading]) -> None:
        super().__init__(message)
        self.readings = readings


class ImportUnavailable(ImportRefused):
    """The import was deleted, or another request is processing it."""


class InvalidState(ImportRefused):
    """The import is not in a state that allows this step, for example not checked yet."""


class ImportConflict(ImportRefused):
    """Customers were changed since the check, or since the import."""


class CorrectedMeanwhile(ImportConflict):
    """Someone else corrected the row since it was opened."""
