"""The page of a customer: details, payment methods, users, timeline and API representations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from customers.backoffice.curl import curl_of
from customers.backoffice.pages import Page
from customers.insights.duplicates import possible_duplicates
from customers.insights.timeline import get_timeline
from customers.models import Customer
from customers.models.base import label
from customers.rest.contract import contracts
from customers.rest.renderers import dump_json
from customers.values.addresses import address_lines

ENTRIES = 20
DUPLICATES = 10
DETAILS = (
    *("name", "legal_name", "email", "phone", "external_id", "reference", "processor_reference"),
    *("ein", "legal_number", "url", "logo_url"),
)
IDS = {"external_id", "reference", "processor_reference", "ein", "legal_number"}
# On the page; the rest is in the admin.
USERS = METHODS = 50


@dataclass(frozen=True, slots=True)
class Representation:
    """A customer as one contract shows it."""

    title: str
    json: str
    cannot_express: list[str]
    """The labels of the customer's fields that the contract leaves out."""
    curl: str


class CustomerPage(Page):
    permission = "customers.view_customer"
    template_name = "backoffice/customer.html"

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        entries = get_timeline(customer, limit=ENTRIES, before=_time(request.GET.get("before", "")))
        methods = list(customer.payment_methods.select_related("customer")[: METHODS + 1])
        default = customer.default_payment_method_id
        methods.sort(key=lambda method: (method.pk != default, method.pk))
        users = list(customer.users.order_by("pk")[: USERS + 1])
        return self.render(
            title=str(customer),
            customer=customer,
            address=address_lines(customer),
            details=[
                (label(Customer, name), getattr(customer, name), name in IDS) for name in DETAILS
            ],
            methods=methods[:METHODS],
            more_methods=len(methods) > METHODS,
            users=users[:USERS],
            more_users=len(users) > USERS,
            timeline=entries,
            duplicates=possible_duplicates(customer, DUPLICATES),
            representations=self._representations(customer),
        )

    def _representations(self, customer: Customer) -> list[Representation]:
        origin = self.request.build_absolute_uri("/").rstrip("/")
        with timezone.override(UTC):  # as the contracts show times
            return [
                Representation(
                    title=contract.title,
                    json=dump_json(contract.represent(customer, origin), indent=True).decode(),
                    cannot_express=sorted(
                        label(Customer, name)
                        for name in contract.cannot_express
                        if getattr(customer, name)
                    ),
                    curl=curl_of(contract, customer),
                )
                for contract in contracts()
            ]


def _time(text: str) -> Any:
    """Return the time in a parameter, or None if it is not valid: the latest page is shown."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (OverflowError, ValueError):
        return None
