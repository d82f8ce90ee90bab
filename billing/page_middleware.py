"""The middleware that only pages need. Requests of the APIs pass it by.

An API request has a credential instead of a session, and none of what is built on sessions. Without
a database, looking up a session would fail before the API could render the error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import csp.middleware
import django_otp.middleware
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from customers.rest.contract import contract_of
from customers.staff import middleware as staff


def for_pages(middleware: type[Any]) -> type[Any]:
    """A subclass of the middleware, so that Django's checks find it, which lets APIs pass."""

    class ForPages(middleware):  # type: ignore[misc]
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            act: Callable[[HttpRequest], HttpResponseBase] = (
                super().__call__ if contract_of(request) is None else self.get_response
            )
            return act(request)

    ForPages.__name__ = ForPages.__qualname__ = middleware.__name__
    return ForPages


CSPMiddleware = for_pages(csp.middleware.CSPMiddleware)
SessionMiddleware = for_pages(sessions.SessionMiddleware)
AuthenticationMiddleware = for_pages(auth.AuthenticationMiddleware)
OTPMiddleware = for_pages(django_otp.middleware.OTPMiddleware)
SecondFactor = for_pages(staff.SecondFactor)
MessageMiddleware = for_pages(messages.MessageMiddleware)
StaffHistory = for_pages(staff.StaffHistory)
ReaderTimeZone = for_pages(staff.ReaderTimeZone)
