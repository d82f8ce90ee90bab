"""fixtures/openapi/: each contract's document as the code makes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from customers.rest.contract import contracts


def test_the_pinned_documents_are_what_the_code_says() -> None:
    call_command("openapi", "--check")


@pytest.fixture
def elsewhere(settings: LazySettings, tmp_path: Path) -> Path:
    """An empty folder for the documents."""
    settings.STATE_DIR = tmp_path
    return tmp_path / "fixtures" / "openapi"


def test_a_document_is_written_for_each_contract(elsewhere: Path) -> None:
    call_command("openapi")

    assert {path.stem for path in elsewhere.iterdir()} == {c.slug for c in contracts()}
    for path in elsewhere.iterdir():
        assert json.loads(path.read_text("utf-8"))["openapi"].startswith("3.1")


def test_a_document_that_differs_or_is_missing_fails_the_check(elsewhere: Path) -> None:
    with pytest.raises(CommandError, match="is out of date"):
        call_command("openapi", "--check")

    call_command("openapi")
    pinned = next(elsewhere.iterdir())
    pinned.write_text(pinned.read_text("utf-8").replace("Customers", "Clients"), "utf-8")

    with pytest.raises(CommandError, match=pinned.name):
        call_command("openapi", "--check")
