"""The limit of wrong credentials from one address (`FAILED_KEY_RATE_LIMIT`).

Only failures count. Once an address has had too many, its requests are refused until the window
ends, without any work of the database, unless they show a credential that this worker has accepted
before: whoever else is behind the same address goes on working.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from customers.models import RequestCount
from customers.rest.authentication import bearer_token
from customers.rest.credential_cache import forget, was_accepted
from customers.rest.throttling import Window
from customers.values.api_keys import digest

SETTING = "FAILED_KEY_RATE_LIMIT"
MAX_ADDRESSES = 10_000
_LONGEST_ADDRESS = 100

logger = logging.getLogger(__name__)

_refused_until: OrderedDict[str, datetime] = OrderedDict()
_lock = Lock()


@contextmanager
def limited(request: Request) -> Iterator[None]:
    """Authenticate the request within this.

    Raises:
        Throttled: its address has shown too many wrong credentials.
    """
    secrets = [request.headers.get("X-API-Key"), bearer_token(request)]
    digests = [digest(secret) for secret in secrets if secret is not None]
    rate = getattr(settings, SETTING)
    if not rate or not digests:
        yield
        return
    address = str(BaseThrottle().get_ident(request))[:_LONGEST_ADDRESS]
    if not all(map(was_accepted, digests)):
        _refuse_if_known(address)
    try:
        yield
    except (AuthenticationFailed, PermissionDenied):
        _count(rate, address, digests)
        raise
    if request.auth is None:  # no key at all, in the eyes of this contract
        _count(rate, address, digests)


def _count(rate: str, address: str, digests: list[str]) -> None:
    for one in digests:
        forget(one)
    window = Window.now(rate)
    if RequestCount.add(f"{SETTING} {address}", window.start) <= window.limit:
        return
    logger.warning("too many wrong credentials from %s", address)
    with _lock:
        _refused_until[address] = window.end
        while len(_refused_until) > MAX_ADDRESSES:
            _refused_until.popitem(last=False)
    raise Throttled(window.wait)


def _refuse_if_known(address: str) -> None:
    until = _refused_until.get(address)
    if until is not None and timezone.now() < until:
        raise Throttled((until - timezone.now()).total_seconds())


def forget_all() -> None:
    """Refuse no address until it fails again."""
    with _lock:
        _refused_until.clear()
