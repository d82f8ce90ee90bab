"""Error pages. The APIs render their errors themselves."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from customers.rest.contract import contract_of
from customers.staff import typed
from customers.staff.models import StaffUser

_NAMED_SUPERUSERS = 3
_RETRY_AFTER_SECONDS = 5  # of a page that a person has asked for


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: the page does not exist, or this person may not see it."""
    if contract_of(request) is not None:
        return HttpResponse(status=404)
    return render(request, "404.html", status=404)


def unavailable() -> HttpResponse:
    """503: the database is away. The page asks it for nothing."""
    page = HttpResponse(render_to_string("503.html"), status=503)
    page["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return page


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: Django cannot tell that a form came from a page of this site.

    If it did, but the person has signed in again since it was opened, show it once more.
    """
    here = f"{request.scheme}://{request.get_host()}"
    is_old = reason.startswith("CSRF token from POST") and request.headers.get("Origin") == here
    if is_old and typed.keep(request):
        return redirect(request.get_full_path())
    context = {
        "no_cookie": reason == REASON_NO_CSRF_COOKIE,
        "lacks_https": settings.CSRF_COOKIE_SECURE and not request.is_secure(),
        "other_origin": reason.startswith(REASON_BAD_ORIGIN.partition("%s")[0]),
        "origin": request.headers.get("Origin", ""),
        "address": here,
    }
    return render(request, "403_csrf.html", context, status=403)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: show the account's groups, and the superusers who can change them."""
    if contract_of(request) is not None:
        return HttpResponse(status=403)
    context: dict[str, object] = {"reason": str(exception)}
    if isinstance(request.user, StaffUser):
        superusers = StaffUser.objects.filter(is_superuser=True, is_active=True)
        context["groups"] = request.user.groups.order_by("name")
        context["superusers"] = superusers.order_by("pk")[:_NAMED_SUPERUSERS]
    return render(request, "403.html", context, status=403)
