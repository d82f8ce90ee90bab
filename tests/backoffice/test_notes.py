"""Notes on a customer: written, pinned, removed by their author, and in the timeline."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from customers.models import Customer, CustomerNote, Organization
from tests import factories
from tests.backoffice.support import CARD, at, text


def notes(client: Client, customer: Customer) -> list[str]:
    """The texts of the notes on the page, from top to bottom."""
    page = text(client.get(at("customer", customer.pk)))
    return re.findall(r'<p class="note-text"><bdi>(.*?)</bdi>', page)


def write(client: Client, customer: Customer, note: str, **more: str) -> Any:
    return client.post(at("note_add", customer.pk), {"text": note, **more})


def test_a_note_is_shown_with_its_author_and_time(editor: Client, customer: Customer) -> None:
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False):
        response = write(editor, customer, "Calls back <b>on Monday</b>.\nAsk for Ada.")
        page = text(editor.get(response.url))
        shown = notes(editor, customer)

    assert "The note is added." in page
    assert shown == ["Calls back &lt;b&gt;on Monday&lt;/b&gt;.<br>Ask for Ada."]
    assert re.search(r"<bdi>edda</bdi>, <time [^>]*2026-03-04 12:00:00 UTC", page)
    note = CustomerNote.objects.get()
    assert (note.customer, note.tenant) == (customer, customer.tenant)


def test_a_note_that_is_sent_twice_is_one(editor: Client, customer: Customer) -> None:
    for _ in range(2):
        write(editor, customer, "Once.", once="1")

    assert CustomerNote.objects.count() == 1


def test_pinned_notes_are_first_then_the_newest(editor: Client, customer: Customer) -> None:
    for note in ("one", "two", "three"):
        write(editor, customer, note)
    one = CustomerNote.objects.get(text="one")

    editor.post(at("note_pin", customer.pk, one.pk), {"pin": "on"})
    assert notes(editor, customer) == ["one", "three", "two"]
    editor.post(at("note_pin", customer.pk, one.pk))
    assert notes(editor, customer) == ["three", "two", "one"]


def test_its_author_removes_a_note_and_no_one_else(
    editor: Client, manager: Client, customer: Customer
) -> None:
    write(editor, customer, "Mine.")
    note = CustomerNote.objects.get()
    address = at("note_remove", customer.pk, note.pk)

    for client in (manager, editor):
        page = text(client.get(at("customer", customer.pk)))
        assert (f'href="{address}"' in page) is (client is editor)
    assert manager.post(address, {"version": "1"}).status_code == 403
    assert CustomerNote.objects.exists()
    assert editor.post(address, {"version": "1"}).status_code == 302
    assert notes(editor, customer) == []


def test_no_one_undoes_the_note_of_someone_else(
    editor: Client, manager: Client, customer: Customer
) -> None:
    write(editor, customer, "Mine.")
    note = CustomerNote.objects.get()
    address = at("undo", customer.pk, "note", note.pk, 1)

    assert manager.post(address).status_code == 403
    assert editor.post(address).status_code == 302
    assert editor.post(at("undo", customer.pk, "note", note.pk, 1)).status_code == 302
    assert notes(editor, customer) == ["Mine."]


def test_the_timeline_shows_what_became_of_a_note(editor: Client, customer: Customer) -> None:
    write(editor, customer, "Owes us.")
    note = CustomerNote.objects.get()
    editor.post(at("note_pin", customer.pk, note.pk), {"pin": "on"})
    editor.post(at("note_remove", customer.pk, note.pk), {"version": "2"})

    page = text(editor.get(at("customer", customer.pk)))

    assert re.findall(r"Note “Owes us.” (\w+)", page) == ["removed", "pinned", "added"]


@pytest.mark.parametrize("note", ["", "  ", CARD, "x" * 2001, "a\0b"])
def test_what_is_no_note_is_refused(editor: Client, customer: Customer, note: str) -> None:
    response = write(editor, customer, note)

    assert response.status_code == 400
    assert CARD not in text(response)
    assert not CustomerNote.objects.exists()


def test_no_api_shows_a_note(api: APIClient, customer: Customer) -> None:
    factories.note(customer, text="Between us.")

    for path in (f"/customers/{customer.pk}", f"/api/v1/customers/{customer.external_id}"):
        assert "Between us." not in api.get(path).content.decode()


def test_a_viewer_reads_and_does_not_write(viewer: Client, customer: Customer) -> None:
    factories.note(customer, text="Read me.")

    assert notes(viewer, customer) == ["Read me."]
    page = text(viewer.get(at("customer", customer.pk)))
    assert "Add note" not in page
    assert ">Pin" not in page
    assert write(viewer, customer, "no").status_code == 403


@transaction.atomic
def moved(note: CustomerNote, organization: Organization) -> None:
    CustomerNote.objects.filter(pk=note.pk).update(organization=organization)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_note_belongs_to_the_organization_of_its_customer(
    customer: Customer, globex: Organization
) -> None:
    note = factories.note(customer)

    with pytest.raises(IntegrityError, match="customernote_customer_in_organization"):
        moved(note, globex)
