"""Entity tags of every contract: If-Match on what changes a customer, If-None-Match on reading."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.contract_table import CONDITIONAL, LISTS, READS, TABLE, WITH_BODY
from tests.api.harness import NOTHING, Endpoint, Harness, send
from tests.stored import stored

each_conditional = pytest.mark.parametrize("endpoint", CONDITIONAL, ids=str)
each_read = pytest.mark.parametrize("endpoint", READS, ids=str)

#: With the customer's version filled in, and one that is earlier.
NAMING_IT = ['"{v}"', '"1", "{v}"', '"{v}","9"', ' "{v}" ', 'W/"1", "{v}"', "*", " * "]
NAMING_OTHERS = [
    *('"{w}"', '"9"', '"1", "2", "{w}"', 'W/"{v}"', "{v}", "'{v}'", '"{v}', '{v}"', '"0{v}"'),
    *('"+{v}"', '" {v}"', '"{v} "', '"{v}.0"', '"-{v}"', '"0x{v}"', '"four"', '""', '"', ""),
    *("nonsense", '"*"', ",", '"٤"', '"٣"', '"{v}"x', '"' + "9" * 5000 + '"'),
    '"99999999999999999999"',
]


@pytest.fixture
def fourth(acme: Organization) -> Customer:
    """A customer at version 4 who is not archived."""
    customer = factories.customer(acme, name="one", external_id="ext-1")
    for name in ("two", "three", "four"):
        customer.revise({"name": name})
    return customer


@pytest.fixture
def api(acme: Organization, endpoint: Endpoint) -> APIClient:
    return endpoint.harness.client(acme)


def tagged(tags: str, row: Any) -> str:
    return tags.format(v=row.version, w=row.version - 1)


def subject(endpoint: Endpoint, fourth: Customer) -> Any:
    """What the endpoint's If-Match is about, at version 4 or later."""
    row = endpoint.subject(endpoint.prepared(fourth))
    name = {"user": "first_name", "method": "brand"}.get(endpoint.route.about, "name")
    while row.version < 4:
        row.revise({name: f"at {row.version}"})
    row.refresh_from_db()
    return row


# --- If-Match ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tags", NAMING_IT)
@each_conditional
def test_a_change_goes_through_at_a_version_it_names(
    api: APIClient, fourth: Customer, endpoint: Endpoint, tags: str
) -> None:
    row = subject(endpoint, fourth)

    answer = endpoint.send(api, fourth, HTTP_IF_MATCH=tagged(tags, row))

    assert answer.status_code == endpoint.route.ok
    assert Customer.objects.get() == fourth


@each_conditional
def test_a_change_at_any_other_version_is_412_and_not_made(
    api: APIClient, fourth: Customer, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    row = subject(endpoint, fourth)
    before = stored()
    for tags in NAMING_OTHERS:
        with subtests.test(tags[:20]):
            refused = endpoint.send(api, fourth, HTTP_IF_MATCH=tagged(tags, row))

            endpoint.harness.assert_error(refused, 412)
            assert stored() == before


@each_conditional
def test_a_change_without_it_goes_through(
    api: APIClient, fourth: Customer, endpoint: Endpoint
) -> None:
    endpoint.prepared(fourth)

    assert endpoint.send(api, fourth).status_code == endpoint.route.ok


@pytest.mark.parametrize("endpoint", [e for e in CONDITIONAL if e.route.ok == 200], ids=str)
def test_a_change_that_changes_nothing_is_412_too(
    api: APIClient, fourth: Customer, endpoint: Endpoint
) -> None:
    harness, route = endpoint
    endpoint.prepared(fourth)
    body = harness.wrap({route.named_by or "ignored": fourth.external_id}) if route.body else None

    refused = endpoint.send(api, fourth, HTTP_IF_MATCH='"9"', body=body)

    endpoint.harness.assert_error(refused, 412)


@pytest.mark.parametrize("tags", ['"1"', "*", "nonsense"])
@pytest.mark.parametrize("endpoint", [each for each in CONDITIONAL if each.route.of_one], ids=str)
def test_an_unknown_customer_is_404_whatever_the_precondition(
    api: APIClient, endpoint: Endpoint, tags: str
) -> None:
    endpoint.harness.assert_error(endpoint.send(api, NOTHING, HTTP_IF_MATCH=tags), 404)


@pytest.mark.parametrize(
    "endpoint",
    [each for each in CONDITIONAL if "city" in each.route.fields],
    ids=str,
)
def test_the_etag_of_one_change_is_good_for_the_next(
    api: APIClient, fourth: Customer, endpoint: Endpoint
) -> None:
    tag = endpoint.harness.one.send(api, fourth)["ETag"]
    for city in ("Berlin", "Hamburg", "Köln"):
        body = endpoint.body_of(fourth, city=city)
        answer = endpoint.send(api, fourth, HTTP_IF_MATCH=tag, body=body)
        assert answer.status_code == 200
        fourth.refresh_from_db()
        assert fourth.city == city
        tag = answer["ETag"]

    assert tag == '"7"'
    archive = endpoint.harness.archive
    endpoint.harness.assert_error(archive.send(api, fourth, HTTP_IF_MATCH='"6"'), 412)
    assert archive.send(api, fourth, HTTP_IF_MATCH=tag).status_code == 200


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=str)
def test_if_none_match_on_a_write_is_not_heeded(
    api: APIClient, fourth: Customer, endpoint: Endpoint
) -> None:
    endpoint.prepared(fourth)
    for tags in ('"4"', "*"):
        body = endpoint.body_of(fourth) if tags == '"4"' else endpoint.other_body_of(fourth)
        answer = endpoint.send(api, fourth, HTTP_IF_NONE_MATCH=tags, body=body)
        assert answer.status_code == endpoint.route.ok


