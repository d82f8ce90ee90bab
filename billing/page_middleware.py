"""The middleware that only pages need, and what they show while the database is away.

Requests of the APIs pass it by.

An API request has a credential instead of a session, and none of what is built on sessions. Without
a database, looking up a session would fail before the API could render the error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import csp.middleware
import django_otp.middleware
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from customers.models.errors import is_unavailable
from customers.rest.contract import contract_of
from customers.staff import middleware as staff
from customers.staff.errors import unavailable

logger = logging.getLogger(__name__)


def for_pages(middleware: type[Any]) -> type[Any]:
    """A subclass of the middleware, so that Django's checks find it, which lets APIs pass."""

    class ForPages(middleware):  # type: ignore[misc]
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            if contract_of(request) is not None:
                response: HttpResponseBase = self.get_response(request)
                return response
            try:
                return super().__call__(request)  # type: ignore[no-any-return]
            # Of this middleware itself: Django renders those of the inner ones.
            except (DatabaseError, InterfaceError) as error:
                return while_away(error)

    ForPages.__name__ = ForPages.__qualname__ = middleware.__name__
    return ForPages


def while_away(error: Exception) -> HttpResponse:
    """The page that is shown while the database is away; another error is raised again."""
    if not is_unavailable(error):
        raise error
    logger.error("the database is not available", exc_info=error)
    return unavailable()


class DatabaseAway:
    """Shows the page for a view that finds the database away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return while_away(error) if is_unavailable(error) else None


CSPMiddleware = for_pages(csp.middleware.CSPMiddleware)
SessionMiddleware = for_pages(sessions.SessionMiddleware)
AuthenticationMiddleware = for_pages(auth.AuthenticationMiddleware)
OTPMiddleware = for_pages(django_otp.middleware.OTPMiddleware)
SecondFactor = for_pages(staff.SecondFactor)
TypedText = for_pages(staff.TypedText)
MessageMiddleware = for_pages(messages.MessageMiddleware)
StaffHistory = for_pages(staff.StaffHistory)
ReaderTimeZone = for_pages(staff.ReaderTimeZone)
