"""What the store refuses, as exceptions that the contracts render.

A value that breaks a field's rule is Django's `ValidationError`, keyed by the store's field names.
Everything else is a `Refusal`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


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


class CredentialEnded(Refusal):
    """The credential is revoked or expired."""

    message = _("The credential is revoked or has expired. Issue a new one.")


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


@contextmanager
def refusals(*, savepoint: bool = True) -> Iterator[None]:
    """Run a change in a savepoint and raise what the database refuses as a `Refusal`.

    The original error is dropped, because its text quotes the row. Without the savepoint, what the
    database refuses ends the transaction.
    """
    try:
        with transaction.atomic() if savepoint else nullcontext():
            yield
    except IntegrityError as error:
        if not savepoint and connection.in_atomic_block:
            transaction.set_rollback(True)
        diagnosis = getattr(error.__cause__, "diag", None)
        constraint = getattr(diagnosis, "constraint_name", None) or ""
        refusal = _BY_CONSTRAINT.get(constraint)
        raise (refusal() if refusal else RuleBroken(constraint)) from None
