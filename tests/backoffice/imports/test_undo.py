"""The page that undoes an import."""

from __future__ import annotations

from django.test import Client

from customers.models import Customer, CustomerImport
from tests import factories
from tests.backoffice.imports.support import text, url_of
from tests.imports.support import applied, confirm


def test_undoing_is_shown_before_it_is_confirmed(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    confirm(found)

    page = text(editor.get(url_of(found, "undo/")))
    assert "1 new customer is archived" in page
    assert "<del>Renamed</del>" in page
    assert "<ins>Coleman-Blair</ins>" in page
    assert "Undo the import of 2 customers" in page

    page = text(editor.post(url_of(found, "undo/"), follow=True))
    assert "The import is undone." in page
    customer.refresh_from_db()
    assert customer.name == "Coleman-Blair"
    assert editor.get(url_of(found, "undo/")).url == url_of(found)  # type: ignore[attr-defined]


def test_conflicts_are_listed(editor: Client, found: CustomerImport, customer: Customer) -> None:
    confirm(found)
    customer.refresh_from_db()
    customer.revise({"name": "Later", "city": "Berlin"})

    page = text(editor.get(url_of(found, "undo/")))
    assert "1 customer stays as it is" in page
    assert "was changed since the import." in page
    assert f"/backoffice/customers/{customer.pk}/" in page
    assert "Undo the import of 1 customer<" in page

    page = text(editor.post(url_of(found, "undo/"), follow=True))
    assert "The import is undone." in page
    assert "1 customer was not undone" in page
    assert f"/backoffice/customers/{customer.pk}/" in page
    customer.refresh_from_db()
    assert customer.name == "Later"


def test_an_import_whose_customers_were_all_changed_is_not_undone(
    editor: Client, found: CustomerImport
) -> None:
    confirm(found)
    for changed in Customer.objects.all():
        changed.revise({"name": "Later", "city": "Berlin"})

    page = text(editor.get(url_of(found, "undo/")))
    assert "Nothing is left to undo." in page
    assert "<button" not in page.split("<main")[1]

    page = text(editor.post(url_of(found, "undo/"), follow=True))
    assert "Nothing was undone. No customer can get its previous values" in page


def test_a_new_customer_with_a_user_is_a_conflict(editor: Client, found: CustomerImport) -> None:
    new = confirm(found).rows.get(outcome="new").customer
    assert new is not None
    new.add_user(email="ada@acme.test")

    page = text(editor.get(url_of(found, "undo/")))
    assert "has users or payment methods." in page
    assert f"/backoffice/customers/{new.pk}/" in page


def test_a_customer_whose_external_id_was_taken_is_a_conflict(
    editor: Client, customer: Customer
) -> None:
    file = [["id", "external_id"], [str(customer.pk), "x-2"], ["", "x-3"]]
    found = applied(customer.organization, file)
    other = factories.customer(customer.organization, external_id="ext-1", name="Other")

    page = text(editor.get(url_of(found, "undo/")))
    assert "had the external id <code><bdi>ext-1</bdi></code>" in page
    assert f'<a href="/backoffice/customers/{other.pk}/">another customer</a>' in page

    page = text(editor.post(url_of(found, "undo/"), follow=True))
    assert "1 customer was not undone" in page
    customer.refresh_from_db()
    assert customer.external_id == "x-2"
