"""What a contract's OpenAPI document has beyond what its generator knows.

The texts are the contract's own, what an operation costs follows from its parameters, and the
examples are the recorded ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from customers.rest.contract import Contract
from customers.rest.examples import Recorded, recorded

Schema = dict[str, Any]

_NUMBER = {"type": "integer", "minimum": 0}
_HEADERS: dict[str, Schema] = {
    "Retry-After": {
        "description": "How many seconds to wait before the next request.",
        "schema": _NUMBER,
        "example": 17,
    },
    "RateLimit": {
        "description": "Requests that are left (`r`), and the seconds until the window ends (`t`), "
        "as the IETF draft of RateLimit fields has them.",
        "schema": {"type": "string"},
        "example": '"default";r=0;t=17',
    },
    "RateLimit-Policy": {
        "description": "Requests that a window allows (`q`), and how many seconds it has (`w`).",
        "schema": {"type": "string"},
        "example": '"default";q=1200;w=60',
    },
    "X-RateLimit-Limit": {
        "description": "Requests that a window allows.",
        "schema": _NUMBER,
        "example": 1200,
    },
    "X-RateLimit-Remaining": {
        "description": "Requests that are left in this window.",
        "schema": _NUMBER,
        "example": 0,
    },
    "X-RateLimit-Reset": {
        "description": "Seconds until the window ends.",
        "schema": _NUMBER,
        "example": 17,
    },
}
_HEADERS_OF = {"429": tuple(_HEADERS), "503": ("Retry-After",)}

_SERVERS = [{"url": "/", "description": "This server."}]
_INFO: Schema = {
    "contact": {"name": "Who runs this server"},
    "license": {"name": "No license is granted by this document", "identifier": "LicenseRef-None"},
}

_LIMITED = (
    "one request of the limit of its API key or OAuth client (`RATE_LIMIT`; 1200 a minute unless "
    "the server is set otherwise)."
)
_LIMITED_BY_ADDRESS = (
    "one request of the limit of its address (`TOKEN_RATE_LIMIT`; 120 a minute unless the server "
    "is set otherwise), and about 0.3 s of work for the server."
)


def complete(schema: Schema, contract: Contract) -> None:
    """Add texts, costs, headers and examples to a contract's document."""
    schema["servers"] = _SERVERS
    schema["info"] |= _INFO
    schema["tags"] = [{"name": name, "description": text} for name, text in contract.tags.items()]
    schema["components"]["headers"] = dict(_HEADERS)
    for operation in _operations(schema):
        text = contract.operations[operation["operationId"]].strip()
        operation["description"] = f"{text}\n\n**Costs:** {costs(operation, contract.page_size)}"
        for status, names in _HEADERS_OF.items():
            headers = operation["responses"][status].setdefault("headers", {})
            headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    _add_examples(schema, recorded(contract.slug))


def _operations(schema: Schema) -> Iterator[Schema]:
    for item in schema["paths"].values():
        yield from item.values()


def costs(operation: Schema, page_size: str) -> str:
    """What an operation costs: of the rate limit, and for repeating it or reading on."""
    parameters = {each["name"]: each for each in operation.get("parameters", ())}
    is_open = any("ClientCredentials" in each for each in operation.get("security", ()))
    sentences = [_LIMITED_BY_ADDRESS if is_open else _LIMITED]
    if "Idempotency-Key" in parameters:
        sentences.append(
            "With an `Idempotency-Key` it can be sent again within 24 hours without being done "
            "again."
        )
    if page_size in parameters:
        size = parameters[page_size]["schema"]
        sentences.append(
            f"A page has {size['default']} rows unless `{page_size}` says otherwise, at most "
            f"{size['maximum']}."
        )
    return " ".join(sentences)


def operation_at(paths: Schema, method: str, path: str) -> Schema:
    """The operation that answers at a path: that of the template with the fewest parameters."""
    templates = sorted((each for each in paths if method in paths[each]), key=_parameters)
    matching = (each for each in templates if _pattern(each).fullmatch(path))
    operation: Schema = paths[next(matching)][method]
    return operation


def _parameters(template: str) -> int:
    return template.count("{")


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def _add_examples(schema: Schema, examples: Iterable[Recorded]) -> None:
    """Add recorded examples to their operations. An error that is recorded replaces a made one."""
    seen = set()
    for example in examples:
        operation = operation_at(schema["paths"], example.method, example.path)
        is_success = example.status < "300"
        case = operation["operationId"], example.status
        for content in operation["responses"][example.status].get("content", {}).values():
            if case not in seen:
                content["examples"] = {}
            content["examples"][example.name] = _example(example, example.answer)
        seen.add(case)
        if is_success and example.media_type:
            content = operation["requestBody"]["content"][example.media_type]
            content.setdefault("examples", {})[example.name] = _example(example, _sent(example))


def _example(example: Recorded, value: Any) -> Schema:
    return {"summary": example.title, "value": value}


def _sent(example: Recorded) -> Any:
    """The body of a request; the parameters of a form."""
    return dict(parse_qsl(example.body)) if isinstance(example.body, str) else example.body
