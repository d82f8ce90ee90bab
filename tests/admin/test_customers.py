"""Customers in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer, Organization
from customers.staff.models import StaffUser
from tests import factories


@pytest.fixture
def superuser(db: None) -> StaffUser:
    return StaffUser.objects.create_superuser("root", password="a long password")


@pytest.fixture
def admin(client: Client, superuser: StaffUser) -> Client:
    client.force_login(superuser)
    return client


def url(customer: Customer) -> str:
    return f"/admin/customers/customer/{customer.pk}/change/"


def form(customer: Customer, **changes: Any) -> dict[str, Any]:
    """What a browser posts from the change page, with some fields filled in otherwise."""
    texts = {name: getattr(customer, name) or "" for name in Customer.WRITABLE - {"metadata"}}
    inlines = {
        f"{prefix}-{count}_FORMS": value
        for prefix in ("users", "payment_methods")
        for count, value in (("TOTAL", 0), ("INITIAL", 0), ("MIN_NUM", 0), ("MAX_NUM", 1000))
    }
    return {
        **texts,
        **inlines,
        "metadata": "{}",
        "default_payment_method": "",
        "seen_version": customer.version,
        **changes,
    }


def errors(response: Any) -> str:
    assert response.status_code == 200
    forms = [response.context["adminform"].form, *response.context["inline_admin_formsets"]]
    return " ".join(
        str(getattr(part, "errors", "")) + str(getattr(part, "formset", "") and part.formset.errors)
        for part in forms
    ) + " ".join(
        str(part.formset.non_form_errors()) for part in response.context["inline_admin_formsets"]
    )


@pytest.mark.parametrize(
    "scrap",
    ["Coleman", "ext-1", "dinesh@PIEDPIPER", "883-3711", "Woodland", "cus_stripe", "first label"],
)
def test_a_customer_is_found_by_any_scrap(admin: Client, acme: Organization, scrap: str) -> None:
    factories.customer(acme, name="Another")
    factories.customer(
        acme,
        name="Coleman-Blair",
        external_id="ext-1",
        email="dinesh@piedpiper.test",
        phone="1-171-883-3711 x245",
        city="Woodland Hills",
        processor_reference="cus_stripe",
        reference="first label",
    )

    page = admin.get("/admin/customers/customer/", {"q": scrap}).content.decode()

    assert "Coleman-Blair" in page
    assert "Another" not in page


def test_a_customer_is_found_by_its_id(admin: Client, customer: Customer) -> None:
    page = admin.get("/admin/customers/customer/", {"q": str(customer.pk)}).content.decode()

    assert "Coleman-Blair" in page


def test_the_list_shows_live_customers_unless_asked_for_others(
    admin: Client, acme: Organization
) -> None:
    factories.customer(acme, name="Live one")
    factories.customer(acme, name="Old one").archive()

    def listed(**query: str) -> str:
        return admin.get("/admin/customers/customer/", query).content.decode()

    assert "Live one" in listed()
    assert "Old one" not in listed()
    assert "Old one" in listed(status="archived")
    assert "Live one" not in listed(status="archived")
    assert "Live one" in listed(status="all")
    assert "Old one" in listed(status="all")


def test_the_list_costs_the_same_for_one_row_and_for_fifty(
    admin: Client, acme: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        factories.customer(acme, name=f"Customer {number}")

    with django_assert_max_num_queries(10):
        admin.get("/admin/customers/customer/")


def test_a_change_is_saved_and_recorded_as_the_persons(
    admin: Client, customer: Customer, superuser: StaffUser
) -> None:
    response = admin.post(url(customer), form(customer, city="Los Angeles"))
    customer.refresh_from_db()
    event = customer.events.order_by("-pgh_id")[0]  # type: ignore[attr-defined]

    assert response.status_code == 302
    assert (customer.city, customer.version) == ("Los Angeles", 2)
    assert event.pgh_context["actor"] == {
        "kind": "staff",
        "id": str(superuser.pk),
        "label": "root",
    }
    assert event.pgh_context["request_id"]


def test_a_change_over_a_colleagues_is_refused(admin: Client, customer: Customer) -> None:
    seen = form(customer, city="Los Angeles")
    customer.revise({"phone": "555-0100"})

    response = admin.post(url(customer), seen)
    customer.refresh_from_db()

    assert "Someone changed this customer while you were editing" in errors(response)
    assert (customer.city, customer.phone) == (None, "555-0100")


def test_saving_without_a_change_changes_nothing(admin: Client, customer: Customer) -> None:
    assert admin.post(url(customer), form(customer)).status_code == 302
    customer.refresh_from_db()

    assert customer.version == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "4111 1111 1111 1111"}, "looks like a payment card number"),
        ({"metadata": '{"note": "4111-1111-1111-1111"}'}, "looks like a payment card number"),
        ({"metadata": '{"n": 1}'}, "values are strings"),
        ({"metadata": "[]"}, "object"),
        ({"email": "nobody"}, "valid email"),
        ({"url": "javascript:alert(1)"}, "not a web address"),
        ({"ein": "1"}, "employer identification number"),
        ({"external_id": "taken"}, "Another live customer has this external id"),
    ],
)
def test_what_the_store_refuses_is_shown_on_the_form(
    admin: Client, acme: Organization, customer: Customer, changes: dict[str, str], sentence: str
) -> None:
    factories.customer(acme, external_id="taken")

    response = admin.post(url(customer), form(customer, **changes))
    customer.refresh_from_db()

    assert sentence in errors(response)
    assert customer.version == 1


def test_users_and_payment_methods_are_edited_with_the_customer(
    admin: Client, customer: Customer
) -> None:
    inlines = {
        "users-TOTAL_FORMS": 1,
        "users-0-email": "ada@example.org",
        "users-0-customer": str(customer.pk),
        "payment_methods-TOTAL_FORMS": 1,
        "payment_methods-0-type": "card",
        "payment_methods-0-last4": "4242",
        "payment_methods-0-customer": str(customer.pk),
    }

    assert admin.post(url(customer), form(customer, **inlines)).status_code == 302
    assert customer.users.get().organization_id == customer.organization_id
    assert customer.payment_methods.get().mode == "live"


@pytest.mark.parametrize(
    ("inlines", "sentence"),
    [
        ({"users-0-email": "ADA@example.org"}, "already has a user with this email"),
        (
            {"users-TOTAL_FORMS": 2, "users-0-email": "b@x.org", "users-1-email": "B@x.org"},
            "Two users have the same email",
        ),
        ({"users-0-first_name": "4111111111111111"}, "payment card number"),
        ({"payment_methods-0-last4": "12a4"}, "last four digits"),
        ({"payment_methods-0-last4": "4242", "payment_methods-0-exp_month": 13}, "1 to 12"),
        ({"payment_methods-0-exp_month": 12}, "month and year, or neither"),
        ({"payment_methods-0-processor_token": "4111111111111111"}, "payment card number"),
    ],
)
def test_what_the_store_refuses_of_them_is_shown_too(
    admin: Client, customer: Customer, inlines: dict[str, Any], sentence: str
) -> None:
    factories.user(customer, email="ada@example.org")
    total = {f"{next(iter(inlines)).partition('-')[0]}-TOTAL_FORMS": 1}
    owner = {f"{name.rpartition('-')[0]}-customer": str(customer.pk) for name in inlines}
    kind = {"payment_methods-0-type": "card"} if "payment" in next(iter(inlines)) else {}

    response = admin.post(url(customer), form(customer, **{**total, **owner, **kind, **inlines}))

    assert sentence in errors(response)
    assert customer.users.count() == 1
    assert not customer.payment_methods.exists()


def test_a_default_payment_method_is_one_of_the_customers_own(
    admin: Client, acme: Organization, customer: Customer
) -> None:
    own = factories.payment_method(customer)
    others = factories.payment_method(factories.customer(acme, name="Other"))
    inline = {"payment_methods-TOTAL_FORMS": 0}

    refused = admin.post(url(customer), form(customer, default_payment_method=others.pk, **inline))
    accepted = admin.post(url(customer), form(customer, default_payment_method=own.pk, **inline))
    customer.refresh_from_db()

    assert "Select a valid choice" in errors(refused)
    assert accepted.status_code == 302
    assert customer.default_payment_method == own


def test_customers_are_archived_and_restored_not_deleted(
    admin: Client, acme: Organization, customer: Customer
) -> None:
    def do(action: str) -> str:
        response = admin.post(
            "/admin/customers/customer/?status=all",
            {"action": action, "_selected_action": str(customer.pk)},
            follow=True,
        )
        customer.refresh_from_db()
        return response.content.decode()

    assert "1 customer archived." in do("archive")
    assert customer.archived_at is not None
    factories.customer(acme, external_id="ext-1")
    assert "has this external id" in do("restore")
    assert customer.archived_at is not None
    assert admin.get(f"/admin/customers/customer/{customer.pk}/delete/").status_code == 403


def test_a_customers_page_leads_to_the_back_office(admin: Client, customer: Customer) -> None:
    page = admin.get(url(customer)).content.decode()
    link = f"/backoffice/acme/live/customers/{customer.pk}/"

    assert f'<a href="{link}">Open in the back office</a>' in page
    assert '<a href="/backoffice/">Back office</a>' in page
    assert admin.get(link).status_code == 200


def test_an_empty_customer_is_refused_on_the_form(admin: Client, acme: Organization) -> None:
    blank = form(Customer(), organization=str(acme.pk), mode="live", seen_version="")

    page = errors(admin.post("/admin/customers/customer/add/", blank))

    assert "Give at least a name, an email or an id." in page
    assert not Customer.objects.exists()
