"""What is done at a click is done to the customer that the person saw."""

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


def test_archiving_over_a_change_shows_the_change(editor: Client, customer: Customer) -> None:
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

    reported = CustomerEvent.objects.filter(pgh_obj=customer.pk).order_by("pgh_id")
    reasons = [event.pgh_context.get("reason") if event.pgh_context else None for event in reported]
    assert reasons[-2:] == ["left us", "came back"]


def test_restoring_over_a_change_is_refused(editor: Client, customer: Customer) -> None:
    customer.archive()
    address = at("customer_restore", customer.pk)
    seen = form_of(editor.get(address))
    customer.revise({"city": "Kyiv"})

    assert editor.post(address, seen).status_code == 409
    customer.refresh_from_db()
    assert customer.archived_at is not None


def test_of_a_selection_all_are_archived_as_they_were_seen_or_none(
    editor: Client, acme: Organization, customer: Customer
) -> None:
    other = factories.customer(acme, name="Other")
    ticked = [f"{row.pk}:{row.version}" for row in (customer, other)]
    other.revise({"city": "Kyiv"})

    answer = editor.post(
        at("selection"), {"action": "archive", "confirmed": "yes", "id": ticked, "reason": ""}
    )

    assert "Nothing was archived." in text(answer)
    assert Customer.objects.live().count() == 2
    assert f"{other.pk}:{other.version}" in text(answer)


def test_the_preview_counts_what_it_will_archive(
    editor: Client, acme: Organization, customer: Customer
) -> None:
    gone = factories.customer(acme, name="Gone")
    gone.archive()

    both = text(editor.post(at("selection"), {"action": "archive", "id": [customer.pk, gone.pk]}))
    none = text(editor.post(at("selection"), {"action": "archive", "id": [gone.pk]}))

    assert "Archive 1 customer?" in both
    assert ">Archive 1 customer</button>" in both
    assert "Archive 0 customers</button>" not in none


AS_APIS_STORED: dict[str, Any] = {
    "name": " Foo ",
    "external_id": " x1 ",
    "address_line1": "line 1\nline 2",
    "metadata": {"note": "a\nb", " key ": " v "},
}


def as_a_browser_sends(value: str) -> str:
    return value.replace("\n", "")


def test_what_is_not_touched_stays_as_an_api_stored_it(editor: Client, acme: Organization) -> None:
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


def test_keys_of_metadata_that_only_one_changed_are_both_kept(
    editor: Client, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Foo", metadata={"a": "1", "b": "1"})
    address = at("customer_edit", customer.pk)
    sent = form_of(
        editor.get(address), metadata_key=["a", "b", "c"], metadata_value=["2", "1", "9"]
    )
    customer.revise({"metadata": {"a": "1", "d": "3"}})

    conflict = editor.post(address, sent)
    (meeting,) = conflict.context["meetings"]

    assert conflict.status_code == 409
    assert meeting.who == "keys"
    assert meeting.settled.shown.splitlines() == ["a: 2", "c: 9", "d: 3"]


def test_a_key_of_metadata_that_both_changed_is_chosen(editor: Client, acme: Organization) -> None:
    customer = factories.customer(acme, name="Foo", metadata={"a": "1"})
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), metadata_key=["a", "c"], metadata_value=["2", "9"])
    customer.revise({"metadata": {"a": "3", "d": "4"}})

    (meeting,) = editor.post(address, sent).context["meetings"]

    assert meeting.who == "both"
    assert meeting.yours.shown.splitlines() == ["a: 2", "c: 9", "d: 4"]
    assert meeting.theirs.shown.splitlines() == ["a: 3", "c: 9", "d: 4"]


def test_a_field_that_is_not_sent_is_not_changed(editor: Client, customer: Customer) -> None:
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), city="Kyiv")
    del sent["name"]

    assert editor.post(address, sent).status_code == 302

    customer.refresh_from_db()
    assert (customer.name, customer.city) == ("Coleman-Blair", "Kyiv")


def test_what_is_revoked_meanwhile_is_not_replaced(manager: Client, acme: Organization) -> None:
    key, _secret = ApiKey.issue(acme, "live", name="sync")
    stale = ApiKey.objects.get(pk=key.pk)
    key.revoke()

    with pytest.raises(CredentialEnded):
        stale.rotate(timedelta(hours=1))
    answer = manager.post(at("credential_rotate", "key", key.pk), {"overlap": "1"})

    assert answer.status_code == 409
    assert ApiKey.objects.count() == 1


def test_the_list_says_how_old_the_duplicates_are(editor: Client, acme: Organization) -> None:
    for name in ("One", "Two"):
        factories.customer(acme, name=name, email="a@example.org")

    reported = text(editor.get(at("customers"), {"duplicates": "on"}))

    assert "Duplicates as they were found" in reported
    assert ">One</a>" in reported


def test_a_search_shows_the_archive(editor: Client, acme: Organization) -> None:
    factories.customer(acme, name="Zed One")
    factories.customer(acme, name="Zed Two").archive()

    assert "1 archived customer is found too" in page(editor.get(at("customers"), {"q": "zed"}))


def test_a_month_can_be_left_out_again(editor: Client, customer: Customer) -> None:
    reported = text(editor.get(at("customers"), {"month": "2026-01", "country": "DE"}))

    assert "Any month" in reported
