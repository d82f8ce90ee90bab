"""Archiving and exporting several customers at once."""

from __future__ import annotations

import csv
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import CustomerEvent, at, signed_in, text

PAGE = 50


def send(client: Client, action: str, *customers: object, **more: object) -> Any:
    return client.post(at("selection"), {"action": action, "id": [*customers], **more})


@pytest.mark.parametrize("ids", [[], ["x", "\0", ""], [uuid4()]])
@pytest.mark.parametrize("action", ["archive", "export"])
def test_an_empty_selection_is_refused(
    editor: Client, customer: Customer, action: str, ids: list[object]
) -> None:
    for more in ({}, {"confirmed": "yes"}):
        response = send(editor, action, *ids, **more)

        assert response.url == at("customers")
        assert "Select at least one customer first." in text(editor.get(response.url))
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_a_preview_names_them_and_writes_nothing(editor: Client, acme: Organization) -> None:
    rows = [factories.customer(acme, name=f"Customer {n}") for n in range(3)]

    page = text(send(editor, "archive", *(row.pk for row in rows)))

    assert "Archive 3 customers?" in page
    assert all(f"Customer {n}" in page for n in range(3))
    assert Customer.objects.live().count() == 3


def test_they_are_archived_with_one_reason(editor: Client, acme: Organization) -> None:
    rows = [factories.customer(acme, name=f"Customer {n}") for n in range(3)]
    rows[0].archive()

    response = send(
        editor, "archive", *(f"{r.pk}:1" for r in rows), confirmed="yes", reason="closed"
    )

    assert "2 customers are archived." in text(editor.get(response.url))
    assert not Customer.objects.live().exists()
    events = CustomerEvent.objects.filter(version=2, pgh_context__reason="closed")
    assert {event.pgh_obj_id for event in events} == {rows[1].pk, rows[2].pk}


def test_no_more_than_a_page_is_archived(editor: Client, acme: Organization) -> None:
    Customer.objects.bulk_create(
        Customer(organization=acme, mode="live", name=f"n-{n}") for n in range(PAGE + 1)
    )
    ids = Customer.objects.values_list("pk", flat=True)

    send(editor, "archive", *(f"{id}:1" for id in ids), confirmed="yes")

    assert Customer.objects.live().count() == 1


@pytest.mark.parametrize("action", ["", "delete", "restore", "\0", "archive "])
@pytest.mark.parametrize("more", [{}, {"confirmed": "yes"}])
@pytest.mark.parametrize("is_superuser", [True, False])
def test_an_unknown_action_does_nothing(
    acme: Organization, customer: Customer, action: str, more: dict[str, str], *, is_superuser: bool
) -> None:
    client = signed_in(acme, "Manager", is_superuser=is_superuser)

    response = send(client, action, customer.pk, **more)

    assert response.status_code == 400
    assert "Bad request" in text(response)
    customer.refresh_from_db()
    assert customer.archived_at is None


@pytest.mark.parametrize("action", ["archive", "export"])
def test_a_viewer_can_neither_archive_nor_export(
    viewer: Client, customer: Customer, action: str
) -> None:
    for more in ({}, {"confirmed": "yes"}):
        assert send(viewer, action, customer.pk, **more).status_code == 403
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_customers_of_others_are_left_alone(
    editor: Client, acme: Organization, globex: Organization, customer: Customer
) -> None:
    hidden = [factories.customer(globex), factories.customer(acme, "test")]
    ids = [customer.pk, *(row.pk for row in hidden)]

    assert "Archive 1 customer?" in text(send(editor, "archive", *ids))
    send(editor, "archive", *(f"{id}:1" for id in ids), confirmed="yes")

    for row in hidden:
        row.refresh_from_db()
        assert row.archived_at is None


def test_selected_customers_are_exported(
    editor: Client, acme: Organization, customer: Customer
) -> None:
    factories.customer(acme, name="Other")

    response = send(editor, "export", customer.pk, confirmed="yes")

    rows = list(csv.DictReader(text(response).removeprefix("\ufeff").splitlines()))
    assert [row["name"] for row in rows] == ["Coleman-Blair"]
    assert "customers-acme-live-" in response["Content-Disposition"]
