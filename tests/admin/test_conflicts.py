"""Two people at once in the admin: nothing is overwritten, and nothing fails without a word."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.admin.customers import CustomerAdmin
from customers.models import Customer, Organization
from customers.models.errors import ExternalIdTaken
from customers.staff.models import StaffUser
from tests import factories
from tests.admin.test_customers import errors, form, url


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root", password="a long password"))
    return client


def with_card(customer: Customer, **changes: Any) -> dict[str, Any]:
    """The change form of a customer whose one payment method is shown too."""
    method = customer.payment_methods.get()
    shown = {
        "id": str(method.pk),
        "customer": str(customer.pk),
        "seen_version": method.version,
        **{
            name: getattr(method, name) or ""
            for name in ("type", "brand", "last4", "exp_month", "exp_year", "bank_name")
        },
        **changes,
    }
    return form(
        customer,
        **{"payment_methods-TOTAL_FORMS": 1, "payment_methods-INITIAL_FORMS": 1},
        **{f"payment_methods-0-{name}": value for name, value in shown.items()},
    )


def test_a_payment_method_is_not_overwritten(admin: Client, customer: Customer) -> None:
    method = factories.payment_method(customer)
    stale = with_card(customer, bank_name="Bank B")
    method.brand = "amex"
    method.save()

    response = admin.post(url(customer), stale)
    method.refresh_from_db()

    assert "Someone changed this payment method" in errors(response)
    assert (method.brand, method.bank_name) == ("amex", None)


def test_a_payment_method_that_nobody_else_changed_is_saved(
    admin: Client, customer: Customer
) -> None:
    method = factories.payment_method(customer)

    assert admin.post(url(customer), with_card(customer, bank_name="Bank B")).status_code == 302
    method.refresh_from_db()
    assert method.bank_name == "Bank B"


def test_an_untouched_payment_method_keeps_no_one_from_saving(
    admin: Client, customer: Customer
) -> None:
    method = factories.payment_method(customer)
    stale = {**with_card(customer), "city": "Kiel"}
    method.brand = "amex"
    method.save()

    stale["payment_methods-0-brand"] = "visa"
    del stale["payment_methods-0-brand"]
    unchanged = {**stale, "payment_methods-0-brand": "amex"}

    assert admin.post(url(customer), unchanged).status_code == 302
    method.refresh_from_db()
    assert method.brand == "amex"


def test_an_organization_is_not_overwritten(admin: Client, acme: Organization) -> None:
    stale = {
        "name": acme.name,
        "slug": "acme-north",
        "seen_version": acme.version,
        "membership_set-TOTAL_FORMS": 0,
        "membership_set-INITIAL_FORMS": 0,
    }
    acme.name = "Acme Billing"
    acme.save()

    response = admin.post(f"/admin/customers/organization/{acme.pk}/change/", stale)
    acme.refresh_from_db()

    assert "Someone changed this organization" in errors(response)
    assert (acme.name, acme.slug) == ("Acme Billing", "acme")


def test_who_loses_a_race_for_an_external_id_sees_why(
    admin: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> None:
        raise ExternalIdTaken

    monkeypatch.setattr(CustomerAdmin, "save_model", lose)

    page = admin.post(url(customer), form(customer, external_id="ext-9"), follow=True)
    customer.refresh_from_db()

    assert "Nothing was saved. Another customer has this external id." in page.content.decode()
    assert customer.external_id == "ext-1"


def test_a_refused_card_number_is_not_shown_again(admin: Client, customer: Customer) -> None:
    response = admin.post(url(customer), form(customer, name="4111 1111 1111 1111"))

    assert "looks like a payment card number" in errors(response)
    assert "4111" not in response.content.decode()


def test_metadata_nested_very_deep_is_refused(admin: Client, customer: Customer) -> None:
    response = admin.post(url(customer), form(customer, metadata="[" * 100_000))

    assert "valid JSON" in errors(response)


def test_a_customer_with_very_many_users_is_saved(admin: Client, customer: Customer) -> None:
    people = [factories.user(customer, email=f"u{number}@example.org") for number in range(250)]
    rows = {
        f"users-{number}-{name}": value
        for number, person in enumerate(people)
        for name, value in {
            "id": str(person.pk),
            "customer": str(customer.pk),
            "email": person.email,
            "first_name": "",
            "last_name": "",
            "seen_version": person.version,
        }.items()
    }
    counts = {"users-TOTAL_FORMS": 250, "users-INITIAL_FORMS": 250}

    assert (
        admin.post(url(customer), form(customer, city="Kiel", **counts, **rows)).status_code == 302
    )
    customer.refresh_from_db()
    assert customer.city == "Kiel"
