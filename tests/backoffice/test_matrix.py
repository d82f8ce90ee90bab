"""Every URL of the back office, and who may open it.

The URLs come from the URLconf, so a new page fails here until the table has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from customers.backoffice import urls
from customers.models import ApiKey, Customer, Organization, SavedView, Selection
from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.backoffice.support import at, page, signed_in, text
from tests.imports.support import checked

VIEWER, EDITOR, MANAGER = "Viewer", "Editor", "Manager"
GROUPS = (VIEWER, EDITOR, MANAGER)


@dataclass(frozen=True)
class Route:
    """The least group that may open a URL, and the responses it gets."""

    group: str
    get: int = 200
    """The status of a GET."""
    post: int = 405
    """The status of a POST of an empty form."""
    args: tuple[str, ...] = ()
    """The rows that the URL names."""


COLLEAGUE, LINK = ("colleague",), ("colleague", "link")
CUSTOMER, USER, METHOD = ("customer",), ("customer", "user"), ("customer", "method")
KEY, IMPORT, VIEW = ("kind", "key"), ("import",), ("view",)
PAIR = ("customer", "twin")
NOTE = ("customer", "note")
HOOK, DELIVERY = ("hook",), ("hook", "delivery")
CHANGE = ("customer", "what", "customer", "version")
TABLE = {
    "home": Route(VIEWER),
    "activity": Route(VIEWER),
    "customers": Route(VIEWER),
    "customer_new": Route(EDITOR, post=400),
    "customer_new_preview": Route(EDITOR, get=302, post=200),
    "selection": Route(VIEWER, get=302, post=400),
    "selected": Route(EDITOR, args=("selection",), post=200),
    "find": Route(VIEWER),
    "views": Route(VIEWER),
    "view_new": Route(VIEWER, post=400),
    "view_edit": Route(EDITOR, post=400, args=VIEW),
    "export": Route(EDITOR),
    "customer": Route(VIEWER, args=CUSTOMER),
    "customer_developers": Route(VIEWER, args=CUSTOMER),
    "customer_as_of": Route(VIEWER, args=CUSTOMER),
    "customer_restore_then": Route(EDITOR, post=400, args=CUSTOMER),
    # The empty form lacks the version that was seen.
    "customer_edit": Route(EDITOR, post=409, args=CUSTOMER),
    "customer_preview": Route(EDITOR, get=302, post=200, args=CUSTOMER),
    "customer_archive": Route(EDITOR, post=409, args=CUSTOMER),
    "customer_restore": Route(EDITOR, post=409, args=CUSTOMER),
    "undo": Route(EDITOR, post=302, args=CHANGE),
    "note_add": Route(EDITOR, post=400, args=CUSTOMER),
    "note_pin": Route(EDITOR, get=302, post=302, args=NOTE),
    "note_remove": Route(EDITOR, get=403, post=403, args=NOTE),  # its author's alone
    "user_add": Route(EDITOR, post=400, args=CUSTOMER),
    "user_edit": Route(EDITOR, post=409, args=USER),
    "user_remove": Route(EDITOR, post=409, args=USER),
    "payment_method_add": Route(EDITOR, post=400, args=CUSTOMER),
    "payment_method_edit": Route(EDITOR, post=400, args=METHOD),
    "payment_method_remove": Route(EDITOR, post=409, args=METHOD),
    "payment_method_default": Route(EDITOR, get=302, post=302, args=METHOD),
    "duplicates": Route(VIEWER, get=302),
    "duplicate": Route(VIEWER, args=PAIR),
    "not_duplicates": Route(EDITOR, get=302, post=302, args=PAIR),
    "imports": Route(EDITOR),
    "import_new": Route(EDITOR, post=400),
    "import_template": Route(EDITOR),
    "import": Route(EDITOR, args=IMPORT),
    "import_row": Route(EDITOR, post=400, args=("import", "number")),
    "import_columns": Route(EDITOR, post=400, args=IMPORT),
    "import_check": Route(EDITOR, get=302, post=302, args=IMPORT),
    "import_confirm": Route(EDITOR, get=302, post=302, args=IMPORT),
    "import_refused": Route(EDITOR, args=IMPORT),
    "import_discard": Route(EDITOR, post=302, args=IMPORT),
    "import_undo": Route(EDITOR, get=302, post=302, args=IMPORT),
    "keys": Route(VIEWER, post=302),
    "credentials": Route(MANAGER),
    "credential_new": Route(MANAGER, post=400),
    "credential_secret": Route(MANAGER, post=405, args=KEY),
    "credential_rotate": Route(MANAGER, post=409, args=KEY),
    "credential_revoke": Route(MANAGER, post=302, args=KEY),
    "colleagues": Route(MANAGER),
    "colleague_invite": Route(MANAGER, post=400),
    "colleague": Route(MANAGER, post=400, args=COLLEAGUE),
    "colleague_deactivate": Route(MANAGER, post=302, args=COLLEAGUE),
    "colleague_reactivate": Route(MANAGER, post=302, args=COLLEAGUE),
    "colleague_new_link": Route(MANAGER, post=302, args=COLLEAGUE),
    "colleague_link": Route(MANAGER, args=LINK),
    "webhooks": Route(MANAGER),
    "webhook_new": Route(MANAGER, post=400),
    "webhook": Route(MANAGER, args=HOOK),
    "webhook_edit": Route(MANAGER, post=400, args=HOOK),
    "webhook_rotate": Route(MANAGER, post=400, args=HOOK),
    "webhook_secret": Route(MANAGER, args=HOOK),
    "webhook_remove": Route(MANAGER, post=302, args=HOOK),
    "webhook_test": Route(MANAGER, get=302, post=302, args=HOOK),
    "webhook_redeliver_range": Route(MANAGER, post=400, args=HOOK),
    "webhook_delivery": Route(MANAGER, args=DELIVERY),
    "webhook_redeliver": Route(MANAGER, get=302, post=302, args=DELIVERY),
}
OF_ROWS = {name: route for name, route in TABLE.items() if route.args}

METHODS = ("get", "post")
every_route = pytest.mark.parametrize("name", TABLE)
every_route_of_rows = pytest.mark.parametrize("name", OF_ROWS)

NO_ID = UUID(int=0)


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            assert pattern.name
            yield pattern.name


def rows_of(organization: Organization, mode: str = "live") -> dict[str, Any]:
    """One row of each kind of an organization and mode."""
    alike: dict[str, Any] = {"name": "Hidden Hooli", "email": "hooli@example.org"}
    customer = factories.customer(organization, mode, **alike)
    colleague = StaffUser.objects.create(username=f"colleague of {organization.slug} {mode}")
    organization.staff.add(colleague)
    delivery = factories.delivery(organization, mode)
    return {
        "hook": delivery.endpoint_id,
        "delivery": delivery.pk,
        "customer": customer.pk,
        "twin": factories.customer(organization, mode, **alike).pk,
        "what": "customer",
        "version": 1,
        "user": factories.user(customer).pk,
        "method": factories.payment_method(customer).pk,
        "note": factories.note(customer).pk,
        "kind": "key",
        "key": ApiKey.issue(organization, mode, name="key")[0].pk,
        "colleague": colleague.pk,
        "link": PasswordLink.issue(colleague)[0].pk,
        "selection": chosen(organization, customer, mode=mode).pk,
        "view": shared_view(organization).pk,
        "number": 2,
        "import": checked(organization, [["name"], ["One"]], mode=mode).pk,
    }


def chosen(
    organization: Organization, *customers: Customer, mode: str = "live", action: str = "archive"
) -> Selection:
    """A selection of these customers."""
    tenant = factories.tenant(organization, mode)
    rows = Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    return Selection.choose(tenant, rows, action=action, query="")


def shared_view(organization: Organization) -> SavedView:
    """A view that a colleague shares."""
    owner, _ = StaffUser.objects.get_or_create(username="colleague")
    return SavedView.objects.create(
        organization=organization,
        owner=owner,
        name=f"view {SavedView.objects.count()}",
        query="country=DE",
        is_shared=True,
    )


def address(name: str, rows: dict[str, Any], **where: str) -> str:
    return at(name, *(rows[arg] for arg in TABLE[name].args), **where)


def answers(client: Client, asked: str) -> list[tuple[int, str]]:
    """The status and body of a GET and of a POST."""
    responses = [getattr(client, method)(asked) for method in METHODS]
    return [(response.status_code, page(response)) for response in responses]


@pytest.fixture
def rows(acme: Organization) -> dict[str, Any]:
    return rows_of(acme)


def test_every_address_is_in_the_table() -> None:
    assert sorted(names(urls.pages)) == sorted(TABLE)


@every_route
def test_anyone_who_is_not_signed_in_staff_is_asked_to_sign_in(
    acme: Organization, rows: dict[str, Any], name: str
) -> None:
    asked = address(name, rows)
    for client in (Client(), signed_in(acme, MANAGER, is_staff=False)):
        for method in METHODS:
            response: Any = getattr(client, method)(asked)

            assert response.status_code == 302
            assert response.url == f"/backoffice/login/?next={asked}"


@every_route
def test_another_organization_is_like_one_that_does_not_exist(
    manager: Client, globex: Organization, name: str
) -> None:
    theirs = rows_of(globex)

    found = answers(manager, address(name, theirs, organization="globex"))

    for status, body in found:
        assert status == 404
        assert "Page not found" in body
    assert found == answers(manager, address(name, theirs, organization="nobody"))


@every_route_of_rows
def test_a_row_of_others_is_like_one_that_does_not_exist(
    manager: Client, acme: Organization, globex: Organization, name: str
) -> None:
    theirs, test = rows_of(globex), rows_of(acme, "test")
    nothing = {kind: NO_ID if isinstance(row, UUID) else row for kind, row in theirs.items()}
    nothing |= {"colleague": 0, "link": 0}
    no_such = answers(manager, address(name, nothing))

    for status, body in no_such:
        if status != 405:  # a page without POST does not look the row up
            assert status == 404
            assert "Page not found" in body
    assert answers(manager, address(name, theirs)) == no_such
    # A view and a colleague are of both modes.
    if TABLE[name].args != VIEW and TABLE[name].args[0] != "colleague":
        assert answers(manager, address(name, test)) == no_such


@pytest.mark.parametrize("name", [name for name, route in TABLE.items() if route.args == USER])
def test_a_user_of_another_customer_is_like_one_that_does_not_exist(
    manager: Client, customer: Customer, rows: dict[str, Any], name: str
) -> None:
    found = answers(manager, at(name, customer.pk, rows["user"]))

    assert [status for status, _page in found] == [404, 404]
    assert found == answers(manager, at(name, customer.pk, NO_ID))


@pytest.mark.parametrize("name", [name for name, route in TABLE.items() if route.args == METHOD])
def test_a_payment_method_of_another_customer_is_not_found(
    manager: Client, customer: Customer, rows: dict[str, Any], name: str
) -> None:
    found = answers(manager, at(name, customer.pk, rows["method"]))

    assert 404 in {status for status, _page in found} <= {302, 404}
    assert found == answers(manager, at(name, customer.pk, NO_ID))


def test_an_oauth_client_of_others_is_not_found(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    for hidden in (factories.oauth_client(globex), factories.oauth_client(acme, "test")):
        for name in ("credential_rotate", "credential_revoke"):
            found = answers(manager, at(name, "client", hidden.pk))
            assert [status for status, _page in found] == [404, 404]
        hidden.refresh_from_db()
        assert hidden.is_active


@every_route
@pytest.mark.parametrize("group", GROUPS)
def test_a_group_opens_its_pages_and_no_others(
    acme: Organization, rows: dict[str, Any], name: str, group: str
) -> None:
    client = signed_in(acme, group)
    route = TABLE[name]
    allowed = GROUPS.index(group) >= GROUPS.index(route.group)

    found = answers(client, address(name, rows))

    statuses = [status for status, _page in found]
    assert statuses == ([route.get, route.post] if allowed else [403, 403])
    for status, body in found:
        if status == 403 and not allowed:
            assert "You do not have permission to do this" in body
            assert f"Your groups: {group}." in body


@every_route
def test_a_superuser_opens_every_page_of_every_organization(
    acme: Organization, rows: dict[str, Any], name: str
) -> None:
    root = signed_in(None, username="root", is_superuser=True)

    assert root.get(address(name, rows)).status_code == TABLE[name].get


@every_route
def test_a_page_is_html_and_a_file_is_csv(manager: Client, rows: dict[str, Any], name: str) -> None:
    response = manager.get(address(name, rows), follow=True)

    is_file = name in {"export", "import_template", "import_refused"}
    kind = "text/csv" if is_file else "text/html"
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert text(response).rstrip().endswith("</html>") is not is_file
