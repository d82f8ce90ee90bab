"""Two people change one row: no change is lost, and the second person chooses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, CustomerUser, PaymentMethod
from tests import factories
from tests.backoffice.support import at, edited, form_of, text


@pytest.fixture
def opened(editor: Client, customer: Customer) -> dict[str, Any]:
    """The customer's form, as it is sent without a change."""
    customer.revise({"city": "Paris", "metadata": {"team": "north", "tier": "1"}})
    return form_of(editor.get(at("customer_edit", customer.pk)))


def saved(client: Client, customer: Customer, sent: dict[str, Any], **changed: object) -> Any:
    return client.post(at("customer_edit", customer.pk), {**sent, **changed})


def resolution(response: Any, **chosen: str) -> dict[str, Any]:
    """The data that the conflict page sends, with the values that were chosen."""
    context = response.context
    merged = {c.name: c.merged.sent for c in context["conflicts"] if c.who != "both"}
    return {
        "version": str(context["row"].version),
        "reason": context["reason"],
        **dict(context["untouched"]),
        **merged,
        **chosen,
    }


def who(response: Any) -> dict[str, str]:
    return {conflict.name: conflict.who for conflict in response.context["conflicts"]}


def test_an_edit_without_a_conflict_is_saved(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    assert saved(editor, customer, opened, city="Kyiv").url == at("customer", customer.pk)

    customer.refresh_from_db()
    assert (customer.city, customer.version) == ("Kyiv", 3)


def test_nothing_changed_writes_nothing(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    response = saved(editor, customer, opened)

    assert "Nothing was changed." in text(editor.get(response.url))
    customer.refresh_from_db()
    assert customer.version == 2


def test_a_field_that_both_changed_is_shown_as_before_yours_and_theirs(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    customer.revise({"city": "Rome"})

    response = saved(editor, customer, opened, city="Kyiv", reason="moved")

    page = text(response)
    assert response.status_code == 409
    assert "while you were editing. Nothing was saved." in page
    assert "Choose for each field that you both changed." in page
    assert all(value in page for value in ("Paris", "Kyiv", "Rome", "moved"))
    assert who(response) == {"city": "both"}
    customer.refresh_from_db()
    assert (customer.city, customer.version) == ("Rome", 3)


@pytest.mark.parametrize("chosen", ["Kyiv", "Rome"])
def test_what_is_chosen_is_written_over_the_version_shown(
    editor: Client, customer: Customer, opened: dict[str, Any], chosen: str
) -> None:
    customer.revise({"city": "Rome"})
    response = saved(editor, customer, opened, city="Kyiv", phone="+49 30 123456")

    saved(editor, customer, resolution(response, city=chosen))

    customer.refresh_from_db()
    assert (customer.city, customer.phone) == (chosen, "+49 30 123456")
    assert customer.metadata == {"team": "north", "tier": "1"}
    assert customer.name == "Coleman-Blair"


def test_a_third_change_meanwhile_is_a_conflict_again(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    customer.revise({"city": "Rome"})
    response = saved(editor, customer, opened, city="Kyiv")
    customer.revise({"city": "Oslo"})

    again = saved(editor, customer, resolution(response, city="Kyiv"))

    assert again.status_code == 409
    customer.refresh_from_db()
    assert customer.city == "Oslo"
    assert saved(editor, customer, resolution(again, city="Kyiv")).status_code == 302
    customer.refresh_from_db()
    assert customer.city == "Kyiv"


def test_changes_of_different_fields_are_both_kept(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    customer.revise({"country": "IT", "name": None})

    response = saved(editor, customer, opened, city="Kyiv", email="new@example.org")

    assert response.status_code == 409
    assert "You changed different fields. Check them, then save both changes." in text(response)
    assert who(response) == {"name": "they", "country": "they", "city": "you", "email": "you"}
    saved(editor, customer, resolution(response))
    customer.refresh_from_db()
    assert (customer.country, customer.name) == ("IT", None)
    assert (customer.city, customer.email) == ("Kyiv", "new@example.org")


def test_the_same_change_by_both_needs_no_choice(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    customer.revise({"city": "Kyiv"})

    response = saved(editor, customer, opened, city="Kyiv")

    assert who(response) == {"city": "they"}
    saved(editor, customer, resolution(response))
    customer.refresh_from_db()
    assert (customer.city, customer.version) == ("Kyiv", 3)


@pytest.mark.parametrize("side", ["yours", "theirs"])
def test_metadata_is_chosen_as_a_whole(
    editor: Client, customer: Customer, opened: dict[str, Any], side: str
) -> None:
    customer.revise({"metadata": {"team": "south", "tier": "1"}})

    response = saved(editor, customer, opened, metadata_value=["east", "2"])

    assert response.status_code == 409
    page = text(response)
    assert all(pair in page for pair in ("team: north", "team: south", "team: east"))
    (conflict,) = response.context["conflicts"]
    saved(editor, customer, resolution(response, metadata=getattr(conflict, side).sent))
    customer.refresh_from_db()
    assert customer.metadata == json.loads(getattr(conflict, side).sent)


def test_metadata_that_only_they_changed_stays(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    customer.revise({"metadata": {}})

    response = saved(editor, customer, opened, city="Kyiv")

    saved(editor, customer, resolution(response))
    customer.refresh_from_db()
    assert (customer.metadata, customer.city) == ({}, "Kyiv")


def test_a_customer_archived_meanwhile_is_shown_and_stays_archived(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    customer.archive()

    unchanged = saved(editor, customer, opened)
    assert unchanged.status_code == 409
    assert "the record did: for example, someone archived it" in text(unchanged)

    response = saved(editor, customer, opened, city="Kyiv")
    assert response.status_code == 409
    assert saved(editor, customer, resolution(response)).status_code == 302
    customer.refresh_from_db()
    assert customer.archived_at is not None
    assert customer.city == "Kyiv"


def test_an_unknown_version_is_a_conflict_in_every_field(
    editor: Client, customer: Customer, opened: dict[str, Any]
) -> None:
    response = saved(editor, customer, opened, version="40", city="Kyiv")

    assert response.status_code == 409
    assert who(response)["city"] == "both"
    customer.refresh_from_db()
    assert customer.city == "Paris"


@pytest.mark.parametrize("page", ["user_edit", "payment_method_edit"])
def test_users_and_payment_methods_conflict_alike(
    editor: Client, customer: Customer, page: str
) -> None:
    rows: dict[str, Any] = {
        "user_edit": factories.user(customer, first_name="Ada"),
        "payment_method_edit": factories.payment_method(customer, brand="visa"),
    }
    row = rows[page]
    field = {"user_edit": "first_name", "payment_method_edit": "brand"}[page]
    address = at(page, customer.pk, row.pk)
    sent = form_of(editor.get(address))
    row.revise({field: "theirs"})

    response = editor.post(address, {**sent, field: "yours"})

    assert response.status_code == 409
    assert who(response) == {field: "both"}
    editor.post(address, resolution(response, **{field: "yours"}))
    row.refresh_from_db()
    assert getattr(row, field) == "yours"


@pytest.mark.parametrize("page", ["user_remove", "payment_method_remove"])
def test_a_row_that_changed_meanwhile_is_not_removed(
    editor: Client, customer: Customer, page: str
) -> None:
    rows: dict[str, Any] = {
        "user_remove": factories.user(customer),
        "payment_method_remove": factories.payment_method(customer),
    }
    row = rows[page]
    row.revise({"first_name": "Ada"} if page == "user_remove" else {"brand": "amex"})
    address = at(page, customer.pk, row.pk)

    response = editor.post(address, {"version": "1"})

    assert response.status_code == 409
    assert "Someone else changed this. Nothing was removed." in text(response)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert editor.post(address, {"version": "2"}).status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_restoring_shows_which_customer_has_the_external_id_now(
    editor: Client, customer: Customer
) -> None:
    customer.archive()
    holder = factories.customer(customer.organization, name="Hooli", external_id="ext-1")
    address = at("customer_restore", customer.pk)

    for response in (editor.get(address), editor.post(address, {"reason": "back", "version": "2"})):
        page = text(response)
        assert "Hooli" in page
        assert at("customer", holder.pk) in page
    assert response.status_code == 409
    customer.refresh_from_db()
    assert customer.archived_at is not None

    edited(editor, at("customer_edit", holder.pk), external_id="ext-2")
    assert editor.post(address, {"reason": "back", "version": "2"}).status_code == 302
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_an_external_id_in_use_is_refused(editor: Client, customer: Customer) -> None:
    other = factories.customer(customer.organization, name="Hooli")

    created = editor.post(at("customer_new"), {"external_id": "ext-1"})
    changed = edited(editor, at("customer_edit", other.pk), external_id="ext-1")

    for response in (created, changed):
        assert response.status_code == 400
        assert "Another live customer has this external id." in text(response)
    assert Customer.objects.count() == 2


def test_new_rows_belong_to_the_customer(editor: Client, customer: Customer) -> None:
    editor.post(at("user_add", customer.pk), {"email": "bob@example.org"})
    editor.post(at("payment_method_add", customer.pk), {"type": "card"})

    assert CustomerUser.objects.get().customer == customer
    assert PaymentMethod.objects.get().is_default
