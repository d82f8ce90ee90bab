"""How many requests the OAuth endpoints take from one address."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine

from tests.api.alternative_payments.conftest import Post, basic
from tests.api.alternative_payments.support import assert_error

TOKEN = "/oauth/token"


def test_too_many_requests_are_429_until_the_time_given(
    post_form: Post, three_a_minute: None
) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        allowed = [post_form(TOKEN).status_code for _ in range(3)]
        refused = post_form(TOKEN)
        wait = int(refused["Retry-After"])
        clock.shift(wait)
        again = post_form(TOKEN)

    assert allowed == [200, 200, 200]
    assert_error(refused, 429)
    assert 1 <= wait <= 61
    assert again.status_code == 200


def test_wrong_secrets_count_too(post_form: Post, three_a_minute: None) -> None:
    guesses = [post_form(TOKEN, authorization=basic("x", str(n))).status_code for n in range(4)]

    assert guesses == [403, 403, 403, 429]


def test_another_address_has_its_own_count(post_form: Post, three_a_minute: None) -> None:
    for _ in range(4):
        refused = post_form(TOKEN)
    elsewhere = post_form(TOKEN, REMOTE_ADDR="203.0.113.9")

    assert refused.status_code == 429
    assert elsewhere.status_code == 200


def test_a_made_up_forwarded_address_does_not_evade_the_limit(
    post_form: Post, three_a_minute: None
) -> None:
    statuses = [
        post_form(TOKEN, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(4)
    ]

    assert statuses == [200, 200, 200, 429]


def test_both_endpoints_share_one_count(post_form: Post, three_a_minute: None) -> None:
    """They check the same secrets."""
    for _ in range(3):
        post_form("/oauth/revoke", "token=x")

    assert_error(post_form(TOKEN), 429)


def test_there_is_no_limit_where_none_is_set(post_form: Post) -> None:
    assert {post_form(TOKEN).status_code for _ in range(130)} == {200}
