"""Middleware for staff: the second factor, what is typed while signed out, the reader's time zone,
and the actor in the history.
"""

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

from customers.models.history import acting, recording
from customers.rest.contract import contract_of
from customers.rest.request_id import request_id
from customers.staff.second_factor import has_second_factor
from customers.staff.typed import keep

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


class TypedText:
    """Keeps what a signed-out person sends to a page: the page redirects them to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method == "POST" and contract_of(request) is None and request.user.is_anonymous:
            keep(request)


class ReaderTimeZone:
    """Shows times in the reader's time zone, which the back office's script stores in a cookie.

    Only pages need it: the APIs' times are in UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = unquote(request.COOKIES.get("timezone", ""))
        if name not in available_timezones():
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)


class StaffHistory:
    """Records the request's id, and the signed-in staff member as the actor, with every change."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with recording(request_id=request_id.get()):
            if request.user.is_authenticated:
                acting(request.user.actor)
            return self.get_response(request)