# --- ETag and If-None-Match ----------------------------------------------------------------------


@each_read
def test_the_tag_is_the_version_and_head_has_it_too(
    api: APIClient, customer: Customer, endpoint: Endpoint
) -> None:
    for version in ('"1"', '"2"'):
        answer = endpoint.send(api, customer)
        head: Any = api.head(endpoint.path_of(customer))

        assert (answer.status_code, answer["ETag"]) == (200, version)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", version)
        customer.revise({"name": "New"})
    assert api.head(endpoint.path_of(NOTHING)).status_code == 404


@pytest.mark.parametrize("endpoint", LISTS, ids=str)
def test_a_list_and_an_error_have_no_tag(
    api: APIClient, customer: Customer, endpoint: Endpoint
) -> None:
    for answer in (endpoint.send(api, customer), api.get(endpoint.harness.path_of(NOTHING))):
        assert not answer.has_header("ETag")


@pytest.mark.parametrize("tags", ['"4"', 'W/"4"', '"1", "4"', "*", '"3",W/"4"'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@each_read
def test_a_customer_that_the_caller_has_is_304(
    api: APIClient, fourth: Customer, endpoint: Endpoint, method: str, tags: str
) -> None:
    answer = send(api, method, endpoint.path_of(fourth), HTTP_IF_NONE_MATCH=tags)

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", '"4"')


@each_read
def test_a_customer_that_the_caller_does_not_have_is_200(
    api: APIClient, fourth: Customer, endpoint: Endpoint
) -> None:
    for tags in ('"3"', '"5"', "4", '"04"', "", "nonsense", '"*"', '"' + "9" * 5000 + '"'):
        answer = endpoint.send(api, fourth, HTTP_IF_NONE_MATCH=tags)
        assert answer.status_code == 200, tags


@each_read
def test_an_unknown_customer_is_404_whatever_the_caller_has(
    api: APIClient, acme: Organization, globex: Organization, endpoint: Endpoint
) -> None:
    theirs = factories.customer(globex, external_id="theirs")
    test = factories.customer(acme, "test", external_id="of-test")
    for other in (NOTHING, theirs, test):
        for tags in ("*", '"1"'):
            answer = endpoint.send(api, other, HTTP_IF_NONE_MATCH=tags)
            endpoint.harness.assert_error(answer, 404)


@pytest.mark.parametrize("harness", [each for each in TABLE if not each.shows_archived], ids=str)
def test_an_archived_customer_is_404_until_it_is_restored(
    acme: Organization, customer: Customer, harness: Harness
) -> None:
    api = harness.client(acme)
    nameless = factories.customer(acme, name="Gone")
    for each in (customer, nameless):
        each.archive()
        harness.assert_error(harness.one.send(api, each), 404)
        harness.assert_error(harness.one.send(api, each, HTTP_IF_NONE_MATCH="*"), 404)

        each.restore()
        assert harness.one.send(api, each).status_code == 200
