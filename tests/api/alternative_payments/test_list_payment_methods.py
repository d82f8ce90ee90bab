"""GET /customers/{id}/payment-methods"""

from __future__ import annotations

from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send


def test_a_card_has_the_members_of_the_contract_and_no_others(
    api: APIClient, customer: Customer
) -> None:
    card = factories.payment_method(customer, processor="stripe", processor_token="pm_secret")

    response = api.get(f"/customers/{customer.pk}/payment-methods")

    (row,) = response.json()["data"]
    assert row == {
        "id": str(card.pk),
        "customer_id": str(customer.pk),
        "type": "card",
        "brand": "visa",
        "last4": "4242",
        "exp_month": 8,
        "exp_year": 2030,
        "bank_name": None,
        "is_default": False,
        "created_at": card.created_at.isoformat().replace("+00:00", "Z"),
    }
    assert b"pm_secret" not in response.content


def test_a_bank_account_is_of_type_standard_ach(api: APIClient, customer: Customer) -> None:
    factories.payment_method(
        customer,
        type="standard_ach",
        brand=None,
        last4="6789",
        exp_month=None,
        exp_year=None,
        bank_name="First Bank",
    )

    (row,) = api.get(f"/customers/{customer.pk}/payment-methods").json()["data"]

    assert (row["type"], row["bank_name"], row["brand"]) == ("standard_ach", "First Bank", None)
    assert (row["exp_month"], row["exp_year"]) == (None, None)


def test_one_at_most_is_the_default(api: APIClient, customer: Customer) -> None:
    default, _ = (factories.payment_method(customer) for _ in range(2))
    Customer.objects.filter(pk=customer.pk).update(default_payment_method=default)

    rows = api.get(f"/customers/{customer.pk}/payment-methods").json()["data"]

    assert {row["id"] for row in rows if row["is_default"]} == {str(default.pk)}
    assert len(rows) == 2


def test_an_empty_list_has_the_envelope_too(api: APIClient, customer: Customer) -> None:
    assert api.get(f"/customers/{customer.pk}/payment-methods").json() == {
        "data": [],
        "start_cursor": None,
        "end_cursor": None,
        "has_next_page": False,
        "has_previous_page": False,
    }


def test_pages_go_both_ways(api: APIClient, customer: Customer) -> None:
    newest_first = [str(factories.payment_method(customer).pk) for _ in range(5)][::-1]
    path = f"/customers/{customer.pk}/payment-methods"

    first = api.get(path, {"limit": 3}).json()
    second = api.get(path, {"limit": 3, "after": first["end_cursor"]}).json()
    back = api.get(path, {"limit": 3, "before": second["start_cursor"]}).json()

    assert [row["id"] for row in first["data"] + second["data"]] == newest_first
    assert (first["has_previous_page"], first["has_next_page"]) == (False, True)
    assert (second["has_previous_page"], second["has_next_page"]) == (True, False)
    assert back == first


def test_payment_methods_of_other_customers_are_left_out(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    factories.payment_method(factories.customer(acme, name="Other"))

    assert api.get(f"/customers/{customer.pk}/payment-methods").json()["data"] == []


def test_they_are_read_only(api: APIClient, customer: Customer) -> None:
    path = f"/customers/{customer.pk}/payment-methods"

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert_error(send(api, method, path, b"{}", "application/json"), 405)


def test_an_unknown_customer_is_404(api: APIClient) -> None:
    path = "/customers/019470a0-0000-7000-8000-000000000000/payment-methods"

    assert_error(api.get(path), 404)
