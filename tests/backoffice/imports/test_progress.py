"""Steps with many rows show their progress."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.backoffice.imports import views
from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import (
    HOME,
    CustomerEvent,
    only_import,
    send_confirmation,
    text,
    upload,
    url_of,
)
from tests.imports.support import checked, confirm, uploaded


def always_show_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PROGRESS_FROM_ROWS", 1)


def test_the_progress_of_a_long_step_is_shown(
    editor: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_show_progress(monkeypatch)
    found = uploaded(acme, [["name"], *([f"n-{number}"] for number in range(2100))])

    page = text(editor.post(url_of(found, "columns/"), {"column_0": "name"}))
    assert [part in page for part in ("1,000 of 2,100 rows", "2,000 of", "2,100 of")] == [True] * 3
    assert "The file is checked." in page
    assert page.rstrip().endswith("</html>")

    response = send_confirmation(editor, found)
    assert "The file is imported: 2,100 new." in text(response)
    assert Customer.objects.count() == 2100
    context = CustomerEvent.objects.first().pgh_context
    assert (context["actor"]["label"], context["import"]) == ("sara", str(found.pk))
    assert context["request_id"] == response["X-Request-Id"]


def test_the_progress_of_a_large_upload_is_shown(editor: Client) -> None:
    page = text(upload(editor, [["name"], *(["x" * 250] for _ in range(2500))]))

    assert [part in page for part in (">1,000 rows<", ">2,500 rows<")] == [True, True]
    assert f'href="{url_of(only_import(), "columns/")}"' in page
    assert only_import().row_count == 2500


def test_a_large_unreadable_file_is_refused_and_not_stored(editor: Client) -> None:
    page = text(upload(editor, [["name"], *(["x" * 250] for _ in range(2500)), ["a", "b"]]))

    assert "The file was not uploaded. Row 2502 has 2 cells" in page
    assert f'href="{HOME}new/"' in page
    assert not CustomerImport.objects.exists()


def test_a_refused_step_ends_with_the_reason(
    editor: Client, found: CustomerImport, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_show_progress(monkeypatch)
    customer.revise({"city": "Berlin"})

    page = text(send_confirmation(editor, found))

    assert "Nothing was imported. 1 customer was changed since the check." in page
    assert page.rstrip().endswith("</html>")


def test_a_failed_step_ends_with_a_message_and_is_rolled_back(
    editor: Client, found: CustomerImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_show_progress(monkeypatch)

    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("customers.imports.writes.update_rows", fail)
    page = text(send_confirmation(editor, found))

    assert "Nothing was imported. Something went wrong" in page
    assert not Customer.objects.filter(name="Renamed").exists()


def test_a_step_is_rolled_back_when_the_browser_disconnects(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_show_progress(monkeypatch)
    acme = factories.organization("acme")
    client = Client()
    client.force_login(factories.staff("sara", "Editor", organizations=[acme]))
    found = checked(acme, [["name"], *([f"n-{number}"] for number in range(2100))])

    response: Any = send_confirmation(client, found)
    lines = iter(response.streaming_content)
    while b"1,000 of" not in next(lines):
        pass
    assert Customer.objects.count() == 1000  # within the transaction
    response.close()

    assert not Customer.objects.exists()
    assert confirm(found).state == "applied"
