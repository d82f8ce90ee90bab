"""Who gets in where: every route and method of every contract, with every kind of credential."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, OAuthClient, Organization
from customers.rest.contract import contracts
from customers.values.api_keys import generate_api_key
from tests import factories
from tests.api.contract_table import OF_ONE, ROUTES, TABLE, VATLY, name_of
from tests.api.fields import id_in, listed
from tests.api.harness import NOWHERE, Endpoint, Harness, in_urlconfs, rows_of
from tests.stored import stored

BEARER = [harness for harness in TABLE if harness.is_bearer]


def test_the_table_has_every_contract() -> None:
    assert {harness.slug for harness in TABLE} == {contract.slug for contract in contracts()}


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_every_method_of_every_route_has_an_entry(harness: Harness) -> None:
    found = {
        (method, pattern) for slug, method, pattern, *_ in in_urlconfs() if slug == harness.slug
    }
    routes = {(route.method, route.in_urlconf) for route in harness.routes}

    assert found == routes | harness.open.keys()


def call(client: APIClient, endpoint: Endpoint, row: tuple[Customer, str], body: Any = ...) -> Any:
    """The answer for a customer and a payment method, with a good body that names no customer."""
    if body is ...:
        route = endpoint.route
        body = None if route.body is None else endpoint.harness.good(route)
    return endpoint.send(client, row[0], method_id=row[1], body=body)


def same(one: Any, other: Any) -> bool:
    """Whether two answers cannot be distinguished."""
    headers = [
        {name: value for name, value in answer.items() if name != "X-Request-Id"}
        for answer in (one, other)
    ]
    bodies = [
        answer.content.replace(answer["X-Request-Id"].encode(), b"") for answer in (one, other)
    ]
    return (one.status_code, bodies[0], headers[0]) == (other.status_code, bodies[1], headers[1])


@pytest.fixture
def row(acme: Organization) -> tuple[Customer, str]:
    """A customer of Acme's live data, and its payment method."""
    return rows_of(acme)


@pytest.mark.parametrize("endpoint", ROUTES, ids=name_of)
def test_the_right_credential_gets_in(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    """Without this, the tests below could all pass on a path that is wrong."""
    assert call(endpoint.harness.client(acme), endpoint, row).status_code == endpoint.route.ok


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
    "a letter": (lambda _acme: "x", 403),
    "garbage": (lambda _acme: "garbage", 403),
    "bytes": (lambda _acme: "\xff\xfe", 403),
    "a letter beyond ASCII": (lambda _acme: "\xe9", 403),
    "a long one": (lambda _acme: "a" * 100_000, 403),
    "a NUL": (lambda _acme: "live_\0" + "a" * 37, 401),
    "SQL": (lambda _acme: "' OR ''='", 403),
    "an unknown key": (lambda _acme: generate_api_key("live"), 401),
    "a key with a wrong checksum": (lambda _acme: "live_" + "a" * 38, 401),
    "a prefix alone": (lambda _acme: "live_", 401),
    "a prefix and a letter": (lambda _acme: "live_x", 401),
    "the other prefix and a letter": (lambda _acme: "test_x", 401),
    "a key in capitals": (lambda acme: _issued(acme).upper(), 403),
    "a key of the other prefix": (lambda acme: _issued(acme).replace("live_", "test_", 1), 401),
    "a key cut short": (lambda acme: _issued(acme)[:-1], 401),
    "a key and more": (lambda acme: _issued(acme) + "x", 401),
    "a key and a word": (lambda acme: _issued(acme) + " x", 401),
    "a key after a letter": (lambda acme: "x" + _issued(acme), 403),
    "a key's digest": (lambda acme: ApiKey.issue(acme, "live")[0].digest, 403),
    "a revoked key": (lambda acme: _issued(acme, revoked_at=_past()), 403),
    "an expired key": (lambda acme: _issued(acme, expires_at=_past()), 401),
}


def assert_closed(
    client: APIClient, endpoint: Endpoint, row: tuple[Customer, str], status: int
) -> None:
    here = call(client, endpoint, row)
    endpoint.harness.assert_error(here, status)
    if status == 401:
        assert here["WWW-Authenticate"].startswith(endpoint.harness.challenge)
    assert same(here, call(client, endpoint, NOWHERE))
    assert same(here, call(client, endpoint, row, {"customer": 5} if endpoint.route.body else ...))


