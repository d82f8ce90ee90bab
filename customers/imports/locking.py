"""Only one request at a time works on an import."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from customers.imports.errors import ImportUnavailable, InvalidState
from customers.models import CustomerImport
from customers.models.locks import extend


def lock_import(id: UUID) -> CustomerImport:
    """Return the import, locked until the transaction ends.

    The transaction has the time limits of imports. It does not wait for the lock of another
    request, which may take minutes.

    Raises:
        ImportUnavailable: it was deleted, or another request has locked it.
    """
    extend(settings.DATABASE_LIMITS["import"])
    unlocked = CustomerImport.objects.select_for_update(skip_locked=True, of=("self",))
    customer_import = unlocked.select_related("organization").filter(pk=id).first()
    if customer_import is not None:
        return customer_import
    if CustomerImport.objects.filter(pk=id).exists():
        raise ImportUnavailable(_("This import is being processed. Try again in a moment."))
    raise ImportUnavailable(_("This import has been deleted. Upload the file again."))


def lock_unapplied(id: UUID) -> CustomerImport:
    """Lock and return an import that can still be checked and applied.

    Raises:
        InvalidState: it is already imported, or discarded.
        ImportUnavailable: as `lock_import`.
    """
    customer_import = lock_import(id)
    if customer_import.applied_at is not None:
        raise InvalidState(_("This file is already imported."))
    if customer_import.discarded_at is not None:
        raise InvalidState(_("This import was discarded. Upload the file again."))
    return customer_import
