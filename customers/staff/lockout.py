"""The lockout after failed sign-ins: how they are counted, what is kept, the page that is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from customers.values.masking import masked

# What axes keeps of a request: where it reads it, and the most characters that its columns hold.
_KEPT = {
    "axes_user_agent": ("HTTP_USER_AGENT", 255),
    "axes_path_info": ("PATH_INFO", 255),
    "axes_http_accept": ("HTTP_ACCEPT", 1025),
}


class LockoutHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts failures of a name from an address as axes does, and of an address with all names.

    It keeps what tells one client from another, without card numbers and secrets, and no form data.
    """

    def is_locked(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or _address_is_locked(address(request))

    def user_login_failed(
        self,
        sender: Any,
        credentials: Mapping[str, Any],
        request: Any = None,
        **kwargs: Any,
    ) -> None:
        if request is None:  # a command checks a password
            return
        _mask(request)
        forms = request.GET, request.POST
        request.GET = request.POST = QueryDict()
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = forms

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        _mask(request)
        super().user_logged_in(sender, request, user, **kwargs)


def _mask(request: Any) -> None:
    """Mask what axes keeps of a request, as `AxesProxyHandler.update_request` has set it."""
    for name, (header, longest) in _KEPT.items():
        # Not of what axes has cut off, where a number may no longer be whole.
        setattr(request, name, masked(request.META.get(header, ""))[:longest])


def _failures_from(ip_address: str | None) -> QuerySet[AccessAttempt]:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    found: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(
        ip_address=ip_address, attempt_time__gte=since
    )
    return found


def _address_is_locked(ip_address: str | None) -> bool:
    failures = _failures_from(ip_address).aggregate(sum=Sum("failures_since_start"))["sum"] or 0
    return bool(failures >= settings.SIGN_IN_FAILURES_PER_ADDRESS)


def address(request: HttpRequest) -> str | None:
    """Return the client's IP address, from X-Forwarded-For if the proxy is trusted."""
    hops = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY_HEADERS else ""
    last = hops.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(last.partition("%")[0]))
    except ValueError:
        return None


def user_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the submitted user name, masked: people paste the wrong thing."""
    return masked((credentials or request.POST).get("username") or "")


def locked_out(
    request: HttpRequest, _response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """Show when the person may try again: fifteen minutes after the last failure."""
    from_address = _failures_from(address(request))
    of_name = from_address.filter(username=user_name(request, credentials))
    counted = from_address if _address_is_locked(address(request)) else of_name
    last = counted.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    until = last + settings.AXES_COOLOFF_TIME
    wait = max(until - timezone.now(), timedelta(seconds=1))
    context = {"until": until, "minutes": math.ceil(wait / timedelta(minutes=1))}
    page = render(request, "staff/locked_out.html", context, status=429)
    page["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return page
