"""Saved views: lists under a name, of a person or of the organization."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from customers.models import Organization, SavedView
from tests.backoffice.support import CARD, at, signed_in, text

QUERY = "country=none&sort=name&column=city&column=phone&after=x&open=single&nonsense=1&status="
KEPT = "country=none&sort=name&column=city&column=phone"


def save(client: Client, query: str = QUERY, *, name: str = "No country", shared: str = "") -> Any:
    return client.post(f"{at('view_new')}?{query}", {"name": name, "is_shared": shared})


def offered(client: Client, **where: str) -> list[str]:
    """The names of the views above the list."""
    page = text(client.get(at("customers", **where)))
    nav = page[page.index('<nav class="views"') :].split("</nav>")[0]
    return re.findall(r"<bdi>([^<]*)</bdi>", nav)


@pytest.fixture
def vic(acme: Organization) -> Client:
    return signed_in(acme, "Viewer", username="vic")


def test_a_view_keeps_filters_order_and_columns(viewer: Client) -> None:
    response = save(viewer)

    assert response.url == f"{at('customers')}?{KEPT}"
    page = text(viewer.get(response.url))
    assert "The view “No country” is saved." in page
    assert f'<a href="?{KEPT.replace("&", "&amp;")}" aria-current="page">' in page
    assert SavedView.objects.get().query == KEPT


def test_a_view_is_of_its_owner_until_it_is_shared(
    viewer: Client, vic: Client, globex: Organization
) -> None:
    outsider = signed_in(globex, "Manager", username="gavin")
    save(viewer)
    save(viewer, name="Ours", shared="yes")

    assert offered(viewer) == ["No country", "Ours"]
    assert offered(viewer, mode="test") == ["No country", "Ours"]
    assert offered(vic) == ["Ours"]
    assert offered(outsider, organization="globex") == []


def test_a_view_is_renamed_shared_and_deleted(viewer: Client, vic: Client) -> None:
    save(viewer)
    address = at("view_edit", SavedView.objects.get().pk)

    viewer.post(address, {"name": "Nowhere", "is_shared": "yes"})
    assert offered(vic) == ["Nowhere"]
    assert 'value="Nowhere"' in text(viewer.get(address))
    viewer.post(address, {"name": "Nowhere", "delete": "yes"})

    assert not SavedView.objects.exists()
    assert "The view “Nowhere” is deleted." in text(viewer.get(at("views")))


def test_a_shared_view_is_changed_by_who_may_change_customers(
    viewer: Client, vic: Client, editor: Client
) -> None:
    save(viewer, shared="yes")
    address = at("view_edit", SavedView.objects.get().pk)

    assert vic.post(address, {"delete": "yes"}).status_code == 403
    assert f'href="{address}"' not in text(vic.get(at("views")))
    assert editor.post(address, {"name": "Theirs", "is_shared": "yes"}).status_code == 302
    assert SavedView.objects.get().name == "Theirs"


def test_a_private_view_of_a_colleague_is_not_found(viewer: Client, editor: Client) -> None:
    save(viewer)
    address = at("view_edit", SavedView.objects.get().pk)

    assert editor.get(address).status_code == 404
    assert editor.post(address, {"delete": "yes"}).status_code == 404


@pytest.mark.parametrize("name", ["", "x" * 81, "a\0b", CARD])
def test_a_name_that_cannot_be_stored_is_refused(viewer: Client, name: str) -> None:
    response = save(viewer, name=name)

    assert response.status_code == 400
    assert CARD not in text(response)
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_by_a_person(viewer: Client, vic: Client) -> None:
    save(viewer)

    assert "You have a view with this name already." in text(save(viewer))
    assert save(vic).status_code == 302
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("query", ["country=nowhere", "month=x", f"q={CARD}"])
def test_filters_that_are_not_valid_are_not_saved(viewer: Client, query: str) -> None:
    for response in (viewer.get(f"{at('view_new')}?{query}"), save(viewer, query)):
        assert response.status_code == 302
        assert response["Location"].startswith(at("customers"))
    assert not SavedView.objects.exists()


def test_a_view_is_saved_once(viewer: Client) -> None:
    for _again in range(2):
        viewer.post(f"{at('view_new')}?{QUERY}", {"name": "Twice", "once": "token"})

    assert SavedView.objects.count() == 1
