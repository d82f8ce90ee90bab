"""The link by which someone chooses a password: once, in time, and without telling anything."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from customers.models import Organization
from customers.staff.models import AuthenticatorApp, PasswordLink, StaffUser
from tests import factories
from tests.backoffice.support import page, text

NEW = "a fine long phrase"
FORM = {"new_password1": NEW, "new_password2": NEW}
CHOOSE = "/backoffice/account/link/"


@pytest.fixture
def ada(acme: Organization) -> StaffUser:
    return factories.staff("ada", organizations=[acme])


@pytest.fixture
def link(ada: StaffUser) -> str:
    return address(PasswordLink.issue(ada)[1])


def address(token: str) -> str:
    return f"{CHOOSE}{token}/"


def test_it_works_once(link: str, client: Client) -> None:
    client.get(link)
    assert client.post(CHOOSE, FORM)["Location"] == "/backoffice/login/"

    assert client.get(link).status_code == 404
    assert client.post(CHOOSE, FORM).status_code == 404
    assert factories.signs_in(Client(), "ada", NEW)
    assert not factories.signs_in(Client(), "ada")


def test_opening_it_does_not_use_it_up(link: str, client: Client) -> None:
    for _again in range(3):
        assert Client().get(link, follow=True).status_code == 200

    client.get(link)
    assert client.post(CHOOSE, FORM).status_code == 302


@pytest.mark.parametrize(("hours", "status"), [(71, 302), (73, 404)])
def test_it_works_for_72_hours(link: str, hours: int, status: int) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        assert Client().get(link).status_code == status


def test_it_ends_between_opening_and_choosing(link: str, client: Client) -> None:
    client.get(link)
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        assert client.post(CHOOSE, FORM).status_code == 404


def test_every_link_that_does_not_work_gets_the_same_answer(ada: StaffUser) -> None:
    tokens = {"unknown": "x" * 43}
    for kind in ("used", "expired", "void", "deactivated", "no staff"):
        person = factories.staff(kind.replace(" ", "-"))
        link, tokens[kind] = PasswordLink.issue(person)
        if kind == "used":
            PasswordLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
        if kind == "expired":
            old = timezone.now() - timedelta(hours=73)
            PasswordLink.objects.filter(pk=link.pk).update(created_at=old)
        if kind == "void":
            PasswordLink.issue(person)
        StaffUser.objects.filter(pk=person.pk).update(
            is_active=kind != "deactivated", is_staff=kind != "no staff"
        )
    answers = {kind: Client().get(address(token)) for kind, token in tokens.items()}

    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({page(answer) for answer in answers.values()}) == 1
    assert "This link does not work" in text(answers["used"])


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": NEW, "new_password2": "other"}, "didn’t match"),
        ({"new_password1": "password", "new_password2": "password"}, "too common"),
        ({}, "This field is required."),
    ],
)
def test_a_bad_password_is_refused_and_the_link_stays(
    link: str, client: Client, given: dict[str, str], error: str
) -> None:
    client.get(link)
    answer = client.post(CHOOSE, given)

    assert answer.status_code == 400
    assert error in text(answer)
    assert client.post(CHOOSE, FORM).status_code == 302


def test_the_token_is_in_no_address_that_a_browser_sends_on(link: str, client: Client) -> None:
    opened = client.get(link)
    shown = client.get(CHOOSE)

    assert opened["Referrer-Policy"] == "no-referrer"
    assert "no-store" in opened["Cache-Control"]
    assert Client().get(address("x" * 43))["Referrer-Policy"] == "no-referrer"
    # Without a referrer, Django would refuse the form of this page, whose address has no token.
    assert shown["Referrer-Policy"] == "same-origin"
    assert "no-store" in shown["Cache-Control"]


def test_the_token_is_not_logged(
    link: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.get(link)

    assert link.split("/")[-2] not in caplog.text


def test_whoever_was_signed_in_is_signed_out(link: str, client: Client) -> None:
    client.force_login(factories.staff("bob"))
    client.get(link)
    client.post(CHOOSE, FORM)

    assert "_auth_user_id" not in client.session
    assert not factories.signs_in(Client(), "bob", NEW)


def test_other_sessions_of_the_account_end(link: str, ada: StaffUser, client: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada)
    client.get(link)
    client.post(CHOOSE, FORM)

    assert elsewhere.get("/backoffice/account/").status_code == 302


def test_the_second_factor_stays(link: str, ada: StaffUser, client: Client) -> None:
    AuthenticatorApp.set_up(ada, confirmed=True)
    client.get(link)
    client.post(CHOOSE, FORM)

    assert not factories.signs_in(Client(), "ada", NEW)


def test_failed_sign_ins_of_the_name_are_forgiven(link: str, client: Client) -> None:
    for _again in range(5):
        factories.signs_in(Client(), "ada", "wrong")
    client.get(link)
    client.post(CHOOSE, FORM)

    assert not AccessAttempt.objects.exists()
    assert factories.signs_in(Client(), "ada", NEW)


def test_many_links_that_do_not_work_lock_the_address(link: str, settings: LazySettings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 5
    with time_machine.travel(datetime(2031, 5, 6, 12, 20, tzinfo=UTC), tick=False) as clock:
        PasswordLink.objects.update(created_at=timezone.now())
        wrong = [Client().get(address(f"{number}" * 43)).status_code for number in range(5)]
        locked: Any = Client().get(link)
        elsewhere = Client().get(link, REMOTE_ADDR="203.0.113.9")
        clock.shift(timedelta(minutes=41))

        assert wrong == [404] * 5
        assert (locked.status_code, locked["Retry-After"]) == (429, "2400")
        assert "Too many links that do not work" in text(locked)
        assert elsewhere.status_code == 302
        assert Client().get(link).status_code == 302


def test_the_page_without_a_link_tells_to_open_one(client: Client, db: None) -> None:
    assert client.get(CHOOSE).status_code == 404
    assert client.get(address("x" * 43)).status_code == 404
    assert client.post(address("x" * 43)).status_code == 405
