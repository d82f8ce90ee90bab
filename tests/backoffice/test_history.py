"""Changes in the back office are in the history: who, why, in which request."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from customers.models.credential import Actor
from customers.models.history import acting
from tests import factories
from tests.backoffice.support import at, edited, text

REASON = "asked for by phone"
Change = Callable[[Client, Customer], Any]


def user_of(customer: Customer) -> CustomerUser:
    return factories.user(customer, email="bob@example.org")


def _archived(customer: Customer) -> Customer:
    customer.archive()
    return customer


CHANGES: dict[str, tuple[type[Any], Change]] = {
    "create": (
        Customer,
        lambda c, _row: c.post(at("customer_new"), {"name": "New", "reason": REASON}),
    ),
    "edit": (
        Customer,
        lambda c, row: edited(c, at("customer_edit", row.pk), city="Kyiv", reason=REASON),
    ),
    "archive": (
        Customer,
        lambda c, row: edited(c, at("customer_archive", row.pk), reason=REASON),
    ),
    "restore": (
        Customer,
        lambda c, row: edited(c, at("customer_restore", _archived(row).pk), reason=REASON),
    ),
    "archive several": (
        Customer,
        lambda c, row: c.post(
            c.post(at("selection"), {"action": "archive", "id": row.pk})["Location"],
            {"confirmed": "yes", "reason": REASON},
        ),
    ),
    "add a user": (
        CustomerUser,
        lambda c, row: c.post(
            at("user_add", row.pk), {"email": "ada@example.org", "reason": REASON}
        ),
    ),
    "edit a user": (
        CustomerUser,
        lambda c, row: edited(
            c, at("user_edit", row.pk, user_of(row).pk), first_name="Bob", reason=REASON
        ),
    ),
    "remove a user": (
        CustomerUser,
        lambda c, row: c.post(
            at("user_remove", row.pk, user_of(row).pk), {"version": "1", "reason": REASON}
        ),
    ),
    "add a payment method": (
        PaymentMethod,
        lambda c, row: c.post(at("payment_method_add", row.pk), {"type": "card", "reason": REASON}),
    ),
    "edit a payment method": (
        PaymentMethod,
        lambda c, row: edited(
            c,
            at("payment_method_edit", row.pk, factories.payment_method(row).pk),
            brand="amex",
            reason=REASON,
        ),
    ),
    "remove a payment method": (
        PaymentMethod,
        lambda c, row: c.post(
            at("payment_method_remove", row.pk, factories.payment_method(row).pk),
            {"version": "1", "reason": REASON},
        ),
    ),
}


def latest(model: type[Any]) -> Any:
    events = model._meta.get_field("events").related_model
    return events._default_manager.latest("pgh_id")


def page_of(client: Client, customer: Customer, **asked: str) -> str:
    """The text of the page, without its tags."""
    page = text(client.get(at("customer", customer.pk), asked))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_recorded_with_who_why_and_in_which_request(
    editor: Client, customer: Customer, change: str
) -> None:
    model, do = CHANGES[change]

    response = do(editor, customer)

    assert response.status_code == 302
    context = latest(model).pgh_context
    assert context["reason"] == REASON
    assert (context["actor"]["kind"], context["actor"]["label"]) == ("staff", "edda")
    assert context["request_id"] == response["X-Request-Id"]
    assert "contract" not in context


def test_making_a_method_the_default_is_recorded(editor: Client, customer: Customer) -> None:
    factories.payment_method(customer)
    second = factories.payment_method(customer, brand="amex", last4="0005")

    response = editor.post(at("payment_method_default", customer.pk, second.pk))

    assert response.status_code == 302
    assert latest(Customer).pgh_context["actor"]["label"] == "edda"
    assert "Default payment method — → amex •••• 0005" in page_of(editor, customer)


def test_the_page_shows_a_change_field_by_field(editor: Client, customer: Customer) -> None:
    customer.revise({"city": "Paris", "metadata": {"team": "north"}})
    form = {"metadata_key": ["team"], "metadata_value": ["south"], "reason": REASON}
    edited(editor, at("customer_edit", customer.pk), city="", phone="+49 30 1", **form)

    page = page_of(editor, customer)

    assert "City Paris → —" in page
    assert "Phone — → +49 30 1" in page
    assert "Metadata: team north → south" in page
    assert f"Reason: {REASON}" in page
    assert "None" not in page.split("Timeline")[1].split("As each API")[0]


def test_the_page_shows_who_changed_it_and_through_which_contract(
    viewer: Client, acme: Organization, customer: Customer
) -> None:
    api = factories.client(acme)
    api.patch(f"/customers/{customer.pk}", {"city": "A"}, format="json")
    oauth = factories.bearer(factories.access_token(factories.oauth_client(acme)))
    oauth.patch(f"/customers/{customer.pk}", {"city": "B"}, format="json")
    with acting(Actor("command", "import", "import")):
        customer.revise({"city": "C"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET city = 'D'")

    page = page_of(viewer, customer)

    assert re.search(r"API key live_\w{4}…\w{4} through Alternative Payments", page)
    assert "OAuth client Client of tests through Alternative Payments" in page
    assert "Command import" in page
    assert "By hand, in the database" in page


def test_what_was_removed_is_still_shown_by_its_name(editor: Client, customer: Customer) -> None:
    method = customer.add_payment_method(type="card", brand="visa", last4="4242")
    user = factories.user(customer, email="ada@example.org", first_name="Ada")
    editor.post(at("payment_method_remove", customer.pk, method.pk), {"version": "1"})
    editor.post(at("user_remove", customer.pk, user.pk), {"version": "1"})

    page = page_of(editor, customer)

    assert "Payment method visa •••• 4242 removed" in page
    assert "User Ada removed" in page
    assert "Default payment method visa •••• 4242 → —" in page
    assert str(method.pk) not in page


def test_older_changes_are_on_the_next_page(viewer: Client, customer: Customer) -> None:
    for number in range(50):
        customer.revise({"city": f"City {number:02}"})
    address, seen = at("customer", customer.pk), []
    while address:
        page = text(viewer.get(address))
        seen += re.findall(r"<ins>(City \d\d)</ins>", page)
        older = re.search(r'href="(\?before=[^"]+)"', page)
        address = f"{at('customer', customer.pk)}{older[1]}" if older else ""

    assert seen == [f"City {number:02}" for number in reversed(range(50))]


def test_a_reason_is_shown_as_text(editor: Client, customer: Customer) -> None:
    edited(editor, at("customer_edit", customer.pk), city="Kyiv", reason="<script>x</script>")

    assert "<script>x" not in text(editor.get(at("customer", customer.pk)))


@pytest.mark.parametrize("length", [255, 256])
def test_a_reason_has_a_maximum_length(editor: Client, customer: Customer, length: int) -> None:
    response = edited(editor, at("customer_edit", customer.pk), city="A", reason="x" * length)

    assert response.status_code == (302 if length == 255 else 400)


def test_a_key_issued_by_a_command_is_shown_as_a_commands(acme: Organization) -> None:
    call_command("issue_api_key", "acme", "--mode", "live", "--name", "sync")

    from customers.models import ApiKey

    assert latest(ApiKey).pgh_context["actor"]["kind"] == "command"
