"""Rate limits that hold across all workers: a count in the database, by caller and window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from customers.models import RequestCount
from customers.models.credential import Credential

_SECONDS = {"second": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400}


class WindowThrottle(BaseThrottle):
    """Limits the requests of a caller in a window of time. An empty setting is no limit.

    Windows are fixed (the minute, the hour), so a caller who is refused knows when to try again.
    """

    setting: str

    def caller(self, request: Request) -> str | None:
        """Whose requests are counted together; None for a request that is not counted."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = getattr(settings, self.setting)
        caller = self.caller(request) if rate else None
        if caller is None:
            return True
        number, _, unit = rate.partition("/")
        window = _SECONDS[unit]
        now = timezone.now()
        start = datetime.fromtimestamp(now.timestamp() // window * window, UTC)
        self._ends = start + timedelta(seconds=window)
        return RequestCount.add(f"{self.setting} {caller}", start) <= int(number)

    def wait(self) -> float:
        return max((self._ends - timezone.now()).total_seconds(), 1.0)


class CredentialThrottle(WindowThrottle):
    """The limit of each API key and OAuth client."""

    setting = "RATE_LIMIT"

    def caller(self, request: Request) -> str | None:
        return request.auth.owner if isinstance(request.auth, Credential) else None


class AddressThrottle(WindowThrottle):
    """The limit of each address at an endpoint whose work is costly by design."""

    setting = "TOKEN_RATE_LIMIT"

    def caller(self, request: Request) -> str | None:
        return self.get_ident(request)
