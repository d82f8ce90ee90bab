"""Credentials in the back office: a secret is shown once, and nowhere else."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from customers.models import ApiKey, OAuthClient, Organization
from tests import factories
from tests.backoffice.support import at, text
from tests.stored import everything_stored

FORM = {"kind": "key", "name": "Billing sync", "scopes": ["customers:read"]}


def secret_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.context["secret"])


def issued(client: Client, **changed: object) -> str:
    return secret_of(client.post(at("credential_new"), {**FORM, **changed}, follow=True))


def opens(secret: str) -> bool:
    return bool(factories.bearer(secret).get("/customers").status_code == 200)


def replaced(client: Client, kind: str, id: object, overlap: str = "24") -> Any:
    return client.post(at("credential_rotate", kind, id), {"overlap": overlap}, follow=True)


@pytest.fixture
def key(acme: Organization) -> tuple[ApiKey, str]:
    return ApiKey.issue(acme, "live", name="Old", scopes=["customers:read"])


@pytest.mark.parametrize("kind", ["key", "client"])
def test_a_secret_is_shown_once_and_not_stored(
    manager: Client, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    response = manager.post(at("credential_new"), {**FORM, "kind": kind}, follow=True)
    secret = secret_of(response)

    assert secret in text(response)
    assert "This is the only time the secret is shown" in text(response)
    assert "no-store" in response["Cache-Control"]
    for page in ("credentials", "home", "customers", "credential_new"):
        assert secret not in text(manager.get(at(page)))
    assert secret not in everything_stored()
    assert secret not in "".join(capfd.readouterr())
    assert secret not in str(dict(manager.session))


def test_the_secret_of_a_replacement_is_not_cached_or_stored(
    manager: Client, key: tuple[ApiKey, str]
) -> None:
    response = replaced(manager, "key", key[0].pk)

    assert "no-store" in response["Cache-Control"]
    assert secret_of(response) not in everything_stored()
    assert secret_of(response) not in text(manager.get(at("credentials")))


def test_a_key_opens_its_organization_and_mode(manager: Client, acme: Organization) -> None:
    secret = issued(manager)

    assert opens(secret)
    key = ApiKey.objects.get()
    assert (key.organization, key.mode, key.name) == (acme, "live", "Billing sync")
    assert key.scopes == ["customers:read"]


@pytest.mark.parametrize(
    ("overlap", "works_for"),
    [("0", None), ("1", timedelta(hours=1)), ("24", timedelta(days=1)), ("168", timedelta(days=7))],
)
def test_a_replaced_key_works_for_as_long_as_was_chosen(
    manager: Client, key: tuple[ApiKey, str], overlap: str, works_for: timedelta | None
) -> None:
    old, secret = key
    before = timezone.now()

    new = secret_of(replaced(manager, "key", old.pk, overlap))

    old.refresh_from_db()
    assert opens(new)
    assert opens(secret) is (works_for is not None)
    if works_for is None:
        assert old.revoked_at is not None
    else:
        assert old.expires_at is not None
        assert before <= old.expires_at - works_for <= timezone.now()
    made = ApiKey.objects.exclude(pk=old.pk).get()
    assert (made.name, made.scopes, made.expires_at) == ("Old", ["customers:read"], None)


def test_an_overlap_never_makes_a_key_live_longer(manager: Client, acme: Organization) -> None:
    end = timezone.now() + timedelta(minutes=10)
    old, _secret = ApiKey.issue(acme, "live", expires_at=end)

    replaced(manager, "key", old.pk, "168")

    assert {key.expires_at for key in ApiKey.objects.all()} == {end}


@pytest.mark.parametrize("overlap", ["", "2", "-1", "99999", "x", "\0"])
def test_an_unknown_overlap_is_refused(
    manager: Client, key: tuple[ApiKey, str], overlap: str
) -> None:
    assert replaced(manager, "key", key[0].pk, overlap).status_code == 409
    assert ApiKey.objects.count() == 1
    assert opens(key[1])


@pytest.mark.parametrize("kind", ["key", "client"])
@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_revoked_or_expired_credential_cannot_be_replaced(
    manager: Client, acme: Organization, kind: str, end: str
) -> None:
    model: Any = {"key": ApiKey, "client": OAuthClient}[kind]
    old = ApiKey.issue(acme, "live")[0] if kind == "key" else factories.oauth_client(acme)
    past = timezone.now() - timedelta(seconds=1)
    model.objects.update(**{"revoked_at" if end == "revoked" else "expires_at": past})

    for response in (
        manager.get(at("credential_rotate", kind, old.pk)),
        replaced(manager, kind, old.pk),
    ):
        assert response.status_code == 409
        assert "so there is nothing to replace" in text(response)
    assert model.objects.count() == 1


def test_a_client_is_replaced_by_one_with_the_same_scopes(
    manager: Client, acme: Organization
) -> None:
    old = factories.oauth_client(acme, scopes=["customers:read"])

    response = replaced(manager, "client", old.pk, "0")

    new = OAuthClient.objects.exclude(pk=old.pk).get()
    assert new.client_id in text(response)
    assert (new.name, new.scopes, new.mode) == (old.name, ["customers:read"], "live")
    old.refresh_from_db()
    assert not old.is_active


def test_a_revoked_key_is_refused_from_then_on(manager: Client, key: tuple[ApiKey, str]) -> None:
    row, secret = key
    assert opens(secret)

    response: Any = manager.post(at("credential_revoke", "key", row.pk))
    row.refresh_from_db()
    first = row.revoked_at
    manager.post(at("credential_revoke", "key", row.pk))

    assert "is revoked." in text(manager.get(response.url))
    assert not opens(secret)
    row.refresh_from_db()
    assert row.revoked_at == first


def test_a_get_revokes_and_issues_nothing(manager: Client, key: tuple[ApiKey, str]) -> None:
    for page in ("credential_rotate", "credential_revoke"):
        assert manager.get(at(page, "key", key[0].pk)).status_code == 200

    assert ApiKey.objects.count() == 1
    assert opens(key[1])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("expires_at", "2001-01-01T00:00", "This time is past. Give a later one."),
        ("expires_at", "0001-01-01T00:00", "This time is past. Give a later one."),
        ("expires_at", "tomorrow", "Enter a valid date/time."),
        ("expires_at", "2199-02-30T00:00", "Enter a valid date/time."),
        ("expires_at", "\0", "Enter a valid date/time."),
        ("name", "", "This field is required."),
        ("name", " ", "This field is required."),
        ("name", "x" * 256, "at most 255 characters"),
        ("name", "a\0b", "Null characters are not allowed."),
        ("scopes", [], "This field is required."),
        ("scopes", ["customers:read", "everything"], "is not one of the available choices"),
        ("kind", "", "This field is required."),
        ("kind", "password", "is not one of the available choices"),
    ],
)
def test_a_form_with_errors_issues_nothing(
    manager: Client, field: str, value: object, error: str
) -> None:
    response = manager.post(at("credential_new"), {**FORM, field: value})

    assert response.status_code == 400
    assert error in text(response)
    assert not ApiKey.objects.exists()


def test_the_latest_possible_expiry_breaks_no_page(manager: Client) -> None:
    manager.cookies["timezone"] = "America/New_York"
    manager.post(at("credential_new"), {**FORM, "expires_at": "9999-12-31T23:59"})

    assert manager.get(at("credentials")).status_code == 200


def test_a_time_that_daylight_saving_skips_is_refused(manager: Client) -> None:
    manager.cookies["timezone"] = "Europe/Berlin"

    response = manager.post(at("credential_new"), {**FORM, "expires_at": "2027-03-28T02:30"})

    assert response.status_code == 400
    assert "couldn’t be interpreted in time zone" in text(response)


def test_the_list_shows_which_is_active(manager: Client, acme: Organization) -> None:
    past = timezone.now() - timedelta(days=30)
    for name, values in {
        "one": {},
        "two": {"revoked_at": past},
        "three": {"expires_at": past},
    }.items():
        row, _secret = ApiKey.issue(acme, "live", name=name)
        ApiKey.objects.filter(pk=row.pk).update(**values)

    page = re.sub(r"\s+", " ", text(manager.get(at("credentials"))))

    rows = {name: page.split(f">{name}<")[1].split("</tr>")[0] for name in ("one", "two", "three")}
    assert (">active<" in rows["one"], "Revoke" in rows["one"]) == (True, True)
    assert (">revoked<" in rows["two"], "/revoke/" in rows["two"]) == (True, False)
    assert (">expired<" in rows["three"], "/replace/" in rows["three"]) == (True, False)


def test_others_credentials_are_not_listed(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    ApiKey.issue(globex, "live", name="theirs")
    ApiKey.issue(acme, "test", name="of test data")

    page = text(manager.get(at("credentials")))

    assert "theirs" not in page
    assert "of test data" not in page


def test_who_issued_and_revoked_it_is_in_the_history(manager: Client) -> None:
    issued(manager)
    manager.post(at("credential_revoke", "key", ApiKey.objects.get().pk))

    events: Any = ApiKey._meta.get_field("events").related_model
    actors = [event.pgh_context["actor"]["label"] for event in events._default_manager.all()]
    assert len(actors) >= 2
    assert set(actors) == {"mona"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
            [events._meta.db_table],
        )
        assert "digest" not in {name for (name,) in cursor.fetchall()}


def test_an_expiry_is_shown_as_it_was_given(manager: Client) -> None:
    issued(manager, expires_at="2199-07-01T12:00")

    expires_at = ApiKey.objects.get().expires_at
    assert isinstance(expires_at, datetime)
    assert expires_at.isoformat() == "2199-07-01T12:00:00+00:00"
