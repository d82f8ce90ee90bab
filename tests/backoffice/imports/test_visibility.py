"""Which imports are visible to whom."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import HOME, MIXED, url_of
from tests.imports.support import checked

PARTS = ["", "columns/", "check/", "confirm/", "refused.csv", "discard/", "undo/"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_imports_of_other_tenants_are_not_found(
    editor: Client, acme: Organization, globex: Organization, part: str, method: str
) -> None:
    theirs, test = checked(globex, MIXED), checked(acme, MIXED, mode="test")

    for hidden in (theirs, test):
        answer = getattr(editor, method)(url_of(hidden, part))
        # Two pages take no POST, of any import.
        assert answer.status_code == (
            405 if method == "post" and part in ("", "refused.csv") else 404
        )
    assert not Customer.objects.exists()
    elsewhere = f"/backoffice/globex/live/imports/{theirs.pk}/{part}"
    assert getattr(editor, method)(elsewhere).status_code == 404


@pytest.mark.parametrize("part", ["", "new/", "template.csv"])
def test_a_viewer_cannot_import(acme: Organization, part: str) -> None:
    client = Client()
    client.force_login(factories.staff("vera", "Viewer", organizations=[acme]))

    assert client.get(f"{HOME}{part}").status_code == 403
    assert client.post(f"{HOME}{part}").status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_a_viewer_cannot_open_an_import(found: CustomerImport, part: str) -> None:
    client = Client()
    client.force_login(factories.staff("vera", "Viewer", organizations=[found.organization]))

    assert client.get(url_of(found, part)).status_code == 403
    assert client.post(url_of(found, part)).status_code == 403
    assert Customer.objects.count() == 1
