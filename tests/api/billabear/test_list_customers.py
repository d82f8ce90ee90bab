"""GET /api/v1.0/customer: what is in the list, and what it is narrowed to."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear.support import BASE, client, page, references


def test_the_documented_example_is_shown_exactly(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme,
        reference="Customer One",
        processor_reference="cust_jf9j545",
        email="customer.one@example.org",
        country="DE",
    )

    response: Any = api.get(BASE)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "data": [
            {
                "id": str(customer.pk),
                "reference": "Customer One",
                "external_reference": "cust_jf9j545",
                "email": "customer.one@example.org",
                "country": "DE",
            }
        ],
        "has_more": False,
        "last_key": str(customer.pk),
    }


def test_an_empty_list_has_no_last_key(api: APIClient) -> None:
    assert page(api) == {"data": [], "has_more": False, "last_key": None}


def test_an_item_has_exactly_five_keys_whatever_is_stored(
    api: APIClient, acme: Organization
) -> None:
    factories.customer(acme, external_id="ext", name="Acme", metadata={"a": "b"}, phone="1")

    (item,) = page(api)["data"]

    assert list(item) == ["id", "reference", "external_reference", "email", "country"]
    assert [item[name] for name in list(item)[1:]] == [None] * 4


def test_only_live_customers_of_the_keys_organization_and_mode_are_in_it(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    factories.customer(acme, reference="mine")
    factories.customer(acme, reference="archived").archive()
    factories.customer(acme, "test", reference="test")
    factories.customer(globex, reference="theirs")

    assert references(page(api)) == ["mine"]
    assert references(page(client(acme, "test"))) == ["test"]
    assert references(page(client(globex))) == ["theirs"]
    assert page(client(globex, "test"))["data"] == []


def test_its_cost_does_not_grow_with_its_rows(
    api: APIClient, acme: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        factories.customer(acme)
    page(api)  # notes the key's use

    for size in (1, 30):
        with django_assert_num_queries(2):  # the key, and the page
            assert len(page(api, per_page=size)["data"]) == size


# --- Filters -------------------------------------------------------------------------------------

CONTAINING = [
    ("email", "email"),
    ("reference", "reference"),
    ("external_reference", "processor_reference"),
]


def add(organization: Organization, mode: str = "live", **values: Any) -> Customer:
    return factories.customer(organization, mode, **values)


def text_of(column: str, middle: str) -> str:
    return f"a{middle}b@example.org" if column == "email" else f"a{middle}b"


@pytest.mark.parametrize(("name", "column"), CONTAINING)
def test_a_text_filter_finds_what_contains_it_ignoring_case(
    api: APIClient, acme: Organization, name: str, column: str
) -> None:
    for middle in ("one", "two", "three"):
        add(acme, **{column: text_of(column, middle)})
    factories.customer(acme)

    for part in ("tw", "TWO", "atwob", "aTwob"):
        (found,) = page(api, **{name: part})["data"]
        assert found[name] == text_of(column, "two")
    assert len(page(api, **{name: "a"})["data"]) == 3
    assert page(api, **{name: "four"})["data"] == []


@pytest.mark.parametrize("literal", ["%", "_", "%%", "__", "_%"])
@pytest.mark.parametrize(("name", "column"), CONTAINING)
def test_a_wildcard_in_a_filter_stands_for_itself(
    api: APIClient, acme: Organization, name: str, column: str, literal: str
) -> None:
    add(acme, **{column: text_of(column, "xy")})
    add(acme, **{column: text_of(column, literal)})

    (found,) = page(api, **{name: f"a{literal}b"})["data"]

    assert found[name] == text_of(column, literal)


@pytest.mark.parametrize("literal", ["\\", "\\\\", "\\%", "\\_", "'", '"', "'; --", "$1", "%s"])
@pytest.mark.parametrize("column", ["reference", "processor_reference"])
def test_an_escape_or_a_quote_in_a_filter_stands_for_itself(
    api: APIClient, acme: Organization, column: str, literal: str
) -> None:
    name = "reference" if column == "reference" else "external_reference"
    for middle in ("x", "%", "_", "\\x", literal):
        add(acme, **{column: f"a{middle}b"})

    found = page(api, **{name: f"a{literal}b"})["data"]

    assert {row[name] for row in found} == {f"a{literal}b"}
    assert page(api, **{name: f"c{literal}"})["data"] == []


def test_spaces_are_part_of_the_text_that_is_looked_for(api: APIClient, acme: Organization) -> None:
    for reference in ("north east", "northeast"):
        factories.customer(acme, reference=reference)

    assert references(page(api, reference="north ")) == ["north east"]
    assert references(page(api, reference=" east")) == ["north east"]


def test_a_filter_may_be_in_any_script(api: APIClient, acme: Organization) -> None:
    for reference in ("Kovács és Tsa.", "山田商店", "🚀"):
        factories.customer(acme, reference=reference)

    assert references(page(api, reference="KOVÁCS")) == ["Kovács és Tsa."]
    assert references(page(api, reference="田商")) == ["山田商店"]
    assert references(page(api, reference="🚀")) == ["🚀"]


def test_the_country_filter_is_exact(api: APIClient, acme: Organization) -> None:
    for country in ("DE", "DK", None):
        factories.customer(acme, reference=country, country=country)

    assert references(page(api, country="DE")) == ["DE"]
    for other in ("D", "E", "de", "DEU", "Germany", "%", "D_", "FR"):
        assert page(api, country=other)["data"] == []


def test_filters_narrow_together(api: APIClient, acme: Organization) -> None:
    for reference, country in (("one", "DE"), ("two", "DE"), ("one", "FR")):
        factories.customer(acme, reference=reference, country=country)

    (found,) = page(api, reference="one", country="DE")["data"]

    assert (found["reference"], found["country"]) == ("one", "DE")


def test_an_empty_filter_is_none(api: APIClient, acme: Organization) -> None:
    factories.customer(acme)

    assert len(page(api, email="", country="", reference="", external_reference="")["data"]) == 1


def test_a_filter_finds_no_archived_customer_and_no_one_elses(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    found = {"reference": "one", "email": "one@example.org", "country": "DE"}
    add(acme, **found).archive()
    add(acme, "test", **found)
    add(globex, **found)

    for name, value in found.items():
        assert page(api, **{name: value})["data"] == []
