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
from threading import Lock

from django.conf import settings
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from customers.models import RequestCount
from customers.rest.authentication import bearer_token
from customers.rest.credential_cache import forget, was_accepted
from customers.rest.throttling import TooManyRequests, Window
from customers.values.api_keys import digest

SETTING = "FAILED_KEY_RATE_LIMIT"
MAX_ADDRESSES = 10_000
_LONGEST_ADDRESS = 100

logger = logging.getLogger(__name__)

_refused_until: OrderedDict[str, Window] = OrderedDict()
_lock = Lock()


@contextmanager
def limited(request: Request) -> Iterator[None]:
    """Authenticate the request within this.

    Raises:
        TooManyRequests: its address has shown too many wrong credentials.
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
        _refused_until[address] = window
        while len(_refused_until) > MAX_ADDRESSES:
            _refused_until.popitem(last=False)
    raise TooManyRequests(window)


def _refuse_if_known(address: str) -> None:
    window = _refused_until.get(address)
    if window is not None and timezone.now() < window.end:
        raise TooManyRequests(window)


def forget_all() -> None:
    """Refuse no address until it fails again."""
    with _lock:
        _refused_until.clear()
