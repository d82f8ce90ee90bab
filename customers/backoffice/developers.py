"""The page of a customer, for developers: what each API returns, and which requests changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.utils import timezone

from customers.backoffice.curl import curl_of
from customers.backoffice.customer_page import OfCustomer
from customers.models import Customer
from customers.models.base import label
from customers.rest.contract import contracts
from customers.rest.renderers import dump_json


@dataclass(frozen=True, slots=True)
class Representation:
    """A customer as one contract shows it."""

    title: str
    json: str
    cannot_express: list[str]
    """The labels of the customer's fields that the contract leaves out."""
    curl: str


class DevelopersPage(OfCustomer):
    """What developers need."""

    template_name = "backoffice/customer_developers.html"
    for_developers = True

    def shown(self, customer: Customer) -> dict[str, Any]:
        origin = self.request.build_absolute_uri("/").rstrip("/")
        with timezone.override(UTC):  # as the contracts show times
            representations = [
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
        return {"representations": representations}