@pytest.mark.parametrize("endpoint", ROUTES, ids=name_of)
def test_what_is_no_credential_opens_nothing(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    before = stored()
    assert_closed(APIClient(), endpoint, row, 401)
    for make, status in CLOSED.values():
        client = endpoint.harness.bearer(make(acme))
        assert_closed(client, endpoint, row, status if endpoint.harness is VATLY else 401)
    assert stored() == before


@pytest.mark.parametrize("endpoint", ROUTES, ids=name_of)
def test_a_credential_in_another_contracts_place_opens_nothing(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    before = stored()
    secret = ApiKey.issue(acme, "live")[1]
    for header, value in {
        "HTTP_X_API_KEY": secret,
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "HTTP_X_AUTHORIZATION": f"Bearer {secret}",
        "HTTP_COOKIE": f"api_key={secret}",
    }.items():
        if header != endpoint.harness.header:
            client = APIClient()
            client.credentials(**{header: value})
            assert_closed(client, endpoint, row, 401)
    schemes = (f"{scheme} {secret}" for scheme in ("Basic", "Token", "Bearer\t", "ApiKey", ""))
    for header in (*schemes, secret, "Bearer", "Basic bGl2ZTpsaXZl"):
        if endpoint.harness.is_bearer:
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=header)
            assert_closed(client, endpoint, row, 401)
    assert stored() == before


@pytest.mark.parametrize("endpoint", ROUTES, ids=name_of)
def test_an_access_token_opens_the_contracts_that_take_one_only(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    harness = endpoint.harness
    client = factories.oauth_client(acme)
    right = factories.access_token(client)
    expired = factories.access_token(client, expires_at=_past())
    if harness.takes_tokens:
        assert_closed(harness.bearer(expired), endpoint, row, 401)
        assert call(harness.bearer(right), endpoint, row).status_code == endpoint.route.ok
        OAuthClient.objects.filter(pk=client.pk).update(revoked_at=_past())
    assert_closed(harness.bearer(right), endpoint, row, 403 if harness is VATLY else 401)


@pytest.mark.parametrize("harness", BEARER, ids=str)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(
    acme: Organization, row: tuple[Customer, str], harness: Harness, scheme: str
) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {ApiKey.issue(acme, 'live')[1]}")

    assert call(client, harness.one, row).status_code == 200


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_a_session_of_staff_opens_nothing(
    db: None, django_user_model: Any, harness: Harness
) -> None:
    client = APIClient()
    client.force_login(django_user_model.objects.create_superuser("root", password="x"))

    harness.assert_error(client.get(harness.listing.route.path), 401)


# --- Scopes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", ROUTES, ids=name_of)
def test_a_credential_without_the_scope_is_403(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    before = stored()
    harness, route = endpoint
    needed, other = "customers:read", "customers:write"
    if route.writes:
        needed, other = other, needed
    for scopes in ([], [other], ["nonsense"], [needed.upper()]):
        assert_closed(harness.bearer(_issued(acme, scopes=scopes)), endpoint, row, 403)
    assert stored() == before

    assert call(harness.client(acme, scopes=[needed]), endpoint, row).status_code == route.ok


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


@pytest.mark.parametrize("endpoint", OF_ONE, ids=name_of)
def test_what_exists_elsewhere_is_answered_as_what_does_not_exist(
    row: tuple[Customer, str], other: tuple[Organization, str], endpoint: Endpoint
) -> None:
    harness, route = endpoint
    secret = ApiKey.issue(*other)[1]
    before = stored()
    bodies = [None] if route.body is None else [harness.good(route), {}, {"name": 5}]

    for headers in ({}, {"HTTP_IF_MATCH": '"1"'}, {"HTTP_IF_NONE_MATCH": "*"}):
        client = APIClient()
        client.credentials(**harness.headers(secret), **headers)
        for body in bodies:
            elsewhere = call(client, endpoint, row, body)
            harness.assert_error(elsewhere, 404)
            assert same(elsewhere, call(client, endpoint, NOWHERE, body))
    assert stored() == before


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_others_write_and_list_among_their_own(
    acme: Organization, row: tuple[Customer, str], other: tuple[Organization, str], harness: Harness
) -> None:
    """Also where the values are those of a customer of Acme: they are as free as any."""
    create = harness.create.route
    taken = {"email": "planted@example.org", "external_id": "planted", "customer_id": "planted"}
    values = {name: taken[name] for name in taken if name in create.fields}
    before = Customer.objects.filter(pk=row[0].pk).values().get()
    theirs = harness.client(*other)

    def seen(client: APIClient) -> list[Any]:
        return [id_in(harness, shown) for shown in listed(client, harness)]

    assert seen(theirs) == []
    body = harness.good(create, **values)
    assert getattr(theirs, create.method.lower())(create.path, body, format="json").status_code == (
        create.ok
    )

    made = Customer.objects.exclude(pk=row[0].pk).get()
    assert (made.organization, made.mode) == other
    assert seen(theirs) == [str(made.pk)]
    assert seen(harness.client(acme)) == [str(row[0].pk)]
    assert Customer.objects.filter(pk=row[0].pk).values().get() == before
