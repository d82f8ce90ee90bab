"""A colleague is invited, by a link that is shown once."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from customers.models import Organization
from customers.staff.colleagues import Powers
from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.backoffice.colleagues.support import filled, groups_of, invited, slugs_of
from tests.backoffice.support import at, signed_in, text
from tests.stored import everything_stored
from tests.threads import both_at_once, race


def test_who_is_invited_can_choose_a_password_and_sign_in(
    manager: Client, acme: Organization
) -> None:
    response = invited(manager, acme)
    person = StaffUser.objects.get(username="nia")
    browser = Client()

    assert "This is the only time the link is shown" in text(response)
    assert not person.has_usable_password()
    assert (person.is_superuser, groups_of(person), slugs_of(person)) == (
        False,
        ["Editor"],
        ["acme"],
    )
    page: Any = browser.get(response.context["address"], follow=True)
    assert page.redirect_chain == [("/backoffice/account/link/", 302)]
    password = {"new_password1": "a fine long phrase", "new_password2": "a fine long phrase"}
    done: Any = browser.post("/backoffice/account/link/", password, follow=True)
    assert "Sign in as nia." in text(done)
    assert factories.signs_in(browser, "nia", "a fine long phrase")
    assert browser.get(at("home")).status_code == 200


def test_the_link_is_shown_once_and_not_stored(manager: Client, acme: Organization) -> None:
    response = invited(manager, acme)
    token = response.context["address"].rstrip("/").rpartition("/")[2]
    again: Any = manager.get(response.request["PATH_INFO"])

    assert token in text(response)
    assert "no-store" in response["Cache-Control"]
    assert token not in text(again)
    assert "The link is shown only once" in text(again)
    assert token not in everything_stored()
    assert token not in str(dict(manager.session))


def test_the_link_is_shown_to_no_one_else(manager: Client, acme: Organization) -> None:
    made = manager.post(at("colleague_invite"), filled(acme))
    other = signed_in(acme, "Manager", username="max")

    assert "The link is shown only once" in text(other.get(made["Location"]))


def test_without_a_mail_server_nothing_is_sent_or_claimed(
    manager: Client, acme: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    assert "has no mail server" in text(manager.get(at("colleague_invite")))
    with django_capture_on_commit_callbacks(execute=True):
        response = invited(manager, acme)

    assert mail.outbox == []
    assert "was sent" not in text(response)


def test_with_a_mail_server_the_link_is_sent(
    manager: Client,
    acme: Organization,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    assert "It is sent to their email" in text(manager.get(at("colleague_invite")))
    with django_capture_on_commit_callbacks(execute=True):
        response = invited(manager, acme)

    (sent,) = mail.outbox
    assert sent.to == ["nia@example.org"]
    assert response.context["address"] in sent.body
    assert "Your user name is nia." in sent.body


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_fails_is_reported(
    transactional_db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = factories.organization("acme")
    settings.EMAIL_HOST = "mail.example.org"

    def fail(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("customers.staff.mail.send_mail", fail)
    response = invited(signed_in(acme, "Manager", username="mona"), acme)

    assert "The link could not be sent to nia@example.org" in text(response)
    assert response.context["address"] in text(response)


def test_a_form_sent_twice_makes_one_account(manager: Client, acme: Organization) -> None:
    sent = {**filled(acme), "once": "a-token"}
    first, second = (manager.post(at("colleague_invite"), sent) for _again in range(2))

    assert first["Location"] == second["Location"]
    assert PasswordLink.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("first_name", "", "This field is required."),
        ("first_name", "4111 1111 1111 1111", "card number"),
        ("email", "", "This field is required."),
        ("email", "nia", "Enter a valid email address."),
        ("username", "", "This field is required."),
        ("username", "n ia", "Enter a valid username."),
        ("username", "MONA", "This user name is taken."),
        ("username", "x" * 151, "at most 150 characters"),
        ("role", "", "This field is required."),
        ("role", "0", "is not one of the available choices"),
        ("organizations", [], "This field is required."),
        ("organizations", ["x"], "is not one of the available choices"),
    ],
)
def test_a_form_with_errors_makes_no_account(
    manager: Client, acme: Organization, field: str, value: object, error: str
) -> None:
    response = invited(manager, acme, **{field: value})

    assert response.status_code == 400
    assert error in text(response)
    assert StaffUser.objects.count() == 1


def test_the_name_of_the_demo_is_taken_outside_the_demo(
    manager: Client, acme: Organization, settings: LazySettings
) -> None:
    settings.DEBUG = False

    assert "This user name is taken." in text(invited(manager, acme, username="demo"))


@pytest.mark.django_db(transaction=True)
def test_a_user_name_given_twice_at_once_makes_one_account(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = factories.organization("acme")
    sent = filled(acme)
    clients = [signed_in(acme, "Manager", username=name) for name in ("mona", "max")]
    both_at_once(monkeypatch, Powers, "invite")  # both have found the name free

    answers = race(
        *(lambda client=client: client.post(at("colleague_invite"), sent) for client in clients)
    )

    assert sorted(answer.status_code for answer in answers) == [302, 400]
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert "This user name is taken." in text(refused)
    assert StaffUser.objects.get(username="nia").password_links.count() == 1
