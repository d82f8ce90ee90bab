"""Small inputs that people of this trade really have; each stands for its whole kind."""

from __future__ import annotations

import gzip
from base64 import b64encode
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, OAuthClient, Organization
from tests import factories
from tests.api.contract_table import TABLE
from tests.api.harness import JSON, Harness, send, send_json

SIRET = "38428245500193"  # which passes Luhn's check, as payment cards do


def lago(caller: APIClient, **values: Any) -> Any:
    return send_json(caller, "POST", "/api/v1/customers", {"customer": values})


def test_a_company_number_that_passes_as_a_card_s_is_stored(caller: APIClient) -> None:
    answer = lago(caller, external_id="fr-siret", legal_number=SIRET, country="FR")

    assert answer.status_code == 200
    assert answer.json()["customer"]["legal_number"] == SIRET


def test_a_name_is_found_in_both_normalization_forms(caller: APIClient) -> None:
    for number, name in enumerate(["Cafe\u0301 Nord", "Caf\u00e9 Nord"]):
        lago(caller, external_id=f"form-{number}", name=name)

    for asked in ("Cafe\u0301 Nord", "Caf\u00e9 Nord"):
        found = caller.get("/customers", {"company_name": asked}).json()["data"]
        assert [each["external_id"] for each in found] == ["form-1", "form-0"]


def test_a_name_without_spaces_is_found_by_a_part(caller: APIClient) -> None:
    lago(caller, external_id="cjk-1", name="北京云海科技有限公司")

    found = caller.get("/customers", {"company_name": "云海"}).json()["data"]

    assert [each["external_id"] for each in found] == ["cjk-1"]
    assert [each.external_id for each in Customer.objects.matching("云海")] == ["cjk-1"]


def test_an_empty_list_is_no_metadata(caller: APIClient) -> None:
    """PHP has one empty array for JSON's list and object."""
    answer = send_json(
        caller, "POST", "/v1/customers", {"email": "php@example.com", "metadata": []}
    )

    assert answer.status_code == 201
    assert answer.json()["metadata"] == {}


@pytest.mark.parametrize("metadata", [[""], [[]], [{}], "", 0, False])
def test_control_other_lists_and_empty_values_are_refused(
    caller: APIClient, metadata: object
) -> None:
    values = {"email": "php@example.com", "metadata": metadata}

    assert send_json(caller, "POST", "/v1/customers", values).status_code == 422


def test_a_compressed_body_is_refused_by_the_name_of_its_encoding(caller: APIClient) -> None:
    body = gzip.compress(b'{"name":"z"}')

    answer = send(caller, "POST", "/customers", body, JSON, HTTP_CONTENT_ENCODING="gzip")

    assert answer.status_code == 415
    assert "gzip" in answer.json()["message"]
    assert answer["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "Basic "])
def test_the_scheme_of_a_client_s_credentials_ignores_case(acme: Organization, scheme: str) -> None:
    client, secret = OAuthClient.issue(acme, "live")
    pair = b64encode(f"{client.client_id}:{secret}".encode()).decode()

    answer = send(
        APIClient(),
        "POST",
        "/oauth/token",
        "grant_type=client_credentials",
        "application/x-www-form-urlencoded",
        HTTP_AUTHORIZATION=f"{scheme} {pair}",
    )

    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("harness", [each for each in TABLE if each.is_bearer], ids=str)
def test_the_scheme_of_a_key_ignores_case(acme: Organization, harness: Harness) -> None:
    key = ApiKey.issue(acme, "live")[1]

    for scheme in ("bearer", "BEARER"):
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"{scheme} {key}")
        assert api.get(harness.list_path).status_code == 200


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_an_empty_cursor_is_the_first_page(acme: Organization, harness: Harness) -> None:
    for _ in range(3):
        factories.customer(acme)
    api, path = harness.client(acme), f"{harness.listing.route.path}?{harness.sizes[0]}=2"
    first = api.get(path).json()[harness.rows]

    for cursor in harness.cursors or ("page",):
        answer: Any = api.get(f"{path}&{cursor}=")
        assert answer.status_code == 200
        assert answer.json()[harness.rows] == first
    both = "&".join(f"{cursor}=" for cursor in harness.cursors)
    assert api.get(f"{path}&{both}").status_code == 200


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_a_path_with_two_slashes_is_the_contract_s_404(
    acme: Organization, harness: Harness
) -> None:
    """A client joins an address that ends with a slash and a path that begins with one."""
    answer = send(harness.client(acme), "GET", f"/{harness.listing.route.path}")

    harness.assert_error(answer, 404)
