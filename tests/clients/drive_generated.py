"""Drives the Python client that is generated from the registry's own OpenAPI document.

    python drive_generated.py URL API_KEY

It creates, patches, lists and pages, and prints as JSON what it saw. It is type-checked, so it
reads members and not texts.
"""

import json
import sys
from collections.abc import Iterator

from registry_client import AuthenticatedClient
from registry_client.api.customers import (
    create_customer,
    get_customer,
    list_customers,
    patch_customer,
)
from registry_client.models import (
    Customer,
    CustomerDryRun,
    CustomerPatch,
    CustomerWrite,
    Error,
    ExpandedCustomer,
    PaginatedExpandedCustomerList,
    PatchCustomerDryRun,
)
from registry_client.types import UNSET, Unset


def create(client: AuthenticatedClient, name: str) -> Customer:
    """A new customer."""
    body = CustomerWrite(name=name, external_id=f"id {name}", country="DE")
    made = create_customer.sync(client=client, body=body, idempotency_key=name)
    assert isinstance(made, Customer), made
    return made


def patch(client: AuthenticatedClient, customer: Customer, city: str) -> Customer:
    """The customer with another city and no country, if it is still at its version."""
    changed = patch_customer.sync(
        str(customer.id),
        client=client,
        body=CustomerPatch(city=city, country=None),
        if_match=f'"{customer.version}"',
    )
    assert isinstance(changed, Customer), changed
    return changed


def pages(client: AuthenticatedClient, limit: int) -> Iterator[list[str | None]]:
    """The names on each page, to the last one."""
    cursor: str | Unset = UNSET
    while True:
        page = list_customers.sync(client=client, limit=limit, cursor=cursor)
        assert isinstance(page, PaginatedExpandedCustomerList), page
        yield [customer.name for customer in page.data]
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def main() -> None:
    _, url, key = sys.argv
    client = AuthenticatedClient(base_url=url.rstrip("/"), token=key)
    first, *_ = [create(client, name) for name in ("One", "Two", "Three", "Four", "Five")]
    changed = patch(client, first, "Ulm")
    found = get_customer.sync(str(first.id), client=client)
    assert isinstance(found, ExpandedCustomer), found
    rehearsed = patch_customer.sync(
        str(first.id),
        client=client,
        body=CustomerPatch(city="Bonn"),
        dry_run=PatchCustomerDryRun.TRUE,
    )
    assert isinstance(rehearsed, CustomerDryRun), rehearsed
    stale = patch_customer.sync(
        str(first.id), client=client, body=CustomerPatch(city="Bonn"), if_match='"1"'
    )
    assert isinstance(stale, Error), stale
    wrong = create_customer.sync(client=client, body=CustomerWrite(country="Mars"))
    assert isinstance(wrong, Error), wrong
    later = list_customers.sync(client=client, created_from=first.created_at, country="DE")
    assert isinstance(later, PaginatedExpandedCustomerList), later
    seen = {
        "created": [first.name, first.version, first.created_at.tzinfo is not None],
        "changed": [changed.city, changed.country, changed.version],
        "found": [found.city, found.version],
        "rehearsed": [rehearsed.outcome.value, rehearsed.changes.additional_properties["city"].new],
        "refused": [stale.status, wrong.status, wrong.errors[0].pointer],
        "listed": [customer.name for customer in later.data],
        "pages": list(pages(client, 2)),
    }
    json.dump(seen, sys.stdout)


main()
