"""Actions apply only to the version of a row that the person saw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from customers.models import ApiKey, Customer, Organization
from customers.models.errors import CredentialEnded
from customers.models.history import recording
from tests import factories
from tests.backoffice.support import CustomerEvent, at, edited, form_of, page, text


def test_archiving_a_changed_customer_shows_the_change(editor: Client, customer: Customer) -> None:
    address = at("customer_archive", customer.pk)
    seen = form_of(editor.get(address))
    with recording(reason="moved"):
        customer.revise({"city": "Kyiv"})

    refused = editor.post(address, seen)

    assert refused.status_code == 409
    assert "Nothing was done." in text(refused)
    assert "(moved)" in text(refused)
    customer.refresh_from_db()
    assert customer.archived_at is None
    assert editor.post(address, form_of(refused)).status_code == 302
    customer.refresh_from_db()
    assert customer.archived_at is not None


def test_archiving_and_restoring_keep_their_reasons(editor: Client, customer: Customer) -> None:
    edited(editor, at("customer_archive", customer.pk), reason="left us")
    edited(editor, at("customer_restore", customer.pk), reason="came back")

    events = CustomerEvent.objects.filter(pgh_obj=customer.pk).order_by("pgh_id")
    reasons = [event.pgh_context.get("reason") if event.pgh_context else None for event in events]
    assert reasons[-2:] == ["left us", "came back"]


def test_restoring_a_changed_customer_is_refused(editor: Client, customer: Customer) -> None:
    customer.archive()
    address = at("customer_restore", customer.pk)
    seen = form_of(editor.get(address))
    customer.revise({"city": "Kyiv"})

    assert editor.post(address, seen).status_code == 409
    customer.refresh_from_db()
    assert customer.archived_at is not None


AS_APIS_STORED: dict[str, Any] = {
    "name": " Foo ",
    "external_id": " x1 ",
    "address_line1": "line 1\nline 2",
    "metadata": {"note": "a\nb", " key ": " v "},
}


def as_a_browser_sends(value: str) -> str:
    return value.replace("\n", "")


def test_untouched_fields_stay_as_an_api_stored_them(editor: Client, acme: Organization) -> None:
    customer = factories.customer(acme, **AS_APIS_STORED)
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), phone="555")
    sent = {
        name: [as_a_browser_sends(one) for one in value]
        if isinstance(value, list)
        else as_a_browser_sends(str(value))
        for name, value in sent.items()
    }

    assert editor.post(address, sent).status_code == 302

    customer.refresh_from_db()
    assert {name: getattr(customer, name) for name in AS_APIS_STORED} == AS_APIS_STORED
    assert customer.phone == "555"


def test_changes_of_different_metadata_keys_are_both_kept(
    editor: Client, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Foo", metadata={"a": "1", "b": "1"})
    address = at("customer_edit", customer.pk)
    sent = form_of(
        editor.get(address), metadata_key=["a", "b", "c"], metadata_value=["2", "1", "9"]
    )
    customer.revise({"metadata": {"a": "1", "d": "3"}})

    response: Any = editor.post(address, sent)
    (conflict,) = response.context["conflicts"]

    assert response.status_code == 409
    assert conflict.who == "keys"
    assert conflict.merged.shown.splitlines() == ["a: 2", "c: 9", "d: 3"]


def test_a_metadata_key_that_both_changed_is_a_choice(editor: Client, acme: Organization) -> None:
    customer = factories.customer(acme, name="Foo", metadata={"a": "1"})
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), metadata_key=["a", "c"], metadata_value=["2", "9"])
    customer.revise({"metadata": {"a": "3", "d": "4"}})

    (conflict,) = editor.post(address, sent).context["conflicts"]

    assert conflict.who == "both"
    assert conflict.yours.shown.splitlines() == ["a: 2", "c: 9", "d: 4"]
    assert conflict.theirs.shown.splitlines() == ["a: 3", "c: 9", "d: 4"]


def test_a_field_that_is_not_sent_is_not_changed(editor: Client, customer: Customer) -> None:
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), city="Kyiv")
    del sent["name"]

    assert editor.post(address, sent).status_code == 302

    customer.refresh_from_db()
    assert (customer.name, customer.city) == ("Coleman-Blair", "Kyiv")


def test_a_key_revoked_meanwhile_is_not_replaced(manager: Client, acme: Organization) -> None:
    key, _secret = ApiKey.issue(acme, "live", name="sync")
    stale = ApiKey.objects.get(pk=key.pk)
    key.revoke()

    with pytest.raises(CredentialEnded):
        stale.rotate(timedelta(hours=1))
    answer = manager.post(at("credential_rotate", "key", key.pk), {"overlap": "1"})

    assert answer.status_code == 409
    assert ApiKey.objects.count() == 1


def test_the_list_shows_when_the_duplicates_were_found(editor: Client, acme: Organization) -> None:
    for name in ("One", "Two"):
        factories.customer(acme, name=name, email="a@example.org")

    shown = text(editor.get(at("customers"), {"duplicates": "on"}))

    assert "Duplicates found <time" in shown
    assert ">One</bdi></a>" in shown


def test_a_search_counts_archived_matches(editor: Client, acme: Organization) -> None:
    factories.customer(acme, name="Zed One")
    factories.customer(acme, name="Zed Two").archive()

    assert "1 archived customer also matches" in page(editor.get(at("customers"), {"q": "zed"}))


def test_a_month_can_be_cleared(editor: Client, customer: Customer) -> None:
    shown = text(editor.get(at("customers"), {"month": "2026-01", "country": "DE"}))

    assert '<a class="remove" href="?country=DE">' in shown
