"""Recordings made of the contracts' own examples, and of what their documents print."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.timezone import now
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from customers.replay.sending import ORIGIN
from customers.rest.contract import Contract, contract_at, contracts
from customers.rest.renderers import dump_json

EXAMPLES = Path(__file__).parents[2] / "fixtures" / "contracts"
VENDORS = ["alternative-payments", "billabear", "lago", "vatly"]

#: What the vendor's side has for the placeholders of the examples.
ID, USER_ID = "99a6094e-199b-4101-896a-54e927ce7bd7", "0a8bd3c8-7b1a-4d42-9c7e-0d5f4ea1a001"
CUS_ID, METHOD_ID = "cus_abc123def456", "3f0e9d58-52c7-4f57-8f6b-6d0f4c7a2b11"
SECRET = "live_vendorsOwnSecretKey0123456789"
VENDOR = {
    "<api key>": SECRET,
    "<client credentials>": b64encode(b"vendors-client:vendors-own-secret").decode(),
    "<cursor>": "Y3Vyc29yOjEyMzQ1Njc4OQ",
    "<cus id>": CUS_ID,
    "<id>": ID,
    "<instant>": "2024-01-15T10:30:00.123456Z",
    "<origin>": "https://api.vendor.example",
    "<payment method id>": METHOD_ID,
    "<text>": "what the vendor says",
    "<time>": "2024-01-15T10:30:00Z",
    "<user id>": USER_ID,
}

Entry = dict[str, Any]


def contract(slug: str) -> Contract:
    return next(each for each in contracts() if each.slug == slug)


def examples(slug: str) -> dict[str, list[Entry]]:
    """The recordings of a contract's documented examples, as the documents print them.

    What the documents do not have (`also`) is not in them. What an example presupposes is shown by
    a request before it.
    """
    return {
        file.stem: recording_of(json.loads(file.read_text()))
        for file in sorted((EXAMPLES / slug).glob("*.json"))
    }


def recording_of(example: dict[str, Any]) -> list[Entry]:
    """The recording of one example of `fixtures/contracts`."""
    response = {"status": example["response"]["status"], "body": example["response"]["body"]}
    main = filled({"request": example["request"], "response": response})
    return [*_given(example, main["request"]["path"]), main]


def _given(example: dict[str, Any], path: str) -> Iterable[Entry]:
    """A request that shows the customer that an example presupposes."""
    if "customer" not in (given := example.get("given", {})):
        return
    values = dict(given["customer"])
    created_at = values.pop("created_at", None)
    customer = Customer(
        id=UUID(ID),
        created_at=datetime.fromisoformat(created_at) if created_at else now(),
        mode="live",
        version=1,
        organization_id=UUID(int=1),
        sequential_id=1,
        **values,
    )
    served = contract_at(path.partition("?")[0])
    assert served is not None
    shown = json.loads(dump_json(served.represent(customer, ORIGIN)))
    if "id" in shown and str(shown["id"]).startswith("cus_"):
        shown = json.loads(json.dumps(shown).replace(shown["id"], CUS_ID))
    yield {
        "request": {"method": "GET", "path": _path_of(served, customer), "headers": {}},
        "response": {"status": 200, "body": shown},
    }


def _path_of(served: Contract, customer: Customer) -> str:
    head, _, last = served.customer_path(customer).rpartition("/")
    return f"{head}/{CUS_ID if last.startswith('cus_') else last}"


def filled(value: Any) -> Any:
    """A value with what stands on the vendor's side for the placeholders."""
    text = json.dumps(value)
    for placeholder, meaning in VENDOR.items():
        text = text.replace(placeholder, meaning)
    return json.loads(text)


def written(folder: Path, entries: list[Entry], name: str = "recording.jsonl") -> Path:
    """A file of JSON Lines."""
    file = folder / name
    file.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return file


def exchange(
    method: str, path: str, body: Any = None, *, status: int = 200, answer: Any = None, **more: Any
) -> Entry:
    """A request with a credential, and the answer to it."""
    headers = {"Authorization": f"Bearer {SECRET}", "X-API-Key": SECRET}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return {
        "request": {"method": method, "path": path, "headers": headers, "body": body},
        "response": {"status": status, "body": answer, **more},
    }


#: How each contract creates a customer, by what it sends.
CREATES: dict[str, tuple[str, str, Any]] = {
    "alternative-payments": ("POST", "/customers", lambda values: values),
    "billabear": ("PUT", "/api/v1.0/customer", lambda values: {**values, "country": "DE"}),
    "lago": (
        "POST",
        "/api/v1/customers",
        lambda values: {"customer": {**values, "customer_id": values["email"].partition("@")[0]}},
    ),
    "registry": ("POST", "/registry/v1/customers", lambda values: values),
    "vatly": ("POST", "/v1/customers", lambda values: values),
}
EMAILS = ("ada.lovelace@example.org", "grace.hopper@example.org")


def own_session(slug: str, organization: Organization) -> list[Entry]:
    """A recording of the registry itself: it creates two customers, gets one, and lists both."""
    _, secret = ApiKey.issue(organization, "test")
    spoken = contract(slug)
    method, path, body_of = CREATES[slug]
    requests: list[tuple[str, str, Any]] = [
        (method, path, body_of({"email": email})) for email in EMAILS
    ]
    entries = [record(spoken, secret, *request) for request in requests]
    customer = Customer.objects.get(email=EMAILS[0])
    return [
        *entries,
        record(spoken, secret, "GET", spoken.customer_path(customer)),
        record(spoken, secret, "GET", f"{spoken.list_path}?{spoken.page_size}=5"),
    ]


def record(spoken: Contract, secret: str, method: str, path: str, body: Any = None) -> Entry:
    """An exchange with the registry, as a recording has it."""
    name, _, form = spoken.key_header.partition(": ")
    headers = {name: form.format(api_key=secret)}
    answer = APIClient().generic(
        method,
        path,
        "" if body is None else json.dumps(body),
        "application/json",
        headers=headers,
        secure=True,
    )
    assert answer.status_code < 400, answer.content
    return {
        "request": {
            "method": method,
            "path": path,
            "headers": {**headers, "Content-Type": "application/json"},
            "body": body,
        },
        "response": {
            "status": answer.status_code,
            "headers": dict(answer.headers.items()),
            "body": answer.json(),
        },
    }
