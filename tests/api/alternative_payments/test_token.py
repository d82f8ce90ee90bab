"""POST /oauth/token"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_refresh_token_model
from rest_framework.test import APIClient

from customers.models import Customer, OAuthClient, Organization
from tests import factories
from tests.api.alternative_payments.conftest import FORM, GRANT, Post, basic
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send
from tests.stored import everything_stored

TOKEN = "/oauth/token"

Issued = tuple[OAuthClient, str]


def test_answers_exactly_the_three_documented_members(post_form: Post) -> None:
    response = post_form(TOKEN)

    body = response.json()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert body == {
        "access_token": body["access_token"],
        "expires_in": 3600,
        "token_type": "bearer",
    }
    assert isinstance(body["access_token"], str)
    assert len(body["access_token"]) >= 30


def test_the_answer_is_kept_by_no_cache(post_form: Post) -> None:
    assert post_form(TOKEN)["Cache-Control"] == "no-store"


def test_the_token_opens_the_api(post_form: Post, customer: Customer) -> None:
    token = post_form(TOKEN).json()["access_token"]

    response = factories.bearer(token).get("/customers")

    assert [row["id"] for row in response.json()["data"]] == [str(customer.pk)]


def test_every_request_gives_another_token(post_form: Post) -> None:
    tokens = {post_form(TOKEN).json()["access_token"] for _ in range(3)}

    assert len(tokens) == 3


def test_the_token_ends_after_an_hour(post_form: Post) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        api = factories.bearer(post_form(TOKEN).json()["access_token"])
        clock.shift(3599)
        before = api.get("/customers")
        clock.shift(2)
        after = api.get("/customers")

    assert before.status_code == 200
    assert_error(after, 401)


def test_the_store_keeps_a_hash_of_the_token_and_nothing_to_make_it_from(
    post_form: Post, issued: Issued
) -> None:
    token = post_form(TOKEN).json()["access_token"]

    kept = everything_stored()
    assert hashlib.sha256(token.encode()).hexdigest() in kept
    assert token not in kept
    assert issued[1] not in kept


def test_the_product_hashes_client_secrets_slowly(acme: Organization, real_hashes: None) -> None:
    client, secret = OAuthClient.issue(acme, "live")

    client.refresh_from_db()
    assert client.client_secret.startswith("pbkdf2_sha256$")
    assert secret not in everything_stored()


def test_no_refresh_token_is_given_or_stored(post_form: Post) -> None:
    assert "refresh_token" not in post_form(TOKEN).json()
    assert not get_refresh_token_model().objects.exists()


# --- Client credentials --------------------------------------------------------------------------


def test_a_wrong_secret_is_403(post_form: Post, issued: Issued) -> None:
    response = post_form(TOKEN, authorization=basic(issued[0].client_id, "wrong"))

    assert_error(response, 403)


def test_an_unknown_client_is_answered_as_a_wrong_secret(post_form: Post, issued: Issued) -> None:
    wrong = post_form(TOKEN, authorization=basic(issued[0].client_id, "wrong"))
    unknown = post_form(TOKEN, authorization=basic("nobody", issued[1]))

    assert unknown.status_code == 403
    assert unknown.content == wrong.content


def test_a_revoked_client_is_403(post_form: Post, issued: Issued) -> None:
    issued[0].revoke()

    assert_error(post_form(TOKEN), 403)


def test_an_expired_client_is_403(post_form: Post, issued: Issued) -> None:
    OAuthClient.objects.filter(pk=issued[0].pk).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )

    assert_error(post_form(TOKEN), 403)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic YQ==",
        "Basic /w==",
        "Bearer abc",
        basic("", ""),
        basic("a\0b", "secret"),
        basic("%00", "secret"),
        basic(b"\xff\xfe", b"\xff"),
        basic("a" * 5000, "b" * 5000),
    ],
)
def test_unreadable_credentials_are_403(post_form: Post, authorization: str | None) -> None:
    assert_error(post_form(TOKEN, authorization=authorization), 403)


@pytest.mark.parametrize("client_id", ["", "%00", "nobody", "%F0%9F%92%B3", "a" * 5000])
def test_unreadable_credentials_in_the_form_are_403(post_form: Post, client_id: str) -> None:
    form = f"{GRANT}&client_id={client_id}&client_secret=x"

    assert_error(post_form(TOKEN, form, authorization=None), 403)


@pytest.mark.parametrize("wrong", ["wrong", "s\0t", "%00", "", "ü"])
def test_a_strange_secret_is_403(post_form: Post, issued: Issued, wrong: str) -> None:
    assert_error(post_form(TOKEN, authorization=basic(issued[0].client_id, wrong)), 403)


# --- The form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "",
        "grant_type=",
        "grant_type=password&username=ada&password=x",
        "grant_type=refresh_token&refresh_token=x",
        "grant_type=authorization_code&code=x&redirect_uri=https://example.org",
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x",
        "grant_type=CLIENT_CREDENTIALS",
        "grant_type=client_credentials%00",
        "GRANT_TYPE=client_credentials",
        f"{GRANT}&{GRANT}",
        f"{GRANT}&scope=customers:read&scope=customers:write",
        f"{GRANT}&other=1&other=2",
        f"{GRANT}&scope=admin",
        f"{GRANT}&scope=customers:read%20admin",
        f"{GRANT}&scope=%00",
        f"{GRANT}&" + "&".join(f"p{number}=1" for number in range(1100)),
        b"\xff\xfe\x00",
        b"\x1f\x8b\x08\x00",
    ],
)
def test_a_form_that_asks_for_anything_else_is_400(post_form: Post, form: str | bytes) -> None:
    assert_error(post_form(TOKEN, form), 400)
    assert not get_access_token_model().objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "multipart/form-data; boundary=x", "nonsense", "", "*/*"],
)
def test_another_content_type_is_415(post_form: Post, content_type: str) -> None:
    assert_error(post_form(TOKEN, content_type=content_type), 415)


@pytest.mark.parametrize("charset", ["hex", "base64", "undefined", "idna", "no-such", "utf-16"])
def test_a_charset_that_the_form_is_not_in_breaks_nothing(post_form: Post, charset: str) -> None:
    response = post_form(TOKEN, content_type=f"{FORM}; charset={charset}")

    assert response.status_code in (200, 400, 403, 415)


def test_a_charset_of_utf8_may_be_named(post_form: Post) -> None:
    assert post_form(TOKEN, content_type=f"{FORM}; charset=UTF-8").status_code == 200


def test_more_than_16_kib_is_413(post_form: Post) -> None:
    fitting = f"{GRANT}&a=".ljust(16 * 1024, "x")

    assert post_form(TOKEN, fitting).status_code == 200
    assert_error(post_form(TOKEN, fitting + "x"), 413)


def test_a_query_parameter_is_400(post_form: Post) -> None:
    assert_error(post_form(f"{TOKEN}?{GRANT}", ""), 400)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_405(db: None, method: str) -> None:
    response = send(APIClient(), method, TOKEN)

    assert_error(response, 405)
    assert response["Allow"] == "POST"


# --- Scopes --------------------------------------------------------------------------------------


def can(api: APIClient) -> tuple[bool, bool]:
    """Whether `api` may read, and whether it may write."""
    reads: Any = api.get("/customers")
    writes: Any = api.post("/customers", {"name": "New"}, format="json")
    return reads.status_code == 200, writes.status_code == 201


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("", True, True),
        ("&scope=", True, True),
        ("&scope=customers:read", True, False),
        ("&scope=customers:write", False, True),
        ("&scope=customers:write%20customers:read", True, True),
    ],
)
def test_a_token_can_be_narrower_than_its_client(
    post_form: Post, scope: str, *, reads: bool, writes: bool
) -> None:
    response = post_form(TOKEN, GRANT + scope)

    assert response.status_code == 200, response.content
    assert can(factories.bearer(response.json()["access_token"])) == (reads, writes)


def test_a_token_cannot_be_wider_than_its_client(acme: Organization) -> None:
    client, secret = OAuthClient.issue(acme, "live", scopes=["customers:read"])
    headers: dict[str, Any] = {"HTTP_AUTHORIZATION": basic(client.client_id, secret)}

    wider: Any = send(APIClient(), "POST", TOKEN, f"{GRANT}&scope=customers:write", FORM, **headers)
    as_issued: Any = send(APIClient(), "POST", TOKEN, GRANT, FORM, **headers)

    assert_error(wider, 400)
    assert can(factories.bearer(as_issued.json()["access_token"])) == (True, False)


def test_a_token_loses_what_its_client_loses(post_form: Post, issued: Issued) -> None:
    token = post_form(TOKEN).json()["access_token"]
    OAuthClient.objects.filter(pk=issued[0].pk).update(scopes=["customers:read"])

    assert can(factories.bearer(token)) == (True, False)
