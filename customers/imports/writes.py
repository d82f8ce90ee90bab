"""What applying and undoing an import have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from customers.imports.batches import BATCH_SIZE, batched
from customers.imports.errors import ImportConflict
from customers.models import Customer, CustomerImport, ImportRow
from customers.models.credential import Actor
from customers.models.errors import ExternalIdTaken, refusals
from customers.models.history import acting

# Django writes a bulk update as a CASE with a WHEN for each row, which is slow for many rows.
_UPDATE_SIZE = 200


@contextmanager
def writing(
    customer_import: CustomerImport, actor: Actor, *, reason: str, if_taken: str
) -> Iterator[None]:
    """Record the import, its actor and the reason in the history of what the block writes.

    Raises:
        ImportConflict: with the message `if_taken`, for an external id that is another customer's.
    """
    with acting(actor, **{"import": str(customer_import.pk), "reason": reason}):
        try:
            with refusals():
                yield
        except ExternalIdTaken:
            raise ImportConflict(if_taken) from None


def lock_changed(rows: QuerySet[ImportRow], when: str) -> Iterator[UUID]:
    """Lock the customers of the rows until the transaction ends. Yields the ids of those that are
    not at the version `seen` by the check, or `left` by the import.

    Customers are locked in the order of their ids everywhere, so that no two imports deadlock.
    """
    expected = rows.order_by("customer_id").values_list("customer_id", f"{when}_version")
    for batch in batched(expected.iterator(BATCH_SIZE)):
        ids = [id for id, _version in batch]
        customers = Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        versions = dict(customers.values_list("pk", "version"))
        yield from (id for id, version in batch if versions.get(id) != version)


def write_values(rows: Iterable[ImportRow], which: int) -> None:
    """Write the `OLD` or the `NEW` values of rows: of each customer only the fields that change."""

    def fields(row: ImportRow) -> list[str]:
        return sorted(row.changes)

    for names, group in groupby(sorted(rows, key=fields), key=fields):
        customers = [
            Customer(pk=row.customer_id, **{name: row.changes[name][which] for name in names})
            for row in group
        ]
        Customer.objects.bulk_update(customers, names, batch_size=_UPDATE_SIZE)
