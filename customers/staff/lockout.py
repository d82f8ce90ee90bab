"""The lockout after failed sign-ins: how they are counted, and the page that is shown."""

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
    """Return the client's IP address, from X-Forwarded-For if the proxy is trusted."""
    hops = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY_HEADERS else ""
    last = hops.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(last.partition("%")[0]))
    except ValueError:
        return None


def user_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the submitted user name without card numbers: people paste the wrong thing."""
    return without_card_numbers((credentials or request.POST).get("username") or "")


def locked_out(
    request: HttpRequest, _response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """Show when the person may try again: fifteen minutes after the last failure."""
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
