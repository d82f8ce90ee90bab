"""The page of a customer, for staff: details, payment methods, users and timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from customers.backoffice.forms import NoteForm
from customers.backoffice.pages import Page, read_uuid
from customers.insights.duplicates import possible_duplicates
from customers.insights.timeline import get_timeline
from customers.models import Customer, CustomerNote
from customers.models.base import label
from customers.models.keyset import get_page
from customers.values.addresses import address_lines

ENTRIES = 20
DUPLICATES = 10
DETAILS = (
    *("name", "legal_name", "email", "phone", "external_id", "reference", "processor_reference"),
    *("ein", "legal_number", "url", "logo_url"),
)
IDS = {"external_id", "reference", "processor_reference", "ein", "legal_number"}
#: Users, payment methods or notes on one page.
RELATED = 50


@dataclass(frozen=True, slots=True)
class Detail:
    """A field that has a value."""

    label: str
    value: str
    is_id: bool


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """A page of what belongs to a customer, and the queries of the pages beside it."""

    rows: list[Any]
    links: dict[str, str]


class OfCustomer(Page):
    """A tab of the page of a customer."""

    permission = "customers.view_customer"
    for_developers = False

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        before = _time(request.GET.get("before", ""))
        return self.render(
            title=str(customer),
            customer=customer,
            for_developers=self.for_developers,
            duplicates=possible_duplicates(customer, DUPLICATES),
            apart=customer.not_duplicates.select_related("other").order_by("-pk")[:DUPLICATES],
            timeline=get_timeline(customer, limit=ENTRIES, before=before),
            **self.shown(customer),
        )

    def shown(self, customer: Customer) -> dict[str, Any]:
        """Return what this tab shows."""
        raise NotImplementedError


class CustomerPage(OfCustomer):
    """What staff need."""

    template_name = "backoffice/customer.html"

    def shown(self, customer: Customer) -> dict[str, Any]:
        address = address_lines(customer)
        values = [(name, getattr(customer, name)) for name in DETAILS]
        empty = [label(Customer, name) for name, value in values if not value]
        return {
            "filled": [
                Detail(label(Customer, name), value, name in IDS) for name, value in values if value
            ],
            "address": address,
            "empty": empty if address else [*empty, _("Address")],
            "methods": self._methods(customer),
            "users": self._related("users", customer.users.all()),
            "pinned": customer.notes.filter(is_pinned=True).order_by("-pk")[:RELATED],
            "notes": self._related(
                "notes", customer.notes.filter(is_pinned=False), newest_first=True
            ),
            "note_form": NoteForm(instance=CustomerNote()),
        }

    def _methods(self, customer: Customer) -> RelatedRows:
        """The default one comes first, on the first page."""
        default = customer.default_payment_method
        methods = customer.payment_methods.select_related("customer")
        others = methods if default is None else methods.exclude(pk=default.pk)
        page = self._related("methods", others)
        if default is not None and "previous" not in page.links:
            page.rows.insert(0, default)
        return page

    def _related(
        self, name: str, rows: QuerySet[Any], *, newest_first: bool = False
    ) -> RelatedRows:
        after, before = f"{name}_after", f"{name}_before"
        page = get_page(
            rows,
            limit=RELATED,
            after=read_uuid(self.request.GET.get(after, "")),
            before=read_uuid(self.request.GET.get(before, "")),
            newest_first=newest_first,
        )
        links = {}
        if page.rows and page.has_previous:
            links["previous"] = self._query({before: page.rows[0].pk, after: None})
        if page.rows and page.has_next:
            links["next"] = self._query({after: page.rows[-1].pk, before: None})
        return RelatedRows(page.rows, links)

    def _query(self, changed: dict[str, UUID | None]) -> str:
        """Return this page's query with some parameters changed."""
        query = self.request.GET.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return query.urlencode()


def _time(text: str) -> Any:
    """Return the time in a parameter, or None if it is not valid: the latest page is shown."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (OverflowError, ValueError):
        return None
