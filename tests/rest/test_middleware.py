"""X-Request-Id, and what Django answers by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer
from customers.rest.contract import contracts
from customers.rest.middleware import ContractErrors
from customers.values.demo_credentials import API_KEYS

GIVEN = "a-Request.id:of_42"


def test_every_answer_has_a_request_id_of_its_own(api: APIClient, customer: Customer) -> None:
    paths = ["/", "/customers", f"/customers/{customer.pk}", "/customers/x/y/z", "/nowhere"]

    ids = [api.get(path)["X-Request-Id"] for path in paths]

    assert len(set(ids)) == len(paths)
    assert all(UUID(id).version == 7 for id in ids)


def test_the_history_records_it(api: APIClient, customer: Customer) -> None:
    response: Any = api.patch(f"/customers/{customer.pk}", {"name": "New"}, format="json")

    event: Any = customer.events.order_by("pgh_id").last()  # type: ignore[attr-defined]
    assert event.pgh_context["request_id"] == response["X-Request-Id"]


def test_a_proxy_that_is_trusted_gives_it(
    api: APIClient, customer: Customer, settings: Settings
) -> None:
    settings.TRUST_PROXY_HEADERS = True

    response: Any = api.patch(
        f"/customers/{customer.pk}", {"name": "New"}, format="json", HTTP_X_REQUEST_ID=GIVEN
    )

    event: Any = customer.events.order_by("pgh_id").last()  # type: ignore[attr-defined]
    assert response["X-Request-Id"] == GIVEN
    assert event.pgh_context["request_id"] == GIVEN


def test_without_a_trusted_proxy_no_caller_gives_it(client: Client, db: None) -> None:
    assert client.get("/", HTTP_X_REQUEST_ID=GIVEN)["X-Request-Id"] != GIVEN


@pytest.mark.parametrize(
    "given", ["", " ", "a b", "a" * 129, "a\nb", "é", "<b>", "a\x00b", '"', "a;b", "a\n"]
)
def test_what_is_no_id_is_replaced(
    client: Client, db: None, settings: Settings, given: str
) -> None:
    settings.TRUST_PROXY_HEADERS = True

    id = client.get("/", HTTP_X_REQUEST_ID=given)["X-Request-Id"]

    assert UUID(id).version == 7


@pytest.mark.parametrize(
    "secret", ["4111-1111-1111-1111", "a:4242.4242.4242.4242", API_KEYS["live"]]
)
def test_an_id_with_a_card_number_or_a_key_in_it_is_replaced(
    client: Client, db: None, settings: Settings, secret: str
) -> None:
    settings.TRUST_PROXY_HEADERS = True

    assert UUID(client.get("/", HTTP_X_REQUEST_ID=secret)["X-Request-Id"]).version == 7


def answer(path: str, response: HttpResponse) -> HttpResponse:
    """What ContractErrors makes of `response`."""

    def respond(request: HttpRequest) -> HttpResponse:
        return response

    return ContractErrors(respond)(RequestFactory().get(path))


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.slug)
@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 500, 503])
def test_a_page_at_a_contracts_path_becomes_its_json(contract: Any, status: int) -> None:
    for base in contract.bases:
        for path in (base, f"{base}/x"):
            reported = answer(path, HttpResponse("<html>secret</html>", status=status))
            assert reported.status_code == status
            assert reported["Content-Type"] == contract.error_type
            assert b"secret" not in reported.content


@pytest.mark.parametrize(
    ("path", "response"),
    [
        ("/customers", HttpResponse("fine", status=200)),
        ("/customers", HttpResponse(status=304)),
        ("/customers", JsonResponse({"code": "own"}, status=404)),
        ("/", HttpResponse("page", status=404)),
        ("/docs/x/", HttpResponse("page", status=404)),
        ("/admin/", HttpResponse("page", status=500)),
    ],
)
def test_all_else_is_left_as_it_is(path: str, response: HttpResponse) -> None:
    before = (response.status_code, response.content)

    reported = answer(path, response)

    assert reported is response
    assert (reported.status_code, reported.content) == before
