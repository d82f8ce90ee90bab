"""Which requests of a recording are sent, and why the others are not."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from customers.rest.contract import Contract, contract_at
from customers.rest.traffic import Exchange

_SLASHES = re.compile("/{2,}")


class LeftOut(StrEnum):
    """Why a request is not sent."""

    ELSEWHERE = "not of this contract: another host, or another path"
    PREFLIGHT = "a browser's preflight"
    NO_ANSWER = "no answer was recorded"
    REDIRECT = "a redirect of the vendor's"
    TOO_MANY = "refused for too many requests (429): replaying does not limit them"
    FAILED = "the vendor failed (5xx)"
    UNKNOWN = "about something that the recording does not show, or that could not be stored"


def select(exchange: Exchange, contract: Contract, base: str | None) -> Exchange | LeftOut:
    """The exchange with its path from the contract's base on, or why it is not sent.

    `base` is the URL that the vendor's paths begin at. Without it, any host is the vendor's, and
    what stands before the contract's base in a path is left away.
    """
    parts = urlsplit(exchange.url)
    path = _below(exchange.url, parts.path, contract, base)
    if path is None:
        return LeftOut.ELSEWHERE
    if exchange.method == "OPTIONS":
        return LeftOut.PREFLIGHT
    if exchange.status < 200:
        return LeftOut.NO_ANSWER
    if 300 <= exchange.status < 400 and exchange.status != 304:
        return LeftOut.REDIRECT
    if exchange.status == 429:
        return LeftOut.TOO_MANY
    if exchange.status >= 500:
        return LeftOut.FAILED
    return replace(exchange, path=path, query=parts.query)


def _below(url: str, path: str, contract: Contract, base: str | None) -> str | None:
    if base is not None:
        rest = url.partition("?")[0].removeprefix(base.rstrip("/"))
        if rest == url.partition("?")[0] or not rest.startswith("/"):
            return None
        path = rest
    return path_of(path, contract)


def path_of(path: str, contract: Contract) -> str | None:
    """A path from the contract's base on; None if it is another contract's, or no one's."""
    path = _SLASHES.sub("/", f"/{path}")
    while path:
        found = contract_at(unquote(path))
        if found is not None:
            return path if found is contract else None
        path = path[path.find("/", 1) :] if "/" in path[1:] else ""
    return None
