"""The requests that each row sends, to the project and to plain DRF."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from benchmarks.rows import BATCH
from benchmarks.servers import PROXY_HEADERS
from benchmarks.targets import Targets
from customers.values.cus_ids import encode

KEYS = 500  # of the replayed requests: enough that no two with one key are in flight together
LAGO_PAGE = 5_000  # or, of a shorter list, the middle one
LAGO_WALK = 200  # pages
NEW = "{n}"  # wrk.lua puts a new word in its place


@dataclass(frozen=True)
class Load:
    """What is sent for one row: lines as in wrk.lua, and what the answers should be."""

    lines: list[str]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    #: How many customers a page should have; at least this many if it is negative.
    rows: int | None = None
    #: Every request is sent once before the row is measured.
    prepared: bool = False
    #: What another client sends meanwhile.
    beside: Load | None = None


def line(method: str, path: str, body: Any = None, *, key: str = "") -> str:
    return "\t".join((method, path, key, "" if body is None else json.dumps(body)))


def gets(paths: list[str], **options: Any) -> Load:
    return Load([line("GET", path) for path in paths], **options)


def project_loads(targets: Targets, api_key: str, cookie: str) -> dict[str, Load]:
    """The project's rows, by key."""
    bearer = {**PROXY_HEADERS, "Authorization": f"Bearer {api_key}"}
    billabear = {**PROXY_HEADERS, "X-API-Key": api_key}
    loads = {
        **_alternative_payments(targets),
        **{f"billabear-{key}": load for key, load in _billabear(targets).items()},
        **{f"lago-{key}": load for key, load in _lago(targets).items()},
        **{f"registry-{key}": load for key, load in _registry(targets).items()},
        **{f"vatly-{key}": load for key, load in _vatly(targets).items()},
        **_searches(
            "named", targets.names, lambda text: _page("/customers", 10, company_name=text)
        ),
        **_searches(
            "email",
            targets.emails,
            lambda text: f"/api/v1.0/customer?{urlencode({'per_page': 10, 'email': text})}",
        ),
    }
    headed = {
        key: _with_headers(load, billabear if key.startswith(("billabear-", "email-")) else bearer)
        for key, load in loads.items()
    }
    pages = {
        f"pages-{key}": gets(
            [f"/backoffice/acme/live/customers/?{urlencode({'q': text})}" for text in texts],
            headers={**PROXY_HEADERS, "Cookie": cookie},
        )
        for key, texts in targets.names.items()
    }
    beside = Load(headed["get"].lines, bearer, beside=headed["named-absent"])
    return {**headed, **pages, "get-beside-search": beside}


def _with_headers(load: Load, headers: dict[str, str]) -> Load:
    return Load(load.lines, headers, load.status, load.rows, load.prepared)


def _page(path: str, limit: int, **more: str) -> str:
    return f"{path}?{urlencode({'limit': limit, **more})}"


def _searches(
    prefix: str, patterns: dict[str, list[str]], path: Callable[[str], str]
) -> dict[str, Load]:
    rows = {"rare": -1, "common": 10, "absent": 0, "two": None}
    return {
        f"{prefix}-{key}": gets([path(text) for text in texts], rows=rows[key])
        for key, texts in patterns.items()
    }


def customer(word: str) -> dict[str, str]:
    """The body of a create: a customer as callers send one."""
    return {
        "external_id": word,
        "email": f"{word}@bench.example",
        "name": f"Bench {word}",
        "legal_name": f"Bench {word} Limited",
        "street_address": "1 High Street",
        "city": "Berlin",
        "postal_code": "10115",
        "country": "DEU",
    }


