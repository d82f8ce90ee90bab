"""Who gets in where: every route and method of every contract, with every kind of credential."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, OAuthClient, Organization
from customers.rest.contract import contracts
from customers.values.api_keys import generate_api_key
from customers.values.cus_ids import encode
from tests import factories
from tests.api.alternative_payments.support import stored
from tests.api.contract_table import ROUTES, TABLE, Route, Spoken, name_of, rows_of

#: Routes that take no credential of a customer API, and why.
OPEN: dict[tuple[str, str, str], str] = {
    ("alternative-payments", "POST", "/oauth/token"): "the client's own credentials are asked for",
    ("alternative-payments", "POST", "/oauth/revoke"): "the client's own credentials are asked for",
    ("alternative-payments", "*", "/customers/openapi.json"): "documentation",
    ("alternative-payments", "*", r"/^(customers|oauth)(/.*)?$"): "answers 404 only",
    ("billabear", "*", "/api/v1.0/openapi.json"): "documentation",
    ("billabear", "*", r"/^api/v1\.0/customer(/.*)?$"): "answers 404 only",
    ("lago", "*", "/api/v1/openapi.json"): "documentation",
    ("lago", "*", "/^api/v1/customers/?$"): "answers 404 only",
    ("vatly", "*", "/v1/openapi.json"): "documentation",
    ("vatly", "*", "/^v1/customers(/.*)?$"): "answers 404 only",
}
PATTERNS = {  # as the URLconf writes what the table writes shorter
    "<str:id>": "{id}",
    "<str:payment_method_id>": "{method_id}",
    r"^api/v1/customers/(?P<external_id>(?s:.+))\Z": "api/v1/customers/{id}",
}

NOTHING = Customer(pk=UUID(int=7), external_id="nothing")
OF_ONE = [pair for pair in ROUTES if pair[1].of_one]
BEARER = [spoken for spoken in TABLE if spoken.header == "HTTP_AUTHORIZATION"]


def test_the_table_has_every_contract() -> None:
    assert {spoken.slug for spoken in TABLE} == {contract.slug for contract in contracts()}


@pytest.mark.parametrize("spoken", TABLE, ids=str)
def test_every_method_of_every_route_has_an_entry(spoken: Spoken) -> None:
    found = set()
    for pattern in import_module(spoken.contract.urlconf).urlpatterns:
        path = str(pattern.pattern)
        for theirs, ours in PATTERNS.items():
            path = path.replace(theirs, ours)
        for method in getattr(pattern.callback, "actions", None) or ["*"]:
            if method != "head":
                found.add((spoken.slug, method.upper(), f"/{path}"))
    expected = {(spoken.slug, route.method, route.path) for route in spoken.routes}
    expected |= {entry for entry in OPEN if entry[0] == spoken.slug}

    assert found == expected


def call(
    client: APIClient, pair: tuple[Spoken, Route], row: tuple[Customer, str], body: Any = ...
) -> Any:
    spoken, route = pair
    path = route.path.format(id=spoken.id_of(row[0]), method_id=row[1])
    if body is ...:
        body = None if route.body is None else spoken.good(route)
    kind = None if body is None else "json"
    return getattr(client, route.method.lower())(path, body, format=kind)


def same(one: Any, other: Any) -> bool:
    """Whether two answers cannot be told apart."""
    headers = [
        {name: value for name, value in answer.items() if name != "X-Request-Id"}
        for answer in (one, other)
    ]
    return (one.status_code, one.content, headers[0]) == (
        other.status_code,
        other.content,
        headers[1],
    )


@pytest.fixture
def row(acme: Organization) -> tuple[Customer, str]:
    """A customer of Acme's live data, and its payment method."""
    return rows_of(acme)


@pytest.mark.parametrize("pair", ROUTES, ids=name_of)
def test_the_right_credential_gets_in(
    acme: Organization, row: tuple[Customer, str], pair: tuple[Spoken, Route]
) -> None:
    """Without this, the tests below could all pass on a path that is wrong."""
    assert call(pair[0].client(acme), pair, row).status_code == pair[1].ok


