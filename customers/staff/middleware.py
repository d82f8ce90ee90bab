"""Middleware for staff: the second factor, the reader's time zone, and the actor in the history."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo
from zoneinfo import available_timezones as read_available_timezones

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from customers.models.history import acting
from customers.rest.contract import contract_of
from customers.staff.second_factor import has_second_factor

available_timezones = cache(read_available_timezones)


class SecondFactor:
    """Treats a session without its second factor as signed out.

    Such a session began before the person set up the second factor in another one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user
        request.user = SimpleLazyObject(lambda: _verified_or_anonymous(signed_in))  # type: ignore[assignment]
        return self.get_response(request)


def _verified_or_anonymous(user: Any) -> Any:
    unverified = user.is_authenticated and not user.is_verified() and has_second_factor(user)
    return AnonymousUser() if unverified else user


class ReaderTimeZone:
    """Shows times in the reader's time zone, which the back office's script stores in a cookie.

    The APIs' paths are left out: their times are in UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = unquote(request.COOKIES.get("timezone", ""))
        if name not in available_timezones() or contract_of(request) is not None:
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)


class StaffHistory:
    """Records the signed-in staff member as the actor of their changes.

    The APIs' paths are left out: their actor is the credential, and without a database the look-up
    of the session would fail before the API could render the error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if contract_of(request) is None and request.user.is_authenticated:
            acting(request.user.actor)
        return self.get_response(request)