def _alternative_payments(targets: Targets) -> dict[str, Load]:
    def cursor(id: UUID) -> str:
        return urlsafe_b64encode(id.bytes).decode().rstrip("=")

    def paths(limit: int, after: list[UUID]) -> Load:
        return gets([_page("/customers", limit, after=cursor(id)) for id in after])

    loads = {
        "get": gets([f"/customers/{id}" for id in targets.ids]),
        "create": Load([line("POST", "/customers", customer(NEW))], status=201),
        "idempotent-create": Load([line("POST", "/customers", customer(NEW), key=NEW)], status=201),
        "replay": Load(
            [
                line("POST", "/customers", customer(f"replayed-{n}"), key=f"replayed-{n}")
                for n in range(KEYS)
            ],
            status=201,
            prepared=True,
        ),
        "patch": Load(
            [line("PATCH", f"/customers/{id}", {"name": f"Bench {NEW}"}) for id in targets.ids]
        ),
    }
    for limit in (10, 100):
        loads[f"list-{limit}"] = gets([_page("/customers", limit)], rows=limit)
        loads[f"list-{limit}-middle"] = paths(limit, targets.ids)
        loads[f"list-{limit}-last"] = paths(limit, [targets.last[limit]])
    return loads


def _billabear(targets: Targets) -> dict[str, Load]:
    path = "/api/v1.0/customer"
    body = {"email": f"{NEW}@bench.example", "country": "DE", "reference": f"Bench {NEW}"}
    return {
        "get": gets([f"{path}/{id}" for id in targets.ids]),
        "list": gets([f"{path}?per_page=10"], rows=10),
        "list-middle": gets([f"{path}?per_page=10&last_key={id}" for id in targets.ids]),
        "create": Load([line("PUT", path, body)], status=201),
    }


def _lago(targets: Targets) -> dict[str, Load]:
    path = "/api/v1/customers"
    known = [external_id for _, external_id in targets.customers]
    pages = targets.count // 10
    first = LAGO_PAGE if pages > LAGO_PAGE + LAGO_WALK else pages // 2
    walk = range(first, first + min(LAGO_WALK, pages - first))
    return {
        "get": gets([f"{path}/{quote(id, safe='')}" for id in known]),
        "list": gets([f"{path}?page=1&per_page=10"], rows=10),
        "list-deep": gets([f"{path}?page={page}&per_page=10" for page in walk], rows=10),
        "upsert": Load(
            [
                line("POST", path, {"customer": {"external_id": id, "name": f"Bench {NEW}"}})
                for id in known
            ]
        ),
    }


def _registry(targets: Targets) -> dict[str, Load]:
    path = "/registry/v1/customers"
    batch = [_whole(f"{NEW}-{number}") for number in range(BATCH)]
    return {
        "get": gets([f"{path}/{id}" for id in targets.ids]),
        "list": gets([_page(path, 10)], rows=10),
        "updated": gets([_page(path, 10, sort="-updated")], rows=10),
        "create": Load([line("POST", path, _whole(NEW))], status=201),
        "batch": Load([line("POST", f"{path}/batch", {"customers": batch})]),
    }


def _whole(word: str) -> dict[str, str]:
    """The same customer by the store's names."""
    values = customer(word) | {"country": "DE"}
    return {"address_line1": values.pop("street_address"), **values}


def _vatly(targets: Targets) -> dict[str, Load]:
    path = "/v1/customers"
    body = {"email": f"{NEW}@bench.example", "metadata": {"plan": "pro"}}
    return {
        "get": gets([f"{path}/{encode(id)}" for id in targets.ids]),
        "list": gets([f"{path}?limit=10"], rows=10),
        "list-middle": gets([f"{path}?limit=10&startingAfter={encode(id)}" for id in targets.ids]),
        "create": Load([line("POST", path, body)], status=201),
    }


def plain_loads(targets: Targets, api_key: str) -> dict[str, Load]:
    """Plain DRF's rows, by key."""

    def cursor(id: UUID) -> str:
        return b64encode(urlencode({"p": str(id)}).encode()).decode()

    def paths(limit: int, after: list[UUID]) -> Load:
        return gets([_page("/customers/", limit, cursor=cursor(id)) for id in after])

    loads = {
        "get": gets([f"/customers/{id}/" for id in targets.ids]),
        "create": Load([line("POST", "/customers/", _whole(NEW))], status=201),
    }
    for limit in (10, 100):
        loads[f"list-{limit}"] = gets([_page("/customers/", limit)], rows=limit)
        loads[f"list-{limit}-middle"] = paths(limit, targets.ids)
        loads[f"list-{limit}-last"] = paths(limit, [targets.last[limit]])
    headers = {**PROXY_HEADERS, "X-API-Key": api_key}
    return {key: _with_headers(load, headers) for key, load in loads.items()}