# --- Credentials that open nothing ---------------------------------------------------------------


def _issued(organization: Organization, **changes: Any) -> str:
    key, secret = ApiKey.issue(organization, "live")
    ApiKey.objects.filter(pk=key.pk).update(**changes)
    return secret


def _past() -> Any:
    return timezone.now() - timedelta(seconds=1)


#: name: (its secret, Vatly's status where that is another than 401)
CLOSED: dict[str, tuple[Callable[[Organization], str], int]] = {
    "an empty one": (lambda _acme: "", 401),
    "garbage": (lambda _acme: "garbage", 403),
    "bytes": (lambda _acme: "\xff\xfe", 403),
    "a long one": (lambda _acme: "a" * 100_000, 403),
    "a NUL": (lambda _acme: "live_\0" + "a" * 37, 401),
    "SQL": (lambda _acme: "' OR ''='", 403),
    "an unknown key": (lambda _acme: generate_api_key("live"), 401),
    "a key with a wrong checksum": (lambda _acme: "live_" + "a" * 38, 401),
    "a prefix alone": (lambda _acme: "live_", 401),
    "a key in capitals": (lambda acme: _issued(acme).upper(), 403),
    "a key of the other prefix": (lambda acme: _issued(acme).replace("live_", "test_", 1), 401),
    "a key cut short": (lambda acme: _issued(acme)[:-1], 401),
    "a key and more": (lambda acme: _issued(acme) + "x", 401),
    "a key's digest": (lambda acme: ApiKey.issue(acme, "live")[0].digest, 403),
    "a revoked key": (lambda acme: _issued(acme, revoked_at=_past()), 403),
    "an expired key": (lambda acme: _issued(acme, expires_at=_past()), 401),
}


def assert_closed(
    client: APIClient, pair: tuple[Spoken, Route], row: tuple[Customer, str], status: int
) -> None:
    here = call(client, pair, row)
    pair[0].assert_error(here, status)
    assert status != 401 or here["WWW-Authenticate"]
    assert same(here, call(client, pair, (NOTHING, str(UUID(int=7)))))
    assert same(here, call(client, pair, row, {"customer": 5} if pair[1].body else ...))


@pytest.mark.parametrize("pair", ROUTES, ids=name_of)
def test_what_is_no_credential_opens_nothing(
    acme: Organization, row: tuple[Customer, str], pair: tuple[Spoken, Route]
) -> None:
    before = stored()
    assert_closed(APIClient(), pair, row, 401)
    for make, status in CLOSED.values():
        client = pair[0].bearer(make(acme))
        assert_closed(client, pair, row, status if pair[0].slug == "vatly" else 401)
    assert stored() == before


@pytest.mark.parametrize("pair", ROUTES, ids=name_of)
def test_a_credential_in_another_contracts_place_opens_nothing(
    acme: Organization, row: tuple[Customer, str], pair: tuple[Spoken, Route]
) -> None:
    before = stored()
    secret = ApiKey.issue(acme, "live")[1]
    for header, value in {
        "HTTP_X_API_KEY": secret,
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "HTTP_X_AUTHORIZATION": f"Bearer {secret}",
        "HTTP_COOKIE": f"api_key={secret}",
    }.items():
        if header != pair[0].header:
            client = APIClient()
            client.credentials(**{header: value})
            assert_closed(client, pair, row, 401)
    for scheme in ("Basic", "Token", "Bearer\t", "ApiKey", ""):
        if pair[0] in BEARER:
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"{scheme} {secret}")
            assert_closed(client, pair, row, 401)
    assert stored() == before


@pytest.mark.parametrize("pair", ROUTES, ids=name_of)
def test_an_access_token_opens_its_own_contract_only(
    acme: Organization, row: tuple[Customer, str], pair: tuple[Spoken, Route]
) -> None:
    spoken = pair[0]
    client = factories.oauth_client(acme)
    right = factories.access_token(client)
    expired = factories.access_token(client, expires_at=_past())
    if spoken.slug == "alternative-payments":
        assert_closed(spoken.bearer(expired), pair, row, 401)
        assert call(spoken.bearer(right), pair, row).status_code == pair[1].ok
        OAuthClient.objects.filter(pk=client.pk).update(revoked_at=_past())
    assert_closed(spoken.bearer(right), pair, row, 403 if spoken.slug == "vatly" else 401)


