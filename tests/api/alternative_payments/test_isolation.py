"""Who gets in where: every route and method of the URLconf, with every kind of wrong credential."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.api.alternative_payments import urls
from customers.api_keys import generate_api_key
from customers.models import ApiKey, OAuthClient, Organization
from tests import factories
from tests.api.alternative_payments.conftest import basic
from tests.api.alternative_payments.support import assert_error, stored

Route = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """What is expected of one method of one route."""

    writes: bool = False
    of_one: bool = True
    """It addresses one customer, which others cannot see."""
    body: Any = None
    ok: int = 200


TABLE: dict[Route, Entry] = {
    ("get", "customers"): Entry(of_one=False),
    ("post", "customers"): Entry(writes=True, of_one=False, body={"name": "New"}, ok=201),
    ("get", "customers/<str:id>"): Entry(),
    ("patch", "customers/<str:id>"): Entry(writes=True, body={"name": "New"}),
    ("delete", "customers/<str:id>"): Entry(writes=True),
    ("post", "customers/<str:id>/restore"): Entry(writes=True),
    ("get", "customers/<str:id>/users"): Entry(),
    ("post", "customers/<str:id>/users"): Entry(writes=True, body={"first_name": "A"}, ok=201),
    ("get", "customers/<str:id>/payment-methods"): Entry(),
    ("get", "customers/<str:id>/payment-methods/<str:payment_method_id>"): Entry(),
}

#: Routes that take no Bearer credential, and why.
OPEN: dict[Route, str] = {
    ("post", "oauth/token"): "the client's own credentials are asked for: test_token.py",
    ("post", "oauth/revoke"): "the client's own credentials are asked for: test_revoke_token.py",
    ("*", "customers/openapi.json"): "documentation: test_openapi.py",
    ("*", "^(customers|oauth)(/.*)?$"): "answers 404 only: test_errors.py",
}

ROUTES = list(TABLE)
OF_ONE = [route for route, entry in TABLE.items() if entry.of_one]


def test_every_method_of_every_route_has_an_entry() -> None:
    routes = {
        (method, str(pattern.pattern))
        for pattern in urls.urlpatterns
        for method in getattr(pattern.callback, "actions", None) or ["*"]
        if method != "head"
    }

    assert routes == TABLE.keys() | OPEN.keys()


def call(client: APIClient, route: Route, id: Any, method_id: Any, body: Any = ...) -> Any:
    method, pattern = route
    entry = TABLE[route]
    path = "/" + pattern.replace("<str:id>", str(id)).replace(
        "<str:payment_method_id>", str(method_id)
    )
    assert "<" not in path
    body = entry.body if body is ... else body
    return getattr(client, method)(path, body, format="json" if body is not None else None)


@pytest.fixture
def ids(acme: Organization) -> tuple[UUID, UUID]:
    """A customer of Acme's live data, and its payment method."""
    return rows_of(acme, "live")


def rows_of(organization: Organization, mode: str) -> tuple[UUID, UUID]:
    customer = factories.customer(organization, mode, name="Planted")
    factories.user(customer)
    method = factories.payment_method(customer)
    return customer.pk, method.pk


# --- Credentials that open nothing ---------------------------------------------------------------


def _key(organization: Organization, **changes: Any) -> APIClient:
    key, secret = ApiKey.issue(organization, "live")
    ApiKey.objects.filter(pk=key.pk).update(**changes)
    return factories.bearer(secret)


def _token(organization: Organization, expires_at: Any = None, **changes: Any) -> APIClient:
    client = factories.oauth_client(organization)
    OAuthClient.objects.filter(pk=client.pk).update(**changes)
    return factories.bearer(factories.access_token(client, expires_at=expires_at))


def _header(value: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=value)
    return client


def _api_key_header(organization: Organization) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_X_API_KEY=ApiKey.issue(organization, "live")[1])
    return client


def _past() -> Any:
    return timezone.now() - timedelta(seconds=1)


def _expired(client: OAuthClient) -> OAuthClient:
    OAuthClient.objects.filter(pk=client.pk).update(expires_at=_past())
    return client


CLOSED: dict[str, Callable[[Organization], APIClient]] = {
    "no credential": lambda _acme: APIClient(),
    "an empty header": lambda _acme: _header(""),
    "an empty token": lambda _acme: _header("Bearer"),
    "garbage": lambda _acme: factories.bearer("garbage"),
    "bytes": lambda _acme: factories.bearer("\xff\xfe"),
    "a long token": lambda _acme: factories.bearer("a" * 100_000),
    "an unknown key": lambda _acme: factories.bearer(generate_api_key("live")),
    "a key with a wrong checksum": lambda _acme: factories.bearer("live_" + "a" * 38),
    "a key in capitals": lambda acme: factories.bearer(ApiKey.issue(acme, "live")[1].upper()),
    "another scheme": lambda _acme: _header(basic("client", "secret")),
    "a key in X-API-Key": _api_key_header,
    "a key's digest": lambda acme: factories.bearer(ApiKey.issue(acme, "live")[0].digest),
    "a revoked key": lambda acme: _key(acme, revoked_at=_past()),
    "an expired key": lambda acme: _key(acme, expires_at=_past()),
    "an expired token": lambda acme: _token(acme, expires_at=_past()),
    "a revoked client's token": lambda acme: _token(acme, revoked_at=_past()),
    "an expired client's token": lambda acme: factories.bearer(
        factories.access_token(_expired(factories.oauth_client(acme)))
    ),
}


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_what_is_no_credential_is_401(
    acme: Organization, ids: tuple[UUID, UUID], route: Route
) -> None:
    before = stored()
    for name, make in CLOSED.items():
        client = make(acme)
        here = call(client, route, *ids)
        nowhere = call(client, route, UUID(int=7), UUID(int=7))

        assert_error(here, 401)
        assert here["WWW-Authenticate"], name
        assert here.content == nowhere.content
    assert stored() == before


