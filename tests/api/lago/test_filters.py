"""The filters of the list, which must all apply."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Organization
from tests import factories
from tests.api.lago.support import PATH


@pytest.fixture(autouse=True)
def four(acme: Organization, globex: Organization) -> None:
    rows: dict[str, dict[str, Any]] = {
        "a": {"name": "Ürban", "country": "DE", "state": "BE", "postal_code": "10115"},
        "b": {"legal_name": "urban GmbH", "country": "FR", "state": "be"},
        "c": {"email": "x@urban.example", "country": "US", "state": "CA", "postal_code": "91364"},
        "urban-d": {"country": "US", "city": "Urban"},
        "e": {"city": "Urban"},
    }
    for name, values in rows.items():
        factories.customer(acme, external_id=name, **values)
    factories.customer(globex, external_id="a", name="urban", country="US")
    factories.customer(acme, external_id="gone", name="urban", country="US").archive()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search_term=URBAN", "urban-d c b"),
        ("search_term=", "e urban-d c b a"),
        ("external_id=a", "a"),
        ("external_id=A", ""),
        ("countries[]=US", "urban-d c"),
        ("countries[]=US&countries[]=FR", "urban-d c b"),
        ("countries%5B%5D=US", "urban-d c"),
        ("countries[]=", "e urban-d c b a"),
        ("countries[]=&countries[]=FR", "b"),
        ("states[]=BE&states[]=CA", "c a"),
        ("zipcodes[]=10115", "a"),
        ("zipcodes[]=10115&countries[]=US", ""),
        ("countries[]=US&search_term=x@", "c"),
    ],
)
def test_what_is_listed(api: APIClient, query: str, found: str) -> None:
    body: Any = api.get(f"{PATH}?{query}").json()

    assert [each["external_id"] for each in body["customers"]] == found.split()
    assert body["meta"]["total_count"] == len(found.split())


def test_pages_are_of_what_is_listed(api: APIClient) -> None:
    query = "countries[]=US&countries[]=FR&per_page=1"
    pages = [api.get(f"{PATH}?{query}&page={number}").json() for number in (1, 2, 3, 4)]

    found = [[each["external_id"] for each in page["customers"]] for page in pages]
    assert found == [["urban-d"], ["c"], ["b"], []]
    assert [page["meta"]["total_count"] for page in pages] == [3, 3, 3, 3]


@pytest.mark.parametrize("query", ["countries[]=%00", "search_term=a&search_term=b", "states=CA"])
def test_what_is_refused(api: APIClient, query: str) -> None:
    assert api.get(f"{PATH}?{query}").status_code == 422
