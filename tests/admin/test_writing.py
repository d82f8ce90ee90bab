"""The admin writes as the APIs do: with the store's methods, in one transaction, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from customers.admin.forms import CustomerForm
from customers.models import ApiKey, Customer, CustomerUser, OAuthClient, Organization
from customers.models.errors import UserEmailTaken
from customers.models.querysets import CustomerQuerySet
from customers.staff.models import StaffUser
from tests import factories
from tests.admin.test_conflicts import with_card
from tests.admin.test_customers import errors, form, url

ADD = "/admin/customers/customer/add/"


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root"))
    return client


def blank(organization: Organization, **values: Any) -> dict[str, Any]:
    """What a browser posts from the page that adds a customer."""
    return form(Customer(), organization=str(organization.pk), mode="live", **values)


def with_user(user: CustomerUser, **values: Any) -> dict[str, Any]:
    """The change form of a customer, with its one user."""
    row = {
        "id": str(user.pk),
        "customer": str(user.customer_id),
        "email": user.email or "",
        "seen_version": user.version,
        **values,
    }
    return form(
        user.customer,
        **{"users-TOTAL_FORMS": 1, "users-INITIAL_FORMS": 1},
        **{f"users-0-{name}": value for name, value in row.items()},
    )


def refuse(*_args: Any, **_values: Any) -> None:
    raise ValidationError({"name": ["Not this one."]})


def test_a_customer_is_added_with_its_users_and_payment_methods(
    admin: Client, acme: Organization
) -> None:
    inlines = {
        "users-TOTAL_FORMS": 1,
        "users-0-email": "ada@example.org",
        "payment_methods-TOTAL_FORMS": 1,
        "payment_methods-0-type": "card",
    }

    response = admin.post(ADD, blank(acme, name="Hooli", metadata='{"a": "b"}', **inlines))
    customer = Customer.objects.get()

    assert response.status_code == 302
    assert (customer.name, customer.mode, customer.metadata) == ("Hooli", "live", {"a": "b"})
    assert customer.users.get().email == "ada@example.org"
    # The store's rule, not Django's: the first payment method is the default.
    assert customer.default_payment_method == customer.payment_methods.get()
    log = admin.get(f"/admin/customers/customer/{customer.pk}/history/").content.decode()
    assert "Added" in log


def test_what_a_models_clean_refuses_is_shown_above_the_form(
    admin: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean(_customer: Customer) -> None:
        raise ValidationError("Fill in at least one field.", code="empty")

    monkeypatch.setattr(Customer, "clean", clean)

    response: Any = admin.post(ADD, blank(acme))

    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors() == ["Fill in at least one field."]
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("owner", "method"),
    [(CustomerQuerySet, "register"), (ApiKey, "issue"), (OAuthClient, "issue")],
)
def test_what_the_store_refuses_to_add_is_an_error_message(
    admin: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch, owner: type, method: str
) -> None:
    monkeypatch.setattr(owner, method, refuse)
    model = "customer" if method == "register" else owner.__name__.lower()
    given = blank(acme, name="Hooli", scopes=["customers:read"])

    page = admin.post(f"/admin/customers/{model}/add/", given, follow=True).content.decode()

    assert "Nothing was saved. Not this one." in page


def test_a_refused_user_leaves_the_customer_as_it_was(
    admin: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_args: Any, **_values: Any) -> None:
        raise UserEmailTaken

    user = factories.user(customer)
    monkeypatch.setattr(CustomerUser, "revise", lose)

    sent = {**with_user(user, email="b@example.org"), "city": "Kiel"}
    page = admin.post(url(customer), sent, follow=True).content.decode()
    customer.refresh_from_db()

    assert "Nothing was saved. This customer already has a user with this email." in page
    assert (customer.city, customer.version) == (None, 1)


def test_a_user_is_removed_and_its_history_stays(admin: Client, customer: Customer) -> None:
    user = factories.user(customer)

    response = admin.post(url(customer), with_user(user, DELETE="on"))

    assert response.status_code == 302
    assert not customer.users.exists()
    events: Any = CustomerUser._meta.get_field("events").related_model
    assert events.objects.filter(pgh_obj=user.pk, pgh_label="delete").exists()


def test_a_user_that_someone_else_changed_is_not_removed(admin: Client, customer: Customer) -> None:
    user = factories.user(customer)
    stale = with_user(user, DELETE="on")
    user.revise({"first_name": "Ada"})

    response = admin.post(url(customer), stale)

    assert "Someone changed this user" in errors(response)
    assert customer.users.get().first_name == "Ada"


def test_a_user_that_someone_else_removed_is_not_changed(
    admin: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = factories.user(customer)

    def lose(row: CustomerUser, _expecting: Any = None) -> None:
        raise CustomerUser.DoesNotExist

    monkeypatch.setattr(CustomerUser, "lock", lose)

    response = admin.post(url(customer), with_user(user, first_name="Ada"))

    assert "Someone changed this user" in errors(response)


def test_a_default_is_chosen_together_with_other_changes(admin: Client, customer: Customer) -> None:
    method = factories.payment_method(customer)
    sent = with_card(customer, bank_name="Bank B") | {
        "default_payment_method": str(method.pk),
        "city": "Kiel",
    }

    assert admin.post(url(customer), sent).status_code == 302
    customer.refresh_from_db()
    method.refresh_from_db()

    assert (customer.city, customer.default_payment_method) == ("Kiel", method)
    assert method.bank_name == "Bank B"


def test_a_default_that_someone_removed_meanwhile_is_an_error_of_its_field(
    admin: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    method = factories.payment_method(customer)

    def remove(_form: CustomerForm) -> dict[str, str]:
        method.remove()
        return {}

    monkeypatch.setattr(CustomerForm, "clean_metadata", remove)  # after the choice is read

    response = admin.post(url(customer), form(customer, default_payment_method=str(method.pk)))

    assert "Someone removed this payment method." in errors(response)


def test_an_organization_is_added_and_changed(admin: Client, acme: Organization) -> None:
    members = {"membership_set-TOTAL_FORMS": 0, "membership_set-INITIAL_FORMS": 0}
    new = {"name": "Hooli", "slug": "hooli", "seen_version": 1, **members}
    changed = {**new, "name": "Acme Billing", "slug": "acme"}

    admin.post("/admin/customers/organization/add/", new)
    admin.post(f"/admin/customers/organization/{acme.pk}/change/", changed)
    acme.refresh_from_db()

    assert Organization.objects.filter(slug="hooli").exists()
    assert (acme.name, acme.version) == ("Acme Billing", 2)
