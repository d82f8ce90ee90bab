"""Entity tags, as they are written and read."""

from __future__ import annotations

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from customers.models import Customer
from customers.rest.conditional import etag, expected_versions, is_known


def request(**headers: str) -> Request:
    return Request(APIRequestFactory().get("/", **headers))  # type: ignore[arg-type]


@pytest.mark.parametrize("version", [1, 7, 2**31 - 1])
def test_the_tag_is_strong_and_is_the_version(version: int) -> None:
    assert etag(Customer(version=version)) == f'"{version}"'


@pytest.mark.parametrize("version", [1, 7, 2**31 - 1])
def test_the_tag_that_was_given_is_read_again(version: int) -> None:
    tag = etag(Customer(version=version))

    assert expected_versions(request(HTTP_IF_MATCH=tag)) == frozenset({version})


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ('"1"', {1}),
        ('"1", "2"', {1, 2}),
        ('"1","2" ,  "30"', {1, 2, 30}),
        ('W/"1", "2"', {2}),
        ('W/"1"', set()),
        ('"one"', set()),
        ('"01"', set()),
        ('"²"', set()),
        ('"1.0"', set()),
        ('"-1"', set()),
        ('""', set()),
        ("1", set()),
        ("", set()),
        (",,", set()),
        ('"*"', set()),
    ],
)
def test_if_match_names_versions(header: str, versions: set[int]) -> None:
    assert expected_versions(request(HTTP_IF_MATCH=header)) == frozenset(versions)


@pytest.mark.parametrize("header", ["*", " * "])
def test_a_star_is_any_version(header: str) -> None:
    versions = expected_versions(request(HTTP_IF_MATCH=header))

    assert versions is not None
    assert all(version in versions for version in (1, 2, 2**31 - 1))


def test_no_header_is_any_version() -> None:
    assert expected_versions(request()) is None


@pytest.mark.parametrize("digits", [20, 4300, 4301, 100_000])
def test_a_tag_of_very_many_digits_is_no_version_that_there_is(digits: int) -> None:
    versions = expected_versions(request(HTTP_IF_MATCH=f'"{"9" * digits}"'))

    assert versions is not None
    assert not any(version in versions for version in range(1, 2**16))


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('"7"', True),
        ('W/"7"', True),
        ('"6", "7"', True),
        ('"6", W/"7"', True),
        ("*", True),
        ('"6"', False),
        ('"77"', False),
        ('"07"', False),
        ("7", False),
        ("", False),
        ('W/"6"', False),
    ],
)
def test_if_none_match_shows_what_the_caller_has(header: str, *, known: bool) -> None:
    assert is_known(request(HTTP_IF_NONE_MATCH=header), Customer(version=7)) is known


def test_without_the_header_the_caller_has_nothing() -> None:
    assert not is_known(request(), Customer(version=7))
