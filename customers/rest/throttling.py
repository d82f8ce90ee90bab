"""Rate limits that hold across all workers: a count in the database, by caller and window."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from customers.models import RequestCount
from customers.models.credential import Credential

_SECONDS = {"second": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Window:
    """A window of time, and how many requests of a caller it may have.

    Windows are fixed (the minute, the hour), so a caller who is refused knows when to try again.
    """

    limit: int
    start: datetime
    end: datetime

    @classmethod
    def now(cls, rate: str) -> Window:
        """The current window of a rate such as `120/min`."""
        number, _, unit = rate.partition("/")
        seconds = _SECONDS[unit]
        start = datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds, UTC)
        return cls(int(number), start, start + timedelta(seconds=seconds))

    @classmethod
    def ending_in(cls, seconds: float, limit: int) -> Window:
        """A window of a minute that ends so soon."""
        end = timezone.now() + timedelta(seconds=seconds)
        return cls(limit, end - timedelta(minutes=1), end)

    @property
    def wait(self) -> float:
        """Seconds until the window ends, at least one."""
        return max((self.end - timezone.now()).total_seconds(), 1.0)

    @property
    def headers(self) -> dict[str, str]:
        """What says that the window is used up.

        The fields of the IETF draft `draft-ietf-httpapi-ratelimit-headers`, and those that Lago's
        clients read. Both count the seconds until the window ends.
        """
        seconds = int((self.end - self.start).total_seconds())
        reset = math.ceil(self.wait)
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={seconds}',
            "RateLimit": f'"default";r=0;t={reset}',
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(reset),
        }


class TooManyRequests(Throttled):
    """A window of the caller is used up."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.wait)
        self.headers = window.headers


class WindowThrottle(BaseThrottle):
    """Limits the requests of a caller in a window of time. An empty setting is no limit.

    What is too much raises TooManyRequests.
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
        window = Window.now(rate)
        if RequestCount.add(f"{self.setting} {caller}", window.start) > window.limit:
            raise TooManyRequests(window)
        return True


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
