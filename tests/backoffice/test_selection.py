"""Doing the same to several customers: ticked in the list, or all that match its filters."""

from __future__ import annotations

import csv
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from customers.backoffice import selection as pages
from customers.models import Customer, Organization, Selection, selection
from customers.models.selection import SELECTIONS_KEPT_FOR
from tests import factories
from tests.backoffice.support import CustomerEvent, at, confirm, make, select, signed_in, text
from tests.backoffice.test_matrix import chosen

PAGE = 50
ACTIONS = ["archive", "restore", "edit", "export"]


# --- Choosing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ids", [[], ["x", "\0", ""], [uuid4()]])
@pytest.mark.parametrize("action", ACTIONS)
def test_an_empty_selection_is_refused(
    editor: Client, customer: Customer, action: str, ids: list[object]
) -> None:
    response = select(editor, action, *ids, query="country=DE")

    assert response.url == f"{at('customers')}?country=DE"
    assert "Select at least one customer first." in text(editor.get(response.url))
    assert not Selection.objects.exists()


@pytest.mark.parametrize("action", ["", "delete", "\0", "archive "])
@pytest.mark.parametrize("is_superuser", [True, False])
def test_an_unknown_action_does_nothing(
    acme: Organization, customer: Customer, action: str, *, is_superuser: bool
) -> None:
    client = signed_in(acme, "Manager", is_superuser=is_superuser)

    response = select(client, action, customer.pk)

    assert response.status_code == 400
    assert not Selection.objects.exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_can_do_nothing_to_a_selection(
    viewer: Client, acme: Organization, customer: Customer, action: str
) -> None:
    assert select(viewer, action, customer.pk).status_code == 403
    address = at("selected", chosen(acme, customer, action=action).pk)
    assert viewer.get(address).status_code == 403
    assert confirm(viewer, address).status_code == 403
    customer.refresh_from_db()
    assert customer.version == 1


def test_customers_of_others_are_not_chosen(
    editor: Client, acme: Organization, globex: Organization, customer: Customer
) -> None:
    hidden = [factories.customer(globex), factories.customer(acme, "test")]

    address = select(editor, "archive", customer.pk, *(row.pk for row in hidden)).url
    assert "Archive 1 customer?" in text(editor.get(address))
    confirm(editor, address)

    assert list(Customer.objects.archived()) == [customer]


def test_all_that_match_are_chosen_and_no_others(editor: Client, acme: Organization) -> None:
    make(acme, PAGE + 10, country="DE")
    factories.customer(acme, name="Elsewhere", country="FR")
    factories.customer(acme, name="Gone", country="DE").archive()

    query = "country=DE&sort=name&after=x"
    address = select(editor, "archive", all="yes", query=query).url
    preview = text(editor.get(address))
    assert "Archive 60 customers?" in preview
    assert "… and 10 more." in preview
    response = confirm(editor, address)

    assert response.url == f"{at('customers')}?{query}"
    assert "60 customers are archived." in text(editor.get(response.url))
    assert [row.name for row in Customer.objects.live()] == ["Elsewhere"]


def test_a_filter_that_is_not_valid_chooses_none(editor: Client, customer: Customer) -> None:
    response = select(editor, "archive", all="yes", query="country=nowhere")

    assert response.url == f"{at('customers')}?country=nowhere"
    assert not Selection.objects.exists()


