"""Bad queries and paths by hand, for every list and every id of every contract.

What cannot be read is refused in the contract's own JSON; what is the id of nothing is 404.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests.api.contract_table import BILLABEAR, LAGO, LISTS, OF_ONE, TABLE
from tests.api.harness import Endpoint, Harness, first_of, rows_of, send
from tests.stored import stored

each_list = pytest.mark.parametrize("endpoint", LISTS, ids=str)
each_of_one = pytest.mark.parametrize("endpoint", OF_ONE, ids=str)
each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)


@dataclass
class Caller:
    """Asks an endpoint for a customer and a payment method that are there."""

    endpoint: Endpoint
    client: APIClient
    customer: Customer
    method_id: str

    def get(self, query: str) -> Any:
        path = self.endpoint.path_of(self.customer, self.method_id)
        return self.client.get(f"{path}?{query}")

    def assert_refused(self, name: str, value: str, *statuses: int) -> None:
        harness = self.endpoint.harness
        response = self.get(f"{name}={value}")
        error = harness.assert_error(response, *(statuses or (harness.unreadable,)))
        assert harness is BILLABEAR or name in str(error)
        if harness is LAGO:
            assert error["error_details"] == {name: ["value_is_invalid"]}
        if harness.unreadable == 422:  # elsewhere there may be one sentence for all
            assert harness.faults(error) == {name}
        assert harness.faults(error) <= {name}


@pytest.fixture
def to(acme: Organization, request: pytest.FixtureRequest) -> Caller:
    endpoint: Endpoint = (
        request.getfixturevalue("endpoint")
        if "endpoint" in request.fixturenames
        else request.getfixturevalue("harness").listing
    )
    return Caller(endpoint, endpoint.harness.client(acme), *rows_of(acme))


# --- How many ------------------------------------------------------------------------------------

NO_SIZES = [
    *("0", "-1", "-0", "-100", "abc", "1e3", "1e1", "1.0", "1.", "1.5", "1,5", "1_0", "0x10"),
    *("%D9%A3", "%EF%BC%93", "%C2%B2", "%E2%88%9E", "NaN", "Infinity", "null", "true", "[]"),
    *("", "%20", "%201", "1%20", "%2B1", "1%2B1", "--1", "1;2", "1%00", "%00", "%FF", "%ED%A0%80"),
    *("1%0A", "1%27", "-" + "9" * 30, "x", "0x1", "-101", "1,2"),
]
TOO_LARGE = ["9" * 30, "1000001", "18446744073709551616"]
TOO_LONG = ["9" * 5000, "0" * 5000 + "1"]


@each_list
def test_what_is_no_size_of_a_page_is_refused(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    for name in endpoint.harness.sizes:
        for value in NO_SIZES:
            if (name, value) == ("page", ""):  # the first page, as with an empty cursor
                continue
            with subtests.test(f"{name}={value}"):
                to.assert_refused(name, value)


@each_list
def test_too_much_is_refused_and_never_clamped(to: Caller, endpoint: Endpoint) -> None:
    harness = endpoint.harness
    status = 413 if harness is BILLABEAR else harness.unreadable
    for name in harness.sizes:
        for value in TOO_LARGE if name == "page" else [*TOO_LARGE, "101"]:
            to.assert_refused(name, value, status)
        for value in TOO_LONG:
            to.assert_refused(name, value, status, harness.unreadable)


@each_list
def test_every_other_size_is_accepted(to: Caller, endpoint: Endpoint) -> None:
    for name in endpoint.harness.sizes:
        for value in ("1", "2", "99", "100", "01"):
            assert to.get(f"{name}={value}").status_code == 200


# --- From where on -------------------------------------------------------------------------------

_ID = UUID("019470a0-0000-7000-8000-000000000000")
_CURSOR = urlsafe_b64encode(_ID.bytes).decode().rstrip("=")
_CUS = encode(_ID)
NO_CURSORS = [
    *("x", "0", "-1", "null", "%00", "%FF", "%ED%A0%80", "%C3%A9", "=", "==", "%20", "[]"),
    *("a" * 21, "a" * 23, "_" * 22, "%2B" * 22, "%2F" * 22, "a" * 5000, "9" * 40, "%F0%9F%A6%8A"),
    *(f"{_CURSOR}%3D%3D", f"{_CURSOR}A", _CURSOR[:-1], _CURSOR * 2, f"{_CURSOR}%00"),
    *(_CURSOR.swapcase() + "A", "bzox", "MTIzNDU2Nzg5MDEyMzQ1Ng==", f"cus_{_CURSOR}"),
    *(_ID.hex, f"%7B{_ID}%7D", f"urn:uuid:{_ID}", f"{_ID}%00", f"{_ID}%20", f"%20{_ID}"),
    *(str(_ID)[:-1], f"{_ID}0", str(_ID).replace("-", "_"), f"{_ID},{_ID}", f"{_ID}%27"),
    *(_ID.hex[:30] + "-" + _ID.hex[30:], "%EF%BC%90" + str(_ID)[1:]),
    *(_CUS[4:], _CUS.upper(), _CUS[:-1], f"{_CUS}0", f"cus_{_CUS}", f"{_CUS}%00", f"{_CUS}%20"),
    *("cus_", "cus_" + "z" * 26, "cus_" + "i" * 26, "CUS_" + _CUS[4:], f"cus_{_ID}"),
    *("cus_" + "%D9%A3" * 26, "cus_abc123def456", f"cus_{_CUS[4:].upper()}", f"%20{_CUS}"),
    *("1", "019470a0", "a%00b", "%F0%9F"),
]


@each_list
def test_a_cursor_that_no_page_has_given_is_refused(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    """The form of each contract's own is a bad one in all others."""
    harness = endpoint.harness
    for name in harness.cursors:
        own = harness.cursor_of(_ID)
        assert to.get(f"{name}={own}").status_code == 200
        for value in {*NO_CURSORS, *(other.cursor_of(_ID) for other in TABLE)} - {own}:
            with subtests.test(f"{name}={value}"):
                to.assert_refused(name, value)
                assert name in to.get(f"{name}={value}").content.decode()


