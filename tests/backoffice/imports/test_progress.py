"""Work on many rows is seen to go on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.backoffice import imports as pages
from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import HOME, CustomerEvent, at, only, send, text
from tests.imports.support import checked, confirm, uploaded


def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every import one of many rows."""
    monkeypatch.setattr(pages, "MANY_ROWS", 1)


def test_long_work_is_seen_to_go_on(
    editor: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(monkeypatch)
    found = uploaded(acme, [["name"], *([f"n-{number}"] for number in range(2100))])

    page = text(editor.post(at(found, "columns/"), {"column_0": "name"}))
    assert [part in page for part in ("1,000 of 2,100 rows", "2,000 of", "2,100 of")] == [True] * 3
    assert "The file is checked." in page
    assert page.rstrip().endswith("</html>")

    response = editor.post(at(found, "confirm/"))
    assert "The file is imported: 2,100 new." in text(response)
    assert Customer.objects.count() == 2100
    context = CustomerEvent.objects.first().pgh_context
    assert (context["actor"]["label"], context["import"]) == ("sara", str(found.pk))
    assert context["request_id"] == response["X-Request-Id"]


def test_a_large_file_is_seen_to_be_read(editor: Client) -> None:
    page = text(send(editor, [["name"], *(["x" * 250] for _ in range(2500))]))

    assert [part in page for part in (">1,000 rows<", ">2,500 rows<")] == [True, True]
    assert f'href="{at(only(), "columns/")}"' in page
    assert only().row_count == 2500


def test_a_large_file_that_cannot_be_read_is_reported_and_not_kept(editor: Client) -> None:
    page = text(send(editor, [["name"], *(["x" * 250] for _ in range(2500)), ["a", "b"]]))

    assert "The file was not taken in. Row 2502 has 2 cells" in page
    assert f'href="{HOME}new/"' in page
    assert not CustomerImport.objects.exists()


def test_long_work_that_is_refused_says_so(
    editor: Client, found: CustomerImport, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(monkeypatch)
    customer.revise({"city": "Berlin"})

    page = text(editor.post(at(found, "confirm/")))

    assert "Nothing was imported. 1 customer was changed since the check." in page
    assert page.rstrip().endswith("</html>")


def test_long_work_that_fails_says_so_and_leaves_nothing(
    editor: Client, found: CustomerImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(monkeypatch)

    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("customers.imports.applying._create", fail)
    page = text(editor.post(at(found, "confirm/")))

    assert "Nothing was imported. Something went wrong" in page
    assert not Customer.objects.filter(name="Renamed").exists()


def test_long_work_ends_when_the_reader_goes_away(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(monkeypatch)
    acme = factories.organization("acme")
    client = Client()
    client.force_login(factories.staff("sara", "Editor", organizations=[acme]))
    found = checked(acme, [["name"], *([f"n-{number}"] for number in range(2100))])

    response: Any = client.post(at(found, "confirm/"))
    lines = iter(response.streaming_content)
    while b"1,000 of" not in next(lines):
        pass
    assert Customer.objects.count() == 1000  # within the transaction
    response.close()

    assert not Customer.objects.exists()
    assert confirm(found).state == "applied"
