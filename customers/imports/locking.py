"""One person at a time works on an import."""

from uuid import UUID

from django.utils.translation import gettext as _

from customers.models import CustomerImport
from customers.models.errors import Refusal


class NotPossible(Refusal):
    """What was asked of an import cannot be done as things are; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def hold(id: UUID) -> CustomerImport:
    """The import, which no one else can hold until this transaction ends.

    Raises:
        NotPossible: it was deleted, or someone else holds it. They may be at it for minutes, so no
            one waits.
    """
    held = CustomerImport.objects.select_for_update(skip_locked=True, of=("self",))
    customer_import = held.select_related("organization").filter(pk=id).first()
    if customer_import is None and not CustomerImport.objects.filter(pk=id).exists():
        raise NotPossible(_("This import was deleted meanwhile. Upload the file again."))
    if customer_import is None:
        raise NotPossible(_("This import is being worked on now. Look again in a moment."))
    return customer_import
