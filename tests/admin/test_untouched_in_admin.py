"""What the APIs stored and no one touched in the admin stays as it is, to the letter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.admin.test_customers import form, url


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root"))
    return client


STORED: dict[str, Any] = {
    "name": " Foo ",
    "external_id": " x1 ",
    "address_line1": "l1\nl2",
    "metadata": {"note": "a\nb", "k\ney": " c "},
}


@pytest.mark.parametrize("line", ["l1l2", "l1\r\nl2"])
def test_what_the_person_did_not_touch_stays_as_it_is_stored(
    admin: Client, acme: Organization, line: str
) -> None:
    customer = factories.customer(acme, **STORED)
    sent = form(customer, metadata=json.dumps(STORED["metadata"]), address_line1=line)

    assert admin.post(url(customer), sent).status_code == 302
    customer.refresh_from_db()
    assert customer.version == 1

    assert admin.post(url(customer), {**sent, "phone": "555-0100"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.phone, customer.version) == ("555-0100", 2)
    assert {name: getattr(customer, name) for name in STORED} == STORED


def test_line_ends_that_the_person_takes_from_json_are_gone(
    admin: Client, acme: Organization
) -> None:
    customer = factories.customer(acme, **STORED)

    admin.post(url(customer), form(customer, metadata='{"note": "ab"}'))

    customer.refresh_from_db()
    assert (customer.name, customer.metadata) == (" Foo ", {"note": "ab"})


def test_a_user_that_the_person_did_not_touch_stays_too(admin: Client, customer: Customer) -> None:
    user = factories.user(customer, first_name=" Ada\nB ")
    sent = form(customer, phone="1") | {
        "users-TOTAL_FORMS": 1,
        "users-INITIAL_FORMS": 1,
        "users-0-id": user.pk,
        "users-0-customer": customer.pk,
        "users-0-email": user.email or "",
        "users-0-first_name": " AdaB ",
        "users-0-last_name": user.last_name or "",
        "users-0-seen_version": 1,
    }

    assert admin.post(url(customer), sent).status_code == 302
    user.refresh_from_db()
    assert (user.first_name, user.version) == (" Ada\nB ", 1)
