"""What the vendor serves and this project does not: 404 `resource_not_found`."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.harness import send
from tests.api.lago.support import CUSTOMER_NOT_FOUND, assert_error, at, shown, upsert

NOT_SERVED = {"status": 404, "error": "Not Found", "code": "resource_not_found"}
BELOW = ["portal_url", "current_usage", "checkout_url", "invoices", "wallets/1/metadata/2"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("below", BELOW)
def test_below_a_customer_that_exists(
    api: APIClient, acme: Organization, customer: Customer, below: str, method: str
) -> None:
    nameless = factories.customer(acme, name="Nameless")

    for id in ("ext-1", nameless.pk):
        answer: Any = send(api, method, f"{at(id)}/{below}", b"{}", "application/json")
        assert_error(answer, NOT_SERVED)


def test_below_a_customer_that_exists_with_the_vendor_s_parameters(
    api: APIClient, customer: Customer
) -> None:
    """As every client of the vendor asks for the current usage."""
    usage = f"{at('ext-1')}/current_usage?external_subscription_id=sub-1"

    assert_error(api.get(usage), NOT_SERVED)
    assert_error(send(api, "POST", usage), NOT_SERVED)
    assert api.get(f"{at('ext-1')}?external_subscription_id=sub-1").status_code == 422


@pytest.mark.parametrize("below", BELOW)
def test_below_one_that_does_not_exist_there_is_no_customer(
    api: APIClient, acme: Organization, globex: Organization, below: str
) -> None:
    factories.customer(acme, external_id="archived").archive()
    factories.customer(acme, "test", external_id="of-test")
    factories.customer(globex, external_id="theirs")

    for id in ("none", "archived", "of-test", "theirs"):
        for answer in (api.get(f"{at(id)}/{below}"), api.delete(f"{at(id)}/{below}")):
            assert_error(answer, CUSTOMER_NOT_FOUND)


def test_an_id_that_ends_so_is_found_first(api: APIClient) -> None:
    upsert(api, "ext-1")
    longer = upsert(api, "ext-1/portal_url")

    assert shown(api.get(f"{at('ext-1')}/portal_url")) == longer
    assert send(api, "POST", f"{at('ext-1')}/portal_url").status_code == 405
    assert shown(api.delete(f"{at('ext-1')}/portal_url"))["lago_id"] == longer["lago_id"]
    assert_error(api.get(f"{at('ext-1')}/portal_url"), NOT_SERVED)
    assert shown(api.get(at("ext-1")))["external_id"] == "ext-1"


@pytest.mark.parametrize("path", ["subscriptions", "invoices/1", "billable_metrics", "customers/"])
def test_other_paths_of_the_vendor(api: APIClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert_error(send(api, method, f"/api/v1/{path}"), NOT_SERVED)
