"""The seam through which all else finds the contracts."""

from __future__ import annotations

import json
import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.urls import get_resolver, resolve

from customers import api
from customers.models import Customer, Organization
from customers.rest.contract import Contract, contract_at, contracts
from customers.rest.openapi import document
from customers.rest.problems import of_status
from tests import factories

STATUSES = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503]

#: A value for every field of the store that one may write.
ORIGIN = "https://registry.example"

# The statuses that a contract has another one for.
TRANSLATED = {("billabear", 422): 400}

WHOLE: dict[str, Any] = {
    "external_id": "value of external_id",
    "processor_reference": "value of processor_reference",
    "reference": "value of reference",
    "email": "value-of-email@example.org",
    "name": "value of name",
    "legal_name": "value of legal_name",
    "legal_number": "value of legal_number",
    "ein": "12-3456789",
    "address_line1": "value of address_line1",
    "address_line2": "value of address_line2",
    "city": "value of city",
    "state": "value of state",
    "postal_code": "value of postal_code",
    "country": "DE",
    "phone": "value of phone",
    "url": "https://example.org/url",
    "logo_url": "https://example.org/logo_url",
    "metadata": {"key": "value of metadata"},
}


@pytest.fixture(params=contracts(), ids=lambda contract: contract.slug)
def contract(request: pytest.FixtureRequest) -> Contract:
    found: Contract = request.param
    return found


def test_every_folder_is_a_contract_and_no_list_names_them() -> None:
    folders = {package.name for package in pkgutil.iter_modules(api.__path__) if package.ispkg}

    assert folders
    assert {contract.slug.replace("-", "_") for contract in contracts()} == folders


def test_contracts_come_by_title_and_differ_in_all_that_names_them() -> None:
    found = contracts()

    assert [contract.title for contract in found] == sorted(contract.title for contract in found)
    for names in (
        [contract.slug for contract in found],
        [contract.title for contract in found],
        [contract.urlconf for contract in found],
        [contract.openapi_path for contract in found],
        [base for contract in found for base in contract.bases],
    ):
        assert len(set(names)) == len(names)


def test_the_longest_base_counts() -> None:
    bases = {base: contract.slug for contract in contracts() for base in contract.bases}
    nested = [(base, above) for base in bases for above in bases if base.startswith(f"{above}/")]

    assert nested == [("/api/v1/customer", "/api/v1")]
    for path, slug in {
        "/api/v1/customer/x": "billabear",
        "/api/v1/customers/x": "lago",
        "/api/v1/customerx": "lago",
        "/api/v1": "lago",
        "/api/v1.0/x": "billabear",
    }.items():
        found = contract_at(path)
        assert found is not None
        assert found.slug == slug


@pytest.mark.parametrize("path", ["//customers", "/customers//", "///customers///x"])
def test_slashes_are_read_as_one(path: str) -> None:
    found = contract_at(path)

    assert found is not None
    assert found.slug == "alternative-payments"


def test_one_contract_begins_at_the_root() -> None:
    assert [found.slug for found in contracts() if found.begins_at_root] == ["alternative-payments"]


def test_its_description_is_its_packages_docstring(contract: Contract) -> None:
    package = import_module(contract.urlconf.rpartition(".")[0])

    assert contract.description == package.__doc__
    assert document(contract)["info"]["description"].strip() == contract.description.strip()


def test_its_paths_are_its_own(contract: Contract) -> None:
    resolve(contract.openapi_path)
    assert any(base in contract.example for base in contract.bases)
    for base in contract.bases:
        assert contract_at(base) is contract
        assert contract_at(f"{base}/any/thing") is contract
        assert contract_at(f"{base}x") is not contract
        assert contract_at(f"/x{base}") is None


def test_its_urlconf_is_installed(contract: Contract) -> None:
    included = {
        pattern.urlconf_name.__name__
        for pattern in get_resolver().url_patterns
        if hasattr(pattern, "urlconf_name") and hasattr(pattern.urlconf_name, "__name__")
    }

    assert contract.urlconf in included


@pytest.mark.parametrize("status", STATUSES)
def test_it_renders_every_status(contract: Contract, status: int) -> None:
    rendered, body = contract.render_error(of_status(status))

    assert rendered == TRANSLATED.get((contract.slug, status), status)
    json.dumps(body)


@pytest.mark.parametrize("path", ["/", "/docs/x/", "/admin/", "/customersx", "", "customers"])
def test_other_paths_are_no_contracts(path: str) -> None:
    assert contract_at(path) is None


# --- What a contract shows -----------------------------------------------------------------------


def test_the_values_here_are_of_every_field_that_one_may_write() -> None:
    assert WHOLE.keys() == Customer.WRITABLE


def test_what_it_cannot_express_are_fields_of_the_store(contract: Contract) -> None:
    assert contract.cannot_express <= Customer.WRITABLE


def test_it_shows_a_field_or_says_that_it_cannot(acme: Organization, contract: Contract) -> None:
    """Changing the field alone shows, unless the contract has no name for it."""
    shown = set()
    for name, value in WHOLE.items():
        customer = Customer(
            organization=acme, mode="live", created_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        customer.pk = UUID("019470a0-0000-7000-8000-000000000000")
        before = contract.represent(customer, ORIGIN)
        setattr(customer, name, value)
        if contract.represent(customer, ORIGIN) != before:
            shown.add(name)

    assert shown | contract.cannot_express == Customer.WRITABLE
    assert shown & contract.cannot_express == frozenset()


def test_it_shows_a_whole_customer_and_an_empty_one_as_json(
    acme: Organization, contract: Contract
) -> None:
    whole = contract.represent(factories.customer(acme, **WHOLE), ORIGIN)
    empty = contract.represent(factories.customer(acme), ORIGIN)

    assert whole.keys() == empty.keys()
    text = json.dumps(whole, default=str)
    for name in Customer.WRITABLE - contract.cannot_express - {"country"}:
        assert json.dumps(WHOLE[name])[1:-1] in text or f"value of {name}" in text, name
