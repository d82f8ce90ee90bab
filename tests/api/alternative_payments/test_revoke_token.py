"""POST /oauth/revoke"""

from __future__ import annotations

import pytest
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from customers.models import OAuthClient, Organization
from tests import factories
from tests.api.alternative_payments.conftest import FORM, Post, basic
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send

REVOKE = "/oauth/revoke"

Issued = tuple[OAuthClient, str]


@pytest.fixture
def token(issued: Issued) -> str:
    return factories.access_token(issued[0])


def is_open(token: str) -> bool:
    return bool(factories.bearer(token).get("/customers").status_code == 200)


def test_a_revoked_token_opens_nothing(post_form: Post, token: str) -> None:
    was_open = is_open(token)

    response = post_form(REVOKE, f"token={token}")

    assert was_open
    assert response.status_code == 200
    assert response.content == b""
    assert_error(factories.bearer(token).get("/customers"), 401)


def test_other_tokens_of_the_client_stay(post_form: Post, issued: Issued, token: str) -> None:
    other = factories.access_token(issued[0])

    post_form(REVOKE, f"token={token}")

    assert is_open(other)


@pytest.mark.parametrize("hint", ["access_token", "refresh_token"])
def test_a_type_hint_may_be_given(post_form: Post, token: str, hint: str) -> None:
    response = post_form(REVOKE, f"token={token}&token_type_hint={hint}")

    assert response.status_code == 200
    assert not is_open(token)


def test_revoking_twice_is_once(post_form: Post, token: str) -> None:
    answers = [post_form(REVOKE, f"token={token}") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("unknown", ["unknown", "%00", "%F0%9F%92%B3", "a" * 10_000])
def test_an_unknown_token_is_answered_as_a_known_one(
    post_form: Post, token: str, unknown: str
) -> None:
    response = post_form(REVOKE, f"token={unknown}")

    assert response.status_code == 200
    assert response.content == b""
    assert is_open(token)


@pytest.mark.parametrize("whose", ["acme", "globex"])
def test_a_token_of_another_client_stays(
    post_form: Post, acme: Organization, globex: Organization, whose: str
) -> None:
    theirs = factories.access_token(factories.oauth_client({"acme": acme, "globex": globex}[whose]))

    response = post_form(REVOKE, f"token={theirs}")

    assert response.status_code == 200
    assert is_open(theirs)


@pytest.mark.parametrize("form", ["", "token=", "other=1", "token=a&token=b", b"\xff"])
def test_a_form_without_one_token_is_400(post_form: Post, form: str | bytes) -> None:
    assert_error(post_form(REVOKE, form), 400)


def test_wrong_client_credentials_are_403_and_revoke_nothing(
    post_form: Post, issued: Issued, token: str
) -> None:
    wrong_secret = post_form(
        REVOKE, f"token={token}", authorization=basic(issued[0].client_id, "wrong")
    )
    unknown_client = post_form(REVOKE, f"token={token}", authorization=basic("nobody", "wrong"))
    without = post_form(REVOKE, f"token={token}", authorization=None)

    for response in (wrong_secret, unknown_client, without):
        assert_error(response, 403)
    assert is_open(token)


def test_a_revoked_client_is_403(post_form: Post, issued: Issued, token: str) -> None:
    issued[0].revoke()

    assert_error(post_form(REVOKE, f"token={token}"), 403)


def test_another_content_type_is_415(post_form: Post, token: str) -> None:
    assert_error(post_form(REVOKE, f'{{"token": "{token}"}}', content_type="application/json"), 415)
    assert is_open(token)


def test_more_than_16_kib_is_413(post_form: Post) -> None:
    assert_error(post_form(REVOKE, "token=" + "a" * 16 * 1024), 413)


def test_too_many_requests_are_429(post_form: Post, three_a_minute: None) -> None:
    answers = [post_form(REVOKE, "token=unknown") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert_error(answers[-1], 429)
    assert int(answers[-1]["Retry-After"]) >= 1


def test_the_row_of_a_revoked_token_is_gone(post_form: Post, token: str) -> None:
    post_form(REVOKE, f"token={token}")

    assert not get_access_token_model().objects.exists()


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_405(db: None, method: str) -> None:
    assert_error(send(APIClient(), method, REVOKE, b"token=x", FORM), 405)
