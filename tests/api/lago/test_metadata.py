"""`metadata` and `billing_configuration`: the store's metadata and processor reference."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import assert_invalid, at, post, shown, upsert

PAIRS = [{"key": "a", "value": "b"}, {"key": "c", "value": ""}]


def test_they_are_read_and_written(api: APIClient) -> None:
    billing = {"payment_provider": "stripe", "provider_customer_id": "cus_1", "sync": True}
    pairs = [{**PAIRS[0], "display_in_invoice": True, "id": "x"}, PAIRS[1]]

    written = upsert(api, metadata=pairs, billing_configuration=billing)

    assert written == shown(api.get(at("ext-1")))
    assert written["metadata"] == [{**pair, "display_in_invoice": False} for pair in PAIRS]
    assert written["billing_configuration"] == {"provider_customer_id": "cus_1"}
    stored = Customer.objects.get()
    assert (stored.metadata, stored.processor_reference) == ({"a": "b", "c": ""}, "cus_1")


@pytest.mark.parametrize(
    ("given", "metadata", "reference"),
    [
        ({}, {"a": "b"}, "cus_1"),
        ({"billing_configuration": None}, {"a": "b"}, "cus_1"),
        ({"billing_configuration": {"payment_provider": "stripe"}}, {"a": "b"}, "cus_1"),
        ({"billing_configuration": {"provider_customer_id": None}}, {"a": "b"}, None),
        ({"billing_configuration": {"provider_customer_id": " "}}, {"a": "b"}, None),
        ({"metadata": []}, {}, "cus_1"),
        ({"metadata": None}, {}, "cus_1"),
        ({"metadata": [{"key": "c", "value": "d"}]}, {"c": "d"}, "cus_1"),
    ],
)
def test_an_update_writes_only_what_is_present(
    api: APIClient, acme: Organization, given: Any, metadata: Any, reference: str | None
) -> None:
    customer = factories.customer(
        acme, external_id="ext-1", processor_reference="cus_1", metadata={"a": "b"}
    )

    upsert(api, **given)

    customer.refresh_from_db()
    assert (customer.metadata, customer.processor_reference) == (metadata, reference)


@pytest.mark.parametrize(
    "metadata",
    [
        *("text", 1, True, {"a": "b"}, [None], ["a"], [[]], [{}], [{"key": "a"}]),
        *([{"key": 1, "value": "b"}], [{"key": "a", "value": None}], [PAIRS[0], PAIRS[0]]),
        *([{"key": "k" * 41, "value": ""}], [{"key": "a", "value": "v" * 501}]),
        [{"key": str(number), "value": ""} for number in range(51)],
        [{"key": "a", "value": "4111 1111 1111 1111"}],
    ],
)
def test_what_is_no_metadata(api: APIClient, metadata: object) -> None:
    answer = post(api, {"customer_id": "x", "metadata": metadata})

    assert_invalid(answer, metadata=["value_is_invalid"])
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("billing", "code"),
    [
        ("text", "value_is_invalid"),
        ([], "value_is_invalid"),
        ({"provider_customer_id": 1}, "value_is_invalid"),
        ({"provider_customer_id": "x" * 256}, "value_is_too_long"),
    ],
)
def test_what_is_no_billing_configuration(api: APIClient, billing: object, code: str) -> None:
    answer = post(api, {"customer_id": "x", "billing_configuration": billing})

    assert_invalid(answer, billing_configuration=[code])
