"""If-Match on Lago's upserts, which make a customer where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import (
    CUSTOMER_NOT_FOUND,
    assert_error,
    at,
    post,
    shown,
    upsert,
)

Write = Callable[..., Any]

CHANGED = {
    "status": 412,
    "error": "Precondition Failed",
    "message": "The customer was changed meanwhile. Read it again, then repeat your change.",
}
#: In more ways than the tests of all contracts do them.
WRITES: dict[str, Write] = {
    "upsert by the other name": lambda api, **headers: post(
        api, {"external_id": "x", "name": "New"}, **headers
    ),
    "upsert of nothing": lambda api, **headers: post(api, {"customer_id": "x"}, **headers),
}


@pytest.fixture
def third(api: APIClient) -> Customer:
    """The customer `x` at version 3."""
    for name in ("one", "two", "three"):
        upsert(api, "x", name=name)
    return Customer.objects.get(version=3)


@pytest.mark.parametrize("name", WRITES)
def test_other_ways_to_upsert_heed_it_too(api: APIClient, third: Customer, name: str) -> None:
    for tags in ('"2"', '"4"', '"1", "2"', 'W/"3"', "3", '"03"', "", "nonsense", '"*"', ","):
        assert_error(WRITES[name](api, HTTP_IF_MATCH=tags), CHANGED)
        assert Customer.objects.get().version == 3
    for tags in ("*", '"1", "3"', 'W/"1", "3"', '"3"'):
        assert shown(WRITES["upsert of nothing"](api, HTTP_IF_MATCH=tags))
    assert shown(WRITES[name](api, HTTP_IF_MATCH=' "3" '))["lago_id"] == str(third.pk)


def test_every_answer_of_one_customer_has_its_etag(api: APIClient) -> None:
    answers = [
        post(api, {"customer_id": "x"}),
        api.get(at("x")),
        post(api, {"customer_id": "x", "name": "New"}),
        post(api, {"customer_id": "x", "name": "New"}),
        api.head(at("x")),
        api.delete(at("x")),
    ]

    assert [answer["ETag"] for answer in answers] == ['"1"', '"1"', '"2"', '"2"', '"2"', '"3"']


@pytest.mark.parametrize("tags", ["*", '"1"', "nonsense", ""])
def test_an_upsert_that_expects_a_customer_makes_none(api: APIClient, tags: str) -> None:
    for name in ("customer_id", "external_id"):
        assert_error(post(api, {name: "new"}, HTTP_IF_MATCH=tags), CHANGED)

    assert not Customer.objects.exists()


@pytest.mark.parametrize("whose", ["another organization", "the other mode", "archived"])
def test_a_customer_out_of_sight_does_not_fulfil_it(
    api: APIClient, acme: Organization, globex: Organization, whose: str
) -> None:
    organization = globex if whose == "another organization" else acme
    mode = "test" if whose == "the other mode" else "live"
    customer = factories.customer(organization, mode, external_id="x")
    if whose == "archived":
        customer.archive()

    assert_error(post(api, {"customer_id": "x"}, HTTP_IF_MATCH="*"), CHANGED)
    assert_error(api.delete(at("x"), HTTP_IF_MATCH="*"), CUSTOMER_NOT_FOUND)
    assert Customer.objects.count() == 1


def test_it_is_heeded_for_a_customer_known_by_its_uuid(api: APIClient, acme: Organization) -> None:
    id = str(factories.customer(acme, name="Made elsewhere").pk)

    assert_error(post(api, {"customer_id": id, "name": "New"}, HTTP_IF_MATCH='"2"'), CHANGED)
    response = post(api, {"customer_id": id, "name": "New"}, HTTP_IF_MATCH='"1"')
    assert (shown(response)["name"], response["ETag"]) == ("New", '"2"')
    assert_error(api.delete(at(id), HTTP_IF_MATCH='"1"'), CHANGED)
    assert shown(api.delete(at(id), HTTP_IF_MATCH='"2"'))


def test_a_delete_of_an_unknown_customer_is_404_whatever_it_expects(api: APIClient) -> None:
    for tags in ("*", '"1"', "nonsense"):
        assert_error(api.delete(at("unknown"), HTTP_IF_MATCH=tags), CUSTOMER_NOT_FOUND)


def test_what_is_wrong_with_the_body_is_reported_first(api: APIClient, third: Customer) -> None:
    response = post(api, {"customer_id": "x", "country": "XX"}, HTTP_IF_MATCH='"1"')

    assert response.status_code == 422
