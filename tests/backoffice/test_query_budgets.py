"""The number of queries of a page does not depend on the number of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.insights import figures
from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.backoffice.support import at

FEW, MANY = 2, 40
#: Queries of every page: session, person, second factor, permissions, organizations.
FRAME = 7


def more(organization: Organization, customer: Customer, start: int, number: int) -> None:
    """Add rows of every kind, and changes of the customer."""
    for n in range(start, start + number):
        other = factories.customer(organization, name=f"Customer {n}", country="DE")
        other.add_payment_method(type="card", brand="visa", last4="4242")
        factories.user(customer, email=f"user{n}@example.org")
        factories.note(customer, is_pinned=n % 2)
        factories.payment_method(customer, exp_month=1, exp_year=2020)
        customer.revise({"city": f"City {n}"})
        ApiKey.issue(organization, "live", name=f"key {n}")


PAGES: dict[str, tuple[Callable[[Customer], str], int]] = {
    "list": (lambda _: at("customers"), 4),
    "list by name": (lambda _: f"{at('customers')}?sort=name", 8),
    "list by words": (lambda _: f"{at('customers')}?q=customer", 11),
    "suggestions": (lambda _: f"{at('find')}?options&q=customer", 13),
    "suggestions of users": (lambda _: f"{at('find')}?options&q=example", 15),
    "keys": (lambda _: at("keys"), 0),
    "customer": (lambda c: at("customer", c.pk), 14),
    "recently viewed": (lambda _: f"{at('find')}?options", 1),
    "edit": (lambda c: at("customer_edit", c.pk), 1),
    "duplicate": (lambda c: at("duplicate", c.pk, Customer.objects.latest("pk").pk), 11),
    # The customer viewed before was another: which were viewed is kept in the session.
    "archive": (lambda c: at("customer_archive", c.pk), 4),
    "home": (lambda _: at("home"), 7),
    "imports": (lambda _: at("imports"), 1),
    "credentials": (lambda _: at("credentials"), 2),
    "export": (lambda _: at("export"), 1),
    "user": (lambda c: at("user_edit", c.pk, c.users.earliest("pk").pk), 2),
    "payment method": (
        lambda c: at("payment_method_edit", c.pk, c.payment_methods.earliest("pk").pk),
        2,
    ),
}


def queries(client: Client, address: str) -> int:
    client.get(at("customers"))  # stores the scope in the session
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(address)
        assert response.status_code == 200
        if response.streaming:
            assert b"".join(response.streaming_content)
    return len(asked)


def test_pages_make_as_many_queries_for_many_rows_as_for_few(
    manager: Client, acme: Organization, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "last_change", lambda _tenant: None)  # they are counted once
    more(acme, customer, 0, FEW)
    asked = {name: queries(manager, page(customer)) for name, (page, _) in PAGES.items()}
    more(acme, customer, FEW, MANY)

    again = {name: queries(manager, page(customer)) for name, (page, _) in PAGES.items()}

    assert {name: n for name, n in again.items() if n > asked[name]} == {}
    over = {name: n for name, n in again.items() if n > FRAME + PAGES[name][1]}
    assert over == {}


def test_a_preview_of_many_makes_as_many_queries_as_of_one(
    editor: Client, acme: Organization
) -> None:
    rows = [factories.customer(acme, name=f"Customer {n}") for n in range(MANY)]
    asked = []
    for ids in ([rows[0].pk], [row.pk for row in rows]):
        with CaptureQueriesContext(connection) as context:
            editor.post(at("selection"), {"action": "archive", "id": ids}, follow=True)
        asked.append(len(context))

    assert asked[0] >= asked[1]


@pytest.mark.parametrize("number", [FEW, MANY])
def test_the_search_elsewhere_is_one_query(viewer: Client, acme: Organization, number: int) -> None:
    for n in range(number):
        factories.customer(acme, "test", name=f"Hooli {n}")

    assert queries(viewer, f"{at('customers')}?q=hooli") <= FRAME + 11