@pytest.mark.parametrize("spoken", TABLE, ids=str)
def test_a_session_of_staff_opens_nothing(db: None, django_user_model: Any, spoken: Spoken) -> None:
    client = APIClient()
    client.force_login(django_user_model.objects.create_superuser("root", password="x"))

    for route in spoken.lists:
        if not route.of_one:
            spoken.assert_error(client.get(route.path), 401)


# --- Scopes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", ROUTES, ids=name_of)
def test_a_credential_without_the_scope_is_403(
    acme: Organization, row: tuple[Customer, str], pair: tuple[Spoken, Route]
) -> None:
    before = stored()
    spoken, route = pair
    needed, other = "customers:read", "customers:write"
    if route.writes:
        needed, other = other, needed
    for scopes in ([], [other], ["nonsense"], [needed.upper()]):
        assert_closed(spoken.bearer(_issued(acme, scopes=scopes)), pair, row, 403)
    assert stored() == before

    assert call(spoken.client(acme, scopes=[needed]), pair, row).status_code == route.ok


# --- Others --------------------------------------------------------------------------------------

OTHERS: dict[str, tuple[bool, str]] = {  # whether it is of Acme, and its mode
    "another organization": (False, "live"),
    "another mode": (True, "test"),
    "another mode of another organization": (False, "test"),
}


@pytest.fixture(params=OTHERS)
def other(
    request: pytest.FixtureRequest, acme: Organization, globex: Organization
) -> tuple[Organization, str]:
    is_acme, mode = OTHERS[request.param]
    return acme if is_acme else globex, mode


@pytest.mark.parametrize("pair", OF_ONE, ids=name_of)
def test_what_exists_elsewhere_is_told_as_what_does_not_exist(
    row: tuple[Customer, str], other: tuple[Organization, str], pair: tuple[Spoken, Route]
) -> None:
    spoken, route = pair
    secret = ApiKey.issue(*other)[1]
    before = stored()
    bodies = [None] if route.body is None else [spoken.good(route), {}, {"name": 5}]

    for headers in ({}, {"HTTP_IF_MATCH": '"1"'}, {"HTTP_IF_NONE_MATCH": "*"}):
        client = APIClient()
        client.credentials(**spoken.headers(secret), **headers)
        for body in bodies:
            elsewhere = call(client, pair, row, body)
            spoken.assert_error(elsewhere, 404)
            assert same(elsewhere, call(client, pair, (NOTHING, str(UUID(int=7))), body))
    assert stored() == before


@pytest.mark.parametrize("spoken", TABLE, ids=str)
def test_others_write_and_list_among_their_own(
    acme: Organization, row: tuple[Customer, str], other: tuple[Organization, str], spoken: Spoken
) -> None:
    """Also where the values are those of a customer of Acme: they are as free as any."""
    listed, create = spoken.lists[0], spoken.writes[0]
    taken = {"email": "planted@example.org", "external_id": "planted", "customer_id": "planted"}
    values = {name: taken[name] for name in taken if name in create.fields}
    before = Customer.objects.filter(pk=row[0].pk).values().get()
    theirs = spoken.client(*other)

    def seen(client: APIClient) -> list[Any]:
        page = client.get(listed.path).json()
        rows = page.get("data") or page.get("customers") or []
        return [each.get("lago_id") or each["id"] for each in rows]

    assert seen(theirs) == []
    body = spoken.good(create, **values)
    assert getattr(theirs, create.method.lower())(create.path, body, format="json").status_code == (
        create.ok
    )

    made = Customer.objects.exclude(pk=row[0].pk).get()
    assert (made.organization, made.mode) == other
    shown = encode if spoken.slug == "vatly" else str
    assert seen(theirs) == [shown(made.pk)]
    assert seen(spoken.client(acme)) == [shown(row[0].pk)]
    assert Customer.objects.filter(pk=row[0].pk).values().get() == before
