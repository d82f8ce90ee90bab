"""Errors that are Lago's own: bodies without a customer in them, and paths below one."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.harness import JSON, send
from tests.api.lago.support import BAD_REQUEST, CUSTOMER_NOT_FOUND, PATH, assert_error

pytestmark = pytest.mark.usefixtures("debug")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b'"customer"', b"customer", b'{"customer_id": "x"}'),
        *(b'{"customers": {"customer_id": "x"}}', b'{"Customer": {"customer_id": "x"}}'),
        *(b'{"customer": %s}' % root for root in (b"null", b"{}", b"[]", b'""', b"5", b"true")),
        *(b'{"customer": %s}' % root for root in (b'"x"', b'["x"]', b'[{"customer_id": "x"}]')),
        b'{"customer": {"customer_id": "x", "customer_id": "x"}}',
        b'{"customer": {"customer_id": "x"}, "customer": {"customer_id": "y"}}',
    ],
)
def test_a_root_that_is_missing_empty_or_unreadable_is_400(api: APIClient, body: bytes) -> None:
    assert_error(send(api, "POST", PATH, body, JSON), BAD_REQUEST)
    assert not Customer.objects.exists()


def test_an_id_and_a_slash_is_an_unknown_customer(api: APIClient, customer: Customer) -> None:
    assert_error(api.get(f"{PATH}/ext-1/"), CUSTOMER_NOT_FOUND)
