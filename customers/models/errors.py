"""What the store refuses, as exceptions that the contracts render.

A value that breaks a field's rule is Django's `ValidationError`, keyed by the store's field names.
Everything else is a `Refusal`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable, ReadOnlySqlTransaction


class Refusal(Exception):
    """The store refuses a well-formed change. `field` is the store's field at fault, if any.

    APIs answer 409, or 412 for a VersionMismatch (`customers.rest.problems`), unless the `errors`
    of a contract says otherwise.
    """

    message: Any = _("The store refuses this change.")
    code = "refused"
    field: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class ExternalIdTaken(Refusal):
    """Another live customer of the organization and mode has this external id."""

    code = "taken"
    field = "external_id"

    def __init__(self, holder: UUID | None = None) -> None:
        super().__init__()
        self.holder = holder

    @property
    def message(self) -> str:
        if self.holder is None:
            return gettext("Another customer has this external id.")
        return gettext("Another customer %(id)s has this external id.") % {"id": self.holder}


class EmailTaken(Refusal):
    """A live customer of the organization and mode has this email, ignoring case."""

    message = _("Another customer has this email.")
    code = "taken"
    field = "email"


class UserEmailTaken(Refusal):
    """The customer already has a user with this email, ignoring case."""

    message = _("This customer already has a user with this email.")
    code = "taken"
    field = "email"


class VersionMismatch(Refusal):
    """The row is not at the version that the writer expects: someone changed it meanwhile."""

    message = _("The customer was changed meanwhile. Read it again, then repeat your change.")


class Locked(Refusal):
    """Another transaction has held what this one needs for longer than the limit of locks.

    APIs answer 409 with Retry-After. Nothing was changed.
    """

    message = _("Another request or an import is changing this right now. Try again in a moment.")
    code = "locked"


class CredentialEnded(Refusal):
    """The credential is revoked or expired."""

    message = _("The credential is revoked or has expired. Issue a new one.")


class BeforeTheRecord(Refusal):
    """A time of which nothing is known: it is before the first event of the history.

    APIs answer 404.
    """

    code = "before_the_record"

    def __init__(self, begins: datetime) -> None:
        super().__init__()
        self.begins = begins

    @property
    def message(self) -> str:
        return gettext("The record begins at %(time)s. Nothing is known of earlier times.") % {
            "time": self.begins.astimezone(UTC).isoformat().replace("+00:00", "Z")
        }


class RuleBroken(Refusal):
    """A change violates a constraint that no earlier check covers; `constraint` is its name."""

    message = _("The change breaks a rule of the store.")

    def __init__(self, constraint: str) -> None:
        super().__init__()
        self.constraint = constraint


_BY_CONSTRAINT: dict[str, type[Refusal]] = {
    "customer_external_id_unique_among_live": ExternalIdTaken,
    "customeruser_email_unique_per_customer": UserEmailTaken,
}


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away, takes too long, or has become a standby that takes no writes.

    These are SQLSTATE's classes 08, 40, 53, 55, 57 and 58, and 25006. Trying again may succeed.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    is_read_only = isinstance(error.__cause__, ReadOnlySqlTransaction)
    return isinstance(error, DatabaseError) and is_read_only


@contextmanager
def waiting() -> Iterator[None]:
    """Raise `Locked` if what the block waits for is locked for too long."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Locked from None
        raise


@contextmanager
def refusals(*, savepoint: bool = True) -> Iterator[None]:
    """Run a change in a savepoint and raise what the database refuses as a `Refusal`.

    The original error is dropped, because its text quotes the row. Without the savepoint, what the
    database refuses ends the transaction.
    """
    try:
        with waiting(), transaction.atomic() if savepoint else nullcontext():
            yield
    except IntegrityError as error:
        if not savepoint and connection.in_atomic_block:
            transaction.set_rollback(True)
        diagnosis = getattr(error.__cause__, "diag", None)
        constraint = getattr(diagnosis, "constraint_name", None) or ""
        refusal = _BY_CONSTRAINT.get(constraint)
        raise (refusal() if refusal else RuleBroken(constraint)) from None
