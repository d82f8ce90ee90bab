"""Every page of staff, opened in every role for every row of the demo: none fails.

The pages come from the URLconf, so that a new one is opened too. One whose address has parts of a
new kind fails here until it is said which rows they name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from billing.demo.history import add_history
from customers.models import (
    ApiKey,
    Customer,
    CustomerImport,
    CustomerNote,
    CustomerUser,
    Membership,
    OAuthClient,
    Organization,
    PaymentMethod,
    SavedView,
    Selection,
)
from customers.rest.contract import contracts
from customers.staff.models import PasswordLink, StaffUser
from customers.webhooks.models import Delivery, WebhookEndpoint
from tests import factories
from tests.admin.test_matrix import FOR_SUPERUSERS, record
from tests.backoffice.test_matrix import GROUPS, TABLE, chosen, shared_view
from tests.imports.support import applied, checked, undone, uploaded

Rows = Iterable[tuple[Any, ...]]

ROLES = ["no group", *GROUPS, "superuser"]
every_role = pytest.mark.parametrize("role", ROLES)

#: What a GET of these answers even to a superuser: they take a POST, parameters or a link.
NO_PAGES = {
    "staff:logout": {405},
    "admin:logout": {405},
    "admin:autocomplete": {403},
    "staff:password_link": {404},
    "staff:choose_password": {404},
    "site": {404},
}
#: What a page answers for a row in a state that it cannot do anything with, as a revoked key.
#: Or for someone whom the person may not change, as themselves.
OF_STATE = {
    "credential_rotate": {409},
    "import_row": {404},
    "undo": {404, 409},
    "note_remove": {403},
    "colleague": {403},
    "colleague_deactivate": {403},
    "colleague_reactivate": {403},
    "colleague_new_link": {403},
    "colleague_link": {403},
}
ANSWERS = {200, 302, 403, 404, 405}
OPEN = {200, 302}


@dataclass(frozen=True)
class Page:
    """A named pattern of the URLconf, and the parts of its address that name rows."""

    name: str
    parts: tuple[str, ...]


def pages(
    patterns: Iterable[URLPattern | URLResolver], namespace: str = "", parts: tuple[str, ...] = ()
) -> Iterator[Page]:
    for pattern in patterns:
        found = (*parts, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from pages(pattern.url_patterns, inner, found)
        elif pattern.name:
            yield Page(namespace + pattern.name, found)


PAGES = list(pages(get_resolver().url_patterns))
SCOPED = ("organization", "mode")


def scopes() -> list[tuple[str, str]]:
    slugs = Organization.objects.values_list("slug", flat=True)
    return [(slug, mode) for slug in slugs for mode in ("live", "test")]


def of_scopes(model: type[Model], *fields: str, kind: str = "") -> Rows:
    rows = model._default_manager.order_by("pk")
    for row in rows.values_list("organization__slug", "mode", *fields, "pk"):
        yield (*row[:2], kind, *row[2:]) if kind else row


def of_memberships(*fields: str) -> Rows:
    rows = Membership.objects.order_by("pk").values_list("organization__slug", *fields)
    return [
        (row[0], mode, *row[1:]) for row in rows for mode in ("live", "test") if None not in row
    ]


def twins() -> Rows:
    """Pairs of customers of a scope."""
    rows = sorted(of_scopes(Customer), key=str)
    return [(*one, other[-1]) for one, other in pairwise(rows) if one[:2] == other[:2]]


#: The rows that a back office page's address names, by the beginning of the page's name.
OF_BACKOFFICE: dict[str, Callable[[], Rows]] = {
    "customer": lambda: of_scopes(Customer),
    "user": lambda: of_scopes(CustomerUser, "customer_id"),
    "note": lambda: of_scopes(CustomerNote, "customer_id"),
    "payment": lambda: of_scopes(PaymentMethod, "customer_id"),
    "duplicate": twins,
    "not": twins,
    "import": lambda: of_scopes(CustomerImport),
    "view": lambda: [
        (slug, mode, pk)
        for slug, pk in SavedView.objects.values_list("organization__slug", "pk")
        for mode in ("live", "test")
    ],
    "selected": lambda: of_scopes(Selection),
    "webhook": lambda: of_scopes(WebhookEndpoint),
    "delivery": lambda: of_scopes(Delivery, "endpoint_id"),
    "row": lambda: [
        (*row[:2], row[-1], number) for row in of_scopes(CustomerImport) for number in (2, 99)
    ],
    "undo": lambda: [
        (*row[:2], row[3], "customer", row[3], row[2]) for row in of_scopes(Customer, "version")
    ],
    "credential": lambda: [
        *of_scopes(ApiKey, kind="key"),
        *of_scopes(OAuthClient, kind="client"),
    ],
    "colleague": lambda: of_memberships("staff_user_id"),
}
MODELS = {
    f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry
}


def model_of(page: Page) -> type[Model] | None:
    """The model that a page of the admin is about."""
    return MODELS.get(page.name.removeprefix("admin:").rpartition("_")[0])


def rows_of(page: Page) -> Rows:
    """What the parts of a page's address may be."""
    model = model_of(page)
    namespace, _, name = page.name.rpartition(":")
    if not page.parts:
        return [()]
    if namespace == "admin" and model is not None and page.parts == ("object_id",):
        rows = model._default_manager.order_by("pk")
        return [(pk,) for pk in rows.values_list("pk", flat=True)]
    if page.parts == SCOPED:
        return scopes()
    if namespace == "backoffice" and page.parts[:2] == SCOPED:
        kind = name.partition("_")[0]
        of_customer = kind in {"user", "payment", "note"} and "row_id" not in page.parts
        if "delivery_id" in page.parts:
            return OF_BACKOFFICE["delivery"]()
        if "number" in page.parts:
            return OF_BACKOFFICE["row"]()
        if name == "colleague_link":
            return of_memberships("staff_user_id", "staff_user__password_links__pk")
        return OF_BACKOFFICE["customer" if of_customer else kind]()
    others: dict[str, Callable[[], Rows]] = {
        "backoffice:anywhere": lambda: [(row[-1],) for row in of_scopes(Customer)],
        "documentation": lambda: [(contract.slug,) for contract in contracts()],
        "admin:auth_user_password_change": lambda: StaffUser.objects.values_list("pk"),
        "staff:password_link": lambda: [("no-such-link",)],
        "admin:app_list": lambda: {(model._meta.app_label,) for model in MODELS.values()},
        "admin:view_on_site": lambda: [
            (ContentType.objects.get_for_model(Customer).pk, row[-1]) for row in of_scopes(Customer)
        ],
    }
    return others[page.name]()


