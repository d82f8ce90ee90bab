"""A form of an import that is sent twice is done once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from customers.backoffice.imports import upload, views
from customers.models import Customer, CustomerImport, Organization
from customers.staff.models import FormSubmission
from tests import factories
from tests.backoffice.imports.support import (
    HOME,
    MIXED,
    only_import,
    send_confirmation,
    text,
    url_of,
)
from tests.imports.support import checked, confirm, csv_bytes

SENT_TWICE = "You sent this form twice. It was done once."


def token(client: Client, address: str) -> str:
    """The token of a page's own form, which stands in it first."""
    return str(re.findall(r'name="once" value="(\w+)"', text(client.get(address)))[0])


def send(client: Client, once: str, content: bytes = csv_bytes(*MIXED), name: str = "a.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{HOME}new/", {"file": file, "once": once})


def test_one_file_is_uploaded(editor: Client) -> None:
    once = token(editor, f"{HOME}new/")
    first, second = (send(editor, once) for _again in range(2))

    assert first.url == second.url == url_of(only_import(), "columns/")
    assert SENT_TWICE in text(editor.get(second.url))


@pytest.mark.parametrize("other", [{"content": b"name\nB\n"}, {"name": "b.csv"}])
def test_another_file_is_another_upload(editor: Client, other: Any) -> None:
    once = token(editor, f"{HOME}new/")
    send(editor, once)
    send(editor, once, **other)

    assert CustomerImport.objects.count() == 2


def test_a_file_that_is_refused_can_be_sent_again(editor: Client) -> None:
    once = token(editor, f"{HOME}new/")

    assert [send(editor, once, b"").status_code for _again in range(2)] == [400, 400]


def test_one_large_file_is_uploaded(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "PROGRESS_FROM_BYTES", 1)
    once = token(editor, f"{HOME}new/")
    first = text(send(editor, once))
    second = send(editor, once)

    assert "The file is uploaded." in first
    assert second.url == url_of(only_import(), "columns/")
    assert SENT_TWICE in text(editor.get(second.url))


def test_a_large_file_that_is_refused_can_be_sent_again(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PROGRESS_FROM_BYTES", 1)
    once = token(editor, f"{HOME}new/")
    for _again in range(2):
        page = text(send(editor, once, b"name,city\na,b,c\n"))
        assert "The file was not uploaded. Row 2 has 3 cells" in page

    assert not FormSubmission.objects.exists()


@pytest.mark.parametrize("rows_with_progress", [1, 1000])
def test_one_import_is_applied_and_undone(
    editor: Client,
    found: CustomerImport,
    monkeypatch: pytest.MonkeyPatch,
    rows_with_progress: int,
) -> None:
    monkeypatch.setattr(views, "PROGRESS_FROM_ROWS", rows_with_progress)
    once = {"once": token(editor, url_of(found))}
    for _again in range(2):
        page = text(send_confirmation(editor, found, **once, follow=True))
    assert SENT_TWICE in page
    assert Customer.objects.count() == 2

    once = {"once": token(editor, url_of(found, "undo/"))}
    for _again in range(2):
        page = text(editor.post(url_of(found, "undo/"), once, follow=True))
    assert SENT_TWICE in page
    assert Customer.objects.live().get().version == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows_with_progress", [1, 1000])
def test_the_second_of_two_at_once_waits_for_the_first(
    acme: Organization, monkeypatch: pytest.MonkeyPatch, rows_with_progress: int
) -> None:
    monkeypatch.setattr(views, "PROGRESS_FROM_ROWS", rows_with_progress)
    client = Client()
    client.force_login(factories.staff("sara", "Editor", organizations=[acme]))
    found = checked(acme, [["name"], ["A"]])
    once = {"once": token(client, url_of(found))}

    def post(_number: int) -> str:
        try:
            return text(send_confirmation(client, found, **once, follow=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(post, range(2)))

    assert Customer.objects.count() == 1
    assert not any("Nothing was imported" in page for page in pages)


def test_an_import_that_is_confirmed_in_another_way_is_left_as_it_is(
    editor: Client, found: CustomerImport
) -> None:
    confirm(found)
    send_confirmation(editor, found)

    assert Customer.objects.count() == 2
