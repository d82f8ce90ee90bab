"""Signing in and out: one page, for staff only, of the admin and of the back office."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from customers.staff.models import StaffUser
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/backoffice/login/"


@pytest.fixture
def ada() -> StaffUser:
    return factories.staff("ada")


def test_staff_sign_in(client: Client, ada: StaffUser) -> None:
    assert factories.signs_in(client, "ada")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("lacking", ["is_staff", "is_active"])
def test_nobody_else_does(client: Client, ada: StaffUser, lacking: str) -> None:
    setattr(ada, lacking, False)
    ada.save()

    response = client.post(LOGIN, {"username": "ada", "password": factories.PASSWORD})

    assert response.status_code == 200
    assert (
        "Enter the correct user name and password of a staff account" in response.content.decode()
    )


def test_a_session_ends_with_being_staff(client: Client, ada: StaffUser) -> None:
    factories.signs_in(client, "ada")
    ada.is_staff = False
    ada.save()

    assert client.get("/backoffice/account/").status_code == 302


def test_a_wrong_password_is_reported_and_not_repeated(client: Client, ada: StaffUser) -> None:
    response = client.post(LOGIN, {"username": "ada", "password": "wrong horse battery"})

    assert (
        "Enter the correct user name and password of a staff account" in response.content.decode()
    )
    assert "wrong horse battery" not in response.content.decode()


def test_the_admin_sends_to_the_one_login_page_and_back(client: Client, ada: StaffUser) -> None:
    asked = client.get("/admin/customers/customer/", follow=True)

    assert unquote(asked.redirect_chain[-1][0]) == f"{LOGIN}?next=/admin/customers/customer/"
    form = {"username": "ada", "password": factories.PASSWORD, "next": "/admin/customers/customer/"}
    assert client.post(LOGIN, form)["Location"] == "/admin/customers/customer/"


def test_signing_in_sends_to_no_other_site(client: Client, ada: StaffUser) -> None:
    form = {"username": "ada", "password": factories.PASSWORD, "next": "https://evil.example/"}

    assert client.post(LOGIN, form)["Location"].startswith("/")


def test_signing_out_takes_a_post(client: Client, ada: StaffUser) -> None:
    client.force_login(ada)

    assert client.get("/backoffice/logout/").status_code == 405
    assert client.get("/backoffice/account/").status_code == 200
    assert client.post("/backoffice/logout/")["Location"] == LOGIN
    assert client.get("/backoffice/account/").status_code == 302


def test_the_cookies_are_kept_from_scripts_and_other_sites(client: Client, ada: StaffUser) -> None:
    client.get(LOGIN)
    factories.signs_in(client, "ada")

    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
    assert client.cookies["sessionid"]["max-age"] == 8 * 60 * 60


def test_a_password_is_changed(client: Client, ada: StaffUser) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada)
    client.force_login(ada)
    new = "another long password"
    form = {"old_password": factories.PASSWORD, "new_password1": new, "new_password2": new}

    response = client.post("/backoffice/password/", form, follow=True)

    assert "Your password was changed." in response.content.decode()
    assert elsewhere.get("/backoffice/account/").status_code == 302
    assert factories.signs_in(Client(), "ada", new)


def test_the_admins_page_for_passwords_is_the_same_one(client: Client, ada: StaffUser) -> None:
    client.force_login(ada)

    assert client.get("/admin/password_change/")["Location"] == "/backoffice/password/"


@pytest.mark.parametrize("page", ["account/", "password/", "account/second-factor/"])
def test_ones_own_pages_ask_to_sign_in(client: Client, page: str) -> None:
    assert client.get(f"/backoffice/{page}")["Location"].startswith(f"{LOGIN}?next=")


def test_the_account_page_says_what_one_may_do_and_see(client: Client, ada: StaffUser) -> None:
    ada.groups.add(Group.objects.get(name="Editor"))
    ada.organizations.add(factories.organization("acme", "Acme & Sons"))
    client.force_login(ada)

    page = client.get("/backoffice/account/").content.decode()

    assert "ada" in page
    assert "Editor" in page
    assert "Acme &amp; Sons" in page


def test_the_log_has_neither_names_nor_passwords(
    client: Client, ada: StaffUser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "django")
    factories.signs_in(client, "ada", "wrong horse battery")
    factories.signs_in(client, "ada")
    client.post("/backoffice/logout/")

    assert "New login failure" in caplog.text
    assert "Successful login" not in caplog.text
    assert '"ada"' not in caplog.text
    assert "wrong horse battery" not in caplog.text


def test_who_signed_in_is_kept_for_ninety_days(client: Client, ada: StaffUser) -> None:
    factories.signs_in(client, "ada")
    factories.signs_in(client, "ada")
    old = AccessLog.objects.first()
    AccessLog.objects.filter(pk=old.pk).update(attempt_time=timezone.now() - timedelta(days=91))

    call_command("sweep")

    assert AccessLog.objects.count() == 1


def test_sweep_deletes_sessions_that_have_ended_and_no_others(
    client: Client, ada: StaffUser
) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=9), tick=False):
        factories.signs_in(Client(), "ada")
    factories.signs_in(client, "ada")
    assert Session.objects.count() == 2

    call_command("sweep")

    assert Session.objects.count() == 1
    assert client.get("/admin/").status_code != 500
    assert client.get("/backoffice/account/").status_code == 200


def test_sweep_deletes_failures_that_no_longer_count_and_no_others() -> None:
    at = {minutes: timezone.now() - timedelta(minutes=minutes) for minutes in (16, 14)}
    for minutes, time in at.items():
        attempt = AccessAttempt.objects.create(user_agent=str(minutes), failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=time)

    call_command("sweep")

    assert AccessAttempt.objects.get().attempt_time == at[14]