def test_more_than_the_most_are_refused(
    editor: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MOST", 2)
    make(acme, 3)

    response = select(editor, "archive", all="yes", query="")

    assert "Filter the list first." in text(editor.get(response.url))
    assert not Selection.objects.exists()


def test_the_list_offers_all_where_there_are_several_pages(
    editor: Client, acme: Organization
) -> None:
    make(acme, PAGE)
    assert "on every page" not in text(editor.get(at("customers")))
    make(acme, 1)
    assert "all 51, on every page" in text(editor.get(at("customers")))


def test_who_comes_to_match_after_the_preview_is_not_changed(
    editor: Client, acme: Organization
) -> None:
    make(acme, 3, country="DE")
    address = select(editor, "archive", all="yes", query="country=DE").url
    late = factories.customer(acme, country="DE")
    editor.get(address)
    confirm(editor, address)

    assert list(Customer.objects.live()) == [late]


def test_selections_are_swept_after_a_day(acme: Organization, customer: Customer) -> None:
    old, new = chosen(acme, customer), chosen(acme, customer)
    before = timezone.now() - SELECTIONS_KEPT_FOR * 2
    Selection.objects.filter(pk=old.pk).delete()
    Selection(
        **old.tenant.columns, versions=old.versions, action="archive", created_at=before
    ).save(force_insert=True)

    call_command("sweep", verbosity=0)

    assert list(Selection.objects.all()) == [new]


# --- Doing it -------------------------------------------------------------------------------------


def test_a_preview_names_them_and_writes_nothing(editor: Client, acme: Organization) -> None:
    rows = make(acme, 3)
    rows[0].archive()

    address = select(editor, "archive", *(row.pk for row in rows)).url
    page = text(editor.get(address))

    assert "Archive 2 customers?" in page
    assert ">Archive 2 customers</button>" in page
    assert "1 stays as it is: already archived." in page
    assert "Customer 1" in page
    assert Customer.objects.live().count() == 2


def test_nothing_to_do_has_no_button(editor: Client, customer: Customer) -> None:
    customer.archive()

    page = text(editor.get(select(editor, "archive", customer.pk).url))

    assert "Archive 0 customers</button>" not in page


def test_they_are_archived_and_restored_with_one_reason(editor: Client, acme: Organization) -> None:
    rows = make(acme, 3)
    rows[0].archive()
    ids = [row.pk for row in rows]

    response = confirm(editor, select(editor, "archive", *ids).url, reason="closed")
    assert "2 customers are archived." in text(editor.get(response.url))
    assert not Customer.objects.live().exists()
    response = confirm(editor, select(editor, "restore", *ids).url, reason="open")

    assert "3 customers are restored." in text(editor.get(response.url))
    assert Customer.objects.live().count() == 3
    for reason, count in (("closed", 2), ("open", 3)):
        events = CustomerEvent.objects.filter(pgh_context__reason=reason)
        assert events.count() == count
        assert {event.pgh_context["actor"]["label"] for event in events} == {"edda"}


def test_one_that_was_changed_is_left_out_and_named(editor: Client, acme: Organization) -> None:
    rows = make(acme, 3)
    address = select(editor, "archive", *(row.pk for row in rows)).url
    rows[1].revise({"city": "Kyiv"})

    assert "1 was changed after you chose it, and is left out." in text(editor.get(address))
    response = confirm(editor, address)

    assert response.url == address
    page = text(editor.get(address))
    assert "2 customers are archived." in page
    assert "<bdi>Customer 1</bdi></a>: It was changed after you chose it." in page
    assert list(Customer.objects.live()) == [rows[1]]


def test_one_whose_external_id_is_taken_stays_archived(editor: Client, acme: Organization) -> None:
    twins = [factories.customer(acme, external_id=id) for id in ("x-1", "x-2", "x-2", "x-3")[:2]]
    again = factories.customer(acme, external_id="x-3")
    for row in (*twins, again):
        row.archive()
    twin = factories.customer(acme, external_id="x-2")
    twin.archive()
    factories.customer(acme, external_id="x-1")

    address = select(editor, "restore", *(row.pk for row in (*twins, again, twin))).url
    assert "1 has an external id that another live customer has" in text(editor.get(address))
    confirm(editor, address)

    page = text(editor.get(address))
    assert "2 customers are restored." in page
    assert page.count("has this external id.") == 2
    assert sorted(str(row.external_id) for row in Customer.objects.archived()) == ["x-1", "x-2"]


def test_it_is_done_once(editor: Client, acme: Organization) -> None:
    rows = make(acme, 2)
    address = select(editor, "archive", *(row.pk for row in rows)).url
    confirm(editor, address)
    rows[0].restore()

    response = confirm(editor, address)

    assert "2 customers are archived." in text(editor.get(response.url))
    assert Customer.objects.live().count() == 1
    assert "2 customers are archived." in text(editor.get(address))


def test_the_progress_of_many_is_shown(
    editor: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PROGRESS_FROM_ROWS", 3)
    make(acme, 120)
    address = select(editor, "archive", all="yes", query="").url

    page = text(confirm(editor, address, reason="closed"))

    assert "100 of 120 rows" in page
    assert "It is done." in page
    assert f'href="{address}"' in page
    assert not Customer.objects.live().exists()
    events = CustomerEvent.objects.filter(pgh_context__reason="closed")
    assert {event.pgh_context["actor"]["label"] for event in events} == {"edda"}


# --- Exporting ------------------------------------------------------------------------------------


def test_selected_customers_are_exported(
    editor: Client, acme: Organization, customer: Customer
) -> None:
    factories.customer(acme, name="Other")

    response = confirm(editor, select(editor, "export", customer.pk).url)

    rows = list(csv.DictReader(text(response).removeprefix("\ufeff").splitlines()))
    assert [row["name"] for row in rows] == ["Coleman-Blair"]
    assert "customers-acme-live-" in response["Content-Disposition"]
