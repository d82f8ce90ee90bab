"""What the forms of all pages have in common."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from customers.models import Customer, Organization
from tests.backoffice.support import at, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(acme: Organization) -> Client:
    return signed_in(acme, username="root", is_superuser=True)


def forms(client: Client, address: str) -> list[str]:
    """The opening tags of the forms in the content of a page that change something."""
    content = re.split(r'<main|id="content"', text(client.get(address)), maxsplit=1)[1]
    return re.findall(r'<form [^>]*method="post"[^>]*>', content)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/customers/customer/",
        "/admin/customers/customer/add/",
        "/admin/customers/customer/{id}/change/",
        "/admin/customers/apikey/add/",
        "/admin/customers/organization/add/",
        "/admin/staff/staffuser/add/",
        at("customers"),
        at("customer_new"),
        at("credential_new"),
        at("import_new"),
        *(
            f"{at('customers')}{{id}}/{part}"
            for part in ("edit/", "archive/", "users/add/", "payment-methods/add/")
        ),
    ],
)
def test_a_browser_that_goes_back_does_not_fill_the_forms_again(
    root: Client, customer: Customer, address: str
) -> None:
    found = forms(root, address.format(id=customer.pk))

    assert found
    assert all('autocomplete="off"' in form for form in found)
