"""Conditional requests (RFC 9110, 13): a customer's entity tag is its version."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

from django.utils.http import parse_etags
from rest_framework.request import Request

# As `etag` writes it: another spelling of the same number is another tag.
_VERSION = re.compile(r'"[1-9][0-9]{0,9}"')


class HasVersion(Protocol):
    """A customer, or the row that was read of one."""

    @property
    def version(self) -> int:
        """Its version."""


def etag(customer: HasVersion) -> str:
    """The strong entity tag of a customer: `"7"` at version 7."""
    return f'"{customer.version}"'


def expected_versions(request: Request) -> Collection[int] | None:
    """The versions that `If-Match` allows; None if there is no such header.

    `*` allows every version of a customer that exists (RFC 9110, 13.1.1). A weak or unknown tag
    matches nothing.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    if header.strip() == "*":
        return range(1, 2**31)
    return frozenset(int(tag[1:-1]) for tag in parse_etags(header) if _VERSION.fullmatch(tag))


def is_known(request: Request, customer: HasVersion) -> bool:
    """Whether `If-None-Match` has the customer's current entity tag."""
    header = request.headers.get("If-None-Match")
    if header is None:
        return False
    tags = [tag.removeprefix("W/") for tag in parse_etags(header)]
    return tags == ["*"] or etag(customer) in tags