# --- Scopes --------------------------------------------------------------------------------------

BY_SCOPES: dict[str, Callable[[Organization, list[str]], APIClient]] = {
    "key": lambda acme, scopes: _key(acme, scopes=scopes),
    "client": lambda acme, scopes: _token(acme, scopes=scopes),
    "token": lambda acme, scopes: factories.bearer(
        factories.access_token(factories.oauth_client(acme), scopes)
    ),
}


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
@pytest.mark.parametrize("kind", BY_SCOPES)
def test_a_credential_without_the_scope_is_403(
    acme: Organization, ids: tuple[UUID, UUID], route: Route, kind: str
) -> None:
    before = stored()
    needed, other = "customers:read", "customers:write"
    if TABLE[route].writes:
        needed, other = other, needed
    for scopes in ([], [other], ["nonsense"]):
        client = BY_SCOPES[kind](acme, scopes)
        here = call(client, route, *ids)
        nowhere = call(client, route, UUID(int=7), UUID(int=7))

        assert needed in assert_error(here, 403, "forbidden")["message"]
        assert here.content == nowhere.content
    assert stored() == before

    assert call(BY_SCOPES[kind](acme, [needed]), route, *ids).status_code == TABLE[route].ok


# --- Others --------------------------------------------------------------------------------------

OTHERS: dict[str, Callable[[Organization, Organization], APIClient]] = {
    "another organization's key": lambda _acme, globex: factories.client(globex),
    "another mode's key": lambda acme, _globex: factories.client(acme, "test"),
    "another organization's token": lambda _acme, globex: _token(globex),
    "another mode's token": lambda acme, _globex: factories.bearer(
        factories.access_token(factories.oauth_client(acme, "test"))
    ),
    "another mode of another organization": lambda _acme, globex: factories.client(globex, "test"),
}


@pytest.mark.parametrize("route", OF_ONE, ids=" ".join)
@pytest.mark.parametrize("whose", OTHERS)
def test_what_exists_elsewhere_is_told_as_what_does_not_exist(
    acme: Organization, globex: Organization, ids: tuple[UUID, UUID], whose: str, route: Route
) -> None:
    client = OTHERS[whose](acme, globex)
    before = stored()
    body = TABLE[route].body
    bodies = [body] if body is None else [body, {}, {"name": 5, "first_name": 5}]

    for each in bodies:
        elsewhere = call(client, route, *ids, each)
        nowhere = call(client, route, UUID(int=7), UUID(int=7), each)

        assert_error(elsewhere, 404)
        assert elsewhere.content == nowhere.content
        assert headers(elsewhere) == headers(nowhere)
    assert stored() == before


def headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "X-Request-Id"}


@pytest.mark.parametrize("whose", OTHERS)
def test_others_list_and_create_among_their_own(
    acme: Organization, globex: Organization, ids: tuple[UUID, UUID], whose: str
) -> None:
    theirs = OTHERS[whose](acme, globex)

    created = theirs.post("/customers", {"name": "Own"}, format="json").json()["id"]
    seen = [row["id"] for row in theirs.get("/customers").json()["data"]]
    ours = [row["id"] for row in factories.client(acme).get("/customers").json()["data"]]

    assert seen == [created]
    assert ours == [str(ids[0])]


@pytest.mark.parametrize("whose", OTHERS)
def test_the_cursor_of_others_is_a_place_and_nothing_more(
    acme: Organization, globex: Organization, ids: tuple[UUID, UUID], whose: str
) -> None:
    cursor = factories.client(acme).get("/customers").json()["end_cursor"]
    theirs = OTHERS[whose](acme, globex)

    for direction in ("after", "before"):
        page = theirs.get("/customers", {direction: cursor}).json()
        assert page["data"] == []
        assert not page["has_next_page"]
        assert not page["has_previous_page"]


def test_a_payment_method_of_another_customer_is_told_as_none(
    acme: Organization, api: APIClient, ids: tuple[UUID, UUID]
) -> None:
    other, others_method = rows_of(acme, "live")
    path = f"/customers/{ids[0]}/payment-methods"

    elsewhere = api.get(f"{path}/{others_method}")
    nowhere = api.get(f"{path}/{UUID(int=7)}")

    assert api.get(f"/customers/{other}/payment-methods/{others_method}").status_code == 200
    assert_error(elsewhere, 404)
    assert elsewhere.content == nowhere.content


def test_a_session_of_staff_opens_nothing_here(db: None, django_user_model: Any) -> None:
    client = APIClient()
    client.force_login(django_user_model.objects.create_superuser("root", password="x"))

    assert_error(client.get("/customers"), 401)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_the_right_credential_gets_in(api: APIClient, ids: tuple[UUID, UUID], route: Route) -> None:
    """Without this, the tests above could all pass on a path that is wrong."""
    assert call(api, route, *ids).status_code == TABLE[route].ok
