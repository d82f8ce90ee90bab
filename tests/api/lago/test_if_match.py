"""Entity tags: If-Match on upsert and delete, If-None-Match on reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import (
    CUSTOMER_NOT_FOUND,
    PATH,
    assert_error,
    at,
    post,
    send,
    shown,
    upsert,
)

Write = Callable[..., Any]

CHANGED = {
    "status": 412,
    "error": "Precondition Failed",
    "message": "The customer was changed meanwhile. Read it again, then repeat your change.",
}
WRITES: dict[str, Write] = {
    "upsert": lambda api, **headers: post(api, {"customer_id": "x", "name": "New"}, **headers),
    "upsert by the other name": lambda api, **headers: post(
        api, {"external_id": "x", "name": "New"}, **headers
    ),
    "upsert of nothing": lambda api, **headers: post(api, {"customer_id": "x"}, **headers),
    "delete": lambda api, **headers: api.delete(at("x"), **headers),
}


@pytest.fixture(params=WRITES)
def write(request: pytest.FixtureRequest) -> Write:
    return WRITES[request.param]


@pytest.fixture
def third(api: APIClient) -> Customer:
    """The customer `x` at version 3."""
    for name in ("one", "two", "three"):
        upsert(api, "x", name=name)
    return Customer.objects.get(version=3)


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


def test_a_list_and_an_error_have_none(api: APIClient, third: Customer) -> None:
    for answer in (api.get(PATH), api.get(at("unknown")), post(api, {})):
        assert not answer.has_header("ETag")


@pytest.mark.parametrize("tags", ['"3"', '"1", "3"', '"3","9"', ' "3" ', 'W/"1", "3"', "*", " * "])
def test_a_write_goes_through_at_a_version_it_names(
    api: APIClient, third: Customer, write: Write, tags: str
) -> None:
    assert shown(write(api, HTTP_IF_MATCH=tags))["lago_id"] == str(third.pk)


@pytest.mark.parametrize(
    "tags",
    [
        *('"2"', '"4"', '"1", "2"', 'W/"3"', "3", "'3'", '"3', '"03"', '"+3"', '" 3"', '"3.0"'),
        *('""', '"', "", "nonsense", '"*"', ",", '"٣"', '"3"x', '"' + "9" * 5000 + '"'),
    ],
)
def test_a_write_at_any_other_version_is_412_and_changes_nothing(
    api: APIClient, third: Customer, write: Write, tags: str
) -> None:
    before = api.get(at("x")).content

    assert_error(write(api, HTTP_IF_MATCH=tags), CHANGED)

    assert api.get(at("x")).content == before
    assert Customer.objects.get().version == 3


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


def test_what_is_wrong_with_the_body_is_told_first(api: APIClient, third: Customer) -> None:
    response = post(api, {"customer_id": "x", "country": "XX"}, HTTP_IF_MATCH='"1"')

    assert response.status_code == 422


def test_the_etag_of_one_write_is_good_for_the_next(api: APIClient) -> None:
    tag = post(api, {"customer_id": "x"})["ETag"]
    for name in ("one", "two", "three"):
        response = post(api, {"customer_id": "x", "name": name}, HTTP_IF_MATCH=tag)
        assert shown(response)["name"] == name
        tag = response["ETag"]

    assert tag == '"4"'


# --- If-None-Match -------------------------------------------------------------------------------


@pytest.mark.parametrize("tags", ['"3"', 'W/"3"', '"1", "3"', "*", '"2",W/"3"'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_customer_that_the_caller_has_is_304(
    api: APIClient, third: Customer, method: str, tags: str
) -> None:
    response = send(api, method, at("x"), HTTP_IF_NONE_MATCH=tags)

    assert response.status_code == 304
    assert response["ETag"] == '"3"'
    assert response.content == b""


@pytest.mark.parametrize("tags", ['"2"', "3", '"03"', "", "nonsense", '"' + "9" * 5000 + '"'])
def test_a_customer_that_the_caller_does_not_have_is_200(
    api: APIClient, third: Customer, tags: str
) -> None:
    assert shown(api.get(at("x"), HTTP_IF_NONE_MATCH=tags))["name"] == "three"


def test_an_unknown_customer_is_404_whatever_the_caller_has(api: APIClient) -> None:
    assert_error(api.get(at("unknown"), HTTP_IF_NONE_MATCH="*"), CUSTOMER_NOT_FOUND)


def test_it_is_not_heeded_on_writing(api: APIClient, third: Customer) -> None:
    response = post(api, {"customer_id": "x", "name": "four"}, HTTP_IF_NONE_MATCH='"3"')

    assert shown(response)["name"] == "four"
    assert response["ETag"] == '"4"'
