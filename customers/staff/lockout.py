"""Too many failures to sign in: whose they are counted as, and the page that says when to go on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from customers.values.card_numbers import without_card_numbers


def address(request: HttpRequest) -> str | None:
    """Where a request comes from: what the proxy in front says, if it is trusted."""
    hops = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY_HEADERS else ""
    last = hops.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(last.partition("%")[0]))
    except ValueError:
        return None


def user_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name that was given, as it may be kept: people paste the wrong thing."""
    return without_card_numbers((credentials or request.POST).get("username") or "")


def locked_out(
    request: HttpRequest, _response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """The page in place of the login page, until the failures are fifteen minutes old."""
    attempts = AccessAttempt.objects.filter(
        username=user_name(request, credentials), ip_address=address(request)
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    until = last + settings.AXES_COOLOFF_TIME
    wait = max(until - timezone.now(), timedelta(seconds=1))
    context = {"until": until, "minutes": math.ceil(wait / timedelta(minutes=1))}
    page = render(request, "staff/locked_out.html", context, status=429)
    page["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return page
