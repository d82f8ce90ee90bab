"""The page of a customer: what staff see, what developers see, and pages of users and methods."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from customers.backoffice import customer_page
from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import CustomerEvent, at, edited, text

NOW = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)


def test_staff_see_neither_json_nor_request_ids_and_developers_both(
    editor: Client, customer: Customer
) -> None:
    edited(editor, at("customer_edit", customer.pk), city="Kyiv")
    request_id = CustomerEvent.objects.latest("pgh_id").pgh_context["request_id"]

    staff = text(editor.get(at("customer", customer.pk)))
    developers = text(editor.get(at("customer_developers", customer.pk)))

    for shown in (request_id, "&quot;city&quot;", "curl"):
        assert shown not in staff
        assert shown in developers


def test_empty_fields_are_counted_and_folded(viewer: Client, customer: Customer) -> None:
    response = viewer.get(at("customer", customer.pk))

    assert [detail.label for detail in response.context["filled"]] == ["Name", "External id"]
    assert {"Phone", "EIN", "Address"} < set(response.context["empty"])
    assert "Show 10 empty fields" in text(response)


def test_a_customer_without_empty_fields_folds_nothing(viewer: Client, acme: Organization) -> None:
    values: dict[str, Any] = dict.fromkeys(customer_page.DETAILS, "12-3456789")
    values |= {"url": "https://example.org", "logo_url": "https://example.org"}
    row = factories.customer(acme, **{**values, "email": "a@example.org", "city": "Kyiv"})

    assert "empty field" not in text(viewer.get(at("customer", row.pk)))


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=3), "3\xa0hours ago"),
        (timedelta(days=6, hours=23), "6\xa0days ago"),
        (timedelta(days=7), "5 Nov 2026"),
    ],
)
def test_a_time_is_relative_for_a_week_with_the_exact_one_beside_it(
    viewer: Client, acme: Organization, ago: timedelta, shown: str
) -> None:
    with time_machine.travel(NOW, tick=False):
        row = factories.customer(acme, name="Hooli", created_at=NOW - ago)
        page = unescape(text(viewer.get(at("customer", row.pk))))

    exact = f"{NOW - ago:%Y-%m-%d %H:%M:%S} UTC"
    assert f'title="{exact}">{shown}<span class="visually-hidden"> ({exact})</span>' in page


def rows(page: str, anchor: str) -> list[str]:
    """The headings of the rows of a part of the page."""
    part = page[page.index(f'id="{anchor}"') :]
    part = part[: part.index("</section>")]
    return [
        re.sub(r"<[^>]+>", "", heading).strip()
        for heading in re.findall(r'<th scope="row">(.*?)</th>', part)
    ]


def walked(client: Client, address: str, anchor: str) -> list[list[str]]:
    """The rows of each page, following the links to the next one."""
    found = []
    query = ""
    while True:
        page = text(client.get(f"{address}{query}"))
        found.append(rows(page, anchor))
        following = re.search(rf'rel="next" href="(\?[^"]*)#{anchor}"', page)
        if following is None:
            return found
        query = unescape(following[1])


def test_more_users_than_fit_have_pages(
    viewer: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_page, "RELATED", 2)
    for n in range(5):
        factories.user(customer, email=f"u{n}@example.org")
    address = at("customer", customer.pk)

    pages = walked(viewer, address, "users")

    assert pages == [
        ["u0@example.org", "u1@example.org"],
        ["u2@example.org", "u3@example.org"],
        ["u4@example.org"],
    ]
    last = customer.users.order_by("pk")[3].pk
    response = viewer.get(f"{address}?users_before={last}&methods_after={last}")
    assert rows(text(response), "users") == ["u1@example.org", "u2@example.org"]


def test_the_default_payment_method_is_first_of_all_pages(
    viewer: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_page, "RELATED", 2)
    methods = [factories.payment_method(customer, last4=f"000{n}") for n in range(5)]
    customer.set_default_payment_method(methods[3])

    pages = walked(viewer, at("customer", customer.pk), "payment-methods")

    assert [[row[-12:] for row in page] for page in pages] == [
        ["0003 default", "visa •••• 0000"[-12:], "visa •••• 0001"[-12:]],
        ["visa •••• 0002"[-12:], "visa •••• 0004"[-12:]],
    ]


def test_a_page_that_does_not_exist_is_the_first(viewer: Client, customer: Customer) -> None:
    factories.user(customer)

    page = text(viewer.get(f"{at('customer', customer.pk)}?users_after=nowhere"))

    assert rows(page, "users") == ["ada@example.org"]


def test_a_page_of_users_keeps_the_page_of_the_timeline(
    viewer: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_page, "RELATED", 1)
    monkeypatch.setattr(customer_page, "ENTRIES", 1)
    for n in range(2):
        factories.user(customer, email=f"u{n}@example.org")
    address = at("customer", customer.pk)
    page = text(viewer.get(address))
    older = re.search(r'href="(\?before=[^"]+)"', page)
    assert older

    page = text(viewer.get(f"{address}{unescape(older[1])}"))

    following = re.search(r'rel="next" href="(\?[^"]*)#users"', page)
    assert following
    assert "before=" in following[1]
