"""What is typed while signed out is shown after signing in, and saved when it is sent again."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from customers.models import Customer, Organization
from customers.staff.models import StaffUser
from tests.backoffice.support import CARD, at, form_of, signed_in, text
from tests.imports.support import checked, rows

pytestmark = pytest.mark.django_db

TOLD = "You were signed out when you sent this, so nothing was saved."


def end_session(client: Client) -> None:
    Session.objects.all().delete()


def sign_in(client: Client, username: str) -> None:
    user = StaffUser.objects.get(username=username)
    client.force_login(user, "customers.staff.backends.StaffBackend")


def sent_while_signed_out(client: Client, address: str, sent: dict[str, Any], username: str) -> Any:
    """What the page shows after its form was sent, and the person has signed in again."""
    end_session(client)
    answer: Any = client.post(address, sent)
    assert f"?next={quote(address)}" in answer.url
    sign_in(client, username)
    return client.get(address)


@pytest.fixture
def editor(acme: Organization) -> Client:
    return signed_in(acme, "Editor", username="edda")


@pytest.fixture
def root(acme: Organization) -> Client:
    return signed_in(acme, username="root", is_superuser=True)


def test_a_new_customer_is_shown_to_confirm(editor: Client) -> None:
    address = at("customer_new")
    shown = sent_while_signed_out(editor, address, {"name": "Hooli", "city": "Kyiv"}, "edda")

    assert TOLD in text(shown)
    form = shown.context["form"]
    assert (form["name"].value(), form["city"].value()) == ("Hooli", "Kyiv")
    assert not Customer.objects.exists()
    assert TOLD not in text(editor.get(address))


def test_a_change_is_shown_with_the_version_that_was_seen(
    editor: Client, customer: Customer
) -> None:
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), city="Kyiv", reason="They moved.")
    customer.revise({"city": "Rome"})
    shown = sent_while_signed_out(editor, address, sent, "edda")

    again = form_of(shown)
    assert (again["city"], again["reason"], again["version"]) == ("Kyiv", "They moved.", "1")
    assert editor.post(address, again).status_code == 409
    customer.refresh_from_db()
    assert customer.city == "Rome"


@pytest.mark.parametrize("page", ["customer_archive", "user_add", "payment_method_add"])
def test_other_forms_keep_their_reason(editor: Client, customer: Customer, page: str) -> None:
    shown = sent_while_signed_out(
        editor, at(page, customer.pk), {"reason": "They asked.", "type": "card"}, "edda"
    )

    assert 'value="They asked."' in text(shown)


def test_a_correction_of_a_row_is_shown_to_confirm(editor: Client, acme: Organization) -> None:
    found = checked(acme, [["external_id", "country"], ["4111111111111111", "Nowhere"]])
    address = f"{at('import_row', found.pk, 2)}?outcome=refused"
    sent = form_of(editor.get(address), **{"1-country": "Germany"})
    shown = sent_while_signed_out(editor, address, sent, "edda")

    assert form_of(shown) == {**sent, "seen": "0"}
    assert sent["0-external_id"] == "4111111111111111"  # which is no card number there
    assert rows(found)[0].cells[1] == "Nowhere"


def test_card_numbers_and_passwords_are_not_kept(editor: Client, root: Client) -> None:
    sent = {"name": CARD, "city": "Kyiv", "password1": "correct horse"}
    end_session(root)
    root.post(at("customer_new"), sent)

    (session,) = Session.objects.all()
    assert session.get_decoded()["typed"]["fields"] == "name=&city=Kyiv"


def test_forms_that_are_too_long_are_not_kept(editor: Client) -> None:
    shown = sent_while_signed_out(
        editor, at("customer_new"), {f"f{n}": "x" * 1000 for n in range(70)}, "edda"
    )

    assert TOLD not in text(shown)


def test_text_of_one_page_is_not_shown_on_another(editor: Client, customer: Customer) -> None:
    end_session(editor)
    editor.post(at("customer_new"), {"name": "Hooli"})
    sign_in(editor, "edda")

    assert TOLD not in text(editor.get(at("user_add", customer.pk)))
    assert "Hooli" in text(editor.get(at("customer_new")))


def test_the_admin_shows_a_change_to_confirm(root: Client, customer: Customer) -> None:
    address = f"/admin/customers/customer/{customer.pk}/change/"
    counts = {
        f"{p}-{c}_FORMS": "0" for p in ("users", "payment_methods") for c in ("TOTAL", "INITIAL")
    }
    sent = {"name": "Hooli", "seen_version": "1", "metadata": "{}", "_save": "Save", **counts}
    shown = sent_while_signed_out(root, address, sent, "root")

    assert TOLD in text(shown)
    assert 'value="Hooli"' in text(shown)
    customer.refresh_from_db()
    assert customer.name == "Coleman-Blair"
    assert TOLD not in text(root.get(address))


def test_the_admin_shows_a_new_account_without_its_password(root: Client) -> None:
    sent = {"username": "tom", "password1": "correct horse", "password2": "correct horse"}
    shown = sent_while_signed_out(root, "/admin/staff/staffuser/add/", sent, "root")

    assert 'value="tom"' in text(shown)
    assert "correct horse" not in text(shown)
    assert not StaffUser.objects.filter(username="tom").exists()


def test_a_form_from_before_signing_in_again_is_shown_once_more(
    acme: Organization, editor: Client
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = editor.cookies
    browser.get(at("customer_new"))
    old = {"name": "Hooli", "csrfmiddlewaretoken": "x" * 64}

    refused = browser.post(at("customer_new"), old)
    assert refused.status_code == 403
    shown: Any = browser.post(
        at("customer_new"), old, headers={"origin": "http://testserver"}, follow=True
    )
    assert 'value="Hooli"' in text(shown)
    assert not Customer.objects.exists()


def test_a_form_of_another_site_is_refused(editor: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = editor.cookies
    browser.get(at("customer_new"))

    answer = browser.post(
        at("customer_new"), {"name": "x"}, headers={"origin": "https://evil.test"}
    )

    assert answer.status_code == 403
    assert "typed" not in browser.session


def test_signing_out_keeps_nothing(client: Client) -> None:
    client.post("/backoffice/logout/", {"name": "x"})

    assert "typed" not in client.session
