"""The recorded requests and responses of fixtures/contracts, as examples for OpenAPI documents.

`fixtures/contracts/README.md` says what is in a file. Tests replay each of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from customers.values.cus_ids import encode

_CUSTOMER_ID = UUID("019c1415-7c00-7d2a-9f3b-2a1f6c5e8d40")

#: What a document shows in the place of what is another text in every run.
SHOWN: dict[str, Any] = {
    "<origin>": "https://registry.example",
    "<id>": str(_CUSTOMER_ID),
    "<cus id>": encode(_CUSTOMER_ID),
    "<user id>": "019c1415-8b21-7c54-8a0e-6b1d0f3a9c72",
    "<payment method id>": "019c1415-9d33-7e08-b5c1-4f7a2e9d1b83",
    "<endpoint id>": "019c1416-02aa-7b19-a3d7-8e5c4b6f1d94",
    "<new id>": "019c1416-1f40-7a6c-8d2e-5b9f3c7a0e15",
    "<request id>": "019c1416-3c58-7f91-9b4a-0d6e8c2f7a36",
    "<time>": "2026-01-31T12:00:00Z",
    "<instant>": "2026-01-31T12:00:00.123456Z",
    "<cursor>": "AZwUFXwAfSqfOyofbF6NQA",
    "<event cursor>": "AQAAAAAAAAMgAAAAAAAAAATBAAAAAGl97sAAAAAAAAAAAQ",
    "<event id>": "evt_customer_1217-800",
    "<test event id>": "test_8f14e45fceea467a9538d7b3c1a6e0b2",
    "<number>": 1217,
    "<slug>": "3CC-41F0-001",
    "<token>": "mF9xB5b1kQ2n7T4vZ8c0LrYpWjHs3d",
    "<secret>": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
    "<label>": "live_4f7a…Qx2d",
    "<actor id>": "019c1413-5e00-7b3d-8c41-9a2f6d0e7b58",
}


class Recorded(NamedTuple):
    """One request with its response."""

    name: str
    method: str
    path: str
    media_type: str
    """Of the request's body; empty if it has none."""
    body: Any
    status: str
    answer: Any

    @property
    def title(self) -> str:
        """A name for people."""
        return self.name.replace("-", " ").capitalize()


def folder() -> Path:
    """Where the recorded examples are: a folder for each contract."""
    return Path(settings.RESOURCES_DIR, "fixtures", "contracts")


@cache
def recorded(slug: str) -> tuple[Recorded, ...]:
    """The examples of a contract."""
    return tuple(map(_read, sorted(folder().joinpath(slug).glob("*.json"))))


def _read(file: Path) -> Recorded:
    example = json.loads(file.read_text("utf-8"))
    request, response = example["request"], example["response"]
    return Recorded(
        file.stem,
        request["method"].lower(),
        request["path"].partition("?")[0],
        request["headers"].get("Content-Type", ""),
        shown(request.get("body")),
        str(response["status"]),
        shown(merged(response.get("body"), response.get("also", {}))),
    )


def shown(value: Any) -> Any:
    """A value with what a document shows in the place of its placeholders."""
    if isinstance(value, dict):
        return {name: shown(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    if not isinstance(value, str):
        return value
    if value in SHOWN:
        return SHOWN[value]
    for placeholder, meaning in SHOWN.items():
        value = value.replace(placeholder, str(meaning))
    return value


def merged(body: Any, also: dict[str, Any]) -> Any:
    """`body` with what stands in it beyond the vendor's document."""
    if not also:
        return body
    more = {
        name: merged(body.get(name, {}), member) if isinstance(member, dict) else member
        for name, member in also.items()
    }
    return {**body, **more}
