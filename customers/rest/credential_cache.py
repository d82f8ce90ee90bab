"""Credentials that were looked up a moment ago, so that not every request asks the database.

A worker remembers a credential for `CREDENTIAL_CACHE_SECONDS`. One that is revoked is still
accepted for as long; one that expires is not, because its expiry is remembered too. That it was
accepted is remembered for longer, which says whose requests are worth looking up at all.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from django.conf import settings
from django.utils import timezone

from customers.models.credential import Credential

MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    credential: Credential
    expires_at: datetime | None
    until: float


_remembered: OrderedDict[str, _Remembered] = OrderedDict()
_lock = Lock()


def recall(digest: str) -> Credential | None:
    """The credential whose secret has this digest, if it was looked up a moment ago."""
    found = _remembered.get(digest)
    if found is None or monotonic() >= found.until:
        return None
    if found.expires_at is not None and timezone.now() >= found.expires_at:
        return None
    return found.credential


def remember(digest: str, credential: Credential, *expiries: datetime | None) -> None:
    """Remember an active credential, which ends at the first of `expiries`."""
    seconds = settings.CREDENTIAL_CACHE_SECONDS
    ends = [expiry for expiry in expiries if expiry is not None]
    with _lock:
        _remembered[digest] = _Remembered(
            credential, min(ends, default=None), monotonic() + seconds
        )
        _remembered.move_to_end(digest)
        while len(_remembered) > MAX_REMEMBERED:
            _remembered.popitem(last=False)


def was_accepted(digest: str) -> bool:
    """Whether the credential whose secret has this digest was accepted when last looked up."""
    return digest in _remembered


def forget(digest: str) -> None:
    """Forget a credential that is refused now."""
    with _lock:
        _remembered.pop(digest, None)


def forget_all() -> None:
    """Look every credential up again."""
    with _lock:
        _remembered.clear()
