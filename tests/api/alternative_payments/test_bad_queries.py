"""Bad queries and paths by hand: 400 for what cannot be read, 404 for what is the id of nothing."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests import factories
from tests.api.alternative_payments.support import assert_error, send, stored

LISTS = ["/customers", "/customers/{id}/users", "/customers/{id}/payment-methods"]

CURSORS = [
    *("x", "0", "null", "%00", "%FF", "%ED%A0%80", "%C3%A9", "=", "==", "a" * 21, "a" * 23),
    *("_" * 22, "%2B" * 22, "%2F" * 22, "a" * 5000, "019470a0-0000-7000-8000-000000000000"),
    *("{cursor}%3D%3D", "{cursor}%3D", "{cursor}A", "{truncated}"),
    *("{cursor}{cursor}", "{lower}", "bzox", "MTIzNDU2Nzg5MDEyMzQ1Ng==", "cus_{cursor}"),
]


@pytest.mark.parametrize("cursor", CURSORS)
@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_cursor_that_no_page_has_given_is_400(
    api: APIClient, customer: Customer, direction: str, cursor: str
) -> None:
    own = api.get("/customers").json()["end_cursor"]
    text = cursor.format(cursor=own, truncated=own[:-1], lower=own.swapcase() + "A")
    for path in LISTS:
        response = api.get(f"{path.format(id=customer.pk)}?{direction}={text}")
        told = assert_error(response, 400, "bad_request")
        assert set(told["validation_errors"]) == {direction}


@pytest.mark.parametrize(
    "limit",
    [
        *("0", "-1", "101", "abc", "1e3", "9" * 30, "9" * 5000, "", "%20", "1,5", "0x10", "1%00"),
        *("null", "true", "[]", "%ED%A0%80", "%E2%88%9E", "NaN", "Infinity", "--1", "1;2", "1.5"),
        "1%2B1",
    ],
)
def test_a_limit_that_is_no_number_from_1_to_100_is_400(
    api: APIClient, customer: Customer, limit: str
) -> None:
    for path in LISTS:
        told = assert_error(api.get(f"{path.format(id=customer.pk)}?limit={limit}"), 400)
        assert set(told["validation_errors"]) == {"limit"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=1&limit=2",
        "limit=1&limit=1",
        "after=&after=",
        "unknown=1",
        "Limit=1",
        "limit[]=1",
        "limit%00=1",
        "offset=0",
        "page=2",
        "format=xml",
        "=1",
        "limit",
        "%FF=1",
        "__proto__=1",
        "organization_id=x",
        "archived_at=",
        "&".join(f"p{number}=1" for number in range(1100)),
    ],
)
def test_a_parameter_that_is_repeated_or_unknown_is_400(
    api: APIClient, customer: Customer, query: str
) -> None:
    for path in LISTS:
        assert_error(api.get(f"{path.format(id=customer.pk)}?{query}"), 400)


@pytest.mark.parametrize(
    "time",
    [
        *("yesterday", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00Z", "%00"),
        *("20260131T120000Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "1769860800"),
        *("2026-01-31T24:00:01Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z", "now"),
        *("2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+99:99", "2026-01-31T12:00:00%2B0200"),
        *("2026-01-31T12:00:00+02:00", "2026-01-31T12:00:00UTC", "2026-01-31T12:00:00%2B02"),
        *("0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z"),
        *("2026-W05-6T12:00:00Z", "2026-01-31T12:00:00.Z", "2026-01-31%0A12:00:00Z"),
        *("%D9%A2%D9%A0%D9%A2%D9%A6-01-31T12:00:00Z", "2026-01-31T12:00:00Zx", "Z" * 5000),
        *("2026-01-31T12:00:00%2B24:00", "2026-01-31T12:00:00%2B01:60", "2026-01-31T12:00:00,5Z"),
    ],
)
def test_a_time_that_is_none_or_has_no_zone_is_400(api: APIClient, time: str) -> None:
    for bound in ("created_at_start", "created_at_end"):
        told = assert_error(api.get(f"/customers?{bound}={time}"), 400)
        assert set(told["validation_errors"]) == {bound}


@pytest.mark.parametrize("name", ["%00", "a%00b", "%00" * 50])
def test_a_company_name_that_no_text_can_hold_is_400(api: APIClient, name: str) -> None:
    told = assert_error(api.get(f"/customers?company_name={name}"), 400)
    assert set(told["validation_errors"]) == {"company_name"}


@pytest.mark.parametrize(
    "name", ["%FF", "%ED%A0%80", "a" * 20_000, "%F0%9F%A6%8A", "%2525", "(*+?["]
)
def test_a_company_name_that_is_only_odd_finds_nothing(
    api: APIClient, customer: Customer, name: str
) -> None:
    response = api.get(f"/customers?company_name={name}")

    assert response.status_code == 200
    assert response.json()["data"] == []


@pytest.mark.parametrize(
    "id",
    [
        *(
            "1",
            "-1",
            "null",
            "undefined",
            "None",
            "%00",
            "%2e%2e",
            "..",
            ".",
            "%2F",
            "..%2F..",
            "*",
        ),
        *("%2e%2e%2foauth%2ftoken", "%5C", "%FF", "%ED%A0%80", "%0A", "%20", "~", "%25", "%2500"),
        *("a" * 5000, "9" * 5000, "00000000-0000-0000-0000-000000000000", "{id}%00", "{id}%20"),
        *(
            "{id}.json",
            "{id};a=b",
            "{id},{id}",
            "'{id}'",
            "%7B{id}%7D",
            "cus_{id}",
            "urn:uuid:{id}",
        ),
        *("%EF%BC%91" * 32, "1%27%20OR%20%271%27=%271", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    ],
)
def test_an_id_of_nothing_is_404_whatever_it_is(
    api: APIClient, customer: Customer, id: str
) -> None:
    factories.user(customer)
    before = stored()
    text = id.format(id=customer.pk)
    for method, path in [
        ("GET", f"/customers/{text}"),
        ("PATCH", f"/customers/{text}"),
        ("DELETE", f"/customers/{text}"),
        ("POST", f"/customers/{text}/restore"),
        ("GET", f"/customers/{text}/users"),
        ("POST", f"/customers/{text}/users"),
        ("GET", f"/customers/{text}/payment-methods"),
        ("GET", f"/customers/{text}/payment-methods/{text}"),
        ("GET", f"/customers/{customer.pk}/payment-methods/{text}"),
    ]:
        assert_error(send(api, method, path, b"{}", "application/json"), 404)
    assert stored() == before