def expected(page: Page, role: str, person: StaffUser) -> set[int]:
    """What a page may answer to a role."""
    if page.name in NO_PAGES:
        return NO_PAGES[page.name]
    model, kind = model_of(page), page.name.rpartition("_")[2]
    if model is not None:
        if kind not in {"changelist", "change", "history"}:
            return ANSWERS
        if model in FOR_SUPERUSERS:
            may = person.is_superuser
        else:
            may = person.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        return {200} if may else {403, 404}
    name = page.name.removeprefix("backoffice:")
    if (route := TABLE.get(name)) is not None:
        may = ROLES.index(role) >= ROLES.index(route.group)
        return OPEN | OF_STATE.get(name, set()) if may else {403}
    return OPEN if person.is_superuser and page.name != "admin:view_on_site" else ANSWERS


@pytest.fixture
def demo(db: None, settings: LazySettings) -> None:
    """The demo's fixture, and a row of every kind that it has none of."""
    settings.DEBUG = True
    call_command("loaddata", "demo", verbosity=0)
    StaffUser.objects.create(username="demo", is_staff=True, is_superuser=True)
    acme = Organization.objects.get(slug="demo-acme")
    bob = factories.staff("bob", "Viewer", organizations=[acme])
    PasswordLink.issue(bob)
    ApiKey.issue(acme, "live")
    ApiKey.issue(acme, "test", name="revoked")[0].revoke()
    factories.oauth_client(acme)
    record(acme)
    for action in ("archive", "restore", "edit", "export"):
        chosen(acme, *Customer.objects.filter(organization=acme, mode="live")[:3], action=action)
    shared_view(acme)
    factories.delivery(acme)
    factories.note(Customer.objects.filter(organization=acme).earliest("pk"))
    uploaded(acme, [["name"], ["One"]])
    checked(acme, [["name", "country"], ["One", "DE"], ["Two", "nowhere"]])
    applied(acme, [["name"], ["Three"]])
    undone(applied(acme, [["name"], ["Four"]], mode="test"))
    assert not factories.signs_in(Client(), "eve", "wrong")
    assert factories.signs_in(Client(), bob.username)


