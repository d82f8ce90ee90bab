"""Middleware of the pages that staff sign in to: the second factor, the reader's time zone, and who
acts.
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

from customers.models.history import acting
from customers.rest.contract import contract_of
from customers.staff.second_factor import has_second_factor

available_timezones = cache(read_available_timezones)


class SecondFactor:
    """Takes a session that lacks its account's second factor for nobody's.

    Such a session is one that began before the second factor was set up elsewhere. Every page then
    does what it does for somebody who has not signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user
        request.user = SimpleLazyObject(lambda: _or_nobody(signed_in))  # type: ignore[assignment]
        return self.get_response(request)


def _or_nobody(user: Any) -> Any:
    lacking = user.is_authenticated and not user.is_verified() and has_second_factor(user)
    return AnonymousUser() if lacking else user


class ReaderTimeZone:
    """Tells times in the reader's zone, which the back office's script puts into a cookie.

    Not on the paths of contracts, which tell theirs in UTC.
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
    """Records what a signed-in staff member changes as theirs.

    Not on the paths of contracts: their credential says who acts, and a session that must be looked
    up in a database that is gone would fail before the contract could say so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if contract_of(request) is None and request.user.is_authenticated:
            acting(request.user.actor)
        return self.get_response(request)
