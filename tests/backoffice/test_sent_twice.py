"""A form that is sent twice is done once, and the second sending shows what the first made."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from customers.backoffice.new_customer import NewCustomer
from customers.models import ApiKey, Customer, CustomerUser, Organization, PaymentMethod
from customers.staff.models import FormSubmission, HeldSecret, StaffUser
from tests import factories
from tests.backoffice.support import at, form_of, signed_in, text

NEW = {"name": "Hooli", "city": "Berlin", "anyway": "on"}  # also if one like it exists
KEY = {"kind": "key", "name": "Billing sync", "scopes": ["customers:read"]}


pytestmark = pytest.mark.django_db


def token(client: Client, address: str) -> str:
    found = re.findall(r'name="once" value="(\w+)"', text(client.get(address)))
    assert found
    return str(found[0])


def sent_twice(client: Client, address: str, sent: dict[str, Any]) -> list[Any]:
    data = {**sent, "once": token(client, address)}
    return [client.post(address, data) for _again in range(2)]


def test_one_customer_is_created(editor: Client, acme: Organization) -> None:
    first, second = sent_twice(editor, at("customer_new"), NEW)

    customer = Customer.objects.get()
    assert first.url == second.url == at("customer", customer.pk)
    assert "You sent this form twice. It was done once." in text(editor.get(second.url))


def test_without_the_check_two_customers_are_created(
    editor: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NewCustomer, "creates", False)
    sent_twice(editor, at("customer_new"), NEW)

    assert Customer.objects.count() == 2


def test_a_form_opened_again_creates_another(editor: Client, acme: Organization) -> None:
    for _again in range(2):
        sent_twice(editor, at("customer_new"), NEW)

    assert Customer.objects.count() == 2


def test_a_form_sent_again_with_other_values_is_another(editor: Client, acme: Organization) -> None:
    once = {"once": token(editor, at("customer_new"))}
    for name in ("Hooli", "Aviato"):
        editor.post(at("customer_new"), {"name": name, **once})

    assert set(Customer.objects.values_list("name", flat=True)) == {"Hooli", "Aviato"}


def test_a_form_with_errors_can_be_sent_again(editor: Client, customer: Customer) -> None:
    data = {"external_id": "ext-1", "once": token(editor, at("customer_new"))}
    assert [editor.post(at("customer_new"), data).status_code for _ in range(2)] == [400, 400]
    assert not FormSubmission.objects.exists()

    customer.archive()
    assert editor.post(at("customer_new"), data).status_code == 302


def test_one_user_and_one_payment_method_are_added(editor: Client, customer: Customer) -> None:
    for name, sent in (
        ("user_add", {"email": "a@b.test"}),
        ("payment_method_add", {"type": "card"}),
    ):
        responses = sent_twice(editor, at(name, customer.pk), sent)
        assert {response.url for response in responses} == {at("customer", customer.pk)}

    assert (CustomerUser.objects.count(), PaymentMethod.objects.count()) == (1, 1)


def test_one_key_is_issued_and_replaced(manager: Client, acme: Organization) -> None:
    first, second = sent_twice(manager, at("credential_new"), KEY)
    key = ApiKey.objects.get()
    assert first.url == second.url == at("credential_secret", "key", key.pk)

    sent_twice(manager, at("credential_rotate", "key", key.pk), {"overlap": "24"})
    assert ApiKey.objects.count() == 2


def test_a_secret_is_shown_once_to_who_issued_it(manager: Client, acme: Organization) -> None:
    shown = sent_twice(manager, at("credential_new"), KEY)[0].url
    other = signed_in(acme, "Manager", username="olga")

    assert other.get(shown).context["secret"] is None
    secret = manager.get(shown).context["secret"]
    assert factories.bearer(secret).get("/customers").status_code == 200
    again = manager.get(shown)
    assert secret not in text(again)
    assert "Its secret is shown only once" in text(again)
    assert not HeldSecret.objects.exists()


def test_keys_issued_in_two_tabs_are_both_shown(manager: Client, acme: Organization) -> None:
    tabs = [sent_twice(manager, at("credential_new"), KEY)[0].url for _tab in range(2)]

    secrets = {manager.get(shown).context["secret"] for shown in tabs}
    assert len(secrets) == 2
    assert None not in secrets


@pytest.fixture
def root(acme: Organization) -> Client:
    return signed_in(acme, username="root", is_superuser=True)


def test_the_admin_creates_one_customer_with_one_payment_method(
    root: Client, acme: Organization
) -> None:
    empty = {f"{rows}-{count}": "0" for rows in ("users",) for count in _COUNTS}
    method = {"payment_methods-0-type": "card", "payment_methods-TOTAL_FORMS": "1"}
    sent = {"organization": str(acme.pk), "mode": "live", "name": "Hooli", "metadata": "{}"}
    none = {"payment_methods-INITIAL_FORMS": "0"}

    first, second = sent_twice(
        root, "/admin/customers/customer/add/", {**sent, **empty, **none, **method}
    )

    assert first.url == second.url
    assert (Customer.objects.count(), PaymentMethod.objects.count()) == (1, 1)


_COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS")


def test_the_admin_issues_one_key(root: Client, acme: Organization) -> None:
    address = "/admin/customers/apikey/add/"
    sent = {"organization": str(acme.pk), "mode": "live", **KEY}
    first, second = sent_twice(root, address, sent)

    assert first.url == second.url
    assert ApiKey.objects.count() == 1
    assert "live_" in text(root.get(first.url))
    assert "Its secret is shown only once" in text(root.get(first.url))


def test_a_password_is_not_in_the_note(root: Client) -> None:
    address = "/admin/staff/staffuser/add/"
    password = {"password1": "correct horse", "password2": "correct horse"}
    empty = {f"{rows}-{count}": "0" for rows in ("membership_set",) for count in _COUNTS}
    sent_twice(root, address, {"username": "tom", "usable_password": "true", **password, **empty})

    assert StaffUser.objects.filter(username="tom").count() == 1
    (note,) = FormSubmission.objects.all()
    assert re.fullmatch(r"[0-9a-f]{64}", note.digest)


def test_a_row_form_does_not_keep_a_note(editor: Client, customer: Customer) -> None:
    address = at("customer_edit", customer.pk)
    editor.post(address, {**form_of(editor.get(address), city="Kyiv"), "once": "x"})

    assert not FormSubmission.objects.exists()


def test_sweep_deletes_the_notes_of_yesterday_and_secrets_that_no_one_saw(
    manager: Client, acme: Organization
) -> None:
    sent_twice(manager, at("credential_new"), KEY)
    shown = sent_twice(manager, at("credential_new"), KEY)[0].url
    old = timezone.now() - timedelta(hours=25)
    for model in (FormSubmission, HeldSecret):
        youngest = model._default_manager.latest("created_at")
        model._default_manager.filter(pk=youngest.pk).update(created_at=old)

    assert manager.get(shown).context["secret"] is None
    call_command("sweep")
    assert (FormSubmission.objects.count(), HeldSecret.objects.count()) == (1, 1)
