"""Only one request at a time works on an import."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from customers.imports.errors import ImportUnavailable
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
