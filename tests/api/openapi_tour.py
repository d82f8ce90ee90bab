"""How the tests of a contract's OpenAPI document hold what is answered against it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import jsonschema  # type: ignore[import-untyped]

Document = dict[str, Any]
Operation = tuple[str, str]

METHODS = {"get", "post", "put", "patch", "delete"}
#: What the tests of errors provoke.
OURS = {"500", "503"}


def operations(document: Document) -> dict[Operation, Any]:
    return {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def documented_statuses(document: Document) -> dict[Operation, set[str]]:
    """The statuses of each operation, but for those that are a fault of ours."""
    return {
        operation: set(details["responses"]) - OURS
        for operation, details in operations(document).items()
    }


def examples(document: Document) -> list[tuple[str, Any, Any]]:
    """Status, documented answer and value of each example of an answer."""
    return [
        (status, answer, example["value"])
        for operation in operations(document).values()
        for status, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
        for example in content.get("examples", {}).values()
    ]


def closed(schema: Any) -> Any:
    """The schema with every object in it closed: a body has no members but the documented."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {}
    return {**more, **{name: closed(value) for name, value in schema.items()}}


def validator(document: Document, answer: Any) -> Any:
    """Checks bodies against the schema of a documented answer."""
    (content,) = answer["content"].values()
    schema = content["schema"]
    return jsonschema.Draft202012Validator(
        closed({**schema, "components": document["components"]}),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


class Tour:
    """Holds the answers of every operation against the document, and notes their statuses."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: dict[Operation, set[str]] = defaultdict(set)

    def note(self, method: str, path: str, response: Any, *, whole: bool = True) -> None:
        """Hold an answer against the document: a `whole` one has every header."""
        status = str(response.status_code)
        self.seen[method, path].add(status)
        answers = operations(self.document)[method, path]["responses"]
        assert status in answers, f"{method} {path}: {status} is not documented"
        if "content" in answers[status]:
            assert response["Content-Type"] in answers[status]["content"]
            validator(self.document, answers[status]).validate(response.json())
        else:
            assert response.content == b""
        for header in answers[status].get("headers", {}) if whole else ():
            assert response[header]
