"""The page that discards an import."""

from __future__ import annotations

from django.test import Client

from customers.models import CustomerImport, ImportRow, Organization
from tests.backoffice.imports.support import HOME, MIXED, text, url_of
from tests.imports.support import confirm, uploaded


def test_discarding_is_confirmed_and_the_list_says_who_did_it(
    editor: Client, found: CustomerImport
) -> None:
    assert url_of(found, "discard/") in text(editor.get(url_of(found)))
    page = text(editor.get(url_of(found, "discard/")))
    assert "Its 2 rows are deleted" in page
    assert ImportRow.objects.count() == 2

    response = editor.post(url_of(found, "discard/"), follow=True)
    assert response.redirect_chain == [(HOME, 302)]
    page = text(response)
    assert "customers.csv is discarded." in page
    assert "by sara" in page
    assert not ImportRow.objects.exists()


def test_a_file_that_is_not_checked_yet_can_be_discarded(
    editor: Client, acme: Organization
) -> None:
    found = uploaded(acme, MIXED)

    assert url_of(found, "discard/") in text(editor.get(url_of(found, "columns/")))
    editor.post(url_of(found, "discard/"))
    assert not ImportRow.objects.exists()


def test_a_discarded_import_is_shown_without_its_rows(
    editor: Client, found: CustomerImport
) -> None:
    editor.post(url_of(found, "discard/"))

    page = text(editor.get(url_of(found)))
    assert "discarded by sara" in page
    assert "Nothing was imported, and the rows are deleted." in page
    assert "New one" not in page
    for part in ("columns/", "discard/"):
        assert editor.get(url_of(found, part)).url == url_of(found)  # type: ignore[attr-defined]
    page = text(editor.post(url_of(found, "discard/"), follow=True))
    assert "Nothing was discarded. This import was discarded." in page


def test_an_import_that_is_applied_is_not_discarded(editor: Client, found: CustomerImport) -> None:
    confirm(found)

    assert url_of(found, "discard/") not in text(editor.get(url_of(found)))
    page = text(editor.post(url_of(found, "discard/"), follow=True))
    assert "Nothing was discarded. This file is already imported." in page
    assert ImportRow.objects.count() == 2
