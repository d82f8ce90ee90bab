"""The second factor: set up, asked for, replaced by a recovery code, removed."""

from __future__ import annotations

import re
from base64 import b32decode, b32encode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken

from customers.models import Customer
from customers.staff.encryption import Unreadable, decrypt, encrypt
from customers.staff.models import AuthenticatorApp, StaffUser
from customers.staff.second_factor import app_in_set_up
from tests import factories
from tests.threads import race

PAGE = "/backoffice/account/second-factor/"
NOON = datetime(2031, 5, 6, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    """A code is good once, and for half a minute: tests say when it is."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(db: None) -> StaffUser:
    return factories.staff("ada")


def code(user: StaffUser) -> str:
    """What the person's app shows now."""
    device = AuthenticatorApp.objects.get(user=user)
    totp = TOTP(device.bin_key)
    totp.time = datetime.now(UTC).timestamp()
    return f"{totp.token():06}"


@pytest.fixture
def recovery_codes(client: Client, ada: StaffUser, clock: Any) -> list[str]:
    """Ada has a second factor, and `client` set it up; her recovery codes."""
    client.force_login(ada)
    client.get(PAGE)
    page = client.post(PAGE, {"code": code(ada)}).content.decode()
    clock.shift(timedelta(minutes=1))
    return re.findall(r"<li><code>(\w+)</code></li>", page)


def test_the_page_shows_a_picture_and_the_secret_until_it_is_confirmed(
    client: Client, ada: StaffUser
) -> None:
    client.force_login(ada)
    response = client.get(PAGE)
    page = response.content.decode()

    (secret,) = re.findall(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert "data:image/svg+xml" in page
    assert secret in client.get(PAGE).content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not AuthenticatorApp.objects.get().confirmed


def test_a_wrong_first_code_turns_nothing_on(client: Client, ada: StaffUser) -> None:
    client.force_login(ada)
    client.get(PAGE)
    wrong = f"{(int(code(ada)) + 1) % 1_000_000:06}"

    page = client.post(PAGE, {"code": wrong}).content.decode()

    assert "This code is not valid." in page
    assert not AuthenticatorApp.objects.get().confirmed
    assert factories.signs_in(Client(), "ada")


def test_ten_recovery_codes_are_shown_once(client: Client, recovery_codes: list[str]) -> None:
    account = client.get("/backoffice/account/").content.decode()

    assert len(set(recovery_codes)) == 10
    assert "10 recovery codes are left" in account
    assert not any(code in account for code in recovery_codes)
    assert client.get(PAGE).status_code == 302


def test_the_session_that_set_it_up_goes_on(client: Client, recovery_codes: list[str]) -> None:
    assert client.get("/admin/").status_code == 200


def test_a_password_alone_is_not_enough_then(ada: StaffUser, recovery_codes: list[str]) -> None:
    form = {"username": "ada", "password": factories.PASSWORD}

    response = Client().post("/backoffice/login/", form)

    assert "Enter the code from your authenticator app" in response.content.decode()


def test_with_its_code_it_is(ada: StaffUser, recovery_codes: list[str]) -> None:
    elsewhere = Client()

    assert factories.signs_in(elsewhere, "ada", code=code(ada))
    assert elsewhere.get("/admin/").status_code == 200


def test_a_code_is_good_once(ada: StaffUser, recovery_codes: list[str]) -> None:
    shown = code(ada)

    assert factories.signs_in(Client(), "ada", code=shown)
    assert not factories.signs_in(Client(), "ada", code=shown)


def test_a_recovery_code_is_good_once(ada: StaffUser, recovery_codes: list[str]) -> None:
    first = recovery_codes[0]

    assert factories.signs_in(Client(), "ada", code=first)
    assert not factories.signs_in(Client(), "ada", code=first)
    assert StaticToken.objects.count() == 9


def test_a_recovery_code_may_be_typed_as_it_looks(
    ada: StaffUser, recovery_codes: list[str]
) -> None:
    typed = f" {recovery_codes[0][:4].upper()} {recovery_codes[0][4:]}"

    assert factories.signs_in(Client(), "ada", code=typed)


def test_the_code_of_another_account_does_not_help(
    ada: StaffUser, recovery_codes: list[str]
) -> None:
    bob = factories.staff("bob")
    AuthenticatorApp.set_up(bob)

    assert not factories.signs_in(Client(), "ada", code=code(bob))


def test_after_a_wrong_code_the_right_one_must_wait(
    ada: StaffUser, recovery_codes: list[str], clock: Any
) -> None:
    for _ in range(3):
        factories.signs_in(Client(), "ada", code="abcdefgh")
        clock.shift(timedelta(seconds=5))
    factories.signs_in(Client(), "ada", code="abcdefgh")
    form = {"username": "ada", "password": factories.PASSWORD, "code": recovery_codes[0]}

    response = Client().post("/backoffice/login/", form)

    assert "Wait 8 seconds" in response.content.decode()
    clock.shift(timedelta(seconds=9))
    assert Client().post("/backoffice/login/", form).status_code == 302


def test_wrong_recovery_codes_do_not_hold_up_the_app(
    ada: StaffUser, recovery_codes: list[str]
) -> None:
    factories.signs_in(Client(), "ada", code="abcdefgh")

    assert factories.signs_in(Client(), "ada", code=code(ada))


@pytest.mark.parametrize(
    "page", ["/admin/", "/admin/customers/customer/", "/backoffice/account/", PAGE]
)
def test_a_session_without_it_opens_nothing(
    ada: StaffUser, recovery_codes: list[str], page: str
) -> None:
    ada.is_superuser = True
    ada.save()
    older = Client()
    older.force_login(ada)

    response = older.get(page, follow=True)

    assert response.redirect_chain[-1][0].startswith("/backoffice/login/?next=")


def test_a_session_without_it_changes_nothing(
    ada: StaffUser, recovery_codes: list[str], customer: Customer
) -> None:
    ada.is_superuser = True
    ada.save()
    older = Client()
    older.force_login(ada)

    older.post("/admin/customers/customer/", {"action": "archive", "_selected_action": customer.pk})
    older.post(f"{PAGE}remove/", {"code": code(ada)})
    customer.refresh_from_db()

    assert customer.archived_at is None
    assert AuthenticatorApp.objects.filter(confirmed=True).exists()


def test_removing_it_needs_a_code(
    client: Client, ada: StaffUser, recovery_codes: list[str]
) -> None:
    refused = client.post(f"{PAGE}remove/", {"code": "abcdefgh"})

    assert "This code is not valid." in refused.content.decode()
    assert not factories.signs_in(Client(), "ada")
    client.post(f"{PAGE}remove/", {"code": code(ada)})
    assert factories.signs_in(Client(), "ada")
    assert not StaticToken.objects.exists()


def test_a_superuser_removes_it_for_who_has_lost_everything(
    ada: StaffUser, recovery_codes: list[str]
) -> None:
    root = Client()
    root.force_login(StaffUser.objects.create_superuser("root"))

    root.post(
        "/admin/staff/staffuser/",
        {"action": "remove_second_factor", "_selected_action": ada.pk},
    )

    assert factories.signs_in(Client(), "ada")


def test_the_admin_shows_no_secrets_of_it(client: Client, ada: StaffUser) -> None:
    client.force_login(StaffUser.objects.create_superuser("root"))

    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404


def test_of_two_apps_in_set_up_the_first_is_shown_and_the_other_goes(
    client: Client, ada: StaffUser
) -> None:
    first, _second = (AuthenticatorApp.set_up(ada, confirmed=False) for _app in "12")
    client.force_login(ada)

    assert client.get(PAGE).status_code == 200
    assert app_in_set_up(ada) == first
    totp = TOTP(first.bin_key)
    totp.time = datetime.now(UTC).timestamp()
    client.post(PAGE, {"code": f"{totp.token():06}"})

    device = AuthenticatorApp.objects.get(user=ada)
    assert (device, device.confirmed) == (first, True)


@pytest.mark.django_db(transaction=True)
def test_two_pages_opened_at_once_show_the_same_app(ada: StaffUser) -> None:
    one, other = race(*[lambda: app_in_set_up(ada)] * 2)

    assert one == other == AuthenticatorApp.objects.get(user=ada)


# --- What is stored ------------------------------------------------------------------------------


def stored_second_factors() -> str:
    return str([*AuthenticatorApp.objects.values(), *StaticToken.objects.values()])


def test_neither_codes_nor_the_secret_can_be_read_in_the_database(
    ada: StaffUser, recovery_codes: list[str]
) -> None:
    key = AuthenticatorApp.objects.get().bin_key
    shown = stored_second_factors()

    assert len(key) == 20
    for readable in (key.hex(), b32encode(key).decode(), b64encode(key).decode(), *recovery_codes):
        assert readable.lower() not in shown.lower()
    assert b64encode(key)[:20].decode() not in shown


def test_a_recovery_code_has_eighty_bits(recovery_codes: list[str]) -> None:
    assert {len(b32decode(code.upper())) for code in recovery_codes} == {10}


def test_a_digest_of_a_recovery_code_is_no_code(ada: StaffUser, recovery_codes: list[str]) -> None:
    digest = StaticToken.objects.values_list("token", flat=True)[0]

    assert not factories.signs_in(Client(), "ada", code=digest)


def test_the_same_secret_is_never_stored_alike_and_is_for_one_person(ada: StaffUser) -> None:
    one, other = encrypt(b"secret", "1"), encrypt(b"secret", "1")

    assert one != other
    assert decrypt(one, "1") == decrypt(other, "1") == b"secret"
    for text, owner in ((one, "2"), (one[:-4] + "AAAA", "1"), ("", "1"), ("nonsense", "1")):
        with pytest.raises(Unreadable):
            decrypt(text, owner)


def test_after_a_change_of_the_key_codes_of_before_are_good(
    ada: StaffUser, recovery_codes: list[str], settings: LazySettings, clock: Any
) -> None:
    before = AuthenticatorApp.objects.get().key
    shown, settings.SECRET_KEY_FALLBACKS = code(ada), [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"

    assert factories.signs_in(Client(), "ada", code=shown)
    assert factories.signs_in(Client(), "ada", code=recovery_codes[0])
    assert AuthenticatorApp.objects.get().key != before

    settings.SECRET_KEY_FALLBACKS = []  # it was encrypted anew
    clock.shift(timedelta(minutes=1))
    assert factories.signs_in(Client(), "ada", code=code(ada))


def test_without_the_key_of_before_the_page_says_what_to_do(
    ada: StaffUser, recovery_codes: list[str], settings: LazySettings
) -> None:
    shown = code(ada)
    settings.SECRET_KEY = "another one"
    form = {"username": "ada", "password": factories.PASSWORD, "code": shown}

    response = Client().post("/backoffice/login/", form)

    assert response.status_code == 200
    assert "The secret of your app cannot be read" in response.content.decode()
    assert factories.signs_in(Client(), "ada", code=recovery_codes[0])


def test_an_app_in_set_up_is_made_again_if_its_secret_cannot_be_read(
    client: Client, ada: StaffUser, settings: LazySettings
) -> None:
    client.force_login(ada)
    client.get(PAGE)
    settings.SECRET_KEY = "another one"
    client.force_login(ada)

    assert client.get(PAGE).status_code == 200
    assert AuthenticatorApp.objects.get().is_readable
