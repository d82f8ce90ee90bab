"""Middleware: a request id for all that happens, errors in the contract's shape, the
reader's time zone, who in staff.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo
from zoneinfo import available_timezones as read_available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from customers.credential import Actor
from customers.history import acting, recording
from customers.request_id import request_id as current_request_id
from customers.rest.contract import contract_at
from customers.rest.problems import of_status
from customers.uuid7 import uuid7

available_timezones = cache(read_available_timezones)
_REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class RequestId:
    """Gives every answer an `X-Request-Id`, which the history records too.

    It is the one of the request where a trusted proxy has set it, and else a new one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request.headers.get("X-Request-Id", "")
        if not (settings.TRUST_PROXY_HEADERS and _REQUEST_ID.fullmatch(request_id)):
            request_id = str(uuid7(timezone.now()))
        # Django writes some of its lines after the middleware has ended, with the request at hand.
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current_request_id.set(request_id)
        try:
            with recording(request_id=request_id):
                response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-Id"] = request_id
        return response


class ContractErrors:
    """Tells in the contract's shape what Django answers by itself: a bad host, an unknown path.

    Django's own handlers would answer a page, and with DEBUG on one full of settings.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type") == "application/json":
            return response
        contract = contract_at(request.path_info)
        if contract is None:
            return response
        status, body = contract.render_error(of_status(response.status_code))
        told = JsonResponse(body, status=status, safe=False)
        # Django's mark that the line in the log is written.
        told._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]
        return told


class ReaderTimeZone:
    """Tells times in the reader's zone, which the back office's script puts into a cookie.

    Not on the paths of contracts, which tell theirs in UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = unquote(request.COOKIES.get("timezone", ""))
        if name not in available_timezones() or contract_at(request.path_info) is not None:
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
        if contract_at(request.path_info) is None and request.user.is_authenticated:
            acting(Actor("staff", str(request.user.pk), request.user.get_username()))
        return self.get_response(request)
