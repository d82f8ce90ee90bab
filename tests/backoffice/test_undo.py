"""Every success message of a change has a link that undoes it, unless someone changed it since."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from tests import factories
from tests.backoffice.support import CustomerEvent, at, edited, signed_in, text

Change = Callable[[Client, Customer], Any]


def link(client: Client, response: Any) -> str:
    """The address of the link in the message after a change."""
    assert response.status_code == 302
    found = re.search(r'<a href="([^"]+)">Undo</a>', text(client.get(response.url)))
    assert found
    return unescape(found[1])


def state(customer: Customer) -> Any:
    """What a change may change."""
    row: dict[str, Any] = dict(Customer.objects.filter(pk=customer.pk).values()[0])
    for name in ("version", "updated_at"):
        del row[name]
    row["archived_at"] = row["archived_at"] is not None
    related = [
        [
            {key: value for key, value in found.items() if key not in {"version", "updated_at"}}
            for found in model.objects.filter(customer=customer).order_by("pk").values()
        ]
        for model in (CustomerUser, PaymentMethod)
    ]
    return row, related


def user(customer: Customer) -> CustomerUser:
    return customer.users.get()


def method(customer: Customer) -> PaymentMethod:
    return customer.payment_methods.latest("pk")


def archived(client: Client, customer: Customer) -> Any:
    return edited(client, at("customer_archive", customer.pk))


CHANGES: dict[str, tuple[Change, str]] = {
    "edit": (
        lambda c, row: edited(
            c, at("customer_edit", row.pk), city="Kyiv", metadata_key=["a"], metadata_value=["b"]
        ),
        "Undo of the change of City, Metadata: a",
    ),
    "archive": (archived, "Undo of archiving"),
    "add a user": (
        lambda c, row: c.post(at("user_add", row.pk), {"first_name": "Grace"}),
        "Undo of adding Grace",
    ),
    "edit a user": (
        lambda c, row: edited(c, at("user_edit", row.pk, user(row).pk), first_name="Grace"),
        "Undo of the change of First name",
    ),
    "remove a user": (
        lambda c, row: c.post(at("user_remove", row.pk, user(row).pk), {"version": "1"}),
        "Undo of removing Ada",
    ),
    "add a payment method": (
        lambda c, row: c.post(at("payment_method_add", row.pk), {"type": "card", "brand": "jcb"}),
        "Undo of adding jcb",
    ),
    "edit a payment method": (
        lambda c, row: edited(
            c, at("payment_method_edit", row.pk, method(row).pk), bank_name="Chase"
        ),
        "Undo of the change of Bank name",
    ),
    "remove a payment method": (
        lambda c, row: c.post(
            at("payment_method_remove", row.pk, method(row).pk), {"version": "1"}
        ),
        "Undo of removing visa •••• 4242",
    ),
    "make default": (
        lambda c, row: c.post(at("payment_method_default", row.pk, method(row).pk)),
        "Undo of the change of Default payment method",
    ),
}
every_change = pytest.mark.parametrize("name", CHANGES)


@pytest.fixture
def full(customer: Customer) -> Customer:
    """A customer with a user and two payment methods, the first of which is the default."""
    factories.user(customer, first_name="Ada")
    customer.add_payment_method(type="card", brand="amex", last4="0005")
    factories.payment_method(customer)
    return customer


def reasons() -> list[Any]:
    models = (Customer, CustomerUser, PaymentMethod)
    events: list[Any] = [model._meta.get_field("events").related_model for model in models]
    found = [event.objects.latest("pgh_created_at") for event in events]
    latest = max(found, key=lambda event: event.pgh_created_at)
    return [latest.pgh_context.get("reason"), latest.pgh_context["actor"]["label"]]


@every_change
def test_a_change_is_undone_and_the_undoing_too(editor: Client, full: Customer, name: str) -> None:
    change, reason = CHANGES[name]
    before = state(full)
    undo = link(editor, change(editor, full))
    after = state(full)
    assert before != after

    shown = editor.get(undo)
    assert shown.status_code == 200
    assert state(full) == after
    redo = link(editor, editor.post(undo))

    assert state(full) == before
    assert reasons() == [reason, "edda"]
    assert editor.post(redo).status_code == 302
    assert state(full) == after


@every_change
def test_what_someone_changed_meanwhile_is_not_undone(
    editor: Client, full: Customer, name: str
) -> None:
    change, _reason = CHANGES[name]
    undo = link(editor, change(editor, full))
    what = undo.split("/undo/")[1].split("/")[0]
    if name.startswith("remove"):
        assert editor.post(undo).status_code == 302  # someone has undone it
    elif what == "customer":
        Customer.objects.get(pk=full.pk).revise({"phone": "1"})
    elif what == "user":
        full.users.latest("pk").revise({"last_name": "Hopper"})
    else:
        method(full).revise({"processor": "stripe"})
    meanwhile = state(full)

    for response in (editor.get(undo), editor.post(undo)):
        assert response.status_code == 409
        assert "Someone changed this meanwhile. Nothing was undone." in text(response)
        assert "The last change:" in text(response)
    assert state(full) == meanwhile


def test_undoing_a_creation_archives(editor: Client, acme: Organization) -> None:
    undo = link(editor, editor.post(at("customer_new"), {"name": "Hooli"}))

    assert "The customer is archived" in text(editor.get(undo))
    editor.post(undo)

    assert Customer.objects.get().archived_at is not None


def test_an_archiving_is_not_undone_while_the_external_id_is_anothers(
    editor: Client, customer: Customer
) -> None:
    undo = link(editor, archived(editor, customer))
    factories.customer(customer.organization, name="Hooli", external_id="ext-1")

    response = editor.post(undo)

    assert response.status_code == 409
    assert "has this external id" in text(response)
    assert Customer.objects.get(pk=customer.pk).archived_at is not None


def test_what_changed_nothing_has_no_link(editor: Client, full: Customer) -> None:
    default = full.payment_methods.earliest("pk")
    responses: list[Any] = [
        edited(editor, at("customer_edit", full.pk)),
        editor.post(at("payment_method_default", full.pk, default.pk)),
    ]
    for response in responses:
        assert "Undo</a>" not in text(editor.get(response.url))


def test_the_page_says_what_the_fields_become(editor: Client, customer: Customer) -> None:
    customer.revise({"city": "Paris"})
    undo = link(editor, edited(editor, at("customer_edit", customer.pk), city="<b>Kyiv"))

    page = text(editor.get(undo))

    assert "Undo the change of City?" in page
    assert re.search(r"&lt;b&gt;Kyiv</bdi></td>\s*<td><bdi>Paris", page)


def test_an_undoing_that_is_sent_twice_is_done_once(editor: Client, customer: Customer) -> None:
    undo = link(editor, edited(editor, at("customer_edit", customer.pk), city="Kyiv"))

    responses = [editor.post(undo, {"once": "1"}) for _ in range(2)]

    assert [response.status_code for response in responses] == [302, 302]
    assert CustomerEvent.objects.count() == 3


def test_a_name_in_a_message_is_escaped(editor: Client, customer: Customer) -> None:
    customer.revise({"name": "<script>"})

    page = text(editor.get(archived(editor, customer).url))

    assert "<bdi>&lt;script&gt; is archived." in page


def test_a_viewer_undoes_nothing(editor: Client, acme: Organization, customer: Customer) -> None:
    undo = link(editor, edited(editor, at("customer_edit", customer.pk), city="Kyiv"))

    assert signed_in(acme, "Viewer", username="vera").post(undo).status_code == 403


def test_a_change_of_another_customer_is_not_found(editor: Client, full: Customer) -> None:
    other = factories.customer(full.organization, name="Hooli")
    undo = link(editor, edited(editor, at("user_edit", full.pk, user(full).pk), last_name="L"))

    assert editor.get(undo.replace(str(full.pk), str(other.pk))).status_code == 404
    assert editor.get(at("undo", full.pk, "customer", other.pk, 1)).status_code == 404
    assert editor.get(at("undo", full.pk, "customer", full.pk, 99)).status_code == 404
    assert editor.get(at("undo", full.pk, "customer", full.pk, 10**12)).status_code == 404
