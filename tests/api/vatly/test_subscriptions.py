"""GET /v1/customers/{id}/subscriptions: an empty page for a customer that exists."""

from __future__ import annotations

from rest_framework.test import APIClient

from customers.models import Customer
from customers.values.cus_ids import encode
from tests.api.vatly.support import BASE, ORIGIN, assert_error, get


def test_it_is_an_empty_page(api: APIClient, customer: Customer) -> None:
    path = f"{BASE}/{encode(customer.pk)}/subscriptions"

    href = f"{ORIGIN}{path}?limit=3"
    assert get(api, f"{path}?limit=3") == {
        "data": [],
        "links": {"self": {"href": href, "type": "application/json"}, "next": None, "prev": None},
        "count": 0,
    }


def test_an_archived_customer_has_no_page(api: APIClient, customer: Customer) -> None:
    customer.archive()

    for id in (encode(customer.pk), "cus_x"):
        assert_error(api.get(f"{BASE}/{id}/subscriptions"), 404)