@each_list
def test_both_directions_at_once_are_refused(to: Caller, endpoint: Endpoint) -> None:
    """Or, where there is one direction only, two sizes."""
    harness = endpoint.harness
    names, value = harness.cursors, harness.cursor_of(_ID)
    if len(names) < 2:
        names, value = harness.sizes if harness is BILLABEAR else (harness.sizes[-1],) * 2, "1"

    query = "&".join(f"{name}={value}" for name in names)
    error = harness.assert_error(to.get(query), harness.unreadable)
    assert any(name in str(error) for name in names)
    assert harness.faults(error) <= set(names)


# --- Parameters ----------------------------------------------------------------------------------

QUERIES = [
    "{size}=1&{size}=2",
    "{size}=1&{size}=1",
    "{size}=1&%{hex}=1",
    "unknown=1",
    "{capitals}=1",
    "{size}[]=1",
    "{size}%00=1",
    "{size}%20=1",
    "offset=0",
    "format=xml",
    "=1",
    "{size}",
    "%FF=1",
    "%00=%00",
    "__proto__=1",
    "organization_id=x",
    "mode=test",
    "archived_at=",
    "\u0000",
    "&".join(f"p{number}=1" for number in range(1100)),
]


@each_list
def test_a_parameter_that_is_repeated_or_unknown_is_refused(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    harness = endpoint.harness
    size = harness.sizes[0]
    names = {"size": size, "capitals": size.upper(), "hex": f"{ord(size[0]):02x}{size[1:]}"}
    for query in QUERIES:
        with subtests.test(query[:50]):
            harness.assert_error(to.get(query.format(**names)), 400, harness.unreadable)


UNKNOWN = [
    *("Page", "perPage", "page", "limit[]", "page[]", "offset", "search", "name", "id", "body"),
    *("external_id", "postal_code", "has_more", "Email", "email__contains", "starting_after"),
    *("testmode", "email", "Limit", "limit"),
]


@each_list
def test_an_unknown_parameter_is_refused_by_its_own_name(to: Caller, endpoint: Endpoint) -> None:
    harness = endpoint.harness
    for name in {*UNKNOWN} - {*harness.sizes, *harness.cursors, *harness.texts}:
        to.assert_refused(name, "1")


@each_list
def test_a_repeated_parameter_is_refused_by_its_own_name(to: Caller, endpoint: Endpoint) -> None:
    harness = endpoint.harness
    values: dict[str, tuple[str, ...]] = dict.fromkeys(harness.sizes, ("1", "2", ""))
    values |= dict.fromkeys(harness.cursors, (harness.cursor_of(_ID),))
    values |= dict.fromkeys(harness.texts, ("x", "y"))
    for name, given in values.items():
        for second in given:
            to.assert_refused(name, f"{given[0]}&{name}={second}")


@each_contract
def test_what_no_text_can_hold_is_not_looked_for(to: Caller, harness: Harness) -> None:
    for name in harness.texts:
        for value in ("%00", "a%00b", "%00" * 50):
            to.assert_refused(name, value)


ODD_TEXTS = ["%FF", "%ED%A0%80", "a" * 20_000, "%F0%9F%A6%8A", "%2525", "%25", "_", "(*+?[", "%5C"]


@each_contract
def test_a_text_that_is_only_odd_finds_nothing(to: Caller, harness: Harness) -> None:
    for name in harness.texts:
        for value in ODD_TEXTS:
            response = to.get(f"{name}={value}")

            assert response.status_code == 200
            assert response.json()[harness.rows] == [], value


TIMES = [
    *("yesterday", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00Z", "%00"),
    *("20260131T120000Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "1769860800"),
    *("2026-01-31T24:00:01Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z", "now"),
    *("2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+99:99", "2026-01-31T12:00:00%2B0200"),
    *("2026-01-31T12:00:00+02:00", "2026-01-31T12:00:00UTC", "2026-01-31T12:00:00%2B02"),
    *("0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z"),
    *("2026-W05-6T12:00:00Z", "2026-01-31T12:00:00.Z", "2026-01-31%0A12:00:00Z"),
    *("%D9%A2%D9%A0%D9%A2%D9%A6-01-31T12:00:00Z", "2026-01-31T12:00:00Zx", "Z" * 5000),
    *("2026-01-31T12:00:00%2B24:00", "2026-01-31T12:00:00%2B01:60", "2026-01-31T12:00:00,5Z"),
]


@pytest.mark.parametrize("harness", [each for each in TABLE if each.times], ids=str)
def test_a_time_that_is_none_or_has_no_zone_is_refused(
    to: Caller, harness: Harness, subtests: pytest.Subtests
) -> None:
    for name in harness.times:
        for value in TIMES:
            with subtests.test(f"{name}={value}"[:50]):
                to.assert_refused(name, value)


# --- Ids -----------------------------------------------------------------------------------------

IDS = [
    *("1", "-1", "0", "null", "undefined", "None", "%00", "%2e%2e", "..", ".", "%2F", "..%2F.."),
    *("%2e%2e%2foauth%2ftoken", "%2e%2e/openapi.json", "%2e%2e%2f%2e%2e%2fadmin%2f", "*", "%2A"),
    *("%5C", "%5C..%5C", "%FF", "%C0%AE%C0%AE", "%ED%A0%80", "%0A", "%0D%0Ax:y", "%20", "~", "%25"),
    *("%2500", "%252e%252e", "a" * 5000, "9" * 5000, "%F0%9F%A6%8A" * 500, "%EF%BC%91" * 32),
    *("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    *("{id}%00", "%00{id}", "{id}%20", "%20{id}", "{id}%0A", "{id}.json", "{id};a=b", "{id},{id}"),
    *("'{id}'", "%7B{id}%7D", "urn:uuid:{id}", "{id}%2F", "{id}{id}", "{id}%23", "{id}%3Fa=b"),
    *("x{id}", "cus_{id}", "CUS_{id}", "cus_" + "z" * 26, "cus_abc123def456", "{id}%CC%81"),
    *("1%27%20OR%20%271%27=%271", "%25{id}", "{id}%25", "_{id}", "-{id}", "<script>"),
]


@each_of_one
def test_an_id_of_nothing_is_404_whatever_it_is(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    harness, route = endpoint
    known = {
        "id": harness.id_of(to.customer),
        "external_id": str(to.customer.external_id),
        "user_id": first_of(to.customer, "users"),
        "method_id": to.method_id,
    }
    before = stored()
    for text in IDS:
        for name, id in known.items():
            if f"{{{name}}}" in route.path:
                path = route.path.format(**{**known, name: text.format(id=id)})
                with subtests.test(text[:50]):
                    response = send(to.client, route.method, path, b"{}", "application/json")
                    harness.assert_error(response, 404)
                    assert stored() == before


@each_of_one
def test_the_id_of_another_contract_is_the_id_of_nothing(to: Caller, endpoint: Endpoint) -> None:
    harness, route = endpoint
    id = to.customer.pk
    cursor = urlsafe_b64encode(id.bytes).decode().rstrip("=")
    before = stored()
    others = {str(id), encode(id), "planted", cursor, id.hex} - harness.ids_of(to.customer)
    for other in others if "{id}" in route.path else ():
        names = {"method_id": to.method_id, "user_id": first_of(to.customer, "users")}
        path = route.path.format(id=other, **names)
        # Lago knows a customer by the UUID where it has no id of its own.
        harness.assert_error(send(to.client, route.method, path, b"{}", "application/json"), 404)
        assert stored() == before
