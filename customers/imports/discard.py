"""Discards an import that is not applied: its rows are deleted, and that it was here is kept."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from customers.imports.locking import lock_unapplied
from customers.models import CustomerImport
from customers.staff.models import StaffUser


def discard(id: UUID, person: StaffUser) -> None:
    """Delete what the file contained: the rows, and the names of its columns.

    Raises:
        InvalidState: it is already imported, or discarded.
        ImportUnavailable: it was deleted, or another request is processing it.
    """
    with transaction.atomic():
        customer_import = lock_unapplied(id)
        customer_import.rows.all().delete()
        customer_import.corrections.all().delete()
        customer_import.header = customer_import.mapping = customer_import.left_out = []
        customer_import.state = CustomerImport.State.DISCARDED
        customer_import.discarded_at = timezone.now()
        customer_import.discarded_by_label = person.get_username()
        customer_import.save()
