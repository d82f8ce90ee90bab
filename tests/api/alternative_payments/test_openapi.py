"""GET /customers/openapi.json: what is its own, and the OAuth endpoints."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.alternative_payments.conftest import Post, basic
from tests.api.openapi_tour import Document, Tour, documented_statuses


@pytest.fixture
def document(db: None) -> Document:
    body: Document = APIClient().get("/customers/openapi.json").json()
    return body


def test_the_token_endpoint_is_that_of_the_oauth_scheme(document: Document) -> None:
    flow = document["components"]["securitySchemes"]["OAuth2"]["flows"]["clientCredentials"]

    assert flow["tokenUrl"] in document["paths"]
    assert set(flow["scopes"]) == {"customers:read", "customers:write"}


def test_the_bodies_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]
    patch = {
        *("city", "country", "ein", "legal_name", "name", "postal_code", "state"),
        *("street_address", "sub_premise"),
    }

    assert set(schemas["CustomerCreate"]["properties"]) == patch | {"email", "external_id"}
    (patched,) = (name for name in schemas if name.endswith("CustomerPatch"))
    assert set(schemas[patched]["properties"]) == patch
    assert set(schemas["UserCreate"]["properties"]) == {"email", "first_name", "last_name"}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/oauth/token", "grant_type=client_credentials&token=x"),
        ("/oauth/revoke", "token=x"),
    ],
)
def test_every_documented_status_of_the_oauth_endpoints_happens_and_no_other(
    document: Document, post_form: Post, three_a_minute: None, path: str, form: str
) -> None:
    tour = Tour(document)
    requests: list[tuple[str, dict[str, Any]]] = [
        (form, {}),
        ("", {}),
        (form, {"authorization": basic("x", "y")}),
        (form, {}),  # the fourth in a minute
    ]
    for body, extra in requests:
        tour.note("post", path, post_form(path, body, REMOTE_ADDR="203.0.113.1", **extra))
    elsewhere = {"REMOTE_ADDR": "198.51.100.1"}
    tour.note("post", path, post_form(path, form.ljust(17_000, "a"), **elsewhere))
    tour.note("post", path, post_form(path, form, content_type="a/b", **elsewhere))

    assert tour.seen["post", path] == documented_statuses(document)["post", path]
