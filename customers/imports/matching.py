"""Which customer a row is about: two queries for a whole chunk of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.models import Customer, CustomerImport
from customers.models.querysets import read_id


class Matching:
    """The customers that some rows name, by id (archived ones too) or by live external id."""

    def __init__(self, customer_import: CustomerImport, rows: Iterable[Mapping[str, str]]) -> None:
        rows = list(rows)
        ids = {id for row in rows if (id := read_id(row.get("id", "").strip()))}
        external_ids = {name for row in rows if (name := row.get("external_id", "")).strip()}
        customers = Customer.objects.visible_to(customer_import.tenant)
        self._by_id = customers.in_bulk(list(ids))
        live = customers.live().filter(external_id__in=external_ids)
        self._holders = {customer.external_id: customer for customer in live}

    def get_instance(self, row: Mapping[str, str]) -> Customer | None:
        """The row's customer, or None for a new one.

        Raises:
            ValidationError: keyed by the field that names no one, or another.
        """
        id, external_id = row.get("id", "").strip(), row.get("external_id", "")
        holder = self._holders.get(external_id)
        if not id:
            return holder
        customer = self._by_id.get(read_id(id))
        if customer is None:
            raise ValidationError({"id": _not_there(id)})
        is_its_own = customer.external_id == external_id
        if holder is not None and holder.pk != customer.pk and not is_its_own:
            told = _(
                "This external id belongs to another customer, “%(holder)s” (%(id)s). Give that "
                "customer's id, or another external id."
            )
            raise ValidationError({"external_id": told % {"holder": holder, "id": holder.pk}})
        return customer


def _not_there(id: str) -> str:
    if read_id(id) is None:
        return _(
            "This is not the id of a customer. Give one as the export writes it, or nothing to "
            "create a customer."
        )
    return _(
        "There is no customer with this id here. Give another, or nothing to create a customer."
    )