@pytest.fixture
def person(client: Client, demo: None, role: str) -> StaffUser:
    """Someone in the role, who belongs to all organizations."""
    if role == "superuser":
        person = StaffUser.objects.create_superuser("root")
    else:
        groups = [] if role == "no group" else [role]
        person = factories.staff("ada", *groups, organizations=Organization.objects.all())
    client.force_login(person)
    return person


def open_all(
    client: Client, person: StaffUser, role: str, choose: Callable[[list[Any]], list[Any]]
) -> None:
    """Open every page for the chosen ones of its rows, and compare what it answers."""
    client.raise_request_exception = False
    wrong: dict[str, list[Any]] = defaultdict(list)
    for page in PAGES:
        rows = choose(sorted(rows_of(page), key=str))
        assert rows, f"There is no row to open {page.name} with."
        for args in rows:
            response: Any = client.get(reverse(page.name, args=args))
            if response.status_code not in expected(page, role, person):
                wrong[page.name].append((response.status_code, args))
            b"".join(response)  # a file is sent to its end
            if page.name == "admin:login":  # the page signs no one out
                assert client.session["_auth_user_id"] == str(person.pk)
    assert not wrong


def first_and_last(rows: list[Any]) -> list[Any]:
    return [rows[0], rows[-1]][: len(rows)]


@pytest.mark.parametrize("role", ["Viewer", "superuser"])
def test_every_page_opens_for_some_rows_of_the_demo(
    client: Client, person: StaffUser, role: str
) -> None:
    open_all(client, person, role, first_and_last)


@pytest.mark.slow
@every_role
def test_every_page_opens_for_every_row_of_the_demo(
    client: Client, person: StaffUser, role: str
) -> None:
    # Who is in no group is refused before a row is looked for.
    open_all(client, person, role, first_and_last if role == "no group" else list)


@pytest.mark.slow
@pytest.mark.parametrize("role", [ROLES[1], "superuser"])
def test_every_page_opens_for_the_history_of_the_demo(
    client: Client, person: StaffUser, role: str
) -> None:
    """Its two years, up to today, have hundreds of customers: some rows of each page are opened."""
    add_history()
    person.organizations.set(Organization.objects.all())

    open_all(client, person, role, lambda rows: rows[:: max(1, len(rows) // 8)])


def test_the_pages_of_every_registered_model_are_among_them() -> None:
    found = {(model_of(page), page.name.rpartition("_")[2]) for page in PAGES}

    for model in admin.site._registry:
        for kind in ("changelist", "add", "change", "history", "delete"):
            assert (model, kind) in found


def test_control_a_page_that_fails_is_found(
    client: Client, demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = factories.staff("ada", "Viewer", organizations=Organization.objects.all())
    client.force_login(person)
    monkeypatch.setattr(admin.site._registry[Customer], "get_fieldsets", lambda *_: 1 // 0)

    with pytest.raises(AssertionError, match="admin:customers_customer_change"):
        open_all(client, person, "Viewer", first_and_last)
