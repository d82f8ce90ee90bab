"""Which customer a row is about, with two queries for a whole batch of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.imports.columns import FIELDS
from customers.models import Customer
from customers.models.credential import Tenant
from customers.models.querysets import read_id
from customers.values.text import trimmed


class CustomerLookup:
    """The tenant's customers with an id (archived ones too) or a live external id of the rows."""

    def __init__(self, tenant: Tenant, rows: Sequence[Mapping[str, str]]) -> None:
        ids = {id for row in rows if (id := read_id(trimmed(row.get("id", ""))))}
        external_ids = {
            name
            for row in rows
            if (given := row.get("external_id"))
            for name in (given, trimmed(given))
        }
        customers = Customer.objects.visible_to(tenant).only("version", *FIELDS)
        self._by_id = customers.in_bulk(list(ids))
        live = customers.live().filter(external_id__in=external_ids)
        self._by_external_id = {customer.external_id: customer for customer in live}

    def find(self, row: Mapping[str, str]) -> Customer | None:
        """Return the customer that a row is about, or None if it is a new one.

        Raises:
            ValidationError: keyed by field: there is no customer with this id, or the external id
                is another customer's.
        """
        id, external_id = trimmed(row.get("id", "")), row.get("external_id", "")
        if external_id not in self._by_external_id:  # an API may have stored spaces around it
            external_id = trimmed(external_id)
        holder = self._by_external_id.get(external_id)
        if not id:
            return holder
        uuid = read_id(id)
        if uuid is None:
            raise ValidationError(
                {
                    "id": _(
                        "This is not a customer id. Use an id from the export, or leave the cell "
                        "empty to create a customer."
                    )
                }
            )
        customer = self._by_id.get(uuid)
        if customer is None:
            raise ValidationError(
                {
                    "id": _(
                        "There is no customer with this id here. Use another, or leave the cell "
                        "empty to create a customer."
                    )
                }
            )
        # An archived customer may have an external id that is another's by now.
        is_unchanged = customer.external_id == external_id
        if holder is not None and holder.pk != customer.pk and not is_unchanged:
            message = _(
                "This external id belongs to another customer, “%(holder)s” (%(id)s). Use that "
                "customer's id, or another external id."
            )
            raise ValidationError({"external_id": message % {"holder": holder, "id": holder.pk}})
        return customer
