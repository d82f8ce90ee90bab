"""Every OpenAPI document says what a reader needs: texts, costs, examples, headers of refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from customers.rest.contract import contracts
from customers.rest.examples import recorded
from customers.rest.openapi import document
from tests.api.openapi_tour import Document, operations

LIMITS = {
    *("Retry-After", "RateLimit", "RateLimit-Policy"),
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
}

each_slug = pytest.mark.parametrize("slug", [contract.slug for contract in contracts()])


@pytest.fixture
def found(slug: str) -> Document:
    (contract,) = (each for each in contracts() if each.slug == slug)
    return document(contract)


def missing(found: Document) -> set[str]:
    """What a document should say and does not."""
    return {
        *(f"info.{name}" for name in ("contact", "license") if not found["info"].get(name)),
        *(["servers"] if not found.get("servers") else []),
        *(f"tag {name}" for name in _tags_without_text(found)),
        *(f"property {name}" for name in _without_text(found, "document")),
        *(text for operation in operations(found).values() for text in _untold(operation)),
    }


def _tags_without_text(found: Document) -> set[str]:
    told = {tag["name"] for tag in found["tags"] if tag["description"]}
    return {tag for each in operations(found).values() for tag in each["tags"]} - told


def _without_text(schema: Any, place: str) -> Iterator[str]:
    """The properties without a description in a schema and in all within it."""
    if isinstance(schema, list):
        for each in schema:
            yield from _without_text(each, place)
    if not isinstance(schema, dict):
        return
    for name, value in schema.items():
        if name == "properties":
            yield from (f"{place}.{key}" for key in value if not value[key].get("description"))
        if name not in ("example", "examples"):
            yield from _without_text(value, name if name not in ("items", "schema") else place)


def _untold(operation: Any) -> Iterator[str]:
    """What an operation does not say."""
    name = operation["operationId"]
    text, _, cost = operation.get("description", "").partition("**Costs:**")
    if len(text) < 80 or "RATE_LIMIT" not in cost:
        yield f"description {name}"
    for parameter in operation.get("parameters", ()):
        if not parameter.get("description"):
            yield f"parameter {name}.{parameter['name']}"
    for status, answer in operation["responses"].items():
        for content in answer.get("content", {}).values():
            if status < "300" and not content.get("examples"):
                yield f"example {name} {status}"
        wanted = {"429": LIMITS, "503": {"Retry-After"}}.get(status, set())
        for header in wanted - answer.get("headers", {}).keys():
            yield f"header {name} {status} {header}"


@each_slug
def test_nothing_is_left_unsaid(found: Document) -> None:
    assert missing(found) == set()


@each_slug
def test_no_two_operations_have_one_text(found: Document) -> None:
    texts = [operation["description"] for operation in operations(found).values()]

    assert len(set(texts)) == len(texts)


@each_slug
def test_a_contract_has_texts_for_its_operations_and_no_others(slug: str, found: Document) -> None:
    (contract,) = (each for each in contracts() if each.slug == slug)

    names = {operation["operationId"] for operation in operations(found).values()}
    assert contract.operations.keys() == names
    assert contract.tags.keys() == {
        tag for each in operations(found).values() for tag in each["tags"]
    }


@each_slug
def test_every_recorded_example_is_in_the_document(slug: str, found: Document) -> None:
    shown = {
        name
        for operation in operations(found).values()
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
        for name in content.get("examples", {})
    }

    assert {example.name for example in recorded(slug)} <= shown


# --- The list itself -----------------------------------------------------------------------------


def _first(found: Document) -> Any:
    return next(iter(operations(found).values()))


@pytest.mark.parametrize(
    ("spoil", "wanted"),
    [
        (lambda found: found.pop("servers"), "servers"),
        (lambda found: found["info"].pop("contact"), "info.contact"),
        (lambda found: found["tags"].clear(), "tag Customers"),
        (lambda found: _first(found).update(description="List"), "description list_customers"),
        (
            lambda found: _first(found)["parameters"][0].pop("description"),
            "parameter list_customers.endingBefore",
        ),
        (
            lambda found: _first(found)["responses"]["200"]["content"]["application/json"].clear(),
            "example list_customers 200",
        ),
        (
            lambda found: _first(found)["responses"]["503"].pop("headers"),
            "header list_customers 503 Retry-After",
        ),
        (
            lambda found: found["components"]["schemas"]["Link"]["properties"]["href"].clear(),
            "property Link.href",
        ),
    ],
)
def test_control_what_is_left_unsaid_is_found(
    spoil: Callable[[Document], Any], wanted: str
) -> None:
    (vatly,) = (document(each) for each in contracts() if each.slug == "vatly")

    spoil(vatly)

    assert missing(vatly) == {wanted}
