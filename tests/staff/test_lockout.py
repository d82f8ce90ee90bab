"""Five failures to sign in with one name from one address: fifteen minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.conf import LazySettings
from django.test import Client, RequestFactory

from customers.staff.lockout import address
from customers.staff.models import StaffUser
from customers.values.demo_credentials import API_KEYS
from tests import factories

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ada(db: None) -> StaffUser:
    return factories.staff("ada")


def post(client: Client, password: str, username: str = "ada", **headers: str) -> Any:
    form = {"username": username, "password": password}
    return client.post("/backoffice/login/", form, **headers)  # type: ignore[arg-type]


def fail(client: Client, times: int, **options: str) -> Any:
    for _ in range(times):
        response = post(client, "wrong", **options)
    return response


def test_four_failures_are_forgiven(client: Client) -> None:
    fail(client, 4)

    assert factories.signs_in(client, "ada")


def test_success_forgets_the_failures(client: Client) -> None:
    fail(client, 4)
    factories.signs_in(client, "ada")
    fail(client, 4)

    assert factories.signs_in(client, "ada")


def test_the_fifth_failure_locks_and_says_until_when(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        response = fail(client, 5)

    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    page = response.content.decode()
    assert 'title="2031-05-06 12:15:00 UTC">6 May 2031 12:15</time>, in 15 minutes.' in page


def test_the_end_of_the_wait_is_shown_in_the_readers_zone(client: Client) -> None:
    client.cookies["timezone"] = "Asia/Kolkata"
    with time_machine.travel(NOON, tick=False):
        page = fail(client, 5).content.decode()

    assert 'title="2031-05-06 12:15:00 UTC">6 May 2031 17:45</time>, in 15 minutes.' in page


def test_the_right_password_does_not_help_then(client: Client) -> None:
    fail(client, 5)

    assert post(client, factories.PASSWORD).status_code == 429


def test_trying_meanwhile_does_not_make_it_longer(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fail(client, 5)
        clock.shift(timedelta(minutes=10))
        response = fail(client, 1)
        assert "in 5 minutes." in response.content.decode()
        clock.shift(timedelta(minutes=6))

        assert factories.signs_in(client, "ada")


def test_others_and_other_addresses_are_not_locked(client: Client) -> None:
    factories.staff("bob")
    fail(client, 5)

    assert factories.signs_in(Client(), "bob")
    assert post(Client(), factories.PASSWORD, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_name_that_does_not_exist_locks_alike(client: Client) -> None:
    assert fail(client, 5, username="nobody").status_code == 429


def test_a_superuser_ends_it(client: Client) -> None:
    fail(client, 5)
    root = Client()
    root.force_login(StaffUser.objects.create_superuser("root"))
    attempt = AccessAttempt.objects.get()

    root.post(f"/admin/axes/accessattempt/{attempt.pk}/delete/", {"post": "yes"})

    assert factories.signs_in(client, "ada")


def test_what_was_typed_is_not_kept(client: Client) -> None:
    form = {"username": "4111 1111 1111 1111", "password": "hunter22", "code": "123456"}
    client.post("/backoffice/login/?next=/4111111111111111", form)

    kept = str(AccessAttempt.objects.values().get())

    assert "1111" not in kept
    assert "hunter22" not in kept
    assert "123456" not in kept


UNWANTED = [
    "4111 1111 1111 1111",
    "4111.1111.1111.1111",
    API_KEYS["live"],
]


@pytest.mark.parametrize("unwanted", UNWANTED)
@pytest.mark.parametrize("password", ["wrong", factories.PASSWORD])
def test_no_card_number_or_key_of_a_request_is_kept(
    client: Client, unwanted: str, password: str
) -> None:
    form = {"username": "ada", "password": password, unwanted: unwanted}
    client.post(
        f"/backoffice/login/?{urlencode({unwanted: unwanted})}",
        form,
        HTTP_USER_AGENT=f"Firefox {unwanted}",
        HTTP_ACCEPT=f"text/html, {unwanted}",
    )
    kept = [*AccessAttempt.objects.values(), *AccessLog.objects.values()]

    assert [row["user_agent"].split()[0] for row in kept] == ["Firefox"]
    assert unwanted not in str(kept)
    assert "1111" not in str(kept)


def test_a_card_number_at_the_end_of_what_is_kept_is_not_cut_in_two(client: Client) -> None:
    post(client, "wrong", HTTP_USER_AGENT="a" * 239 + " 4111111111111111")

    assert "4111" not in AccessAttempt.objects.get().user_agent


def test_many_names_from_one_address_lock_it(client: Client, settings: LazySettings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 20
    with time_machine.travel(NOON, tick=False) as clock:
        statuses = [post(client, "wrong", f"name-{n}").status_code for n in range(20)]
        right = post(client, factories.PASSWORD)
        clock.shift(timedelta(minutes=10))
        elsewhere = post(Client(), factories.PASSWORD, REMOTE_ADDR="203.0.113.9")
        again = post(client, "wrong", "name-21")
        clock.shift(timedelta(minutes=6))

        assert statuses == [200] * 20
        assert (right.status_code, right["Retry-After"]) == (429, "900")
        assert elsewhere.status_code == 302
        assert again["Retry-After"] == "300"
        assert factories.signs_in(client, "ada")


def test_control_without_that_limit_thirty_names_are_tried(
    client: Client, settings: LazySettings
) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 1_000_000

    assert {post(client, "wrong", f"name-{n}").status_code for n in range(30)} == {200}


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (False, "198.51.100.7", "203.0.113.9"),
        (True, "198.51.100.7", "198.51.100.7"),
        (True, "192.0.2.66, 198.51.100.7", "198.51.100.7"),
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "", "203.0.113.9"),
        (True, "unknown", None),
    ],
)
def test_the_address_is_what_the_trusted_proxy_says(
    settings: LazySettings, forwarded: str, expected: str | None, *, trusted: bool
) -> None:
    settings.TRUST_PROXY_HEADERS = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory(headers=headers).get("/", REMOTE_ADDR="203.0.113.9")

    assert address(request) == expected
