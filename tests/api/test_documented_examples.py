"""fixtures/contracts/: the documents' own requests, and that they are answered as documented."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve
from rest_framework.test import APIClient

from customers.insights import events
from customers.models import ApiKey, Customer, CustomerUser, OAuthClient, Organization
from customers.rest.contract import contract_at, contracts
from customers.rest.examples import SHOWN, folder, merged
from customers.values.cus_ids import encode
from customers.webhooks.models import Attempt, Delivery, WebhookEndpoint
from tests import factories
from tests.api.harness import in_urlconfs, send

FOLDER = folder()
FILES = sorted(FOLDER.glob("*/*.json"))
NAMES = [f"{file.parent.name}/{file.stem}" for file in FILES]
each_file = pytest.mark.parametrize("file", FILES, ids=NAMES)

ORIGIN = "http://testserver"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
#: What a placeholder may stand for, where that is not known.
PATTERNS = {
    "<time>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "<instant>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "<cursor>": r"[\w-]{22}",
    "<event cursor>": r"[\w-]{46}",
    "<event id>": r"evt_\w+_\d+-\d+",
    "<test event id>": r"test_[0-9a-f]{32}",
    "<new id>": UUID,
    "<request id>": UUID,
    "<actor id>": UUID,
    "<label>": r"live_\w{4}…\w{4}",
    "<secret>": r"whsec_[\w+/]{43}=",
    "<slug>": r"[0-9A-F]{3}-[0-9A-F]{4}-001",
    "<token>": r"\w{30}",
}
_PLACEHOLDERS = re.compile("|".join(map(re.escape, PATTERNS)))
#: Ours alone: no document has it.
UNDOCUMENTED = {"oauth/revoke"}


@pytest.fixture(autouse=True)
def everything_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the one transaction that a test is, no event would be seen."""
    monkeypatch.setattr(events, "oldest_running", lambda: 2**62)


def test_every_contract_has_a_folder_and_every_folder_is_a_contract_s() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir()}

    assert folders == {contract.slug for contract in contracts()}
    assert folders == {file.parent.name for file in FILES}


def test_every_operation_has_an_example() -> None:
    """Each route of a contract that is not its own OpenAPI document or its 404."""
    examples = set()
    for file in FILES:
        request = json.loads(file.read_text())["request"]
        path = request["path"].partition("?")[0]
        examples.add((request["method"], resolve(path).route))

    wanted = {
        (method, route)
        for _, method, route, view, _ in in_urlconfs()
        if hasattr(view, "get_queryset") and route not in UNDOCUMENTED
    }
    assert examples == wanted


@each_file
def test_an_example_is_of_its_folder_s_contract_and_has_no_other_member(file: Path) -> None:
    example = json.loads(file.read_text())

    contract = contract_at(example["request"]["path"].partition("?")[0])
    assert contract is not None
    assert contract.slug == file.parent.name
    assert example.keys() <= {"given", "request", "response"}
    assert example["request"].keys() <= {"method", "path", "headers", "body"}
    assert example["response"].keys() <= {"status", "body", "also"}
    given = {"customer", "archived", "user", "payment_method", "webhook_endpoint", "delivery"}
    given.add("done")
    assert example.get("given", {}).keys() <= given


@each_file
def test_an_example_is_answered_as_documented(file: Path, acme: Organization) -> None:
    example = json.loads(file.read_text())
    request, response = example["request"], example["response"]
    given = example.get("given", {})
    known = {"<origin>": ORIGIN, **credentials(acme), **prepare(acme, given)}
    for name in given.get("done", []):
        done = json.loads(file.with_stem(name).read_text())["request"]
        assert replay(fill(done, known)).status_code < 300
        known |= latest_event(acme)

    answer = replay(fill(request, known))
    known |= made()

    assert answer.status_code == response["status"], answer.content
    contract = contract_at(request["path"].partition("?")[0])
    assert contract is not None
    is_error = answer.status_code >= 400
    assert answer["Content-Type"] == (contract.error_type if is_error else "application/json")
    wanted = merged(response["body"], response.get("also", {}))
    assert_like(answer.json(), fill(wanted, known))


def credentials(acme: Organization) -> dict[str, str]:
    """What stands for the credentials."""
    _, api_key = ApiKey.issue(acme, "live")
    client, secret = OAuthClient.issue(acme, "live")
    basic = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    return {"<api key>": api_key, "<client credentials>": basic}


