"""Any input gets a page that says what is wrong, never a server error."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from customers.models import Customer, CustomerUser, PaymentMethod
from tests import factories
from tests.backoffice.support import at, edited, form_of, text

LONG = "x" * 10_000
ODD = ["", " ", "%", "\0", "a\0b", "\ud800", "x' OR 1=1 --", "<script>", "😀", LONG, "9" * 5000]
NUMBERS = ["-1", "0", "1e9", "1.5", "٣", "9" * 30, "9" * 5000, "NaN", "None"]
DAYS = [
    *("0001-01-01", "1969-12-31", "9999-12-31", "2026-02-30", "2026-13-01", "10000-01-01"),
    *("01/02/2026", "2026-11-20T10:00", "yesterday"),
]
MONTHS = [
    "0001-01",
    "1969-12",
    "9999-12",
    "9999-11",
    "2026-13",
    "2026-00",
    "2026",
    "26-1",
    "-2026-1",
]
ID = "00000000-0000-0000-0000-000000000000"
QUERIES = [
    *(("q", value) for value in [*ODD, "cus_", "cus_zzz", "*", "!", "a & b | c:*", "\\", "'"]),
    *((name, value) for name in ("after", "before") for value in [*ODD, ID, "f" * 32, f"{{{ID}}}"]),
    *(("sort", value) for value in [*ODD, "--name", "pk", "organization__name"]),
    *(("column", value) for value in [*ODD, "metadata", "__class__"]),
    *(("month", value) for value in [*ODD, *MONTHS]),
    *(("country", value) for value in [*ODD, "XX", "de", "none"]),
    *((name, day) for name in ("created_from", "created_to") for day in [*ODD, *DAYS]),
    *((name, value) for name in ("status", "cards", "duplicates") for value in [*ODD, "1"]),
]
FAR = ["Asia/Tokyo", "Etc/GMT+12"]


def query_of(name: str, value: str) -> str:
    """Return the query of a URL, with text that is not valid UTF-8 as bytes."""
    return urlencode({name: value.encode("utf-8", "surrogatepass")})


@pytest.mark.parametrize("name", sorted({name for name, _value in QUERIES}))
def test_the_list_answers_any_query(editor: Client, customer: Customer, name: str) -> None:
    for sort in ("", "name"):
        for value in [value for asked, value in QUERIES if asked == name]:
            query = query_of(name, value) + (f"&sort={sort}" if sort and name != "sort" else "")

            response = editor.get(f"{at('customers')}?{query}")

            assert response.status_code in {200, 302, 400}, query[:80]
            if response.status_code == 400:
                assert "Some filters are not valid" in text(response), query[:80]


@pytest.mark.parametrize("name", ["month", "created_from", "created_to", "country", "status"])
def test_filters_that_are_not_valid_export_nothing(
    editor: Client, customer: Customer, name: str
) -> None:
    response: Any = editor.get(f"{at('export')}?{name}=nonsense")

    assert response.url == f"{at('customers')}?{name}=nonsense"
    assert "Nothing was exported" in text(editor.get(response.url))


@pytest.mark.parametrize("zone", FAR)
def test_the_first_and_the_last_day_are_read_in_every_zone(
    viewer: Client, customer: Customer, zone: str
) -> None:
    viewer.cookies["timezone"] = zone
    for name in ("created_from", "created_to"):
        for day in ("0001-01-01", "9999-12-31"):
            assert viewer.get(at("customers"), {name: day}).status_code in {200, 400}


@pytest.mark.parametrize(
    "before",
    [
        *ODD,
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00"),
        *("2026-02-30T00:00:00Z", "2026-01-01T00:00:00 01:00", "20260101T000000Z"),
        "2026-01-01T00:00:00+23:59",
    ],
    ids=lambda value: repr(value)[:24],
)
def test_the_timeline_answers_any_time(viewer: Client, customer: Customer, before: str) -> None:
    address = at("customer", customer.pk)

    assert viewer.get(f"{address}?{query_of('before', before)}").status_code == 200


FIELDS = [
    *("name", "legal_name", "email", "phone", "url", "logo_url", "address_line1", "city"),
    *("postal_code", "country", "external_id", "reference", "ein", "legal_number", "reason"),
    *("metadata", "metadata_key"),
]
BAD = [LONG, "a\0b", "\x00", "x" * 3000]


@pytest.mark.parametrize("field", FIELDS)
def test_a_customer_with_a_bad_value_is_refused(editor: Client, field: str) -> None:
    for value in BAD:
        sent = {"name": "Hooli", field: value, "anyway": "on"}
        if field == "metadata_key":
            sent["metadata_value"] = "x"

        response = editor.post(at("customer_new"), sent)

        assert response.status_code in {200, 302, 400}
        assert (response.status_code == 302) is (field == "metadata"), repr(value)[:20]
    assert Customer.objects.count() == (len(BAD) if field == "metadata" else 0)


@pytest.mark.parametrize("sent", [{}, {"name": " "}, {"metadata_key": "", "metadata_value": ""}])
def test_an_empty_customer_is_refused(editor: Client, sent: dict[str, str]) -> None:
    response = editor.post(at("customer_new"), sent)

    assert response.status_code == 400
    assert "Give at least a name, an email or an id." in text(response)


@pytest.mark.parametrize("sent", [{}, {"email": "", "first_name": " "}])
def test_an_empty_user_is_refused(editor: Client, customer: Customer, sent: dict[str, str]) -> None:
    response = editor.post(at("user_add", customer.pk), sent)

    assert response.status_code == 400
    assert "Give an email or a name." in text(response)
    assert not customer.users.exists()


@pytest.mark.parametrize("version", ["", " ", "x", "1 OR 1=1", *NUMBERS])
def test_an_unknown_version_writes_nothing(
    editor: Client, customer: Customer, version: str
) -> None:
    user = factories.user(customer)
    method = factories.payment_method(customer)
    pages = {
        at("customer_edit", customer.pk): {"name": "Other"},
        at("user_edit", customer.pk, user.pk): {"email": "other@example.org"},
        at("payment_method_edit", customer.pk, method.pk): {"type": "standard_ach"},
        at("user_remove", customer.pk, user.pk): {},
        at("payment_method_remove", customer.pk, method.pk): {},
    }
    for address, sent in pages.items():
        assert editor.post(address, {**sent, "version": version}).status_code in {400, 409}

    for row in (customer, user, method):
        row.refresh_from_db()
        assert row.version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("last4", value) for value in ["42", "42424", "abcd", "٤٢٤٢"]),
        *(("exp_month", value) for value in ["0", "13", "x", *NUMBERS]),
        *(("exp_year", value) for value in ["26", "1999", "2200", "99999", *NUMBERS]),
        *(("type", value) for value in ["", "cash", LONG]),
        *(("brand", value) for value in ["x" * 33, "\0"]),
    ],
)
def test_a_payment_method_with_a_bad_value_is_refused(
    editor: Client, customer: Customer, field: str, value: str
) -> None:
    sent = {"type": "card", "exp_month": "1", "exp_year": "2030", field: value}
    if value == "٣":
        sent["exp_year"] = "x"  # digits of any alphabet are digits

    response = editor.post(at("payment_method_add", customer.pk), sent)

    assert response.status_code == 400
    assert "Nothing was saved." in text(response)
    assert not PaymentMethod.objects.exists()


def test_an_expiry_needs_month_and_year(editor: Client, customer: Customer) -> None:
    response = editor.post(at("payment_method_add", customer.pk), {"type": "card", "exp_month": 3})

    assert "Give the expiry&#x27;s month and year, or neither." in text(response)


def test_a_users_email_is_unique_per_customer(editor: Client, customer: Customer) -> None:
    factories.user(customer, email="ada@example.org")
    bob = factories.user(customer, email="bob@example.org")

    added = editor.post(at("user_add", customer.pk), {"email": "ADA@example.org"})
    changed = edited(editor, at("user_edit", customer.pk, bob.pk), email="Ada@Example.org")

    for response in (added, changed):
        assert response.status_code == 400
        assert "This customer already has a user with this email." in text(response)
    assert CustomerUser.objects.count() == 2


@pytest.mark.parametrize("id", ["x", "-1", "1.5", "9" * 40, "null", "_", ID, ID.replace("-", "")])
def test_an_id_that_is_not_valid_is_not_found(manager: Client, customer: Customer, id: str) -> None:
    home = at("home")
    for path in (
        f"customers/{id}/",
        f"customers/{id}/edit/",
        f"customers/{customer.pk}/users/{id}/",
        f"customers/{customer.pk}/payment-methods/{id}/remove/",
        f"imports/{id}/",
        f"credentials/key/{id}/revoke/",
        f"credentials/client/{id}/revoke/",
        f"credentials/other/{id}/revoke/",
    ):
        for send in (manager.get, manager.post):
            assert send(f"{home}{path}").status_code in {404, 405}, path


@pytest.mark.parametrize("version", ["x", "9" * 5000])
def test_a_version_that_is_not_a_number_is_refused(
    editor: Client, customer: Customer, version: str
) -> None:
    address = at("customer_edit", customer.pk)

    response = editor.post(address, form_of(editor.get(address), version=version))

    assert "Enter a whole number" in text(response)
