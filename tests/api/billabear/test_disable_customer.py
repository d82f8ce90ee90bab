"""POST …/disable and …/enable."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear.support import BASES, assert_error, page
from tests.api.harness import NOTHING, send

pytestmark = pytest.mark.parametrize("base", BASES)


def post(api: APIClient, base: str, customer: Customer, verb: str) -> Any:
    return send(api, "POST", f"{base}/{customer.pk}/{verb}")


def test_a_disabled_customer_is_archived_and_no_longer_found(
    api: APIClient, customer: Customer, base: str
) -> None:
    before: Any = api.get(f"{base}/{customer.pk}")

    response = post(api, base, customer, "disable")

    assert response.status_code == 202
    assert response.json() == before.json()
    assert response["ETag"] == '"2"'
    customer.refresh_from_db()
    assert customer.archived_at is not None
    assert_error(api.get(f"{base}/{customer.pk}"), 404)
    assert page(api)["data"] == []


def test_an_enabled_customer_is_found_again(api: APIClient, customer: Customer, base: str) -> None:
    before: Any = api.get(f"{base}/{customer.pk}")
    post(api, base, customer, "disable")

    response = post(api, base, customer, "enable")

    assert response.status_code == 202
    assert response["ETag"] == '"3"'
    assert response.json() == before.json() == api.get(f"{base}/{customer.pk}").json()


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_again_it_changes_nothing(api: APIClient, customer: Customer, base: str, verb: str) -> None:
    post(api, base, customer, verb)
    customer.refresh_from_db()

    response = post(api, base, customer, verb)

    assert response.status_code == 202
    assert response["ETag"] == f'"{customer.version}"'


def test_enabling_is_409_where_the_external_id_is_taken(
    api: APIClient, acme: Organization, customer: Customer, base: str
) -> None:
    customer.archive()
    factories.customer(acme, external_id=customer.external_id)

    assert_error(post(api, base, customer, "enable"), 409)

    customer.refresh_from_db()
    assert customer.archived_at is not None


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_an_unknown_customer_is_404(
    api: APIClient, customer: Customer, base: str, verb: str
) -> None:
    assert_error(post(api, base, NOTHING, verb), 404)