def prepare(acme: Organization, given: dict[str, Any]) -> dict[str, str]:
    """Store what is given: what stands for the ids of that."""
    if "webhook_endpoint" in given:
        return prepare_endpoint(acme, given)
    if "customer" not in given:
        return {}
    values = dict(given["customer"])
    created_at = values.pop("created_at", None)
    customer = factories.customer(
        acme, created_at=created_at and datetime.fromisoformat(created_at), **values
    )
    if given.get("archived"):
        customer.archive()
    if "user" in given:
        factories.user(customer, **given["user"])
    if "payment_method" not in given:
        return made()
    method = factories.payment_method(customer, **given["payment_method"])
    return {**made(), "<payment method id>": str(method.pk)}


def prepare_endpoint(acme: Organization, given: dict[str, Any]) -> dict[str, str]:
    """Store a webhook endpoint, and a delivery to it: what stands for their ids."""
    endpoint, _secret = WebhookEndpoint.create(factories.tenant(acme), given["webhook_endpoint"])
    known = {"<endpoint id>": str(endpoint.pk)}
    if "delivery" not in given:
        return known
    values = dict(given["delivery"])
    attempts = values.pop("attempts")
    columns = {**endpoint.tenant.columns, "endpoint": endpoint}
    delivery = Delivery.objects.create(**columns, **values)
    for attempt in attempts:
        Attempt.objects.create(**columns, delivery=delivery, **attempt)
    return {**known, "<delivery id>": str(delivery.pk)}


def latest_event(acme: Organization) -> dict[str, str]:
    """What stands for the id of the latest event."""
    found = events.read_events(factories.tenant(acme), events.START, limit=100)
    return {"<event id>": found.events[-1].id}


def made() -> dict[str, str]:
    """What stands for the ids of the one customer and the one user in the store."""
    known: dict[str, str] = {}
    if customer := Customer.objects.first():
        known |= {"<id>": str(customer.pk), "<cus id>": encode(customer.pk)}
    if user := CustomerUser.objects.first():
        known |= {"<user id>": str(user.pk)}
    assert Customer.objects.count() <= 1
    return known


def replay(request: dict[str, Any]) -> Any:
    """The answer to the request of an example."""
    headers = dict(request["headers"])
    content_type = headers.pop("Content-Type", "")
    body = request.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    return send(
        APIClient(), request["method"], request["path"], text, content_type, headers=headers
    )


def fill(value: Any, known: dict[str, str]) -> Any:
    """`value` with what the placeholders stand for."""
    text = json.dumps(value)
    for placeholder, meaning in known.items():
        text = text.replace(placeholder, meaning)
    return json.loads(text)


def assert_like(found: Any, wanted: Any, place: str = "body") -> None:
    """Assert that an answer is the wanted one, whatever its placeholders stand for."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), place
        assert found.keys() == wanted.keys(), place
        for name in wanted:
            assert_like(found[name], wanted[name], f"{place}.{name}")
    elif isinstance(wanted, list):
        assert isinstance(found, list), place
        assert len(found) == len(wanted), place
        for number, (have, want) in enumerate(zip(found, wanted, strict=True)):
            assert_like(have, want, f"{place}[{number}]")
    elif wanted == "<number>":
        assert type(found) is int, place
    elif isinstance(wanted, str) and _PLACEHOLDERS.search(wanted):
        assert isinstance(found, str), place
        assert re.fullmatch(_pattern(wanted), found), f"{place}: {found}"
    else:
        assert (found, type(found)) == (wanted, type(wanted)), place


def _pattern(wanted: str) -> str:
    """The pattern of a text with placeholders in it."""
    texts = map(re.escape, _PLACEHOLDERS.split(wanted))
    patterns = [PATTERNS[placeholder] for placeholder in _PLACEHOLDERS.findall(wanted)]
    return "".join(map("".join, zip_longest(texts, patterns, fillvalue="")))


def test_what_a_document_shows_for_a_placeholder_is_what_it_may_stand_for() -> None:
    for placeholder, pattern in PATTERNS.items():
        assert re.fullmatch(pattern, SHOWN[placeholder]), placeholder
    assert type(SHOWN["<number>"]) is int


# --- The comparison itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": 1}, {"a": 1, "b": None}),
        ([1, 2], [1]),
        ([], {}),
        (True, 1),
        ("2024-01-15T10:30:00.5Z", "<time>"),
        ("live_", "<label>"),
        (None, "<token>"),
        ("1", "<number>"),
        ("It begins.", "It begins at <instant>."),
        ("<id>", "another"),
    ],
)
def test_control_what_differs_is_found(found: Any, wanted: Any) -> None:
    with pytest.raises(AssertionError):
        assert_like(found, wanted)
