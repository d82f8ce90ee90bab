"""Webhook endpoints and their deliveries through the registry's own API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from customers.models import IdempotencyRecord, Organization
from customers.webhooks import tasks
from customers.webhooks.models import Attempt, Delivery, WebhookEndpoint
from tests import factories
from tests.api.harness import send_json
from tests.api.registry.support import assert_error, get, patch, post
from tests.factories import customer, tenant
from tests.stored import everything_stored
from tests.webhooks.receiver import Receiver, receiving
from tests.webhooks.support import deliver, dispatch

pytestmark = pytest.mark.usefixtures("everything_has_ended")

HOOKS = "/registry/v1/webhook_endpoints"
URL = "https://hooks.example/in"
NO_ID = UUID(int=7)


@pytest.fixture
def endpoint(acme: Organization) -> WebhookEndpoint:
    return WebhookEndpoint.create(tenant(acme), {"url": URL})[0]


@pytest.fixture
def delivery(endpoint: WebhookEndpoint) -> Delivery:
    return Delivery.send_test(endpoint)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found
    tasks.close()


def path_of(endpoint: WebhookEndpoint, rest: str = "") -> str:
    return f"{HOOKS}/{endpoint.pk}{rest}"


# --- Endpoints -----------------------------------------------------------------------------------


def test_an_endpoint_is_created_changed_and_removed(api: APIClient) -> None:
    made = post(api, HOOKS, {"url": URL, "types": ["customer.updated"], "description": "Ledger"})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["url"], shown["types"], shown["description"], shown["is_enabled"]) == (
        *(URL, ["customer.updated"], "Ledger"),
        True,
    )
    assert made["Location"] == f"{HOOKS}/{shown['id']}"
    assert made["ETag"] == '"1"'

    path = made["Location"]
    changed = patch(api, path, {"types": [], "is_enabled": False}, HTTP_IF_MATCH='"1"')
    assert changed.json() == {
        **shown,
        "types": [],
        "is_enabled": False,
        "version": 2,
        "updated_at": changed.json()["updated_at"],
    }
    assert get(api, path).json() == changed.json()
    assert get(api, path, HTTP_IF_NONE_MATCH='"2"').status_code == 304
    assert get(api, HOOKS).json()["data"] == [changed.json()]

    assert_error(patch(api, path, {"description": "x"}, HTTP_IF_MATCH='"1"'), 412)
    assert send_json(api, "DELETE", path).json() == changed.json()
    assert_error(get(api, path), 404)
    assert get(api, HOOKS).json()["data"] == []


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, {"url": "required"}),
        ({"url": None}, {"url": "null"}),
        ({"url": ""}, {"url": "blank"}),
        ({"url": 5}, {"url": "type"}),
        ({"url": "ftp://hooks.example"}, {"url": "url"}),
        ({"url": "https://10.0.0.1/"}, {"url": "url"}),
        ({"url": "https://hooks.example/4111111111111111"}, {"url": "card_number"}),
        ({"url": URL, "types": "customer.updated"}, {"types": "not_a_list"}),
        ({"url": URL, "is_enabled": "true"}, {"is_enabled": "invalid"}),
        ({"url": URL, "description": "4111 1111 1111 1111"}, {"description": "card_number"}),
    ],
)
def test_what_is_no_endpoint_is_refused(
    api: APIClient, body: dict[str, Any], codes: dict[str, str]
) -> None:
    assert_error(post(api, HOOKS, body), 422, **codes)
    assert not WebhookEndpoint.objects.exists()


def test_a_type_that_no_event_has_is_refused(api: APIClient) -> None:
    answer = post(api, HOOKS, {"url": URL, "types": ["4111111111111111"]})

    assert answer.status_code == 422
    assert b"4111" not in answer.content


def test_a_created_endpoint_is_created_once_and_no_secret_is_recorded(api: APIClient) -> None:
    first, second = (
        post(api, HOOKS, {"url": URL}, HTTP_IDEMPOTENCY_KEY="once") for _time in range(2)
    )

    assert first.json() == second.json()
    assert WebhookEndpoint.objects.count() == 1
    secrets = get(api, f"{first['Location']}/secret").json()["secrets"]
    assert secrets[0].startswith("whsec_")
    assert secrets[0].encode() not in bytes(IdempotencyRecord.objects.get().body)
    assert secrets[0][6:] not in everything_stored()


def test_a_rotated_secret_overlaps(api: APIClient, endpoint: WebhookEndpoint) -> None:
    (old,) = get(api, path_of(endpoint, "/secret")).json()["secrets"]

    rotated = post(api, path_of(endpoint, "/rotate_secret"), {"overlap_hours": 1})
    new, former = get(api, path_of(endpoint, "/secret")).json()["secrets"]
    assert former == old != new
    assert rotated.json()["former_secret_ends_at"] is not None

    post(api, path_of(endpoint, "/rotate_secret"), {"overlap_hours": 0})
    (newest,) = get(api, path_of(endpoint, "/secret")).json()["secrets"]
    assert newest not in {new, old}
    assert_error(
        post(api, path_of(endpoint, "/rotate_secret"), {"overlap_hours": 169}),
        422,
        overlap_hours="max_value",
    )
    assert_error(
        post(api, path_of(endpoint, "/rotate_secret"), {"overlap_hours": "1"}),
        422,
        overlap_hours="type",
    )


# --- Deliveries ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_deliveries_are_listed_with_their_attempts(
    acme: Organization, api: APIClient, receiver: Receiver
) -> None:
    receiver.answer = lambda _: (500, b"<script>")
    endpoint, _ = WebhookEndpoint.create(tenant(acme), {"url": receiver.url})
    customers = [customer(acme, name=name) for name in ("One", "Two", "Three")]
    deliver()

    page = get(api, path_of(endpoint, "/deliveries?limit=2")).json()
    rest = get(api, page["links"]["next"]).json()
    listed = [*page["data"], *rest["data"]]
    assert [row["customer_id"] for row in listed] == [str(row.pk) for row in reversed(customers)]
    assert get(api, rest["links"]["previous"]).json()["data"] == page["data"]
    (attempt,) = listed[0]["attempts"]
    assert (attempt["status"], attempt["answer"], attempt["error"]) == (500, "<script>", "")
    one = get(api, path_of(endpoint, f"/deliveries/{listed[0]['id']}")).json()
    assert one == listed[0]
    assert get(api, path_of(endpoint, "/deliveries?state=failed")).json()["data"] == []
    assert len(get(api, path_of(endpoint, "/deliveries?state=waiting")).json()["data"]) == 3


def test_a_list_of_deliveries_has_three_queries(
    api: APIClient, endpoint: WebhookEndpoint, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        Delivery.send_test(endpoint)
    get(api, HOOKS)
    with django_assert_max_num_queries(5):  # the key, its use, the endpoint, the page, attempts
        assert len(get(api, path_of(endpoint, "/deliveries")).json()["data"]) == 5


def test_one_delivery_and_a_range_are_delivered_again(
    acme: Organization, api: APIClient, endpoint: WebhookEndpoint
) -> None:
    customer(acme, name="Ada").revise({"name": "Ada L."})
    dispatch()
    rows = Delivery.objects.to(endpoint)
    rows.update(state="delivered")
    first, second = rows.order_by("id")

    again = post(api, path_of(endpoint, f"/deliveries/{first.pk}/redeliver"))
    assert again.json() == {"dry_run": False, "redelivered": 1}
    assert list(rows.waiting()) == [first]
    span = {"since": first.event_at.isoformat(), "until": second.event_at.isoformat()}
    rows.update(state="delivered")
    path = path_of(endpoint, "/redeliver")
    assert post(api, path, {**span, "state": "failed"}).json()["redelivered"] == 0
    assert post(api, f"{path}?dry_run=true", span).json() == {"dry_run": True, "redelivered": 1}
    assert list(rows.waiting()) == []
    assert post(api, path, span).json() == {"dry_run": False, "redelivered": 1}
    assert list(rows.waiting()) == [first]
    assert_error(
        post(api, path, {"since": "4111111111111111"}), 422, since="invalid", until="required"
    )


def test_a_test_event_is_sent(api: APIClient, endpoint: WebhookEndpoint) -> None:
    assert post(api, path_of(endpoint, "/test?dry_run=true")).status_code == 200
    assert not Delivery.objects.exists()

    answer = post(api, path_of(endpoint, "/test"))

    assert answer.status_code == 201
    assert answer.json()["event_type"] == "webhook.test"
    assert Delivery.objects.get().state == "waiting"


# --- Who gets in ---------------------------------------------------------------------------------

ROUTES = [
    ("GET", "", None),
    ("POST", "", {"url": URL}),
    ("GET", "/{id}", None),
    ("PATCH", "/{id}", {"description": "New"}),
    ("GET", "/{id}/secret", None),
    ("POST", "/{id}/rotate_secret", {}),
    ("POST", "/{id}/test", None),
    ("GET", "/{id}/deliveries", None),
    ("GET", "/{id}/deliveries/{delivery}", None),
    ("POST", "/{id}/deliveries/{delivery}/redeliver", None),
    ("POST", "/{id}/redeliver", {"since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}),
    ("DELETE", "/{id}", None),
]
every_route = pytest.mark.parametrize(("method", "path", "body"), ROUTES)


def ask(client: APIClient, method: str, path: str, body: Any, delivery: Delivery | None) -> Any:
    found = (delivery.endpoint_id, delivery.pk) if delivery else (NO_ID, 0)
    return send_json(client, method, HOOKS + path.format(id=found[0], delivery=found[1]), body)


@every_route
def test_a_route_needs_its_scopes(
    acme: Organization, delivery: Delivery, method: str, path: str, body: Any
) -> None:
    reads = method == "GET" and not path.endswith("/secret")
    before = everything_stored()
    assert_error(ask(APIClient(), method, path, body, delivery), 401)
    assert everything_stored() == before
    refused = [["customers:write"]] if reads else [["customers:write"], ["customers:read"]]
    for scopes in refused:
        assert_error(ask(factories.client(acme, scopes=scopes), method, path, body, delivery), 403)

    right = ["customers:read"] if reads else ["customers:read", "customers:write"]
    answer = ask(factories.client(acme, scopes=right), method, path, body, delivery)
    assert answer.status_code in (200, 201), answer.content


@every_route
@pytest.mark.parametrize("other", ["another organization", "another mode"])
def test_what_is_of_others_is_as_what_is_not_there(
    *,
    acme: Organization,
    globex: Organization,
    delivery: Delivery,
    method: str,
    path: str,
    body: Any,
    other: str,
) -> None:
    client = factories.client(acme, "test") if other == "another mode" else factories.client(globex)
    shown = [ask(client, method, path, body, row) for row in (delivery, None)]

    if "{" in path:
        for answer in shown:
            assert_error(answer, 404)
    elif method == "GET":
        assert shown[0].json()["data"] == []
    else:
        assert WebhookEndpoint.objects.visible_to(tenant(acme)).count() == 1
    delivery.endpoint.refresh_from_db()
    assert (delivery.endpoint.version, delivery.endpoint.removed_at) == (1, None)


@pytest.mark.parametrize("method_path_body", [each for each in ROUTES if each[0] != "GET"], ids=str)
def test_a_dry_run_writes_nothing(
    acme: Organization, delivery: Delivery, method_path_body: tuple[str, str, Any]
) -> None:
    method, path, body = method_path_body
    client = factories.client(acme)
    Delivery.objects.update(state="delivered")
    before = everything_stored()

    answer = ask(client, method, f"{path}?dry_run=true", body, delivery)

    assert answer.status_code == 200, answer.content
    assert everything_stored() == before
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("rest", ["/deliveries/x", "/deliveries/²", "/deliveries/" + "9" * 30])
def test_what_is_no_number_is_no_delivery(
    api: APIClient, endpoint: WebhookEndpoint, rest: str
) -> None:
    assert_error(get(api, path_of(endpoint, rest)), 404)
