"""The page that undoes an import."""

from __future__ import annotations

from django.test import Client

from customers.models import Customer, CustomerImport
from tests.backoffice.imports.support import at, text
from tests.imports.support import confirm


def test_undoing_is_shown_before_it_is_done(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    confirm(found)

    page = text(editor.get(at(found, "undo/")))
    assert "1 new customer is archived" in page
    assert "<del>Renamed</del>" in page
    assert "<ins>Coleman-Blair</ins>" in page
    assert "Undo the import of 2 customers" in page

    page = text(editor.post(at(found, "undo/"), follow=True))
    assert "The import is undone." in page
    customer.refresh_from_db()
    assert customer.name == "Coleman-Blair"
    assert editor.get(at(found, "undo/")).url == at(found)  # type: ignore[attr-defined]


def test_what_stands_in_the_way_of_undoing_is_listed(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    confirm(found)
    customer.refresh_from_db()
    customer.revise({"name": "Later", "city": "Berlin"})

    page = text(editor.get(at(found, "undo/")))
    assert "1 customer was changed since the import, or given users or payment methods" in page
    assert f"/backoffice/customers/{customer.pk}/" in page
    assert "<button" not in page.split("<main")[1]

    page = text(editor.post(at(found, "undo/"), follow=True))
    assert "Nothing was undone. Customers were changed since the import, or given users" in page


def test_a_new_customer_with_a_user_is_listed_too(editor: Client, found: CustomerImport) -> None:
    new = confirm(found).rows.get(outcome="new").customer
    assert new is not None
    new.add_user(email="ada@acme.test")

    page = text(editor.get(at(found, "undo/")))
    assert "so it cannot be undone" in page
    assert f"/backoffice/customers/{new.pk}/" in page
